"""Scales of the field, and what a value of one means: named, and converted without loss of the original."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from comity.lexicon.errors import ComityError
from comity.lexicon.published import read_published

HERE = Path(__file__).parent
LevelState = Literal["fulfilled", "progress", "none", "broken", "withdrawn", "unknown"]


class ScaleError(ComityError):
    """A value does not belong to its scale, or there is no such scale."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scale: what a coder writes, what it means, and where it lies on [0, 1], if anywhere."""

    value: str
    label: str
    state: LevelState
    fulfilment: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A published way to judge; `levels` from the lowest up, none where any number is a value.

    `mapping` names the conversion to fulfilment on [0, 1], `formula` how the field sums values up, `signed` how its
    publisher formerly did, where that could fall below zero.
    """

    id: str
    title: str
    reference: str
    measure: str
    mapping: str
    formula: str
    aggregate: str
    levels: tuple[Level, ...]
    signed: str = ""

    @property
    def rated(self) -> tuple[Level, ...]:
        """Levels that say how far a commitment is fulfilled, from the lowest up."""
        return tuple(level for level in self.levels if level.fulfilment is not None)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value on [0, 1] that still knows from where it came.

    `scale` and `value` are the original, `mapping` names the conversion; `fulfilment`, `low` and `high` are None where
    the value says nothing of it. `share` is the achieved share before it is held to [0, 1], of a number only.
    """

    scale: str
    value: str
    label: str
    mapping: str
    state: LevelState
    fulfilment: float | None
    low: float | None
    high: float | None
    share: float | None = None


@cache
def read_scales() -> tuple[Scale, ...]:
    """Return the scales of the package.

    Returns
    -------
    tuple of Scale
        In the order of the file.

    References
    ----------
    `kirton-larionova-2018`, `joshi-quinn-regan-2015`, `ogp-completion`, `iati-2.03` in docs/bibliography.md.
    """
    found = read_published(HERE / "scales.yml")["scales"]
    return tuple(Scale(**{**row, "levels": tuple(Level(**level) for level in row["levels"])}) for row in found)


def find_scale(name: str) -> Scale:
    """Return a scale by its id.

    Raises
    ------
    ScaleError
        There is none; the nearest name is given.

    Examples
    --------
    >>> [level.value for level in find_scale("g7-g20").levels]
    ['-1', '0', '+1']
    """
    scales = {scale.id: scale for scale in read_scales()}
    if name in scales:
        return scales[name]
    near = difflib.get_close_matches(name, scales, n=1)
    todo = f"did you mean {near[0]!r}?" if near else "`comity commitments scales` lists them"
    raise ScaleError(f"there is no scale {name!r}; there are {', '.join(scales)}", todo=todo)


def convert_value(
    scale: Scale | str, value: str, baseline: Decimal | None = None, target: Decimal | None = None
) -> Reading:
    """Return what a value says of fulfilment on [0, 1], with the original kept.

    Parameters
    ----------
    scale : Scale or str
        By name or whole.
    value : str
        As the scale writes it; upper and lower case, a missing plus sign and another minus sign are understood.
    baseline, target : Decimal, optional
        Of the commitment's indicator [its unit]; a scale of numbers needs both.

    Returns
    -------
    Reading
        Its `scale` and `value` give the original back: `restore_value`.

    Raises
    ------
    ScaleError
        The value is none of the scale's.

    Examples
    --------
    >>> convert_value("pam", "2").fulfilment
    0.6666666666666666
    >>> convert_value("iati-result", "30", Decimal(10), Decimal(50)).share
    0.5
    """
    if not isinstance(value, str):
        raise ScaleError(f"{value!r} is no text", why="a scale's values are words", todo="write it in quotation marks")
    if isinstance(scale, str):
        return _convert_known(scale, value, baseline, target)
    if not scale.levels:
        return _convert_number(scale, value, baseline, target)
    level = _find_level(scale, value)
    return Reading(
        scale.id, level.value, level.label, scale.mapping, level.state, level.fulfilment, level.low, level.high
    )


@lru_cache(maxsize=4096)
def _convert_known(scale: str, value: str, baseline: Decimal | None, target: Decimal | None) -> Reading:
    """Return what a value of a named scale says; the same few values come again and again."""
    return convert_value(find_scale(scale), value, baseline, target)


def restore_value(reading: Reading) -> tuple[str, str]:
    """Return the scale and the value that a reading was converted from, unchanged."""
    return reading.scale, reading.value


def convert_reading(reading: Reading, scale: Scale | str) -> Level:
    """Return the level of another scale in which a reading's point lies.

    The reading itself is not changed, so nothing is lost; a point on the border of two levels belongs to the lower.

    Raises
    ------
    ScaleError
        The reading says nothing of fulfilment, or the scale has no levels.

    Examples
    --------
    >>> convert_reading(convert_value("g7-g20", "0"), "pam").value
    '1'
    """
    found = find_scale(scale) if isinstance(scale, str) else scale
    if reading.fulfilment is None or not found.rated:
        what = f"{reading.value!r} of {reading.scale} has no level on {found.id}"
        raise ScaleError(what, why="one of the two says nothing of fulfilment in levels", todo="keep the original")
    point = reading.fulfilment
    return min(found.rated, key=lambda level: (round(abs((level.fulfilment or 0.0) - point), 9), level.fulfilment))


def measure_share(actual: Decimal, baseline: Decimal | None, target: Decimal | None) -> float | None:
    """Return the achieved share of the way from baseline to target, unbounded; None where there is no way to go."""
    if baseline is None or target is None or target == baseline:
        return None
    return float((actual - baseline) / (target - baseline))


def _convert_number(scale: Scale, value: str, baseline: Decimal | None, target: Decimal | None) -> Reading:
    """Return a number of the indicator as a share of the way to its target."""
    try:
        actual = Decimal(value.strip())
    except InvalidOperation:
        actual = Decimal("nan")
    if not actual.is_finite():
        raise ScaleError(f"{value!r} is no number on {scale.id}", todo="write the actual value, such as 12.5")
    share = measure_share(actual, baseline, target)
    if share is None:
        return Reading(scale.id, value, "no way from baseline to target", scale.mapping, "unknown", None, None, None)
    held = min(1.0, max(0.0, share))
    state: LevelState = "fulfilled" if share >= 1 else "none" if share <= 0 else "progress"
    return Reading(scale.id, value, f"{share:.0%} of the way", scale.mapping, state, held, held, held, share)


def _find_level(scale: Scale, value: str) -> Level:
    """Return the level that a coder's text names."""
    wanted = _fold(value)
    for level in scale.levels:
        if _fold(level.value) == wanted:
            return level
    allowed = ", ".join(level.value for level in scale.levels)
    raise ScaleError(
        f"{value!r} is no value of {scale.id}", why="it would be counted as another", todo=f"write one of {allowed}"
    )


def _fold(value: str) -> str:
    """Return a value without what is written differently and means the same."""
    text = " ".join(value.replace("\N{MINUS SIGN}", "-").split()).casefold()
    return text.removeprefix("+")


def describe_scale(scale: Scale) -> dict[str, Any]:
    """Return a scale as plain values."""
    levels = [
        {name: getattr(level, name) for name in ("value", "label", "state", "fulfilment", "low", "high")}
        for level in scale.levels
    ]
    names = ("id", "title", "reference", "measure", "mapping", "formula", "signed", "aggregate")
    return {name: getattr(scale, name) for name in names} | {"levels": levels}

"""What is to be estimated, as data: regressors, fixed effects, estimator, and how errors are counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from types import MappingProxyType
from typing import Any

from comity.integration.errors import SpecificationError

NAMES = MappingProxyType({"exporter": "exporter", "importer": "importer", "year": "year", "value": "value"})
EFFECTS = ("exporter_year", "importer_year", "pair", "pair_symmetric", "exporter", "importer", "year")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "estimator": ("ppml", "ols"),
        "border": ("none", "constant", "year"),
        "domestic": ("keep", "drop"),
        "convention": ("stata", "fixest", "none"),
        "corrected_errors": ("weidner_zylkin", "jackknife"),
        "separation": ("check", "ignore"),
        "actors": ("check", "as_given"),
    }
)
CLUSTERS = ("pair", "pair_symmetric", "robust", "dyadic")


@dataclass(frozen=True)
class Event:
    """A dummy column seen before and after it first becomes 1.

    Parameters
    ----------
    column : str
        0 before the event and 1 from it on.
    before, after : int
        Years that are shown; earlier and later ones are gathered in the outermost.
    reference : int
        Year against which the others are measured, negative before the event.
    """

    column: str
    before: int = 5
    after: int = 10
    reference: int = -1


@dataclass(frozen=True)
class Specification:
    """A gravity equation.

    Parameters
    ----------
    regressors : tuple of str
        Columns; ``log(column)`` takes the natural logarithm.
    effects : tuple of str
        Fixed effects: `exporter_year`, `importer_year`, `pair` (directed), `pair_symmetric`, `exporter`, `importer`,
        `year`, or any other column, each value of which is a group.
    estimator : str
        `ppml`, or `ols` of the logarithm of positive values.
    columns : mapping of str to str
        Where exporter, importer, year and value stand in the table.
    years : tuple of int
        Only these; all where empty.
    domestic : str
        `keep` or `drop` the rows of domestic sales.
    border : str
        `none`; `constant`: one dummy of international flows; `year`: one for each year but the first.
    lags : mapping of str to tuple of int
        Column to lags in years; a negative lag is a lead. 0 is the column itself.
    event : Event, optional
        The event-study form of a dummy column.
    errors : tuple of str
        `("pair",)`, `("pair_symmetric",)`, `("robust",)`, `("dyadic",)`, or several columns or effects: multiway.
    convention : str
        Small-sample convention of the standard errors: `stata`, `fixest` or `none`.
    correct_bias : bool
        Correct coefficients and errors of a three-way PPML for incidental parameters.
    corrected_errors : str
        With `correct_bias`: `weidner_zylkin`, or `jackknife`, which is wider and covers where errors have heavy tails.
    reset : bool
        Add the RESET test.
    separation : str
        `check` or `ignore` separated rows.
    actors : str
        `check` that each exporter and importer is a known state or area, or take them `as_given`.
    """

    regressors: tuple[str, ...] = ()
    effects: tuple[str, ...] = ("exporter_year", "importer_year", "pair")
    estimator: str = "ppml"
    columns: Mapping[str, str] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    domestic: str = "keep"
    border: str = "none"
    lags: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    event: Event | None = None
    errors: tuple[str, ...] = ("pair",)
    convention: str = "stata"
    correct_bias: bool = False
    corrected_errors: str = "weidner_zylkin"
    reset: bool = False
    separation: str = "check"
    actors: str = "check"

    def __post_init__(self) -> None:
        """Refuse what cannot be estimated."""
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise SpecificationError(f"{name} is {getattr(self, name)!r}", todo=f"one of: {', '.join(allowed)}")
        unknown = set(self.columns) - set(NAMES)
        if unknown:
            raise SpecificationError(f"columns names {sorted(unknown)}", todo=f"it may name: {', '.join(NAMES)}")
        if {"pair", "pair_symmetric"} <= set(self.effects):
            raise SpecificationError("effects hold both pair and pair_symmetric", todo="the first contains the second")
        if not self.errors:
            raise SpecificationError("no errors", todo="give robust, dyadic, pair or other clusters")
        if len(self.errors) > 1 and set(self.errors) & {"robust", "dyadic"}:
            raise SpecificationError(f"errors are {list(self.errors)}", todo="robust and dyadic stand alone")
        if not (self.regressors or self.lags or self.event or self.border != "none"):
            raise SpecificationError("no regressor", todo="name at least one column, lag, event or border")

    def name_column(self, role: str) -> str:
        """Return the column of the table that holds exporter, importer, year or value."""
        return self.columns.get(role, NAMES[role])


def read_specification(given: Mapping[str, Any]) -> Specification:
    """Return a specification from plain values.

    Parameters
    ----------
    given : mapping
        Names of `Specification` to values; lists stand for tuples, a mapping for an `Event`.

    Returns
    -------
    Specification

    Raises
    ------
    SpecificationError
        A name or a value that does not exist.

    Examples
    --------
    >>> read_specification({"regressors": ["rta"], "errors": "robust"}).errors
    ('robust',)
    """
    known = {item.name for item in dataclasses.fields(Specification)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise SpecificationError(f"no such setting: {', '.join(unknown)}", todo=f"settings: {', '.join(sorted(known))}")
    values = dict(given)
    for name in ("regressors", "effects", "errors"):
        if name in values:
            values[name] = _read_list(values[name])
    if "years" in values:
        values["years"] = _read_whole("years", values["years"])
    if "lags" in values:
        values["lags"] = _read_lags(values["lags"])
    if values.get("event") is not None:
        values["event"] = _read_event(values["event"])
    return Specification(**values)


def _read_lags(given: object) -> dict[str, tuple[int, ...]]:
    """Return columns with their lags."""
    if not isinstance(given, Mapping):
        raise SpecificationError(f"lags is {given!r}", todo="give columns with their lags: {rta: [0, 4, -4]}")
    return {str(column): _read_whole(f"lags of {column}", years) for column, years in given.items()}


def _read_whole(name: str, given: object) -> tuple[int, ...]:
    """Return whole numbers."""
    numbers = _read_list(given)
    bad = [number for number in numbers if isinstance(number, bool) or not isinstance(number, Integral)]
    if bad:
        raise SpecificationError(f"{name} holds {bad[0]!r}", todo="give whole numbers of years")
    return numbers


def _read_event(given: object) -> Event:
    """Return an event from a column, or from a mapping of its settings."""
    if isinstance(given, Event):
        return given
    values = {"column": given} if isinstance(given, str) else given
    known = [item.name for item in dataclasses.fields(Event)]
    if not isinstance(values, Mapping) or "column" not in values or not set(values) <= set(known):
        raise SpecificationError(f"event is {given!r}", todo=f"give a column, or {', '.join(known)}")
    for name in known[1:]:
        _read_whole(f"{name} of the event", values.get(name, 0))
    return Event(**values)


def _read_list(given: object) -> tuple[Any, ...]:
    """Return one value or several as a tuple, and nothing as none."""
    if given is None:
        return ()
    return tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else (given,)

"""What the field prints of many values: its own aggregates, to the printed digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from comity.commitments.scales import Scale, ScaleError, convert_value, find_scale

BY_PERIOD = "pam"


def sum_up(scale: Scale | str, values: Sequence[str], digits: int = 0) -> dict[str, Any]:
    """Return the aggregate that the publisher of a scale prints.

    G7 and G20: the mean score, (mean + 1) / 2 as a percentage, and the percentage as it was printed until about 2010,
    the mean times 100; a member that was not scored is left out, not counted as zero. PAM: the sum of the scores over
    their maximum. OGP: the share complete of those rated. Done, late, broken: the share performed. Arithmetic is exact;
    a half goes up, below zero down.

    Parameters
    ----------
    scale : Scale or str
        With levels.
    values : sequence of str
        One for each commitment.
    digits : int
        After the point.

    Returns
    -------
    dict
        `scale`, `formula`, `judged` [count], `unrated` [count], `percent` (text as printed, None without a rated
        value), `percent_signed` (text as formerly printed, from -100 to 100; None where the publisher never did),
        `mean` (of the publisher's own numbers, else None) and `by_level` [count].

    Raises
    ------
    ScaleError
        A value is none of the scale's, or the scale has no levels.

    References
    ----------
    `g8-education-2015`, `guebert-2010`, `pam-aggregate`, `ogp-completion` in docs/bibliography.md.

    Examples
    --------
    >>> sum_up("g7-g20", ["+1", "+1", "0", "-1"])["percent"]
    '63'
    """
    found = find_scale(scale) if isinstance(scale, str) else scale
    if not found.levels:
        raise ScaleError(f"{found.id} has no levels to count", todo="sum up its achieved shares")
    written = [convert_value(found, value).value for value in values]
    counted = {level.value: written.count(level.value) for level in found.levels}
    rated = [value for value in written if value in {level.value for level in found.rated}]
    share, mean = _share(found, rated) if rated else (None, None)
    return {
        "scale": found.id,
        "formula": found.formula,
        "judged": len(rated),
        "unrated": len(written) - len(rated),
        "percent": None if share is None else _print(share * 100, digits),
        "percent_signed": _print(mean * 100, digits) if mean is not None and found.signed else None,
        "mean": None if mean is None else _print(mean, 2),
        "by_level": counted,
    }


def sum_up_years(values: Mapping[str, Sequence[str]], digits: int = 2) -> dict[str, str | None]:
    """Return PAM's implementation score of each year [percent, as printed]; a year without a value has None."""
    return {year: sum_up(BY_PERIOD, given, digits)["percent"] for year, given in sorted(values.items())}


def _share(scale: Scale, rated: Sequence[str]) -> tuple[Fraction, Fraction | None]:
    """Return the aggregate as an exact share, and the mean of the scale's own numbers where it has such."""
    if scale.aggregate.startswith("percent"):
        numbers = [Fraction(value) for value in rated]
        lowest, highest = (Fraction(level.value) for level in (scale.rated[0], scale.rated[-1]))
        mean = sum(numbers, Fraction(0)) / len(numbers)
        return (mean - lowest) / (highest - lowest), mean
    reached = {level.value for level in scale.levels if level.state == "fulfilled"}
    return Fraction(sum(value in reached for value in rated), len(rated)), None


def _print(value: Fraction, digits: int) -> str:
    """Return a number as it is printed: a half goes up, below zero down; no zero has a sign."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0)

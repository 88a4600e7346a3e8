"""How text and numbers read on a page: one spelling of each, the same in every format and locale.

A missing value has three spellings with three meanings: ``NOT_KNOWN`` (the figure exists in the world, the
data do not have it), ``NOT_APPLICABLE`` (there is nothing to be had, such as a score for a code to which the
scale gives none) and ``NO_COVERAGE`` (nothing was loaded for the period). None of them is ever written as 0.
"""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NO-BREAK SPACE}"
NOT_KNOWN = "not known"
NOT_APPLICABLE = "n/a"
NO_COVERAGE = "no coverage"
NO_ESTIMATE = "no estimate"
LONGEST = 1200
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STRENGTHS = ((1.0, "Slightly"), (3.0, "Moderately"), (6.0, "Clearly"), (math.inf, "Strongly"))
MAGNITUDES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
MULTIPLES = {"thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9}
PLAIN_UNITS = ("year", "date", "code")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def clean_text(value: object, longest: int = LONGEST) -> str:
    r"""Return a data string that shows every character that it holds, on one line.

    Control, bidirectional, zero-width, private and surrogate characters become ``[U+XXXX]``, so that a name
    can neither reorder nor hide the text about it. A very long text ends with the number of letters left out.

    Parameters
    ----------
    value : object
        The value of a data field; None gives the empty string.
    longest : int
        Most characters that are kept.

    Returns
    -------
    str
        Text without any hidden character. It is not escaped for any format.

    Examples
    --------
    >>> clean_text("a\u202eb")
    'a[U+202E]b'
    """
    if value is None:
        return ""
    text = str(value)
    more = len(text) - longest
    if more > 0:
        text = text[:longest]
    shown = "".join(_show_character(character) for character in text)
    return f"{shown}… ({more:,} more characters)" if more > 0 else shown


def _show_character(character: str) -> str:
    """Return the character, a space for a line break or tab, or its number if it is hidden."""
    if character in "\t\n\r\v\f":
        return " "
    if unicodedata.category(character) in HIDDEN:
        return f"[U+{ord(character):04X}]"
    return character


def render_count(value: float | None) -> str:
    """Return a count with thousands separated, or ``not known``.

    Examples
    --------
    >>> render_count(1234567)
    '1,234,567'
    """
    return NOT_KNOWN if value is None else _sign(f"{value:,.0f}")


def render_score(value: float | None, missing: str = NOT_APPLICABLE) -> str:
    """Return a value on the scale with its sign and one decimal; zero has no sign.

    Parameters
    ----------
    value : float or None
        Value on the scale [scale points].
    missing : str
        Spelling of None.

    Examples
    --------
    >>> render_score(-2.345), render_score(0.04)
    ('−2.3', '0.0')
    """
    if value is None:
        return missing
    text = f"{value:+.1f}"
    return "0.0" if float(text) == 0 else _sign(text)


def render_interval(low: float | None, high: float | None, missing: str = NOT_APPLICABLE) -> str:
    """Return an interval in words, "−1.2 to +0.4"; both ends or none.

    Examples
    --------
    >>> render_interval(-1.2, 0.4)
    '−1.2 to +0.4'
    """
    if low is None or high is None:
        return missing
    return f"{render_score(low)} to {render_score(high)}"


def render_share(value: float | None, missing: str = NOT_KNOWN) -> str:
    r"""Return a share of one as a percentage with two significant digits.

    Examples
    --------
    >>> render_share(0.4), render_share(0.00123)
    ('40\xa0%', '0.12\xa0%')
    """
    if value is None:
        return missing
    percent = value * 100
    digits = 0 if abs(percent) >= 10 or percent == 0 else min(4, 1 - math.floor(math.log10(abs(percent))))
    return _sign(f"{percent:.{digits}f}") + f"{NARROW}%"


def render_chance(value: float | None) -> str:
    r"""Return a probability as a whole percentage that never claims certainty.

    Examples
    --------
    >>> render_chance(0.9999), render_chance(0.5)
    ('over 99\xa0%', '50\xa0%')
    """
    if value is None:
        return NOT_KNOWN
    if value > 0.99:
        return f"over 99{NARROW}%"
    return f"under 1{NARROW}%" if value < 0.01 else f"{value * 100:.0f}{NARROW}%"


def render_quantity(value: Any, unit: str) -> tuple[str, str]:
    """Return a figure and its unit as a reader says them: (4456000, "thousand USD") is "4.456 billion", "USD".

    Parameters
    ----------
    value : int, float, bool, str or None
        The figure; None is not known, which is never zero.
    unit : str
        The unit as the table gives it; a leading "thousand" or "million" is multiplied out.

    Returns
    -------
    tuple of str
        The figure with four significant digits, and the unit.
    """
    if value is None:
        return NOT_KNOWN, unit
    if isinstance(value, bool):
        return ("yes" if value else "no"), unit
    if not isinstance(value, int | float):
        return str(value), unit
    head, _, rest = unit.partition(" ")
    if head.lower() in MULTIPLES and rest:
        value, unit = value * MULTIPLES[head.lower()], rest
    if unit in PLAIN_UNITS:
        return _sign(str(value)), unit
    for size, name in MAGNITUDES:
        if abs(value) >= size:
            return f"{_render_digits(value / size)} {name}", unit
    return _render_digits(value), unit


def _render_digits(value: float) -> str:
    """Return a number with at most four significant digits and without an exponent."""
    if value == 0 or float(value).is_integer():
        return _sign(f"{value:,.0f}")
    digits = min(6, max(0, 3 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return "0" if text in ("0", "-0") else _sign(text)


def render_date(text: str | None) -> str:
    """Return an ISO date as "6 Jun 2025"; other text is returned as it is.

    Examples
    --------
    >>> render_date("2025-06-06")
    '6 Jun 2025'
    """
    day = read_date(text)
    return clean_text(text) if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def render_moment(text: str | None) -> str:
    """Return an ISO time in UTC as "6 Jun 2025, 14:05 UTC"; without a zone the zone is not named."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return render_date(text)
    if len(str(text)) <= len("2025-06-06"):
        return render_date(text)
    zone = "" if moment.tzinfo is None else " UTC"
    moment = moment if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{render_date(moment.date().isoformat())}, {moment:%H:%M}{zone}"


def read_date(text: object) -> date | None:
    """Return the date of an ISO date text, None when it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def describe_index(score: float | None, low: float | None, high: float | None) -> str:
    """Return the index in words: a side only when the whole 90 % interval lies on it.

    Parameters
    ----------
    score, low, high : float or None
        Estimate and ends of its 90 % interval [scale points, -10 to 10].

    Returns
    -------
    str
        One sentence without a full stop. The strengths are those of ``STRENGTHS``, by the absolute estimate.

    Examples
    --------
    >>> describe_index(2.0, 0.5, 3.4)
    'Moderately friendly: the whole interval lies above zero'
    """
    if score is None or low is None or high is None:
        return "No estimate for this period"
    if low <= 0 <= high:
        lean = "Close to zero" if abs(score) < 0.5 else f"Leans {_name_side(score)}, but not clearly"
        return f"{lean}: the interval includes zero"
    strength = next(name for limit, name in STRENGTHS if abs(score) < limit)
    return f"{strength} {_name_side(score)}: the whole interval lies {'above' if score > 0 else 'below'} zero"


def _name_side(score: float) -> str:
    """Return the word for the sign of an index."""
    return "friendly" if score > 0 else "unfriendly"


def _sign(text: str) -> str:
    """Return a number's text with a true minus sign."""
    return text.replace("-", MINUS)


def render_fixed(value: float | None, digits: int, missing: str = NOT_APPLICABLE) -> str:
    """Return a number with so many decimals, a true minus sign and no sign on zero.

    Examples
    --------
    >>> render_fixed(-0.001, 2), render_fixed(-1.25, 1)
    ('0.00', '−1.2')
    """
    if value is None:
        return missing
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else _sign(text)

"""CEPII Gravity: distance, border and language of each pair in the last year of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from comity.sources.catalogue import read_source
from comity.sources.figures import MISSING, Figures, Row, read_columns, read_value
from comity.sources.lines import LINE

_EXIST = ("country_exists_o", "country_exists_d")
_YES_OR_NO = ("contig", "comlang_off")
_MEASURES = ("dist", "distcap", *_YES_OR_NO, "distw_arithmetic")
_KEPT = ("year", "iso3_o", "iso3_d", *_EXIST, *_MEASURES)
ISO = 3
FIRST_YEAR, LAST_YEAR = 1900, 2100
LEAST_SHARE = 10
FARTHEST = 20_100
"""Kilometres; half of the earth's girth and a little more."""


def read_figures(data: bytes, name: str) -> Figures:
    """Read the table of pairs.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows as GeoDist has them: `iso_o`, `iso_d`, `contig`, `comlang_off`, `dist`, `distcap`, `distw` [km]; `year`.
        A pair without a distance is passed over; a value that is none, or no distance on earth, sets its line aside.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = read_columns(data, read_source("gravity"), _KEPT, name)
    column = lines.table["year"]
    last, odd = _find_last_year(pc.value_counts(column).to_pylist())
    wanted = [text for text in pc.unique(column).to_pylist() if text not in odd and int(float(text)) == last]
    table = lines.table.filter(pc.is_in(column, pa.array(wanted, pa.binary())))
    misread = lines.table.filter(pc.is_in(column, pa.array(sorted(odd), pa.binary())))[LINE].to_pylist()
    aside = [*lines.bad, *((number, "bad_year") for number in misread)]
    passed = Counter({"earlier_year": lines.table.num_rows - table.num_rows - len(misread)})
    rows: list[Row] = []
    for line in table.to_pylist():
        row = _read_line(line, last)
        if isinstance(row, dict):
            rows.append(row)
        elif row.startswith("bad_"):
            aside.append((line[LINE], row))
        else:
            passed[row] += 1
    return Figures(rows, lines.rows_read, tuple(sorted(aside)), {reason: n for reason, n in passed.items() if n})


def _find_last_year(counts: Sequence[Mapping[str, Any]]) -> tuple[int, set[bytes]]:
    """Return the last year that the table has, and the texts in the column that are no year of it.

    A later year with far fewer lines than the fullest one is a slip, and not a year of the table: every year has a line
    for each pair.
    """
    years = {each["values"]: read_value(each["values"], int) for each in counts}
    numbers = Counter[int]()
    for each in counts:
        year = years[each["values"]]
        if year is not None and FIRST_YEAR <= year <= LAST_YEAR:
            numbers[year] += each["counts"]
    fullest = max(numbers.values(), default=0)
    last = max((year for year, number in numbers.items() if number * LEAST_SHARE >= fullest), default=0)
    return last, {text for text, year in years.items() if year not in numbers or year > last}


def _read_line(line: dict[str, bytes], year: int) -> Row | str:
    """Give a line the words of GeoDist, or say why it is not read: `bad_` and a column, or what is passed over."""
    codes = {column: line[column].strip() for column in ("iso3_o", "iso3_d")}
    exist = [line[column].strip() for column in _EXIST]
    bad = next((column for column, code in codes.items() if not (code.isalpha() and len(code) == ISO)), "")
    bad = bad or next((name for name, text in zip(_EXIST, exist, strict=True) if text not in (b"0", b"1")), "")
    if bad:
        return f"bad_{bad}"
    if b"0" in exist or codes["iso3_o"] == codes["iso3_d"]:
        return "no_pair_that_year"
    return _read_measures(line, codes, year)


def _read_measures(line: dict[str, bytes], codes: Mapping[str, bytes], year: int) -> Row | str:
    """Return distances, border and language of a pair, or why the line is not read."""
    texts = {column: line[column].decode("utf-8", "replace").strip() for column in _MEASURES}
    numbers = {column: read_value(line[column], float) for column in _MEASURES}
    odd = next((c for c, n in numbers.items() if texts[c] not in MISSING and not _fits(c, n)), "")
    if odd:
        return f"bad_{odd}"
    weighted = numbers.pop("distw_arithmetic")
    if None in numbers.values():
        return "without_a_distance"
    return {
        "iso_o": codes["iso3_o"].decode(),
        "iso_d": codes["iso3_d"].decode(),
        "year": year,
        **numbers,
        "distw": "." if weighted is None else str(weighted),
        LINE: line[LINE],
    }


def _fits(column: str, number: float | None) -> bool:
    """Say whether a number is a distance [km], or a yes (1) or no (0)."""
    if number is None:
        return False
    return number in (0, 1) if column in _YES_OR_NO else 0 < number < FARTHEST

"""World Development Indicators: one indicator in a wide table, a column for each year."""

from __future__ import annotations

import re

from comity.sources.catalogue import read_source
from comity.sources.errors import FileRefused
from comity.sources.figures import Figures, Row, read_value
from comity.sources.headed import cut_header, cut_line, decode_text, split_quoted
from comity.sources.layout import check_layout
from comity.sources.lines import LINE

MEASURES = {"NY.GDP.MKTP.CD": "gdp", "SP.POP.TOTL": "population"}
MOST_PREAMBLE = 10
YEAR = re.compile(r"(?:19|20)\d\d")


def read_figures(data: bytes, name: str) -> Figures:
    """Read the table of an indicator.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text: some lines of title, a header of four names and the years, rows.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows of `country`, `year`, `measure` (`gdp` or `population`) and `value`; years without a value have none.

    Raises
    ------
    FileRefused
        No header of the layout, or an indicator that the foundations do not have.
    """
    source = read_source("wdi")
    text, before = _cut_preamble(decode_text(data, name), source.layout[0], MOST_PREAMBLE)
    found, rest = cut_header(text, ",")
    while found and not found[-1]:
        found.pop()
    names = len(source.layout)
    years = found[names:]
    others = [year for year in years if not YEAR.fullmatch(year)]
    check_layout(source.layout, found[:names] + others, name, cut_line(text))
    width = text.split(b"\n", 1)[0].count(b",") + 1
    rows: list[Row] = []
    aside: list[tuple[int, str]] = []
    count = 0
    for number, row in split_quoted(rest.decode("utf-8", "replace"), width):
        count += 1
        if isinstance(row, str):
            aside.append((number + before + 1, row))
        elif row[3] not in MEASURES:
            raise _refuse_indicator(row[3], name)
        else:
            rows += _spread(row, years, names, number + before + 1)
    return Figures(rows, count, tuple(aside))


def _cut_preamble(text: bytes, first: str, most: int) -> tuple[bytes, int]:
    """Return a text from its header on, and how many lines stood before."""
    lines = text.split(b"\n", most)
    for place, line in enumerate(lines[:most]):
        if line.lstrip(b'" ').startswith(first.encode()):
            return b"\n".join(lines[place:]), place
    return text, 0


def _refuse_indicator(code: str, name: str) -> FileRefused:
    """Build the error for another indicator."""
    return FileRefused(
        "corrupt",
        f"the table holds the indicator {code[:40]!r}",
        where=name,
        why="the foundations have no column for it",
        todo=f"load one of {', '.join(MEASURES)}",
    )


def _spread(row: list[str], years: list[str], names: int, line: int) -> list[Row]:
    """Give a wide row as one row for each year with a value."""
    values = ((year, read_value(text.encode(), float)) for year, text in zip(years, row[names:], strict=False))
    return [
        {"country": row[1], "year": int(year), "measure": MEASURES[row[3]], "value": value, LINE: line}
        for year, value in values
        if value is not None
    ]

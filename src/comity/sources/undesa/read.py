"""UN DESA: migrant stock by destination and origin, a workbook or its first table as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from comity.sources.catalogue import read_source
from comity.sources.errors import FileRefused
from comity.sources.figures import Figures, Row, read_value
from comity.sources.headed import decode_text
from comity.sources.layout import check_layout
from comity.sources.lines import LINE
from comity.sources.undesa.sheet import read_sheet

SHEET = "Table 1"
MOST_PREAMBLE = 25
LAST_COUNTRY = 899  # greater numbers are aggregates of the Population Division
DESTINATION, ORIGIN = 3, 6
NOTHING = ("", "..", "-")


def read_figures(data: bytes, name: str) -> Figures:
    """Read the stocks of both sexes.

    Parameters
    ----------
    data : bytes
        The workbook (.xlsx), or its `Table 1` as comma-separated text.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows of `orig`, `Dest` (M49, three digits), `Year` and `stock` [persons]; two points give no row.

    Raises
    ------
    FileRefused
        Not a workbook with that sheet, or the header is not the layout; the difference is said.
    """
    found = read_sheet(data, SHEET, name) if data[:2] == b"PK" else _read_text(data, name)
    layout = read_source("undesa").layout
    lines = iter(found)
    years = _find_years(lines, layout, name)
    rows: list[Row] = []
    aside: list[tuple[int, str]] = []
    count = passed = 0
    for number, cells in lines:
        count += 1
        places = [read_value(cells[place].encode(), int) if place < len(cells) else None for place in (3, 6)]
        if None in places:
            aside.append((number, "wrong_columns"))
        elif max(p for p in places if p is not None) > LAST_COUNTRY:
            passed += 1
        else:
            rows += _spread(cells, places, years, aside, number)
    return Figures(rows, count, tuple(aside), {"aggregate": passed} if passed else {})


def _read_text(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a text with their number, blank ones passed over; one with an open quote has no cells."""
    text = decode_text(data, name).decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _split_cells(line)


def _split_cells(line: str) -> list[str]:
    """Return the cells of a line; none where a quote is open or a cell is longer than any can be."""
    try:
        return [] if line.count('"') % 2 else next(csv.reader(io.StringIO(line)), [])
    except csv.Error:
        return []


def _find_years(lines: Iterator[tuple[int, list[str]]], layout: Sequence[str], name: str) -> dict[int, int]:
    """Go on to the header; return column to year of the first block."""
    for place, (_, cells) in enumerate(lines):
        names = [" ".join(cell.replace("\n", " ").split()) for cell in cells]
        alike = sum(name in names for name in layout)
        if alike >= len(layout) // 2:
            check_layout(layout, names[: len(layout)], name)
            return _take_block(names, len(layout))
        if place >= MOST_PREAMBLE:
            break
    raise FileRefused(
        "corrupt",
        f"no header of this layout in the first {MOST_PREAMBLE} lines",
        where=name,
        todo="load the publisher's workbook by destination and origin, or its Table 1 as CSV",
    )


def _take_block(names: Sequence[str], start: int) -> dict[int, int]:
    """Return column to year until a year comes again."""
    years: dict[int, int] = {}
    for place in range(start, len(names)):
        year = read_value(names[place].encode(), int)
        if year is None or year in years.values():
            break
        years[place] = year
    return years


def _spread(
    cells: Sequence[str],
    places: Sequence[int | None],
    years: dict[int, int],
    aside: list[tuple[int, str]],
    number: int,
) -> list[Row]:
    """Give a wide row as one row for each year with a stock; a stock that is no number sets the row aside."""
    rows: list[Row] = []
    for column, year in years.items():
        text = cells[column].replace(" ", "").replace(",", "") if column < len(cells) else ""
        if text in NOTHING:
            continue
        stock = read_value(text.encode(), int)
        if stock is None or stock < 0:
            aside.append((number, "bad_stock"))
            return []
        if stock:
            destination, origin = (f"{place:03d}" for place in places)
            rows.append({"orig": origin, "Dest": destination, "Year": year, "stock": stock, LINE: number})
    return rows

"""One sheet of a workbook (.xlsx) as lines of text, within limits and without anything that it asks to fetch."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from comity.sources.errors import FileRefused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 400_000_000
MOST_COLUMNS = 400
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})\d+")


def read_sheet(data: bytes, sheet: str, name: str) -> list[tuple[int, list[str]]]:
    """Read a sheet of a workbook.

    Parameters
    ----------
    data : bytes
        The workbook.
    sheet : str
        Name of the sheet.
    name : str
        File name, for messages.

    Returns
    -------
    list of (int, list of str)
        Number of each line that is not empty, and its cells as text.

    Raises
    ------
    FileRefused
        The workbook is damaged, too large, holds entities, or has no such sheet.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _check_sizes(book)
            texts = _read_texts(book)
            return list(_read_lines(_parse(book, _find_sheet(book, sheet)), texts))
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, OSError, RuntimeError) as error:
        raise FileRefused(
            "corrupt",
            f"the workbook cannot be read: {str(error) or type(error).__name__}",
            where=name,
            todo=f"get it again, or save the sheet {sheet!r} as CSV",
        ) from error


def _check_sizes(book: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks to more than the limit."""
    size = sum(entry.file_size for entry in book.infolist())
    if size > MOST_BYTES:
        raise zipfile.BadZipFile(f"it unpacks to {size:,} bytes")


def _parse(book: zipfile.ZipFile, member: str) -> Element:
    """Parse a part of the workbook."""
    from defusedxml.ElementTree import fromstring

    with book.open(member) as stream:
        text = stream.read(MOST_BYTES + 1)
    root: Any = fromstring(text)
    if root is None:
        raise ValueError(f"{member} is empty")
    return root  # type: ignore[no-any-return]


def _find_sheet(book: zipfile.ZipFile, sheet: str) -> str:
    """Return the path of a sheet's part."""
    links = {link.get("Id"): link.get("Target", "") for link in _parse(book, "xl/_rels/workbook.xml.rels")}
    for entry in _parse(book, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        if entry.get("name") == sheet:
            return "xl/" + links[entry.get(_LINK)].removeprefix("/xl/")
    raise KeyError(f"there is no sheet {sheet!r}")


def _read_texts(book: zipfile.ZipFile) -> list[str]:
    """Return the shared texts of a workbook."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return [_join_texts(entry) for entry in _parse(book, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _join_texts(entry: Element) -> str:
    """Return the text of an entry, of however many runs."""
    return "".join(part.text or "" for part in entry.iter(f"{_MAIN}t"))


def _read_lines(root: Element, texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that have anything."""
    for number, line in enumerate(root.iter(f"{_MAIN}row"), 1):
        cells: dict[int, str] = {}
        for cell in line.iter(f"{_MAIN}c"):
            place = _find_column(cell.get("r", ""), len(cells))
            if place < MOST_COLUMNS:
                cells[place] = _read_cell(cell, texts)
        if any(text.strip() for text in cells.values()):
            yield int(line.get("r", number)), [cells.get(place, "") for place in range(max(cells) + 1)]


def _find_column(reference: str, following: int) -> int:
    """Return the column of a reference such as AB12, counted from 0; without one, the following column."""
    found = _PLACE.fullmatch(reference)
    if not found:
        return following
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _read_cell(cell: Element, texts: list[str]) -> str:
    """Return the text of a cell."""
    if cell.get("t") == "inlineStr":
        return _join_texts(cell)
    value = cell.find(f"{_MAIN}v")
    text = (value.text or "") if value is not None else ""
    return texts[int(text)] if cell.get("t") == "s" else text

"""What a file is that is not the table it should be: named by its first bytes, or by the header of another source."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from comity.sources.catalogue import list_sources, read_source
from comity.sources.errors import FileRefused

LOOKED_AT = 1024  # bytes
MOST_LINE = 100_000  # bytes of a line that can be a header
ZEROS = 0.4  # least share of every other byte by which UTF-16 without its mark is known
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head")
_MARKS = {
    b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an Excel workbook of the old form (.xls)", b"PAR1": "a Parquet file",
    b"7z\xbc\xaf": "a 7-Zip archive", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive", b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive", b"SQLite format 3": "an SQLite database",
}  # fmt: skip


def check_shape(data: bytes, name: str) -> None:
    """Refuse what is no text of a table, and say what it is.

    Parameters
    ----------
    data : bytes
        Unpacked bytes.
    name : str
        File name, for the message.

    Raises
    ------
    FileRefused
        A web page, a workbook, an archive of another kind, JSON, or UTF-16 without its mark.
    """
    begin = data[:LOOKED_AT]
    if any(line.strip().lower().startswith(_PAGES) for line in begin.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
        raise FileRefused(
            "corrupt",
            "this is a web page, not a table",
            where=name,
            why="a publisher's error or log-in page would be read as data",
            todo="get the file again, and look at it before loading",
        )
    found = next((what for mark, what in _MARKS.items() if begin.startswith(mark)), "")
    if begin.lstrip()[:1] in (b"{", b"["):
        found = "JSON"
    if _is_wide(begin):
        found = "text in UTF-16"
    if found:
        raise FileRefused(
            "corrupt",
            f"this is {found}, not a table of text",
            where=name,
            why="its bytes would be read as rows",
            todo="load the publisher's file as it is, or save the table as text in UTF-8",
        )


def _is_wide(begin: bytes) -> bool:
    """Say whether every other byte is zero, as in UTF-16."""
    half = len(begin) // 2
    return half > 0 and max(begin[0::2].count(0), begin[1::2].count(0)) > ZEROS * half and begin.count(0) <= half + 1


def split_header(line: bytes, separator: str) -> list[str]:
    """Return the names in a line, without blanks and quotes around them; none where it cannot be a header."""
    text = line.decode("utf-8", "replace")
    try:
        names = text.split(separator) if separator != "," else next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []
    return [name.strip().strip('"') for name in names] if len(line) <= MOST_LINE else []


def recognise_source(line: bytes) -> str:
    """Return the source whose header a line is, or nothing.

    Examples
    --------
    >>> recognise_source(b"Passport,Destination,Requirement"), recognise_source(b"20250515,DEU,FRA")
    ('visa', '')
    """
    headers = [set(split_header(line, separator)) for separator in ("\t", ",")]
    return next((name for name in list_sources() if any(_fits(read_source(name).layout, h) for h in headers)), "")


def _fits(layout: Sequence[str], header: set[str]) -> bool:
    """Say whether a header has nearly all names of a layout."""
    return len(layout) > 1 and sum(name in header for name in layout) >= 0.8 * len(layout)


def describe_first_line(data: bytes) -> str:
    """Say whose header the first line is, or how many fields it has; no word of it, which may name a person.

    Examples
    --------
    >>> describe_first_line(b"Passport,Destination,Requirement")
    'its first line is the header of visa'
    >>> describe_first_line(b"20250515,DEU,FRA")
    'its first line has 1 field between tabs, 3 between commas'
    """
    line = data.split(b"\n", 1)[0]
    if source := recognise_source(line):
        return f"its first line is the header of {source}"
    tabs, commas = (line.count(mark) + 1 for mark in (b"\t", b","))
    return f"its first line has {tabs} field{'s' if tabs > 1 else ''} between tabs, {commas} between commas"

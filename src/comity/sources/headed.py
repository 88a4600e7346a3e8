"""Text with a header, separated by tabs or commas: one line that cannot be read never costs another its row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from comity.sources.errors import FileRefused
from comity.sources.layout import check_layout
from comity.sources.lines import LINE, Lines, split_lines
from comity.sources.shape import check_shape, split_header

if TYPE_CHECKING:
    import pyarrow as pa

MOST_LINES = 50  # of one row: a quoted field may hold line ends
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode_text(data: bytes, name: str, encoding: str = "utf-8") -> bytes:
    """Return a text as UTF-8, without a byte-order mark and with LF at the end of its lines.

    Parameters
    ----------
    data : bytes
        The text; UTF-16 where it begins with that mark.
    name : str
        File name, for messages.
    encoding : str
        How the source writes; UTF-8 is taken as it is and judged later, where a value is used.

    Returns
    -------
    bytes
        A CR within a line counts as a space.

    Raises
    ------
    FileRefused
        The file is a web page or no text, or begins with the mark of UTF-16 and is not that.
    """
    marked = data[:2] in _MARKS
    if marked:
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            raise FileRefused(
                "corrupt", f"the text is marked as UTF-16 and is not: {error}", where=name, todo="save it as UTF-8"
            ) from error
    check_shape(data, name)
    if encoding != "utf-8" and not marked:
        data = data.decode(encoding).encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b" ") if b"\r" in data else data


def cut_header(data: bytes, separator: str) -> tuple[list[str], bytes]:
    """Return the names in the first line, without blanks and quotes around them, and the rest of a text."""
    first, _, rest = data.partition(b"\n")
    return split_header(first, separator), rest


def cut_line(data: bytes) -> bytes:
    """Return the first line of a text."""
    return data.split(b"\n", 1)[0]


def refuse_empty(data: bytes, name: str) -> None:
    """Refuse a file without even a header, as a download leaves it that broke off at once.

    Raises
    ------
    FileRefused
    """
    if not data.strip():
        raise FileRefused(
            "truncated",
            "the file is empty: not even its header is there",
            where=name,
            why="nothing would be taken for a file in which nothing happened",
            todo="get the file again",
        )


def read_tabs(data: bytes, layout: Sequence[str], wanted: Sequence[str], name: str) -> Lines:
    """Read tab-separated text with a header, in which a quotation mark is a letter like any other.

    Parameters
    ----------
    data : bytes
        From `decode_text`.
    layout, wanted : sequence of str
        Names of all columns in order, and of those to keep.
    name : str
        File name, for messages.

    Returns
    -------
    Lines
        Numbered as in the file, the header being line 1.

    Raises
    ------
    FileRefused
        The header is not the layout, or there is none.
    """
    refuse_empty(data, name)
    found, rest = cut_header(data, "\t")
    check_layout(layout, found, name, cut_line(data))
    return shift_lines(split_lines(rest, layout, wanted), 1)


def shift_lines(lines: Lines, by: int) -> Lines:
    """Return lines with other numbers, where something stood before them in the file."""
    import pyarrow.compute as pc

    place = lines.table.schema.get_field_index(LINE)
    table = lines.table.set_column(place, LINE, pc.add(lines.table[LINE], by))
    return Lines(table, tuple((number + by, reason) for number, reason in lines.bad))


def read_commas(data: bytes, layout: Sequence[str], wanted: Sequence[str], name: str) -> Lines:
    """Read comma-separated text with a header and quoted fields, as `read_tabs` does.

    A quoted field may hold line ends. Lines are joined only where the quote that is open at the end of a line
    closes again within fifty lines, and the whole has the right number of columns; a quote that is left open by
    mistake costs its own line and no other.

    Parameters
    ----------
    data, layout, wanted, name
        As in `read_tabs`.

    Returns
    -------
    Lines
        A row of several lines has the number of the first; each line of such a row that cannot be read counts.

    Raises
    ------
    FileRefused
        The header is not the layout.
    """
    import pyarrow as pa

    refuse_empty(data, name)
    found, rest = cut_header(data, ",")
    check_layout(layout, found, name, cut_line(data))
    good: list[tuple[int, list[str]]] = []
    bad: list[tuple[int, str]] = []
    for number, row in split_quoted(rest.decode("utf-8", "surrogateescape"), len(layout)):
        if isinstance(row, str):
            bad.append((number + 1, row))
        else:
            good.append((number + 1, row))
    places = [list(layout).index(column) for column in wanted]
    columns: dict[str, pa.Array] = {
        column: pa.array([row[place].encode("utf-8", "surrogateescape") for _, row in good], pa.binary())
        for column, place in zip(wanted, places, strict=True)
    }
    return Lines(pa.table({**columns, LINE: pa.array([number for number, _ in good], pa.int64())}), tuple(bad))


def split_quoted(text: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Yield for each row the number of its first line, and its fields or why it cannot be read.

    Parameters
    ----------
    text : str
        Lines, each ended by LF.
    width : int
        Number of fields that a row must have.
    """
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    place = 0
    while place < len(lines):
        row, used = _take_row(lines, place, width)
        yield place + 1, row
        place += used


def _take_row(lines: Sequence[str], place: int, width: int) -> tuple[list[str] | str, int]:
    """Return the fields that begin on a line, or what is wrong with it, and how many lines they fill."""
    line = lines[place]
    if "\0" in line:
        return "nul_byte", 1
    if line.count('"') % 2 == 0:
        row = _parse_row(line)
        return (row, 1) if len(row) == width else ("wrong_columns", 1)
    for end in range(place + 1, min(place + MOST_LINES, len(lines))):
        if _stands_alone(lines[end], width):
            break
        if lines[end].count('"') % 2:
            row = _parse_row("\n".join(lines[place : end + 1]))
            whole = len(row) == width and not any("\0" in field for field in row)
            return (row, end + 1 - place) if whole else ("stray_quote", 1)
    return "stray_quote", 1


def _stands_alone(line: str, width: int) -> bool:
    """Say whether a line is a row by itself, whatever a quote before it says."""
    if line.count('"') % 2:
        return line.count(",") + 1 == width
    return len(_parse_row(line)) == width


def _parse_row(text: str) -> list[str]:
    """Return the fields of a row; none where the text is no row."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True) if "\n" in text else [text]))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []

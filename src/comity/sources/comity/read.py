"""A table of one's own: CSV with a header, or Parquet, in the layout that `source.yml` states."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from comity.sources.catalogue import read_source
from comity.sources.comity.columns import OPTIONAL, check_header, check_length, read_columns
from comity.sources.errors import FileRefused
from comity.sources.lines import Lines
from comity.sources.vendor import Reading, fill_columns

if TYPE_CHECKING:
    import pyarrow as pa


def read_file(data: bytes, name: str) -> Reading:
    """Read a table of one's own.

    Parameters
    ----------
    data : bytes
        A Parquet file, or CSV text in UTF-8 with a header, separated by commas, semicolons or tabs.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        Rows with another number of fields than the header are `bad`.

    Raises
    ------
    FileRefused
        Not Parquet nor CSV text, or a needed column is absent.
    """
    source = read_source("comity")
    lines = _read_parquet(data, name) if data[:4] == b"PAR1" else _read_text(data, name)
    return Reading(source, None, lines)


def _read_text(data: bytes, name: str) -> Lines:
    """Read CSV text; each row keeps its line number."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused(
            "corrupt",
            f"line {line} is not UTF-8 text: {error.reason}",
            where=name,
            todo="save the table as UTF-8",
        ) from error
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = _number_rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator), name)
    header = [field.strip() for field in next(rows, (1, 1, []))[2]]
    check_header(header, name)
    good: list[tuple[int, list[str]]] = []
    bad: list[tuple[int, str]] = []
    for place, (number, end, row) in enumerate(rows, 1):
        check_length(place, name)
        if end > number:
            _check_quotes(header, row, f"{name}, lines {number} to {end}")
        if len(row) != len(header):
            bad.append((number, "wrong_columns"))
        elif any("\0" in field for field in row):
            bad.append((number, "nul_byte"))
        else:
            good.append((number, row))
    columns = {column: [row[place].encode() for _, row in good] for place, column in enumerate(header)}
    return Lines(_to_vendor(columns, [number for number, _ in good]), tuple(bad))


def _check_quotes(header: list[str], row: list[str], where: str) -> None:
    """Refuse a table in which a quote that is not closed has made one row of several."""
    used = (*read_source("comity").layout, *OPTIONAL)
    fields = zip(header, row, strict=False)
    if len(row) != len(header) or any({*"\r\n"} & {*field} for column, field in fields if column in used):
        raise FileRefused(
            "corrupt",
            "a quote that is not closed makes one row of several lines",
            where=where,
            why="the rows on those lines would be lost",
            todo="close or remove the quote there",
        )


def _number_rows(rows: Iterator[list[str]], name: str) -> Iterator[tuple[int, int, list[str]]]:
    """Give each row the lines on which it starts and ends."""
    start = 1
    try:
        for row in rows:
            end: int = rows.line_num  # type: ignore[attr-defined]
            yield start, end, row
            start = end + 1
    except csv.Error as error:
        raise FileRefused(
            "corrupt",
            f"the text near line {start} is not CSV: {error}",
            where=name,
            todo="check the quotes there",
        ) from error


def _read_parquet(data: bytes, name: str) -> Lines:
    """Read a Parquet file; lines are rows, counted from 1."""
    table = read_columns(data, name)
    columns = {column: table[column] for column in table.column_names}
    return Lines(_to_vendor(columns, range(1, table.num_rows + 1)), ())


def _to_vendor(columns: Mapping[str, pa.ChunkedArray | list[bytes]], numbers: Sequence[int]) -> pa.Table:
    """Arrange columns as every reader gives them."""
    import pyarrow as pa

    names = {"sender": "sender_key", "receiver": "receiver_key"}
    known = (*read_source("comity").layout, *OPTIONAL)
    arrays = {
        names.get(c, c): pa.array(values, pa.binary()) if isinstance(values, list) else values
        for c, values in columns.items()
        if c in known
    }
    return fill_columns(pa.table({**arrays, "line": pa.array(numbers, pa.int64())}))

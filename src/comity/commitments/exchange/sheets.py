"""CSV: one table for each kind, in UTF-8, with a header; the tables stand in a folder or in a zip archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from comity.commitments.errors import Problem, RecordsRefused
from comity.commitments.exchange.cells import defuse_text, restore_text
from comity.commitments.exchange.values import SEPARATOR, read_record
from comity.commitments.records import Record, Standing
from comity.commitments.register.content import KINDS, is_date, is_decimal, is_list, list_fields, list_required
from comity.commitments.register.door import Batch
from comity.commitments.register.rules import Fault, show

TABLES: Mapping[str, str] = {
    "agreement": "agreements.csv",
    "article": "articles.csv",
    "commitment": "commitments.csv",
    "evidence": "evidence.csv",
    "assessment": "assessments.csv",
}
"""File name of each kind's table."""
DELIMITERS = (",", ";", "\t")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_tables(standing: Standing) -> dict[str, bytes]:
    """Return the tables of what stands: file name to bytes. The same standing gives the same bytes."""
    found = list_kinds(standing)
    return {TABLES[kind]: _write_table(kind, records) for kind, records in found.items()}


def write_archive(standing: Standing) -> bytes:
    """Return the tables in one zip archive; the same standing gives the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in write_tables(standing).items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def list_kinds(standing: Standing) -> dict[str, tuple[Record, ...]]:
    """Return the records of each kind, in the order in which they rest on one another."""
    return {
        "agreement": standing.agreements,
        "article": standing.articles,
        "commitment": standing.commitments,
        "evidence": standing.evidence,
        "assessment": standing.assessments,
    }


def read_table(data: bytes, name: str, batch: Batch) -> None:
    """Read a table into a batch.

    Parameters
    ----------
    data : bytes
        UTF-8, with a header; comma, semicolon or tab between the cells.
    name : str
        File name; tells the kind where it is one of `TABLES`, otherwise the header does.
    batch : Batch
        Takes the records with their lines, and what is wrong with them.
    """
    text = _decode(data, name, batch)
    if text is None:
        return
    delimiter = _find_delimiter(text)
    rows = _read_rows(text, delimiter, name, batch)
    header = [cell.strip().lower() for cell in next(rows, (1, []))[1]]
    kind = find_kind(name, header)
    if kind is None or len(set(header)) != len(header):
        what = f"the header is {show(', '.join(header))}: no table of the register has these columns, each once"
        batch.problems.append(Problem(1, "file", what, todo=f"name it one of {', '.join(TABLES.values())}", file=name))
        return
    restored = [index for index, column in enumerate(header) if _is_text(kind, column)]
    for line, cells in rows:
        if len(cells) != len(header):
            _note(batch, name, line, kind, Fault("", f"the row has {len(cells)} cells and the header {len(header)}"))
            continue
        for index in restored:
            cells[index] = restore_text(cells[index])
        faults: list[Fault] = []
        record = read_record(kind, dict(zip(header, cells, strict=True)), faults)
        for fault in faults:
            _note(batch, name, line, kind, fault)
        if record is not None and batch.places is not None:
            batch.records.append(record)
            batch.places.append((name, line))


def find_kind(name: str, header: list[str]) -> str | None:
    """Return the kind of a table: by its file name, or else by columns that only one kind has and all that it needs."""
    stem = name.replace("\\", "/").rpartition("/")[2].lower()
    for kind, table in TABLES.items():
        if stem in (table, f"{kind}.csv"):
            return kind
    fitting = [kind for kind in KINDS if set(header) <= set(list_fields(kind)) and list_required(kind) <= set(header)]
    return fitting[0] if len(fitting) == 1 else None


def _write_table(kind: str, records: tuple[Record, ...]) -> bytes:
    """Return the bytes of one table."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = list_fields(kind)
    writer.writerow(names)
    for record in records:
        writer.writerow([_write_cell(kind, name, getattr(record, name)) for name in names])
    return sink.getvalue().encode()


def _write_cell(kind: str, name: str, value: Any) -> str:
    """Return the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if is_list(kind, name):
        return SEPARATOR.join(value)
    return defuse_text(value) if isinstance(value, str) else str(value)


def _is_text(kind: str, name: str) -> bool:
    """Say whether a column holds text that may carry a mark."""
    return not (is_date(name) or is_decimal(kind, name) or is_list(kind, name) or name in ("withdrawn", "strength"))


def _decode(data: bytes, name: str, batch: Batch) -> str | None:
    """Return the text of a table, or note why there is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:1000]:
        what = "this is no table in UTF-8 (a spreadsheet's own format, or UTF-16)"
        batch.problems.append(Problem(1, "file", what, todo="save it as CSV in UTF-8", file=name))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"byte {error.start:,} is not UTF-8"
        batch.problems.append(Problem(line, "file", what, todo="save it as CSV in UTF-8", file=name))
        return None


def _find_delimiter(text: str) -> str:
    """Return what stands between the cells of the header."""
    header = text[:10_000].partition("\n")[0]
    return max(DELIMITERS, key=header.count)


def _read_rows(text: str, delimiter: str, name: str, batch: Batch) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row in which something stands; a spreadsheet saves empty ones below a table."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        what = f"the table cannot be read on from here: {error}"
        batch.problems.append(Problem(line, "file", what, todo="close every quotation mark", file=name))


def _note(batch: Batch, name: str, line: int, kind: str, fault: Fault) -> None:
    """Note what is wrong with a row, and stop at too much."""
    field = f"{kind}.{fault.field}" if fault.field else kind
    batch.problems.append(Problem(line, field, fault.what, fault.why, fault.todo, name))
    batch.stop_at_most()


def refuse_archive(file: str, what: str) -> RecordsRefused:
    """Return the error for an archive that is not opened."""
    return RecordsRefused([Problem(1, "file", what, todo="make a zip archive of the tables alone")], file)

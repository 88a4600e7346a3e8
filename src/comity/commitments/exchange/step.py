"""From files to records and from what stands to files: the only place of the exchange that touches the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from comity.commitments.errors import Problem, RecordsRefused, RegisterError
from comity.commitments.exchange.archive import read_members
from comity.commitments.exchange.document import read_document, write_document
from comity.commitments.exchange.iati import write_iati
from comity.commitments.exchange.iati_reading import read_iati
from comity.commitments.exchange.sheets import TABLES, read_table, write_archive
from comity.commitments.exchange.syntax import describe_page, is_page
from comity.commitments.records import Record, Standing
from comity.commitments.register.chain import Head
from comity.commitments.register.door import Batch

FORMATS = ("csv", "json", "iati")
MOST_BYTES = {"csv": 2_000_000_000, "json": 1_000_000_000, "iati": 500_000_000}
"""Largest file of each format [bytes]."""


@dataclass
class Received:
    """What was read: a batch for the register, the head that its author had seen, and what could not be taken."""

    batch: Batch
    seen: Head | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """The records, in the order of the file."""
        return self.batch.records


def write_standing(standing: Standing, form: str, head: Head | None = None) -> bytes:
    """Return the bytes of a file of what stands.

    Parameters
    ----------
    standing : Standing
        What to write.
    form : {"csv", "json", "iati"}
        CSV is a zip archive of one table for each kind.
    head : Head, optional
        Of the register; JSON keeps it, so that an edit can be told from one that has not seen later entries.

    Returns
    -------
    bytes
        The same standing gives the same bytes.

    Raises
    ------
    RegisterError
        There is no such format.
    """
    if form == "csv":
        return write_archive(standing)
    if form == "json":
        return write_document(standing, head)
    if form == "iati":
        return write_iati(standing)
    raise RegisterError(f"there is no format {form!r}", todo=f"choose one of {', '.join(FORMATS)}")


def read_records(data: bytes, name: str) -> Received:
    """Read the records of a file's bytes; whether they fit together and into a register is looked at there.

    Parameters
    ----------
    data : bytes
        A table of CSV, a zip archive of tables, a document of JSON or a file of IATI; told apart by how it begins.
    name : str
        File name, for messages; one that ends on .json or .xml is held to what it says.

    Returns
    -------
    Received

    Raises
    ------
    RecordsRefused
        Anything is wrong; every problem is listed with its row and field.
    """
    received = Received(Batch([], places=[], file=name))
    form = _find_form(data, name)
    _check_size(len(data), form, name)
    if is_page(data):
        raise RecordsRefused([describe_page(name)], name)
    if data[:2] == b"PK":
        for member, content in read_members(data, name):
            read_table(content, member, received.batch)
    elif form == "iati":
        received.notes = read_iati(data, name, received.batch)
    elif form == "json":
        received.seen = read_document(data, name, received.batch)
    else:
        read_table(data, name, received.batch)
    received.batch.refuse()
    return received


def _find_form(data: bytes, name: str) -> str:
    """Return the format of a file: what its name says where it ends on .json or .xml, otherwise how it begins."""
    begin = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    suffix = Path(name).suffix.lower()
    if suffix == ".xml" or (suffix != ".json" and begin == b"<"):
        return "iati"
    return "json" if suffix == ".json" or begin in (b"{", b"[") else "csv"


def read_path(path: Path) -> Received:
    """Read the records of a file, or of the tables in a folder.

    Raises
    ------
    RegisterError
        The file cannot be read.
    RecordsRefused
        Anything is wrong; every problem is listed with its row and field.
    """
    try:
        if not path.is_dir():
            _check_size(path.stat().st_size, "csv", path.name)
            return read_records(path.read_bytes(), path.name)
        tables = [path / table for table in TABLES.values() if (path / table).is_file()]
        if not tables:
            what = f"the folder holds none of {', '.join(TABLES.values())}"
            raise RegisterError(what, where=str(path), todo="name a folder of tables, or a file")
        received = Received(Batch([], places=[], file=path.name))
        for table in tables:
            read_table(table.read_bytes(), table.name, received.batch)
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise RegisterError(what, where=str(path), todo="check the path and its rights") from error
    received.batch.refuse()
    return received


def _check_size(size: int, form: str, name: str) -> None:
    """Refuse a file that is empty or larger than any register."""
    if size == 0 or size > MOST_BYTES[form]:
        what = "the file is empty" if size == 0 else f"the file has {size:,} bytes, more than {MOST_BYTES[form]:,}"
        raise RecordsRefused([Problem(1, "file", what, todo="give it in parts" if size else "export it again")], name)

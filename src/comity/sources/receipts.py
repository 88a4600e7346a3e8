"""A folder of files as received: what came, when, from where, and whether it is still what it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from comity.sources.archive import open_content
from comity.sources.errors import FileRefused
from comity.sources.publisher_list import Promise
from comity.store.disk import say_why_disk_refused

LEDGER = "fetched.jsonl"
_BEGIN = b'{"name": "'


@dataclass(frozen=True)
class Receipt:
    """One line of a folder's `fetched.jsonl`.

    Parameters
    ----------
    name : str
        File name.
    slot : str
        Time that the file stands for (ISO, UTC).
    status : str
        `fetched`, `present` (found in the folder), `missing` (404 at the publisher) or `failed`.
    size : int or None
        Size [bytes].
    md5, sha256 : str
        Of the bytes as received, hexadecimal.
    checked : bool
        Whether size and MD5 were found equal to those in the publisher's list.
    etag, url : str
        As the publisher's server gave them.
    time : str
        When the line was written (ISO, UTC).
    detail : str
        What was wrong.
    """

    name: str
    slot: str
    status: str
    size: int | None = None
    md5: str = ""
    sha256: str = ""
    checked: bool = False
    etag: str = ""
    url: str = ""
    time: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Measured:
    """Size [bytes] and checksums of a file on the disk."""

    size: int
    md5: str
    sha256: str


def measure_file(path: Path) -> Measured:
    """Return size, MD5 and SHA-256 of a file, read in pieces."""
    md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
    with say_why_disk_refused(path), path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            md5.update(piece)
            sha256.update(piece)
            size += len(piece)
    return Measured(size, md5.hexdigest(), sha256.hexdigest())


def find_fault(path: Path, found: Measured, promise: Promise | None) -> str:
    """Say what is wrong with a received file; empty where nothing is.

    Parameters
    ----------
    path : Path
        The file.
    found : Measured
        Its size and checksums.
    promise : Promise or None
        What the publisher's list says of it. Without it the file must be a whole zip archive.

    Returns
    -------
    str
        One sentence, or nothing.
    """
    if promise is not None:
        if found.size != promise.size:
            return f"it has {found.size:,} bytes, the publisher's list says {promise.size:,}"
        return "" if found.md5 == promise.md5 else f"its MD5 is {found.md5}, the publisher's list says {promise.md5}"
    with say_why_disk_refused(path):
        received = path.read_bytes()
    if received[:2] != b"PK":
        return f"it is no zip archive: it begins with {received[:8]!r}"
    try:
        open_content(received, path.name)
    except FileRefused as error:
        return error.what
    after = len(received) - _find_end(received)
    return f"{after} bytes follow the archive's end" if after else ""


def _find_end(received: bytes) -> int:
    """Return where a zip archive ends by its own word [bytes]: after its directory's end and the comment there."""
    mark = received.rfind(b"PK\x05\x06")
    return mark + 22 + int.from_bytes(received[mark + 20 : mark + 22], "little")


@dataclass
class Receipts:
    """The receipts of a folder, the last word on each name."""

    folder: Path
    known: dict[str, Receipt]

    @classmethod
    def open(cls, folder: Path, names: Collection[str] | None = None) -> Receipts:
        """Read them; a line that was cut off when its writer died is passed over.

        Parameters
        ----------
        folder : Path
            The folder.
        names : collection of str, optional
            Names that matter; of all others nothing is kept, which a folder of years has many of.
        """
        known: dict[str, Receipt] = {}
        path = folder / LEDGER
        with say_why_disk_refused(path):
            if not path.exists():
                return cls(folder, known)
            with path.open("rb") as lines:
                for line in lines:
                    name = _read_name(line) if names is not None else None
                    if name is not None and names is not None and name not in names:
                        continue
                    receipt = _parse_receipt(line)
                    if receipt is not None and (names is None or receipt.name in names):
                        known[receipt.name] = receipt
        return cls(folder, known)

    def add(self, receipt: Receipt) -> None:
        """Write a receipt, unless it says what is known already."""
        before = self.known.get(receipt.name)
        if before is not None and replace(before, time="") == replace(receipt, time=""):
            return
        self.known[receipt.name] = receipt
        path = self.folder / LEDGER
        with say_why_disk_refused(path), path.open("ab+") as stream:
            if stream.tell() and not _ends_with_line(path):
                stream.write(b"\n")
            stream.write(json.dumps(asdict(receipt), ensure_ascii=False).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())

    def find_present(self, name: str, slot: str, promise: Promise | None) -> Receipt | None:
        """Return the receipt of a file that is in the folder and whole, or None where it must be fetched.

        Parameters
        ----------
        name, slot : str
            File name, and the time that it stands for (ISO, UTC).
        promise : Promise or None
            What the publisher's list says of the file. Without it, the file must be as its receipt says, or, where it
            has none, a whole zip archive.
        """
        path = self.folder / name
        if not path.is_file():
            return None
        found, before = measure_file(path), self.known.get(name)
        if promise is None and before is not None and before.sha256:
            return before if before.sha256 == found.sha256 else None
        if find_fault(path, found, promise):
            return None
        if before is not None and before.sha256 == found.sha256:
            return replace(before, checked=promise is not None)
        return Receipt(name, slot, "present", found.size, found.md5, found.sha256, promise is not None)


def _ends_with_line(path: Path) -> bool:
    """Return whether a file that is not empty ends with a line's end."""
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def _read_name(line: bytes) -> str | None:
    """Return the name that a line of receipts begins with, as we write it; None where the whole line must be read."""
    if not line.startswith(_BEGIN):
        return None
    name = line[len(_BEGIN) :].partition(b'"')[0]
    return None if b"\\" in name else name.decode("utf-8", "replace")


def _parse_receipt(line: bytes) -> Receipt | None:
    """Return the receipt that a line holds, or None where it holds none."""
    try:
        return Receipt(**json.loads(line.decode("utf-8", "replace")))
    except (ValueError, TypeError):
        return None

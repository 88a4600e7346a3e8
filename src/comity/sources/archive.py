"""Bytes as received: opened within limits, never unpacked to a named path."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

from comity.sources.errors import FileRefused

MOST_BYTES = 2_000_000_000
MOST_RATIO = 200
SMALL = 65_536
BLOCK = 1 << 20  # a piece of text [bytes]
PACKED = 1 << 17  # a piece of an archive, which is about as much text [bytes]
_END_SIZE = 22
_GZIP = b"\x1f\x8b"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEADER = struct.Struct("<26xHH")  # before a member: its header, which ends with the lengths of two fields after it
# What reading a damaged archive raises, whichever of its bytes is wrong.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    RuntimeError,
    OSError,
    LookupError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True)
class Content:
    """What a file holds: its one table of text, and the time stamp of the archive's member."""

    data: bytes
    member_time: str


@dataclass
class Stream:
    """What a file holds, piece by piece, so that never all of it is in memory, and the time stamp as in `Content`."""

    pieces: Iterator[bytes]
    member_time: str

    def look_at(self, lines: int) -> bytes:
        """Return the beginning, with so many line ends where there are as many; it stays in the stream."""
        taken: list[bytes] = []
        for piece in self.pieces:
            taken.append(piece)
            lines -= sum(1 for _ in islice(re.finditer(b"\n", piece), lines))
            if lines <= 0:
                break
        head = b"".join(taken)
        self.pieces = chain([head], self.pieces)
        return head

    def read(self) -> bytes:
        """Return all of it."""
        return b"".join(self.pieces)


def slice_bytes(data: bytes | memoryview, size: int = BLOCK) -> Iterator[bytes]:
    """Yield bytes in pieces of a size [bytes]."""
    for start in range(0, len(data), size):
        yield bytes(data[start : start + size])


def open_stream(received: bytes, name: str) -> Stream:
    """Return the text inside a zip archive with one member, inside gzip, or the bytes themselves, piece by piece.

    Parameters
    ----------
    received : bytes
        The file as received.
    name : str
        Its name, for messages.

    Returns
    -------
    Stream

    Raises
    ------
    FileRefused
        As `open_content`; some damage shows only at the last piece, so that what is made of the others counts for
        nothing before that.
    """
    if received.startswith(_GZIP):
        return Stream(slice_bytes(_inflate(received, name)), "")
    if received[:2] != b"PK":
        return Stream(slice_bytes(received), "")
    try:
        with zipfile.ZipFile(io.BytesIO(received)) as archive:
            member = _find_member(archive, name)
            packed = _find_packed(archive, member, received, name)
    except _DAMAGE as error:
        raise _refuse_archive(received, name, error) from error
    time = "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}".format(*member.date_time)
    return Stream(_unpack(packed, member, received, name), time)


def open_content(received: bytes, name: str) -> Content:
    """Return the text inside a zip archive with one member, inside gzip, or the bytes themselves.

    Parameters
    ----------
    received : bytes
        The file as received.
    name : str
        Its name, for messages.

    Returns
    -------
    Content

    Raises
    ------
    FileRefused
        `truncated` or `corrupt`: the archive is cut off, has been changed, holds more or less than one
        member, or one that is a link or named to lead elsewhere, is encrypted, or would unpack to more than 2 GB or
        200 times its size.
    """
    stream = open_stream(received, name)
    return Content(stream.read(), stream.member_time)


def open_member(received: bytes, name: str, member: str) -> Content:
    """Return one member of a zip archive, the only one or the one whose name fits a pattern; see `open_content`.

    Raises
    ------
    FileRefused
        As `open_content`, or the archive has no such member, or several.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(received)) as archive:
            _check_workbook(archive, name)
            held = archive.infolist()
            found = held if len(held) == 1 else [one for one in held if re.fullmatch(member, one.filename)]
            if len(found) == 1:
                packed = _find_packed(archive, found[0], received, name)
                return Content(b"".join(_unpack(packed, found[0], received, name)), "")
            names = ", ".join(archive.namelist()[:5])
    except _DAMAGE as error:
        raise _refuse_archive(received, name, error) from error
    raise FileRefused(
        "corrupt",
        f"the archive has {len(found)} tables of that source; it holds {names}",
        where=name,
        todo="unpack it and load the table",
    )


def _inflate(received: bytes, name: str) -> bytes:
    """Inflate gzip piece by piece and stop at the limit; several parts behind each other are one text."""
    limit = min(MOST_BYTES, max(SMALL, MOST_RATIO * len(received)))
    pieces: list[bytes] = []
    total, rest = 0, received
    try:
        while rest.startswith(_GZIP) and total <= limit:
            part, ended = zlib.decompressobj(wbits=31), False
            while not ended and total <= limit:
                pieces.append(part.decompress(rest, BLOCK))
                total, ended = total + len(pieces[-1]), part.eof
                rest = part.unused_data if ended else part.unconsumed_tail
                if not (ended or rest or pieces[-1]):
                    raise EOFError("it ends before its end mark")
    except (zlib.error, EOFError) as error:
        raise FileRefused(
            "truncated" if isinstance(error, EOFError) else "corrupt",
            f"the gzip archive is {'cut off' if isinstance(error, EOFError) else 'damaged'}: {error}",
            where=name,
            why="rows may be missing or changed, so none of the file is used",
            todo="fetch the file again",
        ) from error
    if total > limit:
        raise _refuse_trap(limit, len(received), name)
    return b"".join(pieces)


def _refuse_trap(limit: int, size: int, name: str) -> FileRefused:
    """Build the error for an archive that grows beyond measure."""
    return FileRefused(
        "corrupt",
        f"the archive unpacks to more than {limit:,} bytes from {size:,}",
        where=name,
        why="an event file shrinks five- to tenfold; more than 200-fold is a trap or a mistake",
        todo="check the file",
    )


def _refuse_archive(received: bytes, name: str, error: Exception) -> FileRefused:
    """Tell a cut-off archive from a changed one: a whole zip ends with its directory."""
    end = received.rfind(b"PK\x05\x06")
    cut = end < 0 or len(received) < end + _END_SIZE + int.from_bytes(received[end + 20 : end + 22], "little")
    return FileRefused(
        "truncated" if cut else "corrupt",
        f"the zip archive is {'cut off' if cut else 'damaged'}: {error}",
        where=name,
        why="rows may be missing or changed, so none of the file is used",
        todo="fetch the file again",
    )


def _check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a workbook, which is an archive, too."""
    if any(entry.startswith("xl/") for entry in archive.namelist()):
        raise FileRefused(
            "corrupt",
            "this is an Excel workbook, whatever its name says",
            where=name,
            why="a workbook may have lost leading zeros and changed dates when it was made",
            todo="load the publisher's own file, or save the sheet as CSV in UTF-8",
        )


def _find_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return the archive's only member."""
    members = archive.infolist()
    _check_workbook(archive, name)
    if len(members) != 1 or members[0].is_dir():
        raise FileRefused(
            "corrupt",
            f"the zip archive has {len(members)} members, not one file",
            where=name,
            todo="unpack it and load the table that is meant",
        )
    _check_name(members[0], name)
    if members[0].flag_bits & 1:
        raise FileRefused("corrupt", "the zip archive is encrypted", where=name, todo="unpack it and load the text")
    return members[0]


def _check_name(member: zipfile.ZipInfo, name: str) -> None:
    """Refuse a member that is a link, or whose name leads elsewhere; no publisher makes one."""
    said = member.orig_filename
    parts = said.replace("\\", "/").split("/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not said.isprintable() or ".." in parts or parts[0] == "" or ":" in parts[0] or kind not in (0, stat.S_IFREG):
        raise FileRefused(
            "corrupt",
            f"the archive's member is a link, or is named to lead elsewhere: {said[:80]!r}",
            where=name,
            why="an archive with such a member was made to mislead",
            todo="check where the file comes from",
        )


@cache
def find_inflater() -> Any:
    """Return ISA-L's module for inflating where the extra `fast` is installed, else the standard library's like it."""
    return import_module("isal.isal_zlib" if find_spec("isal") else "zlib")


def _find_packed(archive: zipfile.ZipFile, member: zipfile.ZipInfo, received: bytes, name: str) -> memoryview:
    """Return the packed bytes of a member, if it can be unpacked and promises no more than the limit."""
    limit = min(MOST_BYTES, max(SMALL, MOST_RATIO * len(received)))
    if member.file_size > limit:
        raise _refuse_trap(limit, len(received), name)
    if member.compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"compression method {member.compress_type}")
    with archive.open(member):  # reads and checks the member's own header
        start = member.header_offset + _HEADER.size + sum(_HEADER.unpack_from(received, member.header_offset))
    return memoryview(received)[start : start + member.compress_size]


def _unpack(packed: memoryview, member: zipfile.ZipInfo, received: bytes, name: str) -> Iterator[bytes]:
    """Yield the text of a member in pieces; at its end it has the length and the checksum that were promised."""
    left, checksum, method = member.file_size, 0, find_inflater()
    inflater = method.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in slice_bytes(packed, PACKED):
            text = inflater.decompress(piece, left + 1) if member.compress_type else piece
            left, checksum = left - len(text), method.crc32(text, checksum)
            if left < 0:
                break
            yield text
        if left or checksum != member.CRC:
            raise zipfile.BadZipFile("its length or checksum is not as promised")
    except (*_DAMAGE, method.error) as error:
        raise _refuse_archive(received, name, error) from error


def read_received(path: Path) -> bytes:
    """Read a file as it is, with a clear word where that fails."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(
            "missing",
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            todo="check the path and its rights",
        ) from error

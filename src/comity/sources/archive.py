"""Bytes as received: opened within limits, never unpacked to a named path."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from comity.sources.errors import FileRefused

MOST_BYTES = 2_000_000_000
MOST_RATIO = 200
SMALL = 65_536
_PIECE = 1 << 20
_END_SIZE = 22
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
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


def open_content(received: bytes, name: str) -> Content:
    """Return the text inside a zip archive with one member, or the bytes themselves.

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
    if received[:2] != b"PK":
        return Content(received, "")
    try:
        with zipfile.ZipFile(io.BytesIO(received)) as archive:
            member = _find_member(archive, name)
            data = _unpack(archive, member, len(received), name)
    except _DAMAGE as error:
        raise _refuse_archive(received, name, error) from error
    return Content(data, "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}".format(*member.date_time))


def open_member(received: bytes, name: str, member: str) -> Content:
    """Return one member of a zip archive that has several, by a pattern of its name; see `open_content`.

    Raises
    ------
    FileRefused
        As `open_content`, or the archive has no such member, or several.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(received)) as archive:
            found = [entry for entry in archive.infolist() if re.fullmatch(member, entry.filename)]
            if len(found) == 1:
                return Content(_unpack(archive, found[0], len(received), name), "")
            names = ", ".join(archive.namelist()[:5])
    except _DAMAGE as error:
        raise _refuse_archive(received, name, error) from error
    raise FileRefused(
        "corrupt",
        f"the archive has {len(found)} tables of that source; it holds {names}",
        where=name,
        todo="unpack it and load the table",
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


def _find_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return the archive's only member."""
    members = archive.infolist()
    if len(members) != 1 or members[0].is_dir():
        raise FileRefused(
            "corrupt",
            f"the zip archive has {len(members)} members, not one file",
            where=name,
            todo="check the file",
        )
    _check_name(members[0], name)
    if members[0].flag_bits & 1:
        raise FileRefused("corrupt", "the zip archive is encrypted", where=name, todo="unpack it and load the text")
    if members[0].compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"compression method {members[0].compress_type}")
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


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int, name: str) -> bytes:
    """Inflate piece by piece and stop at the limit, whatever the header promises."""
    limit = min(MOST_BYTES, max(SMALL, MOST_RATIO * size))
    pieces: list[bytes] = []
    total = 0
    if member.file_size <= limit:
        with archive.open(member) as stream:
            while total <= limit and (piece := stream.read(_PIECE)):
                pieces.append(piece)
                total += len(piece)
    if max(total, member.file_size) > limit:
        raise FileRefused(
            "corrupt",
            f"the archive unpacks to more than {limit:,} bytes from {size:,}",
            where=name,
            why="an event file shrinks five- to tenfold; more than 200-fold is a trap or a mistake",
            todo="check the file",
        )
    return b"".join(pieces)


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

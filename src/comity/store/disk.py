"""Files that are whole or absent: written aside, flushed, named by their content, then moved into place."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from comity.store.errors import DiskRefused, PathRefused, StoreDamaged

if TYPE_CHECKING:
    import pyarrow as pa

REPAIR = "make it again from the files as received: `comity store repair --store DIR`; or restore it from a copy"
_REMEDY = {
    errno.ENOSPC: "free some space on that disk and run the same command again; nothing was half written",
    errno.EDQUOT: "raise the quota or free some space, and run the same command again; nothing was half written",
    errno.EROFS: "the disk is read-only: choose another --store or mount it writable",
    errno.EACCES: "you may not write there: choose another --store or change its permissions",
    errno.EPERM: "you may not write there: choose another --store or change its permissions",
    errno.ENOENT: "make that folder first, or choose another path",
    errno.ENOTDIR: "there is a file where a folder should be: choose another path",
    errno.EISDIR: "there is a folder of that name: choose another path",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "the links there lead in a circle: choose another path",
    errno.EIO: "check the disk itself, then `comity store verify --store DIR`, and run the same command again",
}
_WRONG_PATH = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP})


class StoredFile(NamedTuple):
    """One data file: its name (which holds its SHA-256), bytes, rows, and the last day of its rows (ISO) if known."""

    name: str
    size: int
    rows: int
    last: str = ""


class Mark(NamedTuple):
    """By what a file is known to be the one that was read; of one that is missing all numbers are -1.

    Parameters
    ----------
    name : str
    size : int
        [bytes]
    modified, changed : int
        When its content, and when anything about it was changed last [nanoseconds since 1970].
    inode : int
        The system's number of the file.
    """

    name: str
    size: int = -1
    modified: int = -1
    changed: int = -1
    inode: int = -1


def mark_file(path: Path) -> Mark:
    """Return by what a file is known to be the one that was read: it may be missing."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return Mark(path.name)
    return Mark(path.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def mark_folder(folder: Path) -> Mark:
    """Return by what a folder is known to have the names that it had; opened, so that a shared disk is asked anew."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return Mark(folder.name)
    try:
        found = os.fstat(handle)
    finally:
        os.close(handle)
    return Mark(folder.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@contextmanager
def say_why_disk_refused(path: Path) -> Iterator[None]:
    """Turn an operating-system refusal into a message that names the path and the remedy."""
    try:
        yield
    except OSError as error:
        number = error.errno or _find_number(str(error))
        todo = _REMEDY.get(number, "check the disk and the path, and run the same command again")
        reason = os.strerror(number) if number else str(error)
        kind = PathRefused if number in _WRONG_PATH else DiskRefused
        raise kind(
            f"the disk refused: {reason}",
            where=str(path),
            why="what was there before stays as it was",
            todo=todo,
            number=number,
        ) from error


def _find_number(message: str) -> int:
    """Return the system's error number that Delta Lake writes into its message, or 0."""
    found = re.search(r"os error (\d+)", message)
    return int(found[1]) if found else 0


def hash_bytes(data: bytes | memoryview) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file so that a reader sees all of it or none of it.

    Parameters
    ----------
    path : Path
        Where the file shall stand. An existing file is replaced and its mode kept; a link stays, and what it leads to
        is replaced. A pipe or device is written to as it is.
    data : bytes or memoryview
        Its content.

    Raises
    ------
    DiskRefused
        The disk is full, read-only or not permitted; the target is untouched.
    """
    target = Path(os.path.realpath(path))
    with say_why_disk_refused(path):
        before = path.stat() if path.exists() else None
        if before is not None and not (stat.S_ISREG(before.st_mode) or stat.S_ISDIR(before.st_mode)):
            path.write_bytes(data)
            return
        with write_aside(target.parent) as aside:
            with aside.open("wb") as stream:
                if before is not None:
                    os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
                stream.write(data)
            move_into_place(aside, target)


@contextmanager
def write_aside(folder: Path) -> Iterator[Path]:
    """Give a path in a folder for a file that is not whole yet; what still stands there at the end is removed."""
    aside = folder / f".{secrets.token_hex(8)}.part"
    try:
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def move_into_place(aside: Path, target: Path) -> None:
    """Let a file that was written aside survive a power cut, then stand in its place."""
    with aside.open("rb") as stream:
        os.fsync(stream.fileno())
    os.replace(aside, target)
    flush_folder(target.parent)


def keep_received(folder: Path, data: bytes) -> str:
    """Keep bytes as received under their SHA-256, once; return it in hexadecimal.

    Parameters
    ----------
    folder : Path
        Where they are kept; made where there is none.
    data : bytes
        A file as it came, whatever is in it.
    """
    sha256 = hash_bytes(data)
    path = folder / sha256
    if not path.exists():
        with say_why_disk_refused(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return sha256


def remove_parts(folder: Path) -> None:
    """Remove what writers that died had written aside; only for the one who may write."""
    with say_why_disk_refused(folder):
        try:
            inside = list(os.scandir(folder))
        except PermissionError:  # what a writer may not even look into it has not written
            return
        for entry in inside:
            if entry.name.startswith(".") and entry.name.endswith(".part"):
                Path(entry.path).unlink(missing_ok=True)
            elif entry.name != "_delta_log" and entry.is_dir(follow_symlinks=False):  # there is none in a log
                remove_parts(Path(entry.path))


def write_parquet(folder: Path, table: pa.Table) -> StoredFile:
    """Write a table as one Parquet file that is named by the SHA-256 of its bytes.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    table : pyarrow.Table
        Rows to write.

    Returns
    -------
    StoredFile
        The same rows give the same bytes and so the same name.
    """
    data = _make_parquet(table, _WAYS[0])
    path = folder / f"part-{hash_bytes(data)}.parquet"
    if not path.exists():
        write_whole(path, data)
    return StoredFile(path.name, data.nbytes, table.num_rows)


def restore_parquet(folder: Path, table: pa.Table, damaged: Collection[str]) -> str | None:
    """Write a table over the damaged file that held it, in whichever way that was written; return its name, or None."""
    for way in _WAYS:
        data = _make_parquet(table, way)
        path = folder / f"part-{hash_bytes(data)}.parquet"
        if path.name in damaged:
            write_whole(path, data)
            return path.name
    return None


class _Way(NamedTuple):
    """How Parquet files are written: the level of zstd, and whether numbers of events have a dictionary of their own.

    No number of an event comes twice, so that a dictionary of them is larger than they are.
    """

    level: int
    events_listed: bool


_WAYS = (_Way(3, False), _Way(9, True))
"""The way in which files are written, and those of before, so that an older file can be made again to the byte."""


def _make_parquet(table: pa.Table, way: _Way) -> memoryview:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    listed = [name for name in table.schema.names if way.events_listed or name != "event_id"]
    pq.write_table(
        table, sink, compression="zstd", compression_level=way.level, use_dictionary=listed, write_page_checksum=True
    )
    return memoryview(sink.getvalue())


def check_named_file(path: Path, prefix: str = "part-") -> None:
    """Raise `StoreDamaged` unless a data file is there and its bytes have the SHA-256 in its name."""
    if not path.is_file():
        raise StoreDamaged(
            "a data file of the store is missing",
            where=str(path),
            why="figures would silently leave out its rows",
            todo=REPAIR,
        )
    expected = path.stem.removeprefix(prefix)
    found = hash_file(path)
    if found != expected:
        raise StoreDamaged(
            f"a data file of the store has changed: SHA-256 {found[:16]}..., written as {expected[:16]}...",
            where=str(path),
            why="its values can no longer be trusted, so none of them is used",
            todo=REPAIR,
        )


def find_damage(path: Path, prefix: str = "part-") -> StoreDamaged | None:
    """Return what is wrong with a data file, or None."""
    try:
        check_named_file(path, prefix)
    except StoreDamaged as error:
        return error
    return None

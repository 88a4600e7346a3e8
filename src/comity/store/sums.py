"""Checksums of the log of a table: no letter of it changes, and none of its entries goes, without being noticed.

Delta Lake's log has no checksum of its own. Beside each table stands `sums/<table>.txt`: one line for each file of the
log, `name SHA-256`, in the order in which they came. The line is written right after the commit; a writer that dies in
between leaves its last entry without a line, which the next writer adds.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from comity.store.disk import hash_file, say_why_disk_refused, write_whole
from comity.store.errors import StoreDamaged

LOG = "_delta_log"
_ENTRY = re.compile(r"\d{20}\.json|\d{20}\.checkpoint\.parquet")
_LINE = re.compile(r"(\S+) ([0-9a-f]{64})")


def find_sums(table: Path) -> Path:
    """Return the file that holds the checksums of a table's log."""
    return table.parent / "sums" / f"{table.name}.txt"


def read_sums(table: Path) -> dict[str, str] | None:
    """Read the checksums of a table's log; None where the store has none, being of before there were any.

    Raises
    ------
    StoreDamaged
        A line is none. The last one may be cut off: its writer died.
    """
    path = find_sums(table)
    if not path.is_file():
        return None
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n")[:-1], 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise _refuse(path, f"line {number} of the log's checksums is {line!r}")
        found[match[1]] = match[2]
    return found


def record_sums(table: Path) -> None:
    """Add the checksums of the log's entries that have none yet; only for the one who may write."""
    path = find_sums(table)
    known = read_sums(table) or {}
    fresh = [name for name in _list_entries(table) if name not in known]
    if not fresh:
        return
    lines = "".join(f"{name} {_flush_entry(table / LOG / name)}\n" for name in fresh)
    with say_why_disk_refused(path):
        if not path.is_file() or not path.read_bytes()[-1:] == b"\n":
            path.parent.mkdir(exist_ok=True)
            whole = "".join(f"{name} {value}\n" for name, value in known.items())
            write_whole(path, (whole + lines).encode())
            return
        with path.open("ab") as stream:
            stream.write(lines.encode())
            stream.flush()
            os.fsync(stream.fileno())


def _flush_entry(path: Path) -> str:
    """Have an entry of a log survive a power cut, which Delta Lake leaves to the system; return its SHA-256."""
    with say_why_disk_refused(path), path.open("rb") as stream:
        os.fsync(stream.fileno())
    return hash_file(path)


def check_sums(table: Path, version: int | None = None, *, everything: bool = False) -> int | None:
    """Raise `StoreDamaged` unless the log says what was written.

    Parameters
    ----------
    table : Path
        Folder of the table.
    version : int, optional
        Version that is read; the newest where left out.
    everything : bool
        Check each entry, and not only those that a reader of that version needs: the last checkpoint and what follows.

    Returns
    -------
    int or None
        A hash of names and checksums of the entries that were checked, which is another where they say something
        else; None where one has no checksum yet.
    """
    known = read_sums(table)
    if known is None:
        return None
    entries = _list_entries(table)
    for gone in sorted(known.keys() - set(entries)):
        raise _refuse(table / LOG / gone, "an entry of a table's log is missing")
    last = max((_number(name) for name in known), default=-1)
    chosen = entries if everything else _choose(entries, version)
    for name in chosen:
        if name in known:
            if hash_file(table / LOG / name) != known[name]:
                raise _refuse(table / LOG / name, "an entry of a table's log has changed, or its checksum has")
        elif _number(name) <= last and name.endswith(".json"):
            raise _refuse(table / LOG / name, "an entry of a table's log has no checksum")
    return hash(tuple((name, known[name]) for name in chosen)) if known.keys() >= set(chosen) else None


def copy_log(table: Path, target: Path, version: int) -> None:
    """Copy the entries of a log up to a version, and their checksums; an entry without one yet is given it."""
    (target / LOG).mkdir(parents=True)
    known = read_sums(table)
    names = [name for name in _list_entries(table) if _number(name) <= version]
    for name in names:
        shutil.copyfile(table / LOG / name, target / LOG / name)
    if known is not None:
        sums = "".join(f"{name} {known.get(name) or hash_file(target / LOG / name)}\n" for name in names)
        find_sums(target).parent.mkdir(exist_ok=True)
        write_whole(find_sums(target), sums.encode())


def find_newest(table: Path) -> int | None:
    """Return the newest version that a log has an entry of; None where it has none."""
    return max((_number(name) for name in _list_entries(table) if name.endswith(".json")), default=None)


def _choose(entries: list[str], version: int | None) -> list[str]:
    """Return the entries by which a version is read."""
    there = [name for name in entries if version is None or _number(name) <= version]
    start = max((_number(name) for name in there if name.endswith(".parquet")), default=-1)
    return [name for name in there if _number(name) >= start]


def _list_entries(table: Path) -> list[str]:
    """Return the names of a log's entries and checkpoints, oldest first."""
    names = (path.name for path in (table / LOG).iterdir()) if (table / LOG).is_dir() else ()
    return sorted(name for name in names if _ENTRY.fullmatch(name))


def _number(name: str) -> int:
    """Return the version that an entry stands for; -1 where the name is none of an entry."""
    return int(name[:20]) if _ENTRY.fullmatch(name) else -1


def _refuse(path: Path, what: str) -> StoreDamaged:
    """Return the error of a log that is not what was written."""
    return StoreDamaged(
        what,
        where=str(path),
        why="it says which files count: some could be left out, or counted that should not be",
        todo="restore the file from a copy, or load the source files again into a new store",
    )

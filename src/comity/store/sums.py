"""Checksums of the log of a table: no letter of it changes, and none of its entries goes, without being noticed.

Delta Lake's log has no checksum of its own. Beside each table stands `sums/<table>.txt`: one line for each file of the
log, `name SHA-256`, in the order in which they came. The line is written right after the commit; a writer that dies in
between leaves its last entry without a line, which the next writer adds.
"""

from __future__ import annotations

import os
import re
import shutil
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from comity.store.disk import hash_file, say_why_disk_refused, write_whole
from comity.store.errors import StoreDamaged

LOG = "_delta_log"
DIGITS = 20
"""How many digits an entry's name begins with: its version, so that names in their order are versions in theirs."""
_ENDINGS = (".json", ".checkpoint.parquet")
_LINE = re.compile(r"^(\S+) ([0-9a-f]{64})$", re.MULTILINE)

Mark = tuple[str, int, int, int]


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
    mark = mark_file(path)
    if _READ.get(path, (None,))[0] != mark:
        while len(_READ) >= MOST_READ:
            _READ.pop(next(iter(_READ)))
        _READ[path] = (mark, _parse_sums(path))
    return dict(_READ[path][1])


_READ: dict[Path, tuple[Mark, dict[str, str]]] = {}
"""Checksums as they were read last: a file of them has a line for each commit there ever was."""
MOST_READ = 12


def mark_file(path: Path) -> Mark:
    """Return by what a file is known to be the one that was read: it may be missing."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return path.name, -1, -1, -1
    return path.name, found.st_size, found.st_mtime_ns, found.st_ino


def _parse_sums(path: Path) -> dict[str, str]:
    """Read the lines of checksums."""
    text = path.read_bytes().decode("utf-8", "replace")
    lines, found = text.split("\n")[:-1], dict(_LINE.findall(text.rpartition("\n")[0]))
    for number, line in enumerate(lines if len(found) < len(lines) else (), 1):
        if _LINE.fullmatch(line) is None:
            raise _refuse(path, f"line {number} of the log's checksums is {line!r}")
    return found


@dataclass
class _Log:
    """What a log held at one moment: its checksums, read before its entries were listed, and whether they agree."""

    known: dict[str, str] | None
    entries: list[str]
    checked: bool = False


_HELD: ContextVar[Mapping[Path, dict[Path, _Log]]] = ContextVar("held", default={})  # noqa: B039 (never changed)
"""By store, the logs that were listed since the one who runs began to hold their listings."""


@contextmanager
def hold_listings(store: Path) -> Iterator[None]:
    """List each log of a store once and not for each question: while the writer's lock is held, or for one snapshot.

    Nobody but who holds the lock may add to a log; `record_sums` takes note of what it added.
    """
    held, place = _HELD.get(), store.absolute()
    token = _HELD.set(held if place in held else {**held, place: {}})
    try:
        yield
    finally:
        _HELD.reset(token)


def _read_log(table: Path, *, again: bool = False) -> _Log:
    """Return checksums and names of a log, as they are held or, where they are not, as they stand now."""
    place = table.absolute()
    held = _HELD.get().get(place.parent, {})
    if again or place not in held:
        known = read_sums(table)  # before the entries: a writer may add one with its checksum in between
        held[place] = _Log(known, list_entries(table, known or ()))
    return held[place]


def _follow_log(table: Path, log: _Log) -> list[str]:
    """Return what came since a log was listed: entries have numbers without a gap, a checkpoint that of the last."""
    number = _number(log.entries[-1])
    names = [f"{number:020d}.checkpoint.parquet"]
    while (table / LOG / f"{number + 1:020d}.json").exists():
        number += 1
        names.append(f"{number:020d}.json")
    return [name for name in names if name not in log.entries[-2:] and (table / LOG / name).exists()]


def record_sums(table: Path) -> None:
    """Add the checksums of the log's entries that have none yet; only for the one who may write.

    Who holds listings has listed the log already, and asks only for the numbers that follow.
    """
    path, log = find_sums(table), _HELD.get().get(table.absolute().parent, {}).get(table.absolute())
    if log is not None and log.checked and log.entries:
        log.entries = sorted([*log.entries, *_follow_log(table, log)])
    else:
        log = _read_log(table, again=True)
    known = log.known or {}
    fresh = [name for name in log.entries if name not in known]
    if not fresh:
        return
    sums = {name: _flush_entry(table / LOG / name) for name in fresh}
    log.known = known | sums
    lines = "".join(f"{name} {value}\n" for name, value in sums.items())
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


def check_sums(table: Path, version: int | None = None, *, everything: bool = False) -> None:
    """Raise `StoreDamaged` unless the log says what was written.

    Parameters
    ----------
    table : Path
        Folder of the table.
    version : int, optional
        Version that is read; the newest where left out.
    everything : bool
        Check each entry, and not only those that a reader of that version needs: the last checkpoint and what follows.
    """
    if everything:
        _READ.pop(find_sums(table), None)
    log = _read_log(table, again=everything)
    known = log.known
    if known is None:
        return
    _check_names(table, log)
    for name in log.entries if everything else _choose(log.entries, version):
        if name in known and hash_file(table / LOG / name) != known[name]:
            raise _refuse(table / LOG / name, "an entry of a table's log has changed, or its checksum has")


def _check_names(table: Path, log: _Log) -> None:
    """Raise `StoreDamaged` where an entry is gone, or one that others follow has no checksum."""
    if log.checked or log.known is None:
        return
    there = set(log.entries)
    log.checked = there == log.known.keys()
    if log.checked:
        return
    for gone in sorted(log.known.keys() - there):
        raise _refuse(table / LOG / gone, "an entry of a table's log is missing")
    last = max(log.known, default="")[:DIGITS]
    for name in sorted(there - log.known.keys()):
        if name[:DIGITS] <= last and name.endswith(".json"):
            raise _refuse(table / LOG / name, "an entry of a table's log has no checksum")
    log.checked = True


def find_newest(table: Path) -> int | None:
    """Return the newest version of a table, no entry of its log being gone; None where it has none."""
    log = _read_log(table)
    newest = next((_number(name) for name in reversed(log.entries) if name.endswith(".json")), None)
    if newest is not None:
        _check_names(table, log)
    return newest


def mark_log(table: Path, version: int) -> tuple[Mark, ...]:
    """Return by what the entries that a version is read by are known to be those that were checked."""
    names = _choose(_read_log(table).entries, version)
    return (mark_file(find_sums(table)), *(mark_file(table / LOG / name) for name in names))


def copy_log(table: Path, target: Path, version: int) -> None:
    """Copy the entries of a log up to a version, and their checksums; an entry without one yet is given it."""
    (target / LOG).mkdir(parents=True)
    known = read_sums(table)
    names = [name for name in list_entries(table) if _number(name) <= version]
    for name in names:
        shutil.copyfile(table / LOG / name, target / LOG / name)
    if known is not None:
        sums = "".join(f"{name} {known.get(name) or hash_file(target / LOG / name)}\n" for name in names)
        find_sums(target).parent.mkdir(exist_ok=True)
        write_whole(find_sums(target), sums.encode())


def _choose(entries: list[str], version: int | None) -> list[str]:
    """Return the entries by which a version is read: the last checkpoint and what follows, all where there is none."""
    end = len(entries) if version is None else bisect_left(entries, f"{version + 1:020d}")
    begin = next((n for n in range(end - 1, -1, -1) if entries[n].endswith(".parquet")), 0)
    return entries[begin:end]


def count_since_checkpoint(table: Path) -> int:
    """Return how many entries of a log came after its last checkpoint, or ever where it has none."""
    chosen = _choose(_read_log(table).entries, None)
    first = chosen[0][:DIGITS] if chosen and chosen[0].endswith(".parquet") else ""
    return sum(name[:DIGITS] > first for name in chosen)


def list_entries(table: Path, known: Collection[str] = ()) -> list[str]:
    """Return the names of a log's entries and checkpoints, oldest first; those that are known need no look."""
    try:
        names = set(os.listdir(table / LOG))
    except FileNotFoundError:
        return []
    fresh = [name for name in names.difference(known) if _number(name) >= 0]
    return sorted([*[name for name in known if name in names], *fresh])  # nearly in order, which sorts fast


def _number(name: str) -> int:
    """Return the version that an entry stands for; -1 where the name is none of an entry."""
    return int(name[:DIGITS]) if name[DIGITS:] in _ENDINGS and name[:DIGITS].isdecimal() else -1


def _refuse(path: Path, what: str) -> StoreDamaged:
    """Return the error of a log that is not what was written."""
    return StoreDamaged(
        what,
        where=str(path),
        why="it says which files count: some could be left out, or counted that should not be",
        todo="restore the file from a copy, or load the source files again into a new store",
    )

"""The log of a table: no letter of it changes, and none of its entries goes, without being noticed.

A log is as long as its table is old, so that what was listed is kept. Who asks again lists it anew where the log's
folder is not the one that was listed: it changes with each name that comes or goes, and with each that is put in the
place of another. Within a tick of the file system's clock two changes have one time, so that a folder that had just
changed when it was listed is listed anew in any case.
"""

from __future__ import annotations

import os
import shutil
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from comity.store.disk import Mark, hash_bytes, hash_file, mark_file, mark_folder, say_why_disk_refused
from comity.store.errors import StoreDamaged
from comity.store.recent import Recent
from comity.store.sums import add_sums, read_sums, write_sums

LOG = "_delta_log"
DIGITS = 20
"""How many digits an entry's name begins with: its version, so that names in their order are versions in theirs."""
_ENDINGS = (".json", ".checkpoint.parquet")
FINE, COARSE = 100_000_000, 3_000_000_000
"""How old the last change of a folder must be so that no other can have the same time [nanoseconds]: ten ticks of a
clock that is read every hundredth of a second, and more than the two seconds of disks that keep whole seconds."""
MILLISECOND = 1_000_000


@dataclass(frozen=True)
class Log:
    """What a log held at one moment.

    Parameters
    ----------
    known : mapping of str to str or None
        Checksums, read before the entries were listed; None where the store has none.
    entries : list of str
        Names of entries and checkpoints, oldest first.
    gone : tuple of str
        Names that have a checksum and were not there.
    bare : tuple of str
        Names that were there and have no checksum.
    mark : Mark or None
        Of the folder before it was listed; None where it had just changed.
    """

    known: Mapping[str, str] | None
    entries: list[str]
    gone: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    mark: Mark | None = None


_KEPT = Recent[Path, Log](12)
"""Logs as they were listed last, by table."""

_HELD: ContextVar[Mapping[Path, dict[Path, Log]]] = ContextVar("held", default={})  # noqa: B039 (never changed)
"""By store, the logs that were listed since the one who runs began to hold their listings."""


@contextmanager
def hold_listings(store: Path) -> Iterator[None]:
    """Look at each log of a store once and not for each question: while the writer's lock is held, or for one snapshot.

    Nobody but who holds the lock may add to a log; `record_sums` takes note of what it added.
    """
    held, place = _HELD.get(), store.absolute()
    token = _HELD.set(held if place in held else {**held, place: {}})
    try:
        yield
    finally:
        _HELD.reset(token)


def forget_listings(store: Path) -> None:
    """Have who holds the listings of a store look anew: what was seen before the lock was had is of before."""
    _HELD.get().get(store.absolute(), {}).clear()


def read_log(table: Path, *, again: bool = False) -> Log:
    """Return a log as it is held or, where it is not, as it stands now.

    Parameters
    ----------
    table : Path
        Folder of the table.
    again : bool
        Read checksums and names anew, whatever is known of them.
    """
    place = table.absolute()
    held = _HELD.get().get(place.parent)
    if held is not None and place in held and not again:
        return held[place]
    log = _look(table, None if again else _KEPT.get(place), read_sums(table, again=again))
    _keep(place, log)
    return log


def _keep(place: Path, log: Log) -> None:
    """Keep what a log held, for who holds its listing and for the next question."""
    held = _HELD.get().get(place.parent)
    if held is not None:
        held[place] = log
    _KEPT.keep(place, log)


def _look(table: Path, before: Log | None, known: Mapping[str, str] | None) -> Log:
    """Return a log as it stands now; `known` was read first: a writer may add an entry and its checksum meanwhile."""
    folder = table / LOG
    mark = _mark_folder(folder)
    if before is not None and mark is not None and before.mark == mark and before.known is known:
        return before
    try:
        there = set(os.listdir(folder))
    except FileNotFoundError:
        there = set()
    sums = known or {}
    gone = tuple(sorted(sums.keys() - there))
    bare = tuple(sorted(name for name in there - sums.keys() if _number(name) >= 0))
    if before is not None and before.known is known and (before.gone, before.bare) == (gone, bare):
        return replace(before, mark=mark)
    return Log(known, sorted([*(name for name in sums if name in there), *bare]), gone, bare, mark)


def _mark_folder(folder: Path) -> Mark | None:
    """Return by what a folder is known to have the names that it has; None where it has just changed."""
    mark = mark_folder(folder)
    whole = mark.modified % MILLISECOND == 0  # such a disk may keep no finer times
    age = time.time_ns() - max(mark.modified, mark.changed)
    return mark if age >= (COARSE if whole else FINE) else None


def record_sums(table: Path, written: Mapping[str, str] | None = None) -> None:
    """Add the checksums of the log's entries that have none yet; only for the one who may write.

    Parameters
    ----------
    table : Path
        Folder of the table.
    written : mapping of str to str, optional
        Checksums of entries that the one who asks has just written and flushed. Who holds listings has listed the log
        already, and asks only for the numbers that follow.
    """
    place = table.absolute()
    log = _HELD.get().get(place.parent, {}).get(place)
    if log is not None and log.entries and not log.gone:
        if came := _follow_log(table, log):
            log = replace(log, entries=sorted([*log.entries, *came]), bare=(*log.bare, *came), mark=None)
    else:
        log = read_log(table)
    if not log.bare:
        return
    sums = {name: (written or {}).get(name) or _flush_entry(table / LOG / name) for name in log.bare}
    known = add_sums(table, log.known or {}, sums)
    _keep(place, replace(log, known=known, bare=(), mark=None))


def _follow_log(table: Path, log: Log) -> list[str]:
    """Return what came since a log was listed: entries have numbers without a gap, a checkpoint that of the last."""
    number = _number(log.entries[-1])
    names = [f"{number:020d}.checkpoint.parquet"]
    while (table / LOG / f"{number + 1:020d}.json").exists():
        number += 1
        names.append(f"{number:020d}.json")
    return [name for name in names if name not in log.entries[-2:] and (table / LOG / name).exists()]


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
    log = read_log(table, again=everything)
    if log.known is None:
        return
    _check_names(table, log)
    for name in log.entries if everything else choose_entries(log.entries, version):
        if name in log.known and hash_file(table / LOG / name) != log.known[name]:
            raise _refuse_entry(table / LOG / name)


def read_entry(table: Path, name: str) -> bytes:
    """Return the bytes of an entry of a log, checked against its checksum where it has one."""
    path, known = table / LOG / name, read_log(table).known or {}
    data = path.read_bytes()
    if name in known and hash_bytes(data) != known[name]:
        raise _refuse_entry(path)
    return data


def _check_names(table: Path, log: Log) -> None:
    """Raise `StoreDamaged` where an entry is gone, or one that others follow has no checksum."""
    for gone in log.gone:
        raise _refuse(table / LOG / gone, "an entry of a table's log is missing")
    if log.known is None or not log.bare:
        return
    last = max(log.known, default="")[:DIGITS]
    for name in log.bare:
        if name[:DIGITS] <= last and name.endswith(".json"):
            raise _refuse(table / LOG / name, "an entry of a table's log has no checksum")


def find_newest(table: Path) -> int | None:
    """Return the newest version of a table, no entry of its log being gone; None where it has none."""
    log = read_log(table)
    newest = next((_number(name) for name in reversed(log.entries) if name.endswith(".json")), None)
    if newest is not None:
        _check_names(table, log)
    return newest


Told = tuple[Mark, str | None]
"""By what an entry is known to be the one that was read: its file, and its checksum where it has one."""


def mark_entries(table: Path, names: list[str]) -> dict[str, Told]:
    """Return by what entries of a log are known to be those that were read."""
    known = read_log(table).known or {}
    return {name: (mark_file(table / LOG / name), known.get(name)) for name in names}


def copy_log(table: Path, target: Path, version: int) -> None:
    """Copy the entries of a log up to a version, and their checksums; an entry without one yet is given it."""
    (target / LOG).mkdir(parents=True)
    log = read_log(table, again=True)
    names = [name for name in log.entries if _number(name) <= version]
    for name in names:
        shutil.copyfile(table / LOG / name, target / LOG / name)
    if log.known is not None:
        write_sums(target, {name: log.known.get(name) or hash_file(target / LOG / name) for name in names})


def list_needed(table: Path, version: int | None = None) -> list[str]:
    """Return the entries by which a version is read: the last checkpoint and what follows, all where there is none."""
    return choose_entries(read_log(table).entries, version)


def choose_entries(entries: list[str], version: int | None) -> list[str]:
    """Return those of a log's entries by which a version is read."""
    end = len(entries) if version is None else bisect_left(entries, f"{version + 1:020d}")
    begin = next((n for n in range(end - 1, -1, -1) if entries[n].endswith(".parquet")), 0)
    return entries[begin:end]


def count_since_checkpoint(table: Path) -> int:
    """Return how many entries of a log came after its last checkpoint, or ever where it has none."""
    chosen = list_needed(table)
    first = chosen[0][:DIGITS] if chosen and chosen[0].endswith(".parquet") else ""
    return sum(name[:DIGITS] > first for name in chosen)


def name_entry(version: int) -> str:
    """Return the name of the entry of a version."""
    return f"{version:0{DIGITS}d}.json"


def _number(name: str) -> int:
    """Return the version that an entry stands for; -1 where the name is none of an entry."""
    return int(name[:DIGITS]) if name[DIGITS:] in _ENDINGS and name[:DIGITS].isdecimal() else -1


def _refuse_entry(path: Path) -> StoreDamaged:
    """Return the error of an entry that has another checksum."""
    return _refuse(path, "an entry of a table's log has changed, or its checksum has")


def _refuse(path: Path, what: str) -> StoreDamaged:
    """Return the error of a log that is not what was written."""
    return StoreDamaged(
        what,
        where=str(path),
        why="it says which files count: some could be left out, or counted that should not be",
        todo="restore the file from a copy, or load the source files again into a new store",
    )

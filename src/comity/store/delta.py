"""The only door to Delta Lake: create a table, append checked files, read a version.

Delta Lake keeps each version of a table as Parquet files and a log of commits, which other engines
(Spark, Trino, ClickHouse, DuckDB, Polars) read without us. One commit is one new file in the log, put
in place by an atomic rename: it is there whole, or it is not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store.disk import StoredFile, flush_folder, say_why_disk_refused
from comity.store.errors import StoreDamaged
from comity.store.log import (
    LOG,
    Told,
    check_sums,
    count_since_checkpoint,
    find_newest,
    hold_listings,
    list_needed,
    mark_entries,
    name_entry,
    read_entry,
    record_sums,
)
from comity.store.recent import Recent
from comity.store.tables import schema_of

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

NOTE_KEY = "comity"
COMPACTED = "compacted"
MOST_ENTRIES = 20
"""Entries of a log after its last checkpoint, from which on the next commit makes a checkpoint first [count]."""
KEEP_LOG = {"delta.enableExpiredLogCleanup": "false"}  # an old version must stay readable, however old its log


def create_table(folder: Path, schema: pa.Schema, note: str) -> None:
    """Create an empty table unless it is there already."""
    from deltalake import DeltaTable

    with say_why_disk_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(str(folder), schema=schema, mode="ignore", description=note, configuration=KEEP_LOG)
        record_sums(folder)


def _open(folder: Path, version: int | None = None) -> DeltaTable:
    """Open a table at a version, with damage told in words."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        table = DeltaTable(str(folder), version=version)
    except (DeltaError, OSError, ValueError) as error:
        raise _refuse(folder, error) from error
    check_sums(folder, version)
    return table


def _refuse(place: Path, error: Exception) -> StoreDamaged:
    """Return the error of a log that cannot be read."""
    return StoreDamaged(
        f"the log of a table cannot be read: {error}",
        where=str(place),
        why="without its log a table has no contents",
        todo="restore the folder from a copy, or load the source files again into a new store",
    )


def _read_entry(folder: Path, version: int) -> list[dict[str, Any]]:
    """Return the lines of the entry of a version, checked against its checksum where it has one."""
    try:
        return [json.loads(line) for line in read_entry(folder, name_entry(version)).decode("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise _refuse(folder / LOG / name_entry(version), error) from error


def read_version(folder: Path) -> int:
    """Return the newest version of a table, by the names of its log's entries, of which none may be gone."""
    newest = find_newest(folder)
    return _open(folder).version() if newest is None else newest


@dataclass(frozen=True)
class Listed:
    """The data files that make up a version, by name, and by what the entries that say so are known."""

    files: tuple[StoredFile, ...]
    told: Mapping[str, Told]


_LISTED = Recent[tuple[Path, int], Listed](16)
"""Versions that were listed last."""
MOST_FOLLOWED = 64
"""How many entries are read one by one from a version that was listed on, before Delta Lake is asked again [count]."""


def list_files(folder: Path, version: int | None = None) -> list[StoredFile]:
    """Return the data files that make up a version of a table, by name.

    What was listed and checked before is not read again while the log's entries have neither another size nor time. Of
    a log that has grown since, only what came is read, each entry checked.
    """
    with hold_listings(folder.parent):
        version = read_version(folder) if version is None else version
        place = (folder.absolute(), version)
        listed = _LISTED.get(place)
        if listed is None or not _stands(folder, listed):
            listed = _LISTED.keep(place, _follow(folder, version) or _ask(folder, version))
    return list(listed.files)


def _stands(folder: Path, listed: Listed) -> bool:
    """Say whether the entries that a list was read by are what they were."""
    return mark_entries(folder, list(listed.told)) == listed.told


def _ask(folder: Path, version: int) -> Listed:
    """Have Delta Lake list the files of a version."""
    told = mark_entries(folder, list_needed(folder, version))
    return Listed(tuple(_name_files(_open(folder, version))), told)


def _follow(folder: Path, version: int) -> Listed | None:
    """List a version from an older one that was listed and the entries since; None where only Delta Lake can."""
    place = folder.absolute()
    older = [held for where, held in _LISTED if where == place and 0 < version - held <= MOST_FOLLOWED]
    base = _LISTED.get((place, max(older))) if older else None
    if base is None or not _stands(folder, base):
        return None
    files, told = set(base.files), dict(base.told)
    for number in range(max(older) + 1, version + 1):
        name = name_entry(number)
        told |= mark_entries(folder, [name])
        changes = [line for line in _read_entry(folder, number) if "commitInfo" not in line]
        if any(line.keys() - {"add", "remove"} for line in changes):
            return None
        gone = {line["remove"]["path"] for line in changes if "remove" in line}
        files = {file for file in files if file.name not in gone} if gone else files
        files |= {_describe_added(line["add"]) for line in changes if "add" in line}
    needed = list_needed(folder, version)
    for name in needed:
        if name not in told:  # a checkpoint that was made since
            read_entry(folder, name)
            told |= mark_entries(folder, [name])
    return Listed(tuple(sorted(files)), {name: told[name] for name in needed})


def _describe_added(action: Mapping[str, Any]) -> StoredFile:
    """Return the data file that a line of a log adds."""
    stats = json.loads(action.get("stats") or "{}")
    return StoredFile(action["path"], action["size"], stats.get("numRecords") or 0, _read_last(stats))


def _read_last(stats: Mapping[str, Any]) -> str:
    """Return the last day of a data file, or nothing where its log does not say it."""
    return str(stats.get("maxValues", {}).get("date", ""))


def _name_files(table: DeltaTable) -> list[StoredFile]:
    """Return the data files that make up an opened table, by name."""
    import pyarrow as pa

    if not table.file_uris():
        return []
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return sorted(
        StoredFile(a["path"], a["size_bytes"], a["num_records"] or 0, str(a.get("max.date") or "")) for a in actions
    )


@dataclass(frozen=True)
class Commit:
    """One entry of a table's log: its version, Comity's note, and the data files that it added and replaced."""

    version: int
    note: dict[str, Any]
    added: tuple[str, ...]
    replaced: tuple[str, ...]


def read_commits(folder: Path) -> list[Commit]:
    """Return all that a table's log says, oldest first; its checksums are checked first."""
    found = []
    with hold_listings(folder.parent):
        check_sums(folder, everything=True)
        numbers = sorted(int(path.stem) for path in (folder / LOG).glob("*.json"))
        entries = [(version, _read_entry(folder, version)) for version in numbers]
    for version, lines in entries:
        notes = [json.loads(info[NOTE_KEY]) for line in lines if NOTE_KEY in (info := line.get("commitInfo", {}))]
        added, replaced = (tuple(line[do]["path"] for line in lines if do in line) for do in ("add", "remove"))
        found.append(Commit(version, notes[0] if notes else {}, added, replaced))
    return found


def shorten_log(folder: Path, most: int) -> None:
    """Sum up a log in a checkpoint where so many entries came since the last; it says nothing new, and no entry goes.

    Only for the one who may write. Delta Lake reads the entries after the last checkpoint side by side, with a thread
    for each, and none of these ends while the next opening comes within ten seconds.
    """
    if count_since_checkpoint(folder) >= most:
        table = _open(folder)
        with say_why_disk_refused(folder):
            table.create_checkpoint()
            flush_folder(folder / LOG)
            record_sums(folder)


def append_files(
    folder: Path,
    files: Sequence[tuple[StoredFile, Mapping[str, Any]]],
    note: Mapping[str, Any],
    replaced: Sequence[StoredFile] = (),
) -> int:
    """Add data files to a table in one commit, with a note in the commit itself; only for the one who may write.

    Parameters
    ----------
    folder : Path
        Folder of the table, in which the files stand already.
    files : sequence of (StoredFile, stats)
        Each with `minValues`, `maxValues` for engines that skip files.
    note : mapping
        JSON-serialisable; `read_notes` gives it back.
    replaced : sequence of StoredFile
        Files whose rows the new ones hold, and which this version therefore no longer lists; they stay on disk.

    Returns
    -------
    int
        The new version.

    """
    from deltalake import CommitProperties, PostCommitHookProperties
    from deltalake.transaction import AddAction, RemoveAction

    opened = read_version(folder)
    before = list_files(folder, opened)
    shorten_log(folder, MOST_ENTRIES)
    actions: list[AddAction | RemoveAction] = [
        AddAction(
            path=file.name,
            size=file.size,
            partition_values={},
            modification_time=0,
            data_change=not replaced,
            stats=json.dumps({"numRecords": file.rows, **stats}, sort_keys=True),
        )
        for file, stats in files
    ]
    actions += [RemoveAction(file.name, False, 0, file.size, {}) for file in replaced]
    table = _open(folder)
    with say_why_disk_refused(folder):
        table.create_write_transaction(
            actions,
            mode="append",
            schema=schema_of(folder.name),
            commit_properties=CommitProperties(custom_metadata={NOTE_KEY: json.dumps(note, sort_keys=True)}),
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )
        flush_folder(folder / LOG)
        record_sums(folder)
    version = read_version(folder)
    if version == opened + 1:  # what a commit leaves is what it found, whose entries were checked, and what it did
        left = sorted({*before, *(file._replace(last=_read_last(stats)) for file, stats in files)} - {*replaced})
        told = mark_entries(folder, list_needed(folder, version))
        _LISTED.keep((folder.absolute(), version), Listed(tuple(left), told))
    return version


def read_notes(folder: Path, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the notes of the commits after a version, oldest first."""
    with hold_listings(folder.parent):
        entries = [(version, _read_entry(folder, version)) for version in range(after + 1, read_version(folder) + 1)]
    notes = []
    for version, lines in entries:
        for line in lines:
            info = line.get("commitInfo", {})
            if NOTE_KEY in info:
                notes.append((version, json.loads(info[NOTE_KEY])))
    return notes


def pass_compactions(folder: Path, version: int) -> int:
    """Return the newest version that says the same as another, in fewer files: only compactions lie between them."""
    for later, note in read_notes(folder, version):
        if COMPACTED not in note:
            break
        version = later
    return version

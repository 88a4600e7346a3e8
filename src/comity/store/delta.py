"""The only door to Delta Lake: create a table, append checked files, read a version.

Delta Lake keeps each version of a table as Parquet files and a log of commits, which other engines
(Spark, Trino, ClickHouse, DuckDB, Polars) read without us. One commit is one new file in the log, put
in place by an atomic rename: it is there whole, or it is not there.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store.disk import StoredFile, flush_folder, say_why_disk_refused
from comity.store.errors import StoreDamaged
from comity.store.sums import Mark, check_sums, count_since_checkpoint, find_newest, mark_log, record_sums

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


def _read_entry(path: Path) -> list[dict[str, Any]]:
    """Return the lines of an entry of a log."""
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise _refuse(path, error) from error


def read_version(folder: Path) -> int:
    """Return the newest version of a table, by the names of its log's entries, of which none may be gone."""
    newest = find_newest(folder)
    return _open(folder).version() if newest is None else newest


_LISTED: OrderedDict[tuple[Path, int], tuple[tuple[Mark, ...], list[StoredFile]]] = OrderedDict()
"""Data files of versions that were listed last, each with what the log's entries that say so are known by."""
MOST_LISTED = 16


def list_files(folder: Path, version: int | None = None) -> list[StoredFile]:
    """Return the data files that make up a version of a table, by name.

    What was listed and checked before is not read again while the log's entries have neither another size nor time.
    """
    version = read_version(folder) if version is None else version
    place, marks = (folder.absolute(), version), mark_log(folder, version)
    if _LISTED.get(place, (None,))[0] != marks:
        _keep_list(place, marks, _name_files(_open(folder, version)))
    return list(_LISTED[place][1])


def _keep_list(place: tuple[Path, int], marks: tuple[Mark, ...], files: list[StoredFile]) -> None:
    """Keep for the next question which data files make up a version."""
    _LISTED[place] = (marks, files)
    while len(_LISTED) > MOST_LISTED:
        _LISTED.popitem(last=False)


def _name_files(table: DeltaTable) -> list[StoredFile]:
    """Return the data files that make up an opened table, by name."""
    import pyarrow as pa

    if not table.file_uris():
        return []
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return sorted(StoredFile(a["path"], a["size_bytes"], a["num_records"] or 0) for a in actions)


@dataclass(frozen=True)
class Commit:
    """One entry of a table's log: its version, Comity's note, and the data files that it added and replaced."""

    version: int
    note: dict[str, Any]
    added: tuple[str, ...]
    replaced: tuple[str, ...]


def read_commits(folder: Path) -> list[Commit]:
    """Return all that a table's log says, oldest first; its checksums are checked first."""
    check_sums(folder, everything=True)
    found = []
    for path in sorted((folder / "_delta_log").glob("*.json")):
        lines = _read_entry(path)
        notes = [json.loads(info[NOTE_KEY]) for line in lines if NOTE_KEY in (info := line.get("commitInfo", {}))]
        added, replaced = (tuple(line[do]["path"] for line in lines if do in line) for do in ("add", "remove"))
        found.append(Commit(int(path.stem), notes[0] if notes else {}, added, replaced))
    return found


def _shorten_log(folder: Path, table: DeltaTable) -> None:
    """Sum up a log in a checkpoint where many entries came since the last; it says nothing new, and no entry goes.

    Delta Lake reads the entries after the last checkpoint side by side, with a thread for each, and none of these ends
    while the next opening comes within ten seconds.
    """
    if count_since_checkpoint(folder) >= MOST_ENTRIES:
        with say_why_disk_refused(folder):
            table.create_checkpoint()
            flush_folder(folder / "_delta_log")
            record_sums(folder)


def append_files(
    folder: Path,
    schema: pa.Schema,
    files: Sequence[tuple[StoredFile, Mapping[str, Any]]],
    note: Mapping[str, Any],
    replaced: Sequence[StoredFile] = (),
) -> int:
    """Add data files to a table in one commit, with a note in the commit itself.

    Parameters
    ----------
    folder : Path
        Folder of the table, in which the files stand already.
    schema : pyarrow.Schema
        Schema of the files.
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

    table = _open(folder)
    opened, before = table.version(), _name_files(table)
    _shorten_log(folder, table)
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
    with say_why_disk_refused(folder):
        table.create_write_transaction(
            actions,
            mode="append",
            schema=schema,
            commit_properties=CommitProperties(custom_metadata={NOTE_KEY: json.dumps(note, sort_keys=True)}),
            post_commithook_properties=PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
        )
        flush_folder(folder / "_delta_log")
        record_sums(folder)
    version = read_version(folder)
    if version == opened + 1:  # what a commit leaves is what it found, whose entries were checked, and what it did
        left = sorted({*before, *(file for file, _ in files)} - {*replaced})
        _keep_list((folder.absolute(), version), mark_log(folder, version), left)
    return version


def read_notes(folder: Path, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the notes of the commits after a version, oldest first."""
    notes = []
    for version in range(after + 1, read_version(folder) + 1):
        path = folder / "_delta_log" / f"{version:020d}.json"
        for line in _read_entry(path):
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

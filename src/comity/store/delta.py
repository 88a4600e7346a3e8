"""The only door to Delta Lake: create a table, append checked files, read a version.

Delta Lake keeps each version of a table as Parquet files and a log of commits, which other engines
(Spark, Trino, ClickHouse, DuckDB, Polars) read without us. One commit is one new file in the log, put
in place by an atomic rename: it is there whole, or it is not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store.disk import StoredFile, flush_folder, say_why_disk_refused
from comity.store.errors import StoreDamaged

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

NOTE_KEY = "comity"
KEEP_LOG = {"delta.enableExpiredLogCleanup": "false"}  # an old version must stay readable, however old its log


def create_table(folder: Path, schema: pa.Schema, note: str) -> None:
    """Create an empty table unless it is there already."""
    from deltalake import DeltaTable

    with say_why_disk_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(str(folder), schema=schema, mode="ignore", description=note, configuration=KEEP_LOG)


def _open(folder: Path, version: int | None = None) -> DeltaTable:
    """Open a table at a version, with damage told in words."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        return DeltaTable(str(folder), version=version)
    except (DeltaError, OSError, ValueError) as error:
        raise StoreDamaged(
            f"the log of a table cannot be read: {error}",
            where=str(folder),
            why="without its log a table has no contents",
            todo="restore the folder from a copy, or load the source files again into a new store",
        ) from error


def read_version(folder: Path) -> int:
    """Return the newest version of a table."""
    return _open(folder).version()


def list_files(folder: Path, version: int | None = None) -> list[StoredFile]:
    """Return the data files that make up a version of a table, by name."""
    import pyarrow as pa

    table = _open(folder, version)
    if not table.file_uris():
        return []
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    files = [StoredFile(a["path"], a["size_bytes"], a["num_records"] or 0) for a in actions]
    return sorted(files)


def append_files(
    folder: Path,
    schema: pa.Schema,
    files: Sequence[tuple[StoredFile, Mapping[str, Any]]],
    note: Mapping[str, Any],
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

    Returns
    -------
    int
        The new version.
    """
    from deltalake import CommitProperties, PostCommitHookProperties
    from deltalake.transaction import AddAction, RemoveAction

    table = _open(folder)
    actions: list[AddAction | RemoveAction] = [
        AddAction(
            path=file.name,
            size=file.size,
            partition_values={},
            modification_time=0,
            data_change=True,
            stats=json.dumps({"numRecords": file.rows, **stats}, sort_keys=True),
        )
        for file, stats in files
    ]
    with say_why_disk_refused(folder):
        table.create_write_transaction(
            actions,
            mode="append",
            schema=schema,
            commit_properties=CommitProperties(custom_metadata={NOTE_KEY: json.dumps(note, sort_keys=True)}),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
        )
        flush_folder(folder / "_delta_log")
    return read_version(folder)


def read_notes(folder: Path, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the notes of the commits after a version, oldest first."""
    notes = []
    for version in range(after + 1, read_version(folder) + 1):
        path = folder / "_delta_log" / f"{version:020d}.json"
        for line in path.read_text("utf-8").splitlines():
            info = json.loads(line).get("commitInfo", {})
            if NOTE_KEY in info:
                notes.append((version, json.loads(info[NOTE_KEY])))
    return notes

"""Many small data files become one that says the same: each load writes one, and a reader opens them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store import delta
from comity.store.disk import StoredFile, check_named_file, write_parquet
from comity.store.snapshot import read_files
from comity.store.tables import schema_of

if TYPE_CHECKING:
    import pyarrow as pa

SMALL_FILE = 32_000_000  # bytes
FILE_ROWS = 1_000_000
_ORDER = {
    "events": ("date", "sender", "receiver", "event_id", "file"),
    "set_aside": ("batch", "file", "line"),
    "ledger": ("events_version", "batch", "name", "seen_at"),
}


def compact_table(folder: Path, most: int) -> int:
    """Replace the small data files of a table if it has more than so many; return how many were replaced.

    A file with `FILE_ROWS` rows is not small, so that what was merged is not merged again, and no more than twice as
    many rows are in memory at once, however large the table is.
    """
    small = list_small(folder)
    if len(small) <= max(most, 1):
        return 0
    replaced = 0
    for group in group_files(folder, small):  # a commit each: a repair makes a file from those that its commit replaced
        rows = merge_files(folder, group)
        merged = [(write_parquet(folder, rows), describe_range(rows))] if rows.num_rows else []
        delta.append_files(folder, merged, {delta.COMPACTED: len(group)}, group)
        replaced += len(group)
    return replaced


def list_small(folder: Path) -> list[StoredFile]:
    """Return the small data files of a table, by name."""
    return [file for file in delta.list_files(folder) if file.size < SMALL_FILE and file.rows < FILE_ROWS]


def group_files(folder: Path, files: Sequence[StoredFile]) -> list[list[StoredFile]]:
    """Group data files that lie beside each other in time, until a group has the rows of a large file."""
    groups: list[list[StoredFile]] = [[]]
    for file in sorted(files, key=lambda file: (_read_start(folder / file.name), file.name)):
        if sum(held.rows for held in groups[-1]) >= FILE_ROWS:
            groups.append([])
        groups[-1].append(file)
    return [group for group in groups if len(group) > 1]


def _read_start(path: Path) -> str:
    """Return the first day of a data file of events, as text."""
    import pyarrow.parquet as pq

    check_named_file(path)
    metadata = pq.read_metadata(path)
    names = metadata.schema.names
    if "date" not in names or not metadata.num_row_groups:
        return ""
    said = metadata.row_group(0).column(names.index("date")).statistics
    return str(said.min) if said is not None and said.has_min_max else ""


def merge_files(folder: Path, files: Sequence[StoredFile]) -> pa.Table:
    """Return the rows of data files of a table, each checked first, in the order of the table."""
    order = [(name, "ascending") for name in _ORDER[folder.name]]
    return read_files(folder, sorted(files), schema_of(folder.name)).sort_by(order)


def describe_range(rows: pa.Table) -> dict[str, Any]:
    """Return the smallest and largest day, by which engines skip files."""
    import pyarrow.compute as pc

    if "date" not in rows.schema.names or rows["date"].null_count == rows.num_rows:
        return {}
    ends = pc.min_max(rows["date"]).as_py()
    return {"minValues": {"date": ends["min"].isoformat()}, "maxValues": {"date": ends["max"].isoformat()}}

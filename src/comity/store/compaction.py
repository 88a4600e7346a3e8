"""Many small data files become one that says the same: each load writes one, and a reader opens them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store import delta
from comity.store.disk import StoredFile, write_parquet
from comity.store.snapshot import read_files
from comity.store.tables import schema_of

if TYPE_CHECKING:
    import pyarrow as pa

SMALL_FILE = 32_000_000
FILE_ROWS = 4_000_000
_ORDER = {
    "events": ("date", "sender", "receiver", "event_id", "file"),
    "set_aside": ("batch", "file", "line"),
    "ledger": ("events_version", "batch", "name", "seen_at"),
}


def compact_table(folder: Path, most: int) -> int:
    """Replace the small data files of a table if it has more than so many; return how many were replaced."""
    small = [file for file in delta.list_files(folder) if file.size < SMALL_FILE]
    if len(small) <= max(most, 1):
        return 0
    files = [(write_parquet(folder, part), describe_range(part)) for part in merge_files(folder, small)]
    delta.append_files(folder, schema_of(folder.name), files, {delta.COMPACTED: len(small)}, small)
    return len(small)


def merge_files(folder: Path, files: Sequence[StoredFile]) -> list[pa.Table]:
    """Return the rows of data files, each checked first, in the order of the table and in parts of a data file each."""
    order = [(name, "ascending") for name in _ORDER[folder.name]]
    rows = read_files(folder, sorted(files), schema_of(folder.name)).sort_by(order)
    return [rows.slice(start, FILE_ROWS) for start in range(0, rows.num_rows, FILE_ROWS)]


def describe_range(rows: pa.Table) -> dict[str, Any]:
    """Return the smallest and largest day, by which engines skip files."""
    import pyarrow.compute as pc

    if "date" not in rows.schema.names or rows["date"].null_count == rows.num_rows:
        return {}
    ends = pc.min_max(rows["date"]).as_py()
    return {"minValues": {"date": ends["min"].isoformat()}, "maxValues": {"date": ends["max"].isoformat()}}

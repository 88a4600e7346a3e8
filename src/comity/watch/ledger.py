"""What the store's ledger says of the stream: which slots are filled, and by which files."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from comity.sources.fetch import ENDING, SOURCE, Kept
from comity.store import Store, StoreMissing, open_store
from comity.watch.slots import Held

FILLED = ("loaded", "empty")
_READ = ("source", "slot", "status", "name", "bytes", "sha256")


def read_held(folder: Path) -> Held:
    """Return which slots of the 15-minute stream a store has, and which its publisher lacked; none without a store."""
    try:
        store: Store = open_store(folder)
    except StoreMissing:
        return Held(frozenset(), frozenset())
    ledger = store.take_snapshot().read_rows("ledger").select([*_READ]).to_pylist()
    rows = [row for row in ledger if row["source"] == SOURCE and row["slot"] and ".translation." not in row["name"]]
    slots = {state: {row["slot"] for row in rows if row["status"] in state} for state in (FILLED, ("missing",))}
    hashes: dict[datetime, set[str]] = defaultdict(set)
    for row in rows:
        hashes[row["slot"]].add(row["sha256"])
    kept = {
        row["name"]: Kept(row["slot"].astimezone(UTC), row["bytes"], frozenset(hashes[row["slot"]]))
        for row in rows
        if row["status"] in FILLED and row["name"] == f"{row['slot']:%Y%m%d%H%M%S}{ENDING}"
    }
    filled, missing = (frozenset(slot.astimezone(UTC) for slot in found) for found in slots.values())
    return Held(filled, missing - filled, kept)

"""What the store's ledger says of the stream: which slots are filled, and by which files."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from comity.sources.fetch import ENDING, SOURCE, Kept
from comity.store import Store, StoreMissing, open_store
from comity.watch.slots import Held

FILLED = ("loaded", "empty")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAME_LENGTH = len(f"{EPOCH:%Y%m%d%H%M%S}{ENDING}")
_READ = ("source", "slot", "status", "name", "bytes", "sha256")


def read_held(folder: Path, kept_since: datetime | None = None) -> Held:
    """Return which slots of the 15-minute stream a store has, and which its publisher lacked; none without a store.

    Parameters
    ----------
    folder : Path
        Folder of the store.
    kept_since : datetime, optional
        Slot from which on the files that fill slots are told as well [UTC].

    Returns
    -------
    Held
    """
    import pyarrow.compute as pc

    try:
        store: Store = open_store(folder)
    except StoreMissing:
        return Held(frozenset(), frozenset())
    ledger = store.take_snapshot().read_rows("ledger").select([*_READ])
    ledger = ledger.filter((pc.field("source") == SOURCE) & pc.field("slot").is_valid())
    ledger = ledger.filter(pc.invert(pc.match_substring(ledger["name"], ".translation.")))
    slots = [EPOCH + timedelta(microseconds=value) for value in ledger["slot"].cast("int64").to_pylist()]
    names, states, sizes, hashes = (ledger[name].to_pylist() for name in ("name", "status", "bytes", "sha256"))
    filled = frozenset(slot for slot, state in zip(slots, states, strict=True) if state in FILLED)
    missing = frozenset(slot for slot, state in zip(slots, states, strict=True) if state == "missing")
    if kept_since is None:
        return Held(filled, missing - filled)
    recent = [row for row in zip(slots, names, states, sizes, hashes, strict=True) if row[0] >= kept_since]
    issues: dict[datetime, set[str]] = defaultdict(set)
    for slot, _, _, _, sha256 in recent:
        issues[slot].add(sha256)
    kept = {
        name: Kept(slot, size, frozenset(issues[slot]))
        for slot, name, state, size, _ in recent
        if state in FILLED and len(name) == NAME_LENGTH and name.endswith(ENDING)
    }
    return Held(filled, missing - filled, kept)

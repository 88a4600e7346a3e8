"""What the store's ledger says of the stream: which slots are filled, and by which files."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from comity.sources.fetch import ENDING, SOURCE, Kept
from comity.store import Store, StoreMissing, open_store
from comity.watch.slots import Held

if TYPE_CHECKING:
    import pyarrow as pa

FILLED = ("loaded", "empty")
REPEATED = "duplicate"
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
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        store: Store = open_store(folder)
    except StoreMissing:
        return Held(frozenset(), frozenset())
    ledger = store.take_snapshot().read_rows("ledger").select([*_READ])
    ledger = ledger.filter((pc.field("source") == SOURCE) & pc.field("slot").is_valid())
    ledger = ledger.filter(pc.invert(pc.match_substring(ledger["name"], ".translation.")))
    filled = _read_slots(ledger.filter(pc.field("status").isin(FILLED)))
    missing = _read_slots(ledger.filter(pc.field("status") == "missing")) - filled
    repeated = _read_slots(ledger.filter(pc.field("status") == REPEATED)) - filled
    if kept_since is None:
        return Held(filled, missing, repeated=repeated)
    recent = ledger.filter(pc.field("slot") >= pa.scalar(kept_since, ledger.schema.field("slot").type))
    rows = list(zip(_list_slots(recent), *(recent[name].to_pylist() for name in _READ[2:]), strict=True))
    issues: dict[datetime, set[str]] = defaultdict(set)
    for slot, _, _, _, sha256 in rows:
        issues[slot].add(sha256)
    kept = {
        name: Kept(slot, size, frozenset(issues[slot]))
        for slot, state, name, size, _ in rows
        if state in (*FILLED, REPEATED) and len(name) == NAME_LENGTH and name.endswith(ENDING)
    }
    return Held(filled, missing, kept, repeated)


def _list_slots(ledger: pa.Table) -> list[datetime]:
    """Return the slots of entries [UTC], in their order."""
    return [EPOCH + timedelta(microseconds=value) for value in ledger["slot"].cast("int64").to_pylist()]


def _read_slots(ledger: pa.Table) -> frozenset[datetime]:
    """Return the slots of entries [UTC]."""
    return frozenset(_list_slots(ledger))

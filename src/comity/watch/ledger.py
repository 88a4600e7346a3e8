"""What the store's ledger says of the stream: which slots are filled, and by which files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from comity.sources.fetch import ENDING, SOURCE, Kept
from comity.store import Store, StoreMissing, open_store
from comity.store.disk import check_named_file
from comity.store.recent import Recent
from comity.watch.slots import Held

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.store.snapshot import Ledger

FILLED = ("loaded", "empty")
REPEATED = "duplicate"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAME_LENGTH = len(f"{EPOCH:%Y%m%d%H%M%S}{ENDING}")
_TOLD = ("slot", "status", "events_version", "sha256", "date_low", "date_high")
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
    try:
        store: Store = open_store(folder)
    except StoreMissing:
        return Held(frozenset(), frozenset())
    ledger = store.take_snapshot().read_ledger()
    stream = _follow_ledger(folder.absolute(), ledger)
    filled = frozenset(stream.filled)
    kept = {} if kept_since is None else _list_kept(ledger.rows, kept_since)
    return Held(filled, frozenset(stream.missing - filled), kept, frozenset(stream.repeated - filled))


@dataclass
class _Stream:
    """What a ledger says of the slots of the stream, read on from where it was read last."""

    origin: object
    count: int = 0
    filled: set[datetime] = field(default_factory=set)
    missing: set[datetime] = field(default_factory=set)
    repeated: set[datetime] = field(default_factory=set)

    def follow(self, rows: pa.Table) -> None:
        """Read the entries that came since."""
        fresh = _pick_stream(rows.slice(self.count))
        states = {**dict.fromkeys(FILLED, self.filled), "missing": self.missing, REPEATED: self.repeated}
        for slot, status in zip(_list_slots(fresh), fresh["status"].to_pylist(), strict=True):
            if status in states:
                states[status].add(slot)
        self.count = rows.num_rows


_STREAMS = Recent[Path, _Stream](4)
"""By store, what its ledger said when it was read last."""


def _follow_ledger(place: Path, ledger: Ledger) -> _Stream:
    """Return what a store's ledger says of the stream; only what came since it was read last is looked at."""
    stream = _STREAMS.pop(place)
    if stream is None or not ledger.continues(stream.origin, stream.count):
        stream = _Stream(ledger.origin)
    stream.follow(ledger.rows)
    return _STREAMS.keep(place, stream)


def _pick_stream(rows: pa.Table) -> pa.Table:
    """Return the entries of the stream's files."""
    import pyarrow.compute as pc

    ledger = rows.select([*_READ]).filter((pc.field("source") == SOURCE) & pc.field("slot").is_valid())
    return ledger.filter(pc.invert(pc.match_substring(ledger["name"], ".translation.")))


def _list_kept(rows: pa.Table, since: datetime) -> dict[str, Kept]:
    """Return the publisher's files that fill slots or repeat others, from a slot on [UTC]."""
    import pyarrow as pa
    import pyarrow.compute as pc

    recent = rows.filter(pc.field("slot") >= pa.scalar(since, rows.schema.field("slot").type))
    ledger = _pick_stream(recent)
    told = list(zip(_list_slots(ledger), *(ledger[name].to_pylist() for name in _READ[2:]), strict=True))
    issues: dict[datetime, set[str]] = defaultdict(set)
    for slot, _, _, _, sha256 in told:
        issues[slot].add(sha256)
    return {
        name: Kept(slot, size, frozenset(issues[slot]))
        for slot, state, name, size, _ in told
        if state in (*FILLED, REPEATED) and len(name) == NAME_LENGTH and name.endswith(ENDING)
    }


def _list_slots(ledger: pa.Table) -> list[datetime]:
    """Return the slots of entries [UTC], in their order."""
    return [EPOCH + timedelta(microseconds=value) for value in ledger["slot"].cast("int64").to_pylist()]


def list_touched(folder: Path, after: int, pairs: Sequence[tuple[str, str]] = ()) -> tuple[frozenset[date], int]:
    """Return the days that files loaded after a version of the events are about, and the newest version of the ledger.

    Parameters
    ----------
    folder : Path
        Folder of the store.
    after : int
        Version up to which days were decided on. Where the newest is older, this store is another than that one, or an
        older copy of it, and all of it counts.
    pairs : sequence of (str, str)
        Actor ids. Where a file has acts of theirs on days before its own, as some are reported a day or a week late,
        these days count too.

    Returns
    -------
    frozenset of date, int
        Days [UTC].
    """
    import pyarrow.compute as pc

    try:
        snapshot = open_store(folder).take_snapshot()
    except StoreMissing:
        return frozenset(), after
    ledger = snapshot.read_rows("ledger").select([*_TOLD])
    newest = pc.max(ledger["events_version"]).as_py()
    if newest is None:
        return frozenset(), after
    after = after if newest >= after else -1
    later = ledger.filter(pc.greater(ledger["events_version"], after)).to_pylist()
    loaded = [row for row in later if row["slot"] and row["status"] == "loaded"]
    days = {min(day := row["slot"].astimezone(UTC).date(), row["date_high"] or day) for row in loaded}
    first = min(days, default=date.min)
    early = [row["sha256"][:16] for row in loaded if (row["date_low"] or first) < first]
    if early and pairs:
        days |= _list_early(snapshot.list_added(after), first, early, pairs)
    return frozenset(days), newest


def _list_early(
    paths: Sequence[Path], first: date, files: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> set[date]:
    """Return the days before a day of the acts between pairs that came in some files."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    ways = pa.array("/".join(way) for one in pairs for way in (one, one[::-1]))
    days = set()
    for path in paths:
        check_named_file(path)
        columns = ["date", "file", "sender", "receiver"]
        acts = pq.read_table(path, columns=columns, filters=(pc.field("date") < first) & pc.field("file").isin(files))
        way = pc.binary_join_element_wise(acts["sender"].cast(pa.string()), acts["receiver"].cast(pa.string()), "/")
        days |= set(acts["date"].filter(pc.is_in(way, value_set=ways)).to_pylist())
    return days

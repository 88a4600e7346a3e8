"""What a store holds already, by which each new file is placed: known, late, or a rival for its slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.store.recent import Recent

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.events.code import Coded
    from comity.store import Store
    from comity.store.snapshot import Ledger

MISSING = "404 at the publisher"
REFUSED = ("corrupt", "truncated")

FILLED = ("loaded", "empty")
WHOLE = (*FILLED, "superseded")
_ORDER = ("events_version", "seen_at", "batch")
_ISO = "%Y-%m-%dT%H:%M:%S+00:00"

Slot = tuple[str, str | None, bool]
Place = int | dict[str, Any]
"""The entry of the file that fills a slot, or its place in the ledger."""


@dataclass(frozen=True)
class Loaded:
    """One file after reading: its ledger entry so far, its rows where it could be read, and its bytes."""

    entry: dict[str, Any]
    coded: Coded | None = None
    received: bytes = b""


def describe_duplicate(entry: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the entry of a file whose bytes are known: it says the same whether or not the file was read again."""
    said = {key: entry[key] for key in ("name", "late", "sha256", "bytes", "slot")}
    nothing = {"rows_read": 0, "rows_kept": 0, "dropped": "{}", "set_aside": "{}"}
    return {**said, "source": source, "status": "duplicate", **nothing}


def write_time(time: datetime | None) -> str | None:
    """Return a time as text."""
    return time.isoformat() if time else None


class _Word(NamedTuple):
    """What an entry of the ledger says of a file, its slot as text."""

    slot: str | None
    source: str
    status: str
    name: str
    sha256: str | None
    detail: str | None

    @property
    def key(self) -> str | tuple[str]:
        """Return which file it is a word on, by its bytes or, where none came, its name."""
        told = self.name if self.sha256 is None else self.sha256
        return (told,) if self.status == "duplicate" else told


@dataclass
class _Index:
    """What a ledger says, read on from where it was read last.

    The last word on each file counts, by its bytes or, where none came, its name; that it came twice is another word.
    """

    origin: object
    count: int = 0
    version: int = -1
    words: dict[str | tuple[str], int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    recorded: set[tuple[str, str, bool]] = field(default_factory=set)
    slots: dict[Slot, Place] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)

    def follow(self, rows: pa.Table) -> bool:
        """Read the entries that came since; each is a later word than those before.

        Returns whether that is the whole answer: it is not where a slot lost the file that filled it to no other.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        fresh = rows.slice(self.count).select([*_ORDER, *_Word._fields])
        if not fresh.num_rows:
            return True
        order = pc.sort_indices(fresh, [(name, "ascending") for name in _ORDER])
        fresh = fresh.take(order)
        texts = pc.strftime(fresh["slot"].cast(pa.timestamp("s", "UTC"), safe=False), _ISO).to_pylist()
        columns = [fresh[name].to_pylist() for name in _Word._fields[1:]]
        words = {
            self.count + place: _Word(*said) for place, *said in zip(order.to_pylist(), texts, *columns, strict=True)
        }
        last = {word.key: place for place, word in words.items()}
        lost = [slot for key in last if (slot := self._forget(rows, key))]
        for place, word in words.items():
            if word.sha256 is not None or word.detail == MISSING:
                self.recorded.add((word.name, word.sha256 or "", word.status in REFUSED))
            if last[word.key] == place:
                self._take(place, word)
        self.count, self.version = rows.num_rows, fresh["events_version"][-1].as_py()
        return all(slot in self.slots for slot in lost)

    def _take(self, place: int, word: _Word) -> None:
        """Take an entry for the last word on its file."""
        self.words[word.key] = place
        if word.sha256 and word.status in WHOLE:
            self.known[word.sha256] = word.source
        if word.slot and word.status in FILLED:
            self.slots[key_slot(word._asdict())] = place
            self.newest[word.source] = max(word.slot, self.newest.get(word.source, ""))

    def _forget(self, rows: pa.Table, key: str | tuple[str]) -> Slot | None:
        """Forget what was the last word on a file; return the slot that it filled, if it did."""
        place = self.words.get(key)
        if place is None:
            return None
        entry = _read_entry(rows, place)
        if entry["status"] in WHOLE:
            self.known.pop(entry["sha256"] or "", None)
        slot = key_slot(entry)
        if self.slots.get(slot) != place:
            return None
        del self.slots[slot]
        return slot


_INDEXES = Recent[Path, _Index](4)
"""By store, what its ledger said when it was read last."""


def _follow_ledger(place: Path, ledger: Ledger) -> _Index:
    """Return what a store's ledger says; only what came since it was read last is looked at."""
    import pyarrow.compute as pc

    index = _INDEXES.pop(place)
    if index is None or not ledger.continues(index.origin, index.count):
        index = _Index(ledger.origin)
    first = pc.min(ledger.rows["events_version"].slice(index.count)).as_py()
    if first is not None and first <= index.version:
        index = _Index(ledger.origin)
    if not index.follow(ledger.rows):
        index = _Index(ledger.origin)
        index.follow(ledger.rows)
    return _INDEXES.keep(place, index)


def _read_entry(ledger: pa.Table, place: int) -> dict[str, Any]:
    """Return an entry of a ledger by its place, its slot as text."""
    entry: dict[str, Any] = ledger.slice(place, 1).to_pylist()[0]
    return {**entry, "slot": write_time(entry["slot"])}


@dataclass
class Shelf:
    """What the store holds already, as far as a load must know it."""

    now: datetime | None
    known: dict[str, str]
    recorded: set[tuple[str, str, bool]]
    slots: dict[Slot, Place]
    newest: dict[str, str]
    ledger: pa.Table
    replaced: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def open(cls, store: Store, now: datetime | None, known: dict[str, str] | None = None) -> Shelf:
        """Read it from the ledger; without a time, each commit is entered at its own.

        Who reads files meanwhile may pass where to look up those that are known; it is filled here.
        """
        ledger = store.take_snapshot().read_ledger()
        index = _follow_ledger(store.folder.absolute(), ledger)
        known = {} if known is None else known
        known.update(index.known)
        return cls(now, known, set(index.recorded), dict(index.slots), dict(index.newest), ledger.rows)

    def _find_rival(self, slot: Slot) -> dict[str, Any] | None:
        """Return the entry of the file that fills a slot."""
        found = self.slots.get(slot)
        if isinstance(found, int):
            entry = _read_entry(self.ledger, found)
            self.slots[slot] = entry
            return entry
        return found

    def record(self, entry: Mapping[str, Any]) -> bool:
        """Return whether the ledger does not say so yet of a file; from now on it does."""
        mark = (entry["name"], entry.get("sha256") or "", entry["status"] in REFUSED)
        known = mark in self.recorded
        self.recorded.add(mark)
        return not known

    def place(self, loaded: Loaded) -> Loaded:
        """Say of a file whether it is late, came twice within the batch, or rivals another for its slot."""
        entry = loaded.entry
        if loaded.coded is None:
            return loaded
        if entry["sha256"] in self.known:
            return Loaded(describe_duplicate(entry, self.known[entry["sha256"]]))
        self.known[entry["sha256"]] = entry["source"]
        slot = key_slot(entry)
        if entry["slot"] is None:
            return loaded
        entry["late"] = entry["slot"] < self.newest.get(entry["source"], "")
        rival = self._find_rival(slot)
        if rival is None or _rank(entry) > _rank(rival):
            self.slots[slot] = entry
            if rival is not None:
                self._replace(rival, entry)
        else:
            entry |= {
                "status": "superseded",
                "detail": f"another issue of the slot counts: {rival['sha256'][:16]}",
            }
        return loaded

    def _replace(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Let a new issue of a slot count in place of an old one, whose rows and entry stay on record."""
        read, kept = (new[name] - (old[name] or 0) for name in ("rows_read", "rows_kept"))
        change = f"{read:+d} rows read, {kept:+d} kept"
        new["detail"] = f"replaces {old['sha256'][:16]}: {change}"
        said = {**old, "status": "superseded", "detail": f"replaced by {new['sha256'][:16]}: {change}"}
        if "seen_at" in old:
            self.replaced.append(said)
        else:
            old |= said


def key_slot(entry: Mapping[str, Any]) -> Slot:
    """Return what two issues of one slot share; the stream of translated reports is another than the English one."""
    return entry["source"], entry["slot"], ".translation." in entry["name"].lower()


def _rank(entry: dict[str, Any]) -> tuple[str, int, str]:
    """Order two issues of one slot, whichever came first: later stamp inside, more rows, larger SHA-256."""
    return entry["member_time"] or "", entry["rows_read"] or 0, entry["sha256"]

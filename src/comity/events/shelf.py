"""What a store holds already, by which each new file is placed: known, late, or a rival for its slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.events.code import Coded
    from comity.store import Store

MISSING = "404 at the publisher"
REFUSED = ("corrupt", "truncated")

FILLED = ("loaded", "empty")
WHOLE = (*FILLED, "superseded")
_PLACED = ("source", "slot", "status", "name", "sha256")
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
        con = store.take_snapshot().connect_ledger()
        ledger = con.sql(f"select * exclude (slot), strftime(slot, '{_ISO}') as slot from ledger").to_arrow_table()
        said = con.execute(
            "select distinct name, coalesce(sha256, ''), status from ledger_entries "
            "where sha256 is not null or detail = ?",
            [MISSING],
        ).fetchall()
        con.close()
        known = {} if known is None else known
        slots: dict[Slot, Place] = {}
        newest: dict[str, str] = {}
        rows = zip(*(ledger[name].to_pylist() for name in _PLACED), strict=True)
        for place, (source, slot, status, name, sha256) in enumerate(rows):
            if sha256 and status in WHOLE:
                known[sha256] = source
            if slot and status in FILLED:
                slots[key_slot({"source": source, "slot": slot, "name": name})] = place
                newest[source] = max(slot, newest.get(source, ""))
        recorded = {(name, sha256, status in REFUSED) for name, sha256, status in said}
        return cls(now, known, recorded, slots, newest, ledger)

    def _find_rival(self, slot: Slot) -> dict[str, Any] | None:
        """Return the entry of the file that fills a slot."""
        found = self.slots.get(slot)
        if isinstance(found, int):
            entry: dict[str, Any] = self.ledger.slice(found, 1).to_pylist()[0]
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

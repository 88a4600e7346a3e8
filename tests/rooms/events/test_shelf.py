"""What a load knows of a store follows its ledger entry by entry, and is what the whole ledger says."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.specimens.elsewhere import add_entries, describe_file, merge_files, run_elsewhere

from comity.events import shelf
from comity.events.shelf import FILLED, MISSING, REFUSED, WHOLE, Shelf, key_slot
from comity.store import create_store
from comity.store.rows import make_ledger
from comity.store.snapshot import _LEDGER_NOW, Ledger

BEGIN = datetime(2025, 5, 14, tzinfo=UTC)
STATES = ("loaded", "loaded", "empty", "superseded", "duplicate", "corrupt", "truncated", "missing")


def draw_entries(draw: random.Random, batch: int) -> list[dict[str, Any]]:
    """Give the entries of a batch, each about another file: of few files and slots, so that they meet again."""
    entries = []
    for number in draw.sample(range(20), draw.randrange(1, 6)):
        status, slot = draw.choice(STATES), BEGIN + timedelta(minutes=15 * (number % 7))
        name = f"{slot:%Y%m%d%H%M%S}{'.translation' if number % 5 == 0 else ''}.export.CSV.zip"
        entry = describe_file(name, status=status, batch=f"{batch:04}", sha256=f"{number:064}", slot=slot.isoformat())
        seen = {"seen_at": (BEGIN + timedelta(seconds=draw.randrange(5))).isoformat()}
        entries.append(entry | seen | ({"sha256": None, "detail": MISSING} if status == "missing" else {}))
    return list({entry["sha256"] or entry["name"]: entry for entry in entries}.values())


def ask_whole(ledger: pa.Table) -> tuple[dict[str, str], set[Any], dict[Any, dict[str, Any]], dict[str, str]]:
    """Give what a load must know, by the view of the ledger that readers have."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.register("ledger_entries", ledger)
    con.execute(_LEDGER_NOW)
    words = con.sql("select * from ledger order by events_version, seen_at").to_arrow_table().to_pylist()
    con.close()
    known = {row["sha256"]: row["source"] for row in words if row["sha256"] and row["status"] in WHOLE}
    filled = [dict(row, slot=row["slot"].isoformat()) for row in words if row["status"] in FILLED]
    slots = {key_slot(row): row for row in filled}
    newest = {"gdelt2": max(row["slot"] for row in filled)} if filled else {}
    said = [row for row in ledger.to_pylist() if row["sha256"] is not None or row["detail"] == MISSING]
    recorded = {(row["name"], row["sha256"] or "", row["status"] in REFUSED) for row in said}
    return known, recorded, slots, newest


@pytest.mark.parametrize("seed", range(4))
def test_what_is_followed_batch_by_batch_is_what_the_whole_ledger_says(seed: int, tmp_path: Path) -> None:
    draw, origin = random.Random(seed), object()
    rows = make_ledger([], 0)
    for batch in range(1, 40):
        rows = pa.concat_tables([rows, make_ledger(draw_entries(draw, batch), batch)])
        if draw.random() < 0.3:
            continue
        found = shelf._follow_ledger(tmp_path, Ledger(rows, origin))
        known, recorded, slots, newest = ask_whole(rows)
        assert (found.known, found.recorded) == (known, recorded)
        assert {slot: newest for slot, newest in found.newest.items() if newest} == newest
        assert found.slots.keys() == slots.keys()
        mine = Shelf(None, {}, set(), dict(found.slots), {}, rows)
        rivals = {slot: mine._find_rival(slot) for slot in slots}
        when = ("events_version", "seen_at", "slot")
        assert [[rival and rival[key] for key in when] for rival in rivals.values()] == [
            [row[key] for key in when] for row in slots.values()
        ]
    found = shelf._follow_ledger(tmp_path, Ledger(rows, origin))
    anew = shelf._follow_ledger(tmp_path, Ledger(rows, object()))
    assert (anew.known, anew.recorded, anew.slots.keys()) == (found.known, found.recorded, found.slots.keys())


def test_entries_that_come_out_of_their_order_are_read_from_the_beginning(tmp_path: Path) -> None:
    origin, first, second = object(), describe_file("a", batch="1"), describe_file("a", batch="2", status="superseded")
    later = make_ledger([second], 2)
    shelf._follow_ledger(tmp_path, Ledger(later, origin))
    found = shelf._follow_ledger(tmp_path, Ledger(pa.concat_tables([later, make_ledger([first], 1)]), origin))
    assert (len(found.slots), list(found.known.values())) == (0, ["gdelt2"])


def test_what_a_load_places_is_not_kept_before_the_ledger_says_so(tmp_path: Path) -> None:
    store = create_store(tmp_path / "store")
    mine = Shelf.open(store, None)
    mine.known["0" * 64] = "gdelt2"
    mine.slots["gdelt2", "2025-05-14T06:00:00+00:00", False] = {}
    assert mine.record({"name": "a", "sha256": "b", "status": "loaded"})
    again = Shelf.open(store, None)
    assert (again.known, again.slots, again.newest, again.recorded) == ({}, {}, {}, set())


def test_what_other_processes_load_and_merge_is_known(tmp_path: Path) -> None:
    store = create_store(tmp_path / "store")
    assert Shelf.open(store, None).known == {}
    names = ["20250514060000.export.CSV.zip", "20250514061500.export.CSV.zip"]
    entries = [describe_file(name, slot=f"2025-05-14T06:{15 * n:02}:00+00:00") for n, name in enumerate(names)]
    assert run_elsewhere(add_entries, store.folder, *entries) == 0
    before = Shelf.open(store, None)
    assert set(before.known) == {entry["sha256"] for entry in entries}
    assert before.newest == {"gdelt2": "2025-05-14T06:15:00+00:00"}
    assert run_elsewhere(merge_files, store.folder) == 0
    after = Shelf.open(store, None)
    assert (after.known, after.recorded, after.newest) == (before.known, before.recorded, before.newest)
    for slot, entry in zip(sorted(after.slots), entries, strict=True):
        rival = after._find_rival(slot)
        assert rival is not None
        assert {key: rival[key] for key in ("name", "sha256", "slot")} == {
            k: entry[k] for k in ("name", "sha256", "slot")
        }

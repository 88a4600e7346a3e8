"""Which slots are filled follows the ledger, whoever writes to it; which are lacking is what a plain look says."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.specimens.elsewhere import add_entries, describe_file, merge_files, run_elsewhere
from tests.specimens.stores import list_contents
from tests.specimens.stream import make_files, write_files

from comity.api import load_events
from comity.store import Store, create_store, delta
from comity.watch import ledger, step
from comity.watch.ledger import EPOCH, read_held
from comity.watch.publisher import Replay
from comity.watch.slots import QUARTER, Held, list_lacking

NOON = datetime(2025, 5, 14, 12, tzinfo=UTC)


def describe_slot(
    number: int, status: str = "loaded", sha256: str | None = None, source: str = "gdelt2"
) -> dict[str, object]:
    slot = NOON + number * QUARTER
    name = f"{slot:%Y%m%d%H%M%S}.export.CSV.zip"
    return describe_file(
        name, status=status, slot=slot.isoformat(), sha256=sha256 or f"{number:064}", source=source, bytes=1
    )


def read_anew(store: Path) -> Held:
    ledger._STREAMS.clear()
    return read_held(store, EPOCH)


def test_what_another_process_enters_is_held(tmp_path: Path) -> None:
    store = create_store(tmp_path / "store").folder
    assert read_held(store) == Held(frozenset(), frozenset())
    run_elsewhere(add_entries, store, describe_slot(0), describe_slot(1, "missing"), describe_slot(2, "duplicate"))
    held = read_held(store, EPOCH)
    assert (held.filled, held.missing, held.repeated) == ({NOON}, {NOON + QUARTER}, {NOON + 2 * QUARTER})
    assert len(held.kept) == 2
    run_elsewhere(
        add_entries,
        store,
        describe_slot(1, "empty"),
        describe_slot(2, sha256="f" * 64),
        describe_slot(9, source="gdelt1"),
    )
    after = read_held(store, EPOCH)
    assert after == read_anew(store)
    assert (after.missing, after.repeated) == (frozenset(), frozenset())
    assert after.filled == {NOON + n * QUARTER for n in range(3)}
    assert held.filled == {NOON}
    run_elsewhere(merge_files, store)
    assert read_held(store, EPOCH) == after == read_anew(store)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_lacking_is_every_slot_that_is_neither_filled_nor_repeated(seed: int) -> None:
    draw = random.Random(seed)
    cadence = draw.choice([QUARTER, timedelta(hours=1), timedelta(days=1)])
    count = draw.randrange(400)
    slots = [NOON + n * cadence for n in range(count)]
    filled, repeated = (frozenset(draw.sample(slots, draw.randrange(count + 1))) for _ in range(2))
    until = NOON + count * cadence - draw.choice([timedelta(seconds=1), cadence])
    lacking = list_lacking(NOON, until, Held(filled, frozenset(), repeated=repeated), cadence)
    assert lacking == [slot for slot in slots if slot <= until and slot not in filled and slot not in repeated]


def test_the_store_is_tidied_when_the_alerts_of_the_round_are_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path / "in", make_files(6))
    replay, done = Replay(tmp_path / "in"), list[str]()
    plain, tidy = step.deliver_messages, Store.tidy
    monkeypatch.setattr(
        step, "deliver_messages", lambda *given, **named: (done.append("told"), plain(*given, **named))[1]
    )
    monkeypatch.setattr(Store, "tidy", lambda *given: (done.append("tidied"), tidy(*given))[1])
    monkeypatch.setattr(step, "SMALL_FILES", 2)
    watch = step.Watch(tmp_path / "store", replay, clock=replay)
    for _ in range(6):
        step.take_round(watch)
        replay.sleep(QUARTER.total_seconds())
    assert done == ["told", "tidied"] * 6
    assert len(delta.list_files(tmp_path / "store" / "ledger")) <= 3
    step.take_round(watch)  # nothing came
    assert done[12:] == ["told"]
    load_events([tmp_path / "in"], tmp_path / "clean")
    assert list_contents(tmp_path / "store", checked=True) == list_contents(tmp_path / "clean")

"""A log is listed once for one hold of the lock, and never answers for a moment that has passed."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from comity.store import StoreDamaged, create_store, delta, open_store
from comity.store.log import hold_listings
from comity.store.store import Writer
from comity.store.tables import TABLES, schema_of


def add_batch(writer: Writer) -> int:
    return writer.commit(*(schema_of(name).empty_table() for name in ("events", "set_aside")), [])


def commit(store: Path) -> None:
    with open_store(store).write() as writer:
        add_batch(writer)


def commit_elsewhere(store: Path) -> None:
    """Commit as another process does: it shares no listing with the one who asks."""
    other = Thread(target=commit, args=(store,))
    other.start()
    other.join()


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each log is listed."""
    counted: Counter[str] = Counter()
    listdir = os.listdir

    def count(place: Path) -> list[str]:
        counted[Path(place).parent.name] += Path(place).name == "_delta_log"
        return listdir(place)

    monkeypatch.setattr(os, "listdir", count)
    return counted


def test_however_much_is_committed_under_one_lock_a_log_is_listed_once(small: Path, listed: Counter[str]) -> None:
    with open_store(small).write() as writer:
        versions = [add_batch(writer) for _ in range(3)]
        open_store(small).take_snapshot().read_rows("ledger")
        writer.compact()
    assert versions == [versions[0] + n for n in range(3)]
    assert {table: listed[table] for table in TABLES} == dict.fromkeys(TABLES, 1)
    assert open_store(small).verify() == []


def test_what_a_commit_leaves_is_what_the_log_says_to_whoever_reads_it(small: Path) -> None:
    with open_store(small).write() as writer:
        add_batch(writer)
        writer.compact()
        add_batch(writer)
    kept = {place: delta._LISTED.get(place) for place in delta._LISTED}
    delta._LISTED.clear()
    asked = [place for place in kept if place[0].parent == small]
    assert len(asked) > 3
    for folder, version in asked:
        assert delta.list_files(folder, version) == list(kept[folder, version].files)


def test_a_listing_is_kept_for_one_snapshot_and_not_for_the_next(small: Path) -> None:
    ledger = small / "ledger"
    with hold_listings(small):
        before = delta.read_version(ledger)
        commit_elsewhere(small)
        assert delta.read_version(ledger) == before
        assert open_store(small).take_snapshot().ledger_version == before
    assert delta.read_version(ledger) == before + 1
    assert open_store(small).take_snapshot().ledger_version == before + 1


def test_who_writes_to_one_store_sees_what_comes_to_another(small: Path, tmp_path: Path) -> None:
    other = create_store(tmp_path / "other").folder
    with open_store(small).write():
        before = delta.read_version(other / "ledger")
        commit_elsewhere(other)
        assert delta.read_version(other / "ledger") == before + 1


@pytest.mark.parametrize("table", ["events", "ledger"])
def test_an_entry_that_goes_after_a_commit_is_missed_by_the_next_question(table: str, small: Path) -> None:
    with open_store(small).write() as writer:
        add_batch(writer)
    (small / table / "_delta_log" / f"{1:020d}.json").unlink()
    with pytest.raises(StoreDamaged, match="missing"):
        open_store(small).take_snapshot()
    with pytest.raises(StoreDamaged, match="missing"), open_store(small).write():
        pass


def test_an_entry_of_which_a_died_writer_left_no_checksum_gets_it_with_the_lock(small: Path) -> None:
    sums = small / "sums" / "ledger.txt"
    commit(small)
    lines = sums.read_text("utf-8").splitlines(keepends=True)
    sums.write_text("".join(lines[:-1]), "utf-8")
    with open_store(small).write() as writer:
        add_batch(writer)
    assert sums.read_text("utf-8").splitlines(keepends=True)[: len(lines)] == lines
    assert open_store(small).verify() == []

"""A copy of a store is one state of it, whole and checked, also while another process loads into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.specimens.dying import load, start
from tests.specimens.gdelt_rows import write_days
from tests.specimens.stores import list_contents

from comity.api import compact_store, copy_store, load_events, read_ledger, repair_store, verify_store
from comity.store import StoreDamaged, StoreError, open_store
from comity.store.doubt import MARK


def test_a_copy_says_the_same_and_needs_nothing_of_the_original(small: Path, tmp_path: Path) -> None:
    before, ledger = list_contents(small), read_ledger(small)
    compact_store(small)
    done = copy_store(small, tmp_path / "elsewhere" / "copy")
    shutil.rmtree(small)
    assert (list_contents(tmp_path / "elsewhere" / "copy"), verify_store(tmp_path / "elsewhere" / "copy")) == (
        before,
        [],
    )
    assert read_ledger(tmp_path / "elsewhere" / "copy") == ledger
    assert done["files"] > 10 and done["bytes"] > 1000


def test_a_copy_has_the_files_as_received_and_can_be_mended_from_them(tmp_path: Path) -> None:
    load_events(write_days(tmp_path / "in", ["20250514"]), tmp_path / "store")
    assert copy_store(tmp_path / "store", tmp_path / "copy")["packs"] == 1
    part = next((tmp_path / "copy" / "events").glob("part-*.parquet"))
    part.write_bytes(b"")
    assert repair_store(tmp_path / "copy")["repaired"] == [f"events/{part.name}"]
    assert list_contents(tmp_path / "copy") == list_contents(tmp_path / "store")


def test_a_copy_during_a_load_is_one_of_its_states(tmp_path: Path) -> None:
    files = write_days(tmp_path / "in", [f"202505{day}" for day in range(10, 16)], rows=20)
    store = tmp_path / "store"
    load_events(files[:1], store)
    child = start(load, store, files, 1)
    sizes, ended = [], False
    while not ended:
        ended = not child.is_alive()  # one more after its end: on a busy machine it may end during the first
        into = tmp_path / f"copy{len(sizes)}"
        copy_store(store, into)
        assert verify_store(into) == []
        sizes.append(len(list_contents(into, checked=True)["files"]))
    child.join()
    assert child.exitcode == 0
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] == len(files)
    load_events(files, into)
    assert list_contents(into) == list_contents(store)


def test_a_store_that_is_damaged_is_not_copied_and_nothing_is_left(small: Path, tmp_path: Path) -> None:
    part = next((small / "events").glob("part-*.parquet"))
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(StoreDamaged, match="not whole"):
        copy_store(small, tmp_path / "copy")
    assert [path for path in tmp_path.iterdir() if "copy" in path.name] == []


def test_a_copy_replaces_nothing(small: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(StoreError, match="something already"):
        copy_store(small, tmp_path / "copy")
    assert open_store(small).verify() == []


def test_a_disk_that_failed_has_the_store_checked_before_more_is_written(small: Path, tmp_path: Path) -> None:
    (small / MARK).write_text("as if")
    before = list_contents(small)
    part = next((small / "events").glob("part-*.parquet"))
    whole = part.read_bytes()
    part.write_bytes(whole[:-1])
    files = write_days(tmp_path / "more", ["20250520"])
    for _ in range(2):
        with pytest.raises(StoreError, match="disk reported an error") as caught:
            load_events(files, small)
        assert "comity store verify" in caught.value.todo
        assert len(verify_store(small)) == 1  # the mark stays until all is whole
    part.write_bytes(whole)
    assert (list_contents(small), verify_store(small)) == (before, [])
    assert load_events(files, small)["rows_kept"] > 0

"""Small files become one that says the same; damaged ones are made again from the files as received, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.specimens.command import run_comity
from tests.specimens.gdelt_rows import make_rows, write_days, write_row, write_slot
from tests.specimens.stores import NOW, list_contents

from comity.api import compact_store, load_events, rebuild_store, repair_store, verify_store
from comity.events import step
from comity.store import compaction, delta, disk, open_store
from comity.store.received import find_received

DAYS = ["20250513", "20250514"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store of eight batches, one slot issued twice, rows set aside, a file cut off, compacted in between."""
    files = write_days(tmp_path / "in", DAYS, rows=20, slots=("0000", "0600", "1200"))
    files.append(write_slot(tmp_path / "again", "20250514060000", make_rows(30, 99), (2025, 5, 20, 0, 0, 0)))
    files.append(write_slot(tmp_path / "in", "20250515060500", [write_row(date="20240515"), b"short"]))
    cut = write_slot(tmp_path / "in", "20250515070000", make_rows(5, 4000))
    cut.write_bytes(cut.read_bytes()[:100])
    monkeypatch.setattr(step, "BATCH_FILES", 2)
    load_events(files[:4], tmp_path / "store", now=NOW)
    compact_store(tmp_path / "store")
    load_events([*files[4:], cut], tmp_path / "store", now=NOW)
    return tmp_path / "store"


def list_parts(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in store.glob("*/part-*.parquet")}


def damage(store: Path) -> None:
    """Change, cut and remove data files in turn."""
    for number, path in enumerate(sorted(store.glob("*/part-*.parquet"))):
        if number % 3 == 0:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-9] + b"otherwise"[: 9 * (number % 3 - 1)])


def test_a_compacted_store_says_the_same_in_fewer_files(store: Path) -> None:
    before, versions = list_contents(store), open_store(store).list_tables()
    held = open_store(store).take_snapshot()
    replaced = compact_store(store)
    after = open_store(store).list_tables()
    assert {table: after[table]["files"] for table in after} == {"events": 1, "set_aside": 1, "ledger": 1}
    assert replaced["events"] == versions["events"]["files"] > 1
    assert list_contents(store, checked=True) == before
    assert list_contents(store, as_of=NOW) == before
    assert held.read_rows("events").num_rows == open_store(store).take_snapshot().read_rows("events").num_rows
    assert verify_store(store) == []
    assert compact_store(store) == dict.fromkeys(replaced, 0)


def test_a_load_compacts_when_small_files_are_many(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "MOST_SMALL", 2)
    load_events(write_slot(tmp_path / "more", "20250516000000", make_rows(5, 7000)), store)
    assert open_store(store).list_tables()["events"]["files"] == 1
    assert verify_store(store) == []


def test_what_was_merged_is_large_and_is_not_merged_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, held = list_contents(store), delta.list_files(store / "events")
    large = max(file.rows for file in held)
    monkeypatch.setattr(compaction, "FILE_ROWS", large)
    assert 1 < compact_store(store)["events"] < len(held)
    merged = delta.list_files(store / "events")
    assert sum(file.rows < large for file in merged) <= 1
    assert max(file.rows for file in merged) < 2 * large < sum(file.rows for file in held)
    assert compact_store(store)["events"] == 0
    assert list_contents(store, checked=True) == before
    parts = list_parts(store)
    damage(store)
    repair_store(store)
    assert list_parts(store) == parts


def test_damaged_files_are_made_again_to_the_byte(store: Path) -> None:
    contents, parts = list_contents(store), list_parts(store)
    damage(store)
    assert len(verify_store(store)) == len(parts) > 8
    done = repair_store(store)
    assert (sorted(done["repaired"]), done["lost"]) == (sorted(parts), [])
    assert (list_parts(store), list_contents(store, checked=True), verify_store(store)) == (parts, contents, [])
    assert repair_store(store) == {"repaired": [], "lost": []}


def test_files_written_in_an_older_way_are_made_again_to_the_byte(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(disk, "_WAYS", disk._WAYS[-1:])
        load_events(sorted((tmp_path / "in").iterdir()), tmp_path / "older", now=NOW)
    parts = list_parts(tmp_path / "older")
    load_events(sorted((tmp_path / "in").iterdir()), tmp_path / "newer", now=NOW)
    assert not set(parts) & set(list_parts(tmp_path / "newer"))
    damage(tmp_path / "older")
    assert repair_store(tmp_path / "older")["lost"] == []
    assert list_parts(tmp_path / "older") == parts


def test_what_no_way_of_writing_makes_again_is_said_to_be_lost_and_nothing_is_written(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(store)
    parts = list_parts(store)
    monkeypatch.setattr(disk, "_make_parquet", lambda table, way: memoryview(b"other bytes"))
    done = repair_store(store)
    assert (done["repaired"], list_parts(store)) == ([], parts)
    assert sum(line.endswith("made again it has other bytes") for line in done["lost"]) > 8


def test_what_a_writer_that_died_had_packed_is_removed_by_the_next(store: Path, tmp_path: Path) -> None:
    left = find_received(store) / ".0123456789abcdef.part"
    left.write_bytes(b"half a pack")
    (store / ".lock").write_text("12345", "utf-8")
    load_events(write_slot(tmp_path / "more", "20250516000000", make_rows(5, 7000)), store)
    assert not left.exists()
    assert verify_store(store) == []


def test_without_the_files_as_received_the_rows_are_lost_and_said_to_be(store: Path, tmp_path: Path) -> None:
    parts = list_parts(store)
    damage(store)
    shutil.rmtree(find_received(store))
    done = repair_store(store)
    assert {line.partition("/")[0] for line in done["lost"]} >= {"events"}
    assert any("neither kept nor in a folder" in line for line in done["lost"])
    done = repair_store(store, [tmp_path / "in", tmp_path / "again"])
    assert done["lost"] == []
    assert list_parts(store) == parts


def test_a_damaged_pack_is_named_and_passed_over(store: Path) -> None:
    pack = max(find_received(store).glob("pack-*.zip"), key=lambda path: path.stat().st_size)
    pack.write_bytes(pack.read_bytes()[:-1])
    assert [pack.name in fault for fault in verify_store(store)] == [True]
    damage(store)
    assert repair_store(store)["lost"]


def test_a_store_whose_log_is_damaged_is_built_anew_from_what_it_kept(store: Path, tmp_path: Path) -> None:
    contents = list_contents(store)
    log = max((store / "events" / "_delta_log").glob("*.json"))
    log.write_bytes(log.read_bytes().replace(b"batch", b"botch", 1))
    assert verify_store(store)
    rebuild_store(store, tmp_path / "new")
    assert list_contents(tmp_path / "new", checked=True) == contents


def test_the_command_line_compacts_repairs_and_rebuilds(store: Path, tmp_path: Path) -> None:
    run_comity("store", "compact", "--store", store)
    damage(store)
    run_comity("store", "verify", "--store", store, code=1)
    run_comity("store", "repair", "--store", store, "--json")
    run_comity("store", "verify", "--store", store)
    run_comity("store", "rebuild", "--store", store, "--into", tmp_path / "new")
    done = run_comity("store", "compact", code=2)
    assert "the sample of the package is not changed" in done.stderr

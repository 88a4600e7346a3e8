"""What a process keeps of a store between two questions: it follows what others do, and notices what they break."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.elsewhere import add_and_sum_up, add_entries, describe_file, merge_files, run_elsewhere

from comity.api import repair_store
from comity.store import Snapshot, StoreDamaged, delta, log, open_store, store, sums
from comity.store.disk import StoredFile
from comity.store.snapshot import _LEDGERS
from comity.store.tables import TABLES

SETTLED = 2 * log.FINE / 1e9


def list_names(snapshot: Snapshot) -> list[str]:
    return sorted(snapshot.read_rows("ledger")["name"].to_pylist())


def look(folder: Path) -> tuple[int, int, list[str], list[StoredFile]]:
    """Ask as a round does; give what was answered."""
    snapshot = open_store(folder).take_snapshot()
    files = [file for table in TABLES for file in delta.list_files(folder / table)]
    return snapshot.events_version, snapshot.ledger_version, list_names(snapshot), files


def look_anew(folder: Path) -> tuple[int, int, list[str], list[StoredFile]]:
    """Ask as a process does that has never asked before."""
    for kept in (delta._LISTED, log._KEPT, sums._READ, _LEDGERS.kept):
        kept.clear()
    return look(folder)


@pytest.fixture
def known(small: Path) -> Path:
    """Give a store that this process has looked at, whose folders have not just changed."""
    time.sleep(SETTLED)
    look(small)
    return small


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often Delta Lake is asked, and how often a log is listed."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def counting(*given: Any) -> Any:
            counted[name] += 1
            return plain(*given)

        monkeypatch.setattr(owner, name, counting)

    count(delta, "_open")
    count(os, "listdir")
    return counted


def test_a_store_that_stands_still_is_neither_listed_nor_opened_again(known: Path, opened: Counter[str]) -> None:
    before = look(known)
    assert opened == Counter()
    assert look_anew(known) == before
    assert opened == {"listdir": 3, "_open": 3}


CHANGES: dict[str, Callable[[Path], int | None]] = {
    "adds": lambda store: run_elsewhere(add_entries, store, describe_file("one")),
    "adds twice": lambda store: run_elsewhere(add_entries, store, describe_file("one"), describe_file("two")),
    "adds and sums up": lambda store: run_elsewhere(add_and_sum_up, store, describe_file("one"), describe_file("two")),
    "compacts": lambda store: run_elsewhere(merge_files, store),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_process_does_is_followed_without_opening_the_tables_again(
    change: str, known: Path, opened: Counter[str]
) -> None:
    before = look(known)
    origin = open_store(known).take_snapshot().read_ledger().origin
    assert CHANGES[change](known) == 0
    after = look(known)
    assert opened["_open"] == 0
    assert after == look_anew(known) != before
    assert len(after[2]) == len(before[2]) + {"adds": 1, "compacts": 0}.get(change, 2)
    followed = open_store(known).take_snapshot().read_ledger().origin is origin
    assert not followed  # read anew just now
    assert open_store(known).verify() == []


def test_a_ledger_that_grew_keeps_its_origin_and_its_earlier_entries_their_places(known: Path) -> None:
    before = open_store(known).take_snapshot().read_ledger()
    run_elsewhere(add_entries, known, describe_file("one"))
    after = open_store(known).take_snapshot().read_ledger()
    assert after.origin is before.origin
    assert after.rows.slice(0, before.rows.num_rows).equals(before.rows)
    assert after.rows["name"][-1].as_py() == "one"
    run_elsewhere(merge_files, known)
    merged = open_store(known).take_snapshot().read_ledger()
    assert merged.origin is not before.origin
    assert sorted(merged.rows["name"].to_pylist()) == sorted(after.rows["name"].to_pylist())


def test_a_snapshot_stays_as_it_is_while_what_is_kept_goes_on(known: Path) -> None:
    held = open_store(known).take_snapshot()
    names = list_names(held)
    run_elsewhere(add_entries, known, describe_file("one"))
    assert list_names(open_store(known).take_snapshot()) == sorted([*names, "one"])
    assert list_names(held) == names
    assert list_names(open_store(known).take_snapshot()) == sorted([*names, "one"])


def flip(path: Path) -> bytes:
    """Turn one bit in the middle of a file around; give what the file was."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    return whole


def find_entry(folder: Path, table: str, place: int) -> Path:
    return sorted((folder / table / "_delta_log").glob("*.json"))[place]


BREAKS: dict[str, Callable[[Path], object]] = {
    "an entry of long ago goes": lambda store: find_entry(store, "events", 1).unlink(),
    "the last entry goes": lambda store: find_entry(store, "ledger", -1).unlink(),
    "an entry changes": lambda store: flip(find_entry(store, "ledger", -1)),
    "a data file of the ledger changes": lambda store: flip(next((store / "ledger").glob("part-*"))),
    "a data file of the ledger goes": lambda store: next((store / "ledger").glob("part-*")).unlink(),
    "an entry comes in between": lambda store: (store / "events" / "_delta_log" / f"{0:020d}.json").rename(
        store / "events" / "_delta_log" / f"{1:020d}.checkpoint.parquet"
    ),
    "the checksums change": lambda store: flip(store / "sums" / "events.txt"),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_what_breaks_between_two_questions_is_noticed_by_the_second(broken: str, known: Path) -> None:
    BREAKS[broken](known)
    with pytest.raises(StoreDamaged):
        look(known)


@pytest.mark.parametrize("broken", ["an entry of long ago goes", "the last entry goes", "an entry changes"])
def test_what_breaks_is_noticed_by_the_next_writer_and_nothing_is_added(broken: str, known: Path) -> None:
    BREAKS[broken](known)
    entries = sorted(known.glob("*/_delta_log/*"))
    with pytest.raises(StoreDamaged):
        add_entries(known, describe_file("one"))
    assert sorted(known.glob("*/_delta_log/*")) == entries


def test_an_entry_that_goes_is_noticed_though_its_folder_is_given_its_old_time(known: Path) -> None:
    entry = find_entry(known, "events", 1)
    before = entry.parent.stat()
    entry.unlink()
    os.utime(entry.parent, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(StoreDamaged, match="missing"):
        look(known)


def test_an_entry_that_another_process_added_is_checked_before_it_is_followed(known: Path) -> None:
    run_elsewhere(add_entries, known, describe_file("one"))
    entry = find_entry(known, "ledger", -1)
    whole = entry.read_bytes()
    entry.write_bytes(whole.replace(b'"size":', b'"size": '))
    with pytest.raises(StoreDamaged, match="changed"):
        look(known)
    entry.write_bytes(whole)
    assert look(known) == look_anew(known)


def test_a_checkpoint_that_another_process_made_is_checked_when_it_is_passed(known: Path) -> None:
    run_elsewhere(add_and_sum_up, known, describe_file("one"))
    flip(next((known / "ledger" / "_delta_log").glob("*.checkpoint.parquet")))
    with pytest.raises(StoreDamaged, match="changed"):
        look(known)


def test_what_was_repaired_elsewhere_is_read_again(known: Path) -> None:
    before = look(known)
    path = next((known / "ledger").glob("part-*"))
    flip(path)
    with pytest.raises(StoreDamaged):
        look(known)
    assert run_elsewhere(repair_store, known) == 0
    assert look(known) == before


def test_another_store_in_its_place_is_not_taken_for_it(known: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(known, tmp_path / "other"))
    add_entries(known, describe_file("one"))
    run_elsewhere(add_entries, other, describe_file("two"))
    time.sleep(SETTLED)
    names = look(known)[2]
    shutil.rmtree(known)
    other.rename(known)
    assert look(known)[2] == sorted([*(name for name in names if name != "one"), "two"])
    assert look(known) == look_anew(known)


def test_a_folder_that_had_just_changed_is_listed_again(small: Path, opened: Counter[str]) -> None:
    os.utime(small / "events" / "_delta_log", ns=(time.time_ns(), time.time_ns()))
    look(small)
    opened.clear()
    look(small)
    assert opened["listdir"] > 0


@pytest.mark.parametrize(("nanoseconds", "trusted"), [(0, False), (123_456, True)])
def test_a_disk_that_keeps_whole_seconds_is_trusted_later(
    nanoseconds: int, trusted: bool, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small / "events" / "_delta_log"
    changed = 1_000_000_000 * 1_700_000_000 + nanoseconds
    mark = log.mark_folder(folder)._replace(modified=changed, changed=changed)
    monkeypatch.setattr(log, "mark_folder", lambda folder: mark)
    monkeypatch.setattr(time, "time_ns", lambda: changed + 10 * log.FINE)
    assert (log._mark_folder(folder) == mark) is trusted
    monkeypatch.setattr(time, "time_ns", lambda: changed + log.COARSE)
    assert log._mark_folder(folder) == mark
    monkeypatch.setattr(time, "time_ns", lambda: changed - log.COARSE)  # a clock that goes wrong
    assert log._mark_folder(folder) is None


def test_checksums_that_grew_and_changed_before_are_read_whole(tmp_path: Path) -> None:
    table = tmp_path / "events"
    first, second, third = (hashlib.sha256(bytes([n])).hexdigest() for n in range(3))
    path = sums.find_sums(table)
    path.parent.mkdir()
    path.write_text(f"a {first}\nb {second}\n", "utf-8")
    assert sums.read_sums(table) == {"a": first, "b": second}
    path.write_text(f"a {third}\nb {second}\nc {first}\nd 012", "utf-8")
    assert sums.read_sums(table) == {"a": third, "b": second, "c": first}
    path.write_text(f"a {third}\nb {second}\nc {first}\nd {second}\n", "utf-8")
    assert sums.read_sums(table) == {"a": third, "b": second, "c": first, "d": second}
    path.write_text(f"a {third}\nb {second}\nc {first}\nd {second}\nnonsense\n", "utf-8")
    with pytest.raises(StoreDamaged, match="line 5"):
        sums.read_sums(table)


def test_checksums_that_are_added_are_what_is_read(tmp_path: Path) -> None:
    table, digest = tmp_path / "events", "0" * 64
    known = sums.add_sums(table, {}, {"a": digest})
    known = sums.add_sums(table, known, {"b": digest})
    assert known == {"a": digest, "b": digest} == sums.read_sums(table, again=True)
    assert sums.find_sums(table).read_text("utf-8") == f"a {digest}\nb {digest}\n"


def test_what_died_writers_left_is_looked_for_once_and_after_each_that_did_not_end_well(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[Path] = []
    monkeypatch.setattr(store, "remove_parts", swept.append)
    add_entries(small, describe_file("one"), describe_file("two"))
    add_entries(small, describe_file("three"))
    assert swept == [small]
    with pytest.raises(KeyError), open_store(small).write():
        raise KeyError
    add_entries(small, describe_file("four"))
    add_entries(small, describe_file("five"))
    assert swept == [small, small]
    (small / ".lock").write_text("12345", "utf-8")
    add_entries(small, describe_file("six"))
    assert swept == [small, small, small]


def test_a_store_is_tidied_where_much_lies_about_and_nobody_writes(small: Path) -> None:
    opened = open_store(small)
    add_entries(small, *(describe_file(str(n)) for n in range(4)))
    names = list_names(opened.take_snapshot())
    assert not opened.tidy(small=50, entries=50)
    with opened.write():
        assert not opened.tidy(small=3, entries=3)
    assert log.count_since_checkpoint(small / "ledger") > 3
    assert opened.tidy(small=3, entries=3)
    assert len(delta.list_files(small / "ledger")) == 1
    assert {log.count_since_checkpoint(small / table) for table in ("events", "ledger")} == {0}
    assert list_names(opened.take_snapshot()) == names
    assert not opened.tidy(small=3, entries=3)
    assert opened.verify() == []

"""A stored file that is not what was written: named by `verify`, and never read into a figure."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.specimens.stores import list_contents

from comity.api import (
    compose_brief,
    count_events,
    describe_store,
    read_events,
    read_ledger,
    score_relations,
    verify_store,
)
from comity.api.view import View
from comity.lexicon.errors import ComityError
from comity.store import StoreDamaged, open_store
from comity.store.tables import TABLES

FLIPS = 200


def list_parts(store: Path) -> list[Path]:
    return sorted(path for table in TABLES for path in (store / table).glob("part-*.parquet"))


def flip(path: Path, place: int, bit: int) -> bytes:
    """Turn one bit of a file around, and give what the file was before."""
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
    return whole


QUESTIONS: dict[str, Callable[[Path], object]] = {
    "status": describe_store,
    "ledger": read_ledger,
    "count": lambda store: count_events(view=View(store)),
    "list": lambda store: read_events(view=View(store)),
    "score": lambda store: score_relations("DEU", "POL", view=View(store)),
    "brief": lambda store: compose_brief("DEU", "POL", view=View(store)),
}


@pytest.mark.parametrize("table", list(TABLES))
def test_one_flipped_bit_anywhere_is_named_and_never_used(table: str, small: Path) -> None:
    draw, parts = random.Random(12), list((small / table).glob("part-*.parquet"))
    assert parts
    for _ in range(FLIPS // len(TABLES) + 1):
        path = draw.choice(parts)
        whole = flip(path, draw.randrange(path.stat().st_size), draw.randrange(8))
        faults = open_store(small).verify()
        assert len(faults) == 1
        assert path.name in faults[0] and "has changed" in faults[0]
        with pytest.raises(StoreDamaged, match="has changed"):
            open_store(small).take_snapshot().read_rows(table)
        path.write_bytes(whole)
    assert open_store(small).verify() == []


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("table", ["events", "ledger"])
def test_no_question_is_answered_from_a_changed_file(question: str, table: str, small: Path) -> None:
    for path in (small / table).glob("part-*.parquet"):
        flip(path, path.stat().st_size // 2, 3)
    with pytest.raises(StoreDamaged) as caught:
        QUESTIONS[question](small)
    assert caught.value.where.startswith(str(small))
    assert caught.value.why and caught.value.todo


@pytest.mark.parametrize("change", ["shorter", "longer", "empty", "another"])
def test_a_file_of_another_length_is_named(change: str, small: Path) -> None:
    one, other = (small / "events").glob("part-*.parquet")
    whole = one.read_bytes()
    one.write_bytes(
        {"shorter": whole[:-1], "longer": whole + b"\0", "empty": b"", "another": other.read_bytes()}[change]
    )
    assert [one.name in fault for fault in verify_store(small)] == [True]
    with pytest.raises(StoreDamaged):
        list_contents(small)


def test_a_file_that_is_gone_is_named(small: Path) -> None:
    for path in list_parts(small):
        kept = path.rename(small.parent / "kept")
        faults = verify_store(small)
        assert len(faults) == 1
        assert path.name in faults[0] and "is missing" in faults[0]
        with pytest.raises(StoreDamaged, match="missing"):
            list_contents(small)
        kept.rename(path)
    assert verify_store(small) == []


def test_every_fault_is_named_at_once(small: Path) -> None:
    for path in list_parts(small):
        flip(path, 10, 0)
    assert len(verify_store(small)) == len(list_parts(small)) > 3


def test_files_that_no_version_names_do_no_harm(small: Path) -> None:
    before = list_contents(small)
    (small / "events" / "part-0000.parquet").write_bytes(b"left over")
    (small / "events" / ".part-1.parquet.ab.part").write_bytes(b"half")
    assert (list_contents(small), verify_store(small)) == (before, [])


def test_a_log_that_is_cut_off_is_damage(small: Path) -> None:
    for table in TABLES:
        log = max((small / table / "_delta_log").glob("*.json"))
        whole = log.read_bytes()
        for size in (1, len(whole) // 2, len(whole) - 30):
            log.write_bytes(whole[:size])
            with pytest.raises(StoreDamaged, match="log of a table cannot be read|entry of a table's log"):
                list_contents(small)
        log.write_bytes(whole)


def iterate_flips(store: Path, count: int) -> Iterator[None]:
    """Flip one random bit of the tables' logs at a time."""
    draw, logs = random.Random(11), sorted(store.glob("*/_delta_log/*.json"))
    for _ in range(count):
        log = draw.choice(logs)
        whole = flip(log, draw.randrange(log.stat().st_size), draw.randrange(8))
        yield
        log.write_bytes(whole)


def test_a_flipped_bit_anywhere_in_a_log_is_noticed_before_anything_is_read(small: Path) -> None:
    before = list_contents(small)
    for _ in iterate_flips(small, 100):
        with pytest.raises(ComityError):
            list_contents(small)
        assert verify_store(small)
    assert (list_contents(small), verify_store(small)) == (before, [])


def test_a_flipped_bit_in_the_checksums_of_a_log_is_noticed(small: Path) -> None:
    draw = random.Random(5)
    for path in sorted((small / "sums").glob("*.txt")):
        for _ in range(20):
            whole = flip(path, draw.randrange(path.stat().st_size), draw.randrange(8))
            assert verify_store(small)
            path.write_bytes(whole)
    assert verify_store(small) == []


@pytest.mark.parametrize("table", list(TABLES))
def test_an_entry_that_is_gone_from_a_log_is_noticed(table: str, small: Path) -> None:
    max((small / table / "_delta_log").glob("*.json")).unlink()
    with pytest.raises(StoreDamaged, match="entry of a table's log is missing"):
        list_contents(small)


def test_a_writer_that_died_before_it_wrote_a_checksum_leaves_a_whole_store(small: Path) -> None:
    before = list_contents(small)
    for path in (small / "sums").glob("*.txt"):
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:-1]) + lines[-1][:30])
    assert (list_contents(small), verify_store(small)) == (before, [])
    with open_store(small).write():
        pass
    log = max((small / "events" / "_delta_log").glob("*.json"))
    flip(log, 40, 2)
    with pytest.raises(StoreDamaged):
        list_contents(small)


def test_the_sample_of_the_package_is_whole() -> None:
    assert verify_store() == []


def test_a_name_that_is_a_folder_is_no_data_file(small: Path) -> None:
    path = list_parts(small)[0]
    path.unlink()
    os.mkdir(path)
    assert len(verify_store(small)) == 1

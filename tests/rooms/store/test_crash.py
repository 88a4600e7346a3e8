"""A load that dies, at any moment: the store is as before or as after, and the next load ends what was begun."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.dying import DIED, load, load_and_die, start, watch_steps
from tests.specimens.gdelt_rows import make_rows, write_days, write_row, write_slot
from tests.specimens.stores import list_contents

from comity.api import load_events
from comity.store import StoreMissing, open_store
from comity.store.disk import hash_bytes
from comity.store.received import find_received

DAYS = ["20250513", "20250514", "20250515"]
KILLS = 12


def read(store: Path) -> dict[str, Any]:
    """Give what a reader finds, which is always whole; nothing where no store has come to be yet."""
    try:
        open_store(store)
    except StoreMissing:
        return {"rows": [], "files": [], "aside": []}
    assert open_store(store).verify() == []
    return list_contents(store, checked=True)


def list_parts(store: Path) -> list[str]:
    """Name files that were left half-way."""
    return [path.name for path in store.rglob("*") if path.name.endswith(".part")]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the files of nine slots and one with rows to set aside; one is issued twice, one is cut off."""
    folder = tmp_path_factory.mktemp("files")
    paths = write_days(folder / "in", DAYS, rows=10, slots=("0000", "0600", "1200"))
    paths.append(write_slot(folder / "again", "20250514060000", make_rows(15, 99), (2025, 5, 20, 0, 0, 0)))
    paths.append(
        write_slot(folder / "in", "20250515060500", [write_row(date="20240515"), b"short", write_row(event_id=9**9)])
    )
    paths[3].write_bytes(paths[3].read_bytes()[:200])
    return paths


@pytest.fixture(scope="module")
def whole(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what a store holds when no load has died."""
    store = tmp_path_factory.mktemp("whole") / "store"
    load_events(files, store)
    return list_contents(store)


def test_a_load_killed_at_random_times_loses_and_doubles_nothing(
    files: list[Path], whole: dict[str, Any], tmp_path: Path
) -> None:
    draw, store, killed, number = random.Random(9), tmp_path / "0", 0, 0
    while killed < KILLS:
        child = start(load, store, files, 2)
        child.join(draw.uniform(0.02, 0.5))
        if child.is_alive():
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
        child.join()
        found = read(store)
        assert {row[-1] for row in found["rows"]} <= {entry[1][:16] for entry in found["files"] if entry[4] == "loaded"}
        if child.exitcode == 0:
            assert found == whole
            number += 1
            store = tmp_path / str(number)
    load_events(files, store)
    assert read(store) == whole
    assert list_parts(store) == []


def list_deaths(files: list[Path], store: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Load files, and give what a process that died at each step of it would have left, states that are alike once.

    At each step the store is copied as it stands on the disk: what the process has not yet handed to the system, a
    death would lose, and the copy lacks it. Real deaths are in the test above, and in bench/kills.py.
    """
    left: dict[str, Path] = {}

    def copy() -> None:
        paths = sorted(path for folder in (store, find_received(store)) for path in folder.rglob("*") if path.is_file())
        state = hash_bytes(b"".join(str(path).encode() + path.read_bytes() for path in paths))
        if store.exists() and state not in left:
            left[state] = store.with_name(f"death-{len(left)}")
            shutil.copytree(store, left[state])
            if find_received(store).exists():
                shutil.copytree(find_received(store), find_received(left[state]))

    with monkeypatch.context() as patch:
        watch_steps(copy, patch.setattr)
        load_events(files, store)
    return list(left.values())


def test_a_load_that_dies_at_any_step_of_its_first_batch_is_ended_by_the_next(
    files: list[Path], whole: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: dict[str, Any] = {"rows": [], "files": [], "aside": []}
    seen = []
    deaths = list_deaths(files, tmp_path / "store", monkeypatch)
    for store in deaths:
        found = read(store)
        assert found in (nothing, whole), f"{store.name} left something else"
        seen.append(found == whole)
    for store in deaths[::2]:
        load_events(files, store)
        assert read(store) == whole
        assert list_parts(store) == []
    assert len(deaths) > 12
    assert seen == sorted(seen)  # once it counts, it counts
    assert {True, False} == set(seen)


def test_a_load_that_dies_at_any_step_leaves_what_was_there_before(
    files: list[Path], whole: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    load_events(files[:6], store)
    before = list_contents(store)
    deaths = list_deaths(files, store, monkeypatch)
    for left in deaths:
        assert read(left) in (before, whole), f"{left.name} left something else"
    for left in deaths[1::2]:
        load_events(files, left)
        assert read(left) == whole
    assert len(deaths) > 8


@pytest.mark.parametrize("last", [3, 17, 25])
def test_a_process_that_dies_at_a_step_leaves_what_the_step_says(
    last: int, files: list[Path], whole: dict[str, Any], tmp_path: Path
) -> None:
    child = start(load_and_die, tmp_path / "store", files, last)
    child.join()
    assert child.exitcode == DIED
    assert read(tmp_path / "store") in ({"rows": [], "files": [], "aside": []}, whole)
    load_events(files, tmp_path / "store")
    assert read(tmp_path / "store") == whole


def test_what_a_reader_holds_stays_as_it_is_when_the_writer_dies(files: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    load_events(files[:3], store)
    held = open_store(store).take_snapshot()
    rows = held.read_rows("events")
    child = start(load_and_die, store, files, 12)
    child.join()
    assert child.exitcode == DIED
    assert held.read_rows("events").equals(rows)


def test_a_lock_of_a_process_that_died_is_free(files: list[Path], tmp_path: Path) -> None:
    child = start(load_and_die, tmp_path / "store", files, 12)
    child.join()
    begun = time.monotonic()
    load_events(files[:1], tmp_path / "store", wait=0)
    assert time.monotonic() - begun < 60

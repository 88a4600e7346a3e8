"""Kill loads a thousand times at random moments, and twenty times at each of their steps; print what came of it.

    python bench/kills.py [--kills 1000] [--each 20] [--seed 9]

A load of eleven generated files in batches of two is killed by the system (SIGKILL) at a random moment, or ends without
a farewell at a counted step (before and after each call that changes something on the disk). After each death the store
is opened, checked against its checksums and compared; then the load is run again until it ends, and compared with one
that was never killed. Opening is timed as the wall time of `open_store` and a snapshot [milliseconds].
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.dying import load, load_and_die, start
from tests.specimens.gdelt_rows import make_rows, write_days, write_row, write_slot
from tests.specimens.stores import list_contents

from comity.api import load_events, verify_store
from comity.store import StoreError, StoreMissing, open_store

BATCH = 2


class Tally:
    """What was found after each death."""

    def __init__(self) -> None:
        self.deaths = self.unopenable = self.damaged = self.partial = self.lost = self.different = 0
        self.opening: list[float] = []
        self.sizes: dict[Path, int] = {}

    def look(self, store: Path) -> None:
        """Open a store whose load has died, and check it."""
        self.deaths += 1
        began = time.perf_counter()
        try:
            open_store(store).take_snapshot()
        except StoreMissing:
            return
        except StoreError:
            self.unopenable += 1
            return
        self.opening.append(1000 * (time.perf_counter() - began))
        self.damaged += bool(verify_store(store))
        try:
            contents = list_contents(store, checked=True)
        except AssertionError:
            self.partial += 1
            return
        self.lost += len(contents["files"]) < self.sizes.get(store, 0)
        self.sizes[store] = len(contents["files"])

    def compare(self, store: Path, whole: dict[str, Any]) -> None:
        """Compare a store whose load has ended with one of a load that never died."""
        self.different += list_contents(store, checked=True) != whole

    def as_row(self, name: str) -> str:
        """Return a line of the table."""
        slowest, middle = max(self.opening, default=0), statistics.median(self.opening or [0])
        found = (self.deaths, self.unopenable, self.damaged, self.partial, self.lost, self.different)
        return f"| {name} | {' | '.join(f'{n:,}' for n in found)} | {middle:.0f} / {slowest:.0f} |"


def make_files(folder: Path) -> list[Path]:
    """Write nine slots, one issued twice, one cut off, one with rows to set aside."""
    paths = write_days(folder / "in", ["20250513", "20250514", "20250515"], rows=20, slots=("0000", "0600", "1200"))
    paths.append(write_slot(folder / "again", "20250514060000", make_rows(30, 99), (2025, 5, 20, 0, 0, 0)))
    paths.append(write_slot(folder / "in", "20250515060500", [write_row(date="20240515"), b"short"]))
    paths[3].write_bytes(paths[3].read_bytes()[:200])
    return paths


def kill_at_random(folder: Path, files: list[Path], whole: dict[str, Any], kills: int, seed: int) -> Tally:
    """Kill loads at random moments until there are so many deaths."""
    draw, tally, number = random.Random(seed), Tally(), 0
    store = folder / "0"
    while tally.deaths < kills:
        child = start(load, store, files, BATCH)
        child.join(draw.uniform(0.01, 0.8))
        if child.is_alive() and child.pid:
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        if child.exitcode == 0:
            tally.compare(store, whole)
            shutil.rmtree(store)
            number += 1
            store = folder / str(number)
        else:
            tally.look(store)
    return tally


def kill_at_each_step(folder: Path, files: list[Path], whole: dict[str, Any], each: int) -> tuple[Tally, int]:
    """Let loads die at each step in turn, so many times over; return what was found, and how many steps there are."""
    tally, steps = Tally(), 0
    for time_of_all in range(each):
        for last in count():
            store = folder / f"{last}-{time_of_all}"
            child = start(load_and_die, store, files, last, BATCH)
            child.join()
            if child.exitcode == 0:
                steps = last
                break
            tally.look(store)
            load_events(files, store)
            tally.compare(store, whole)
            shutil.rmtree(store)
        print(tally.as_row(f"{time_of_all + 1} at each of {steps} steps"), file=sys.stderr, flush=True)
        shutil.rmtree(folder)
        folder.mkdir()
    return tally, steps


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, help="deaths at random moments [1000]")
    parser.add_argument("--each", type=int, default=20, help="deaths at each step [20]")
    parser.add_argument("--seed", type=int, default=9, help="of the moments [9]")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = make_files(folder)
        load_events(files, folder / "whole")
        whole = list_contents(folder / "whole")
        heads = ("killed", "deaths", "unopenable", "damaged", "partial", "lost", "other after the next load")
        print(f"| {' | '.join(heads)} | opening [ms], median / most |\n|---{'|---:' * len(heads)}|")
        (folder / "random").mkdir()
        print(kill_at_random(folder / "random", files, whole, said.kills, said.seed).as_row("at random"), flush=True)
        (folder / "step").mkdir()
        tally, steps = kill_at_each_step(folder / "step", files, whole, said.each)
        print(tally.as_row(f"{said.each} at each of {steps} steps"))


if __name__ == "__main__":
    main()

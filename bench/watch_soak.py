"""Thirty days of the stream with a fifth of all deliveries faulty, beside a clean load of the same files.

    python bench/watch_soak.py [--days 30] [--share 0.2] [--seed 1] [--hours 6]

A server in a process of its own plays the publisher: wrong sums and sizes, error pages, 403, 404, 429, 500, redirects
that loop or lead elsewhere, bodies cut off or too long, lists with missing and broken lines. The watch takes a round
every so many simulated hours. Printed: how long a round takes with a day's files and with one; rounds, whether the
contents are those of the clean load, CPU seconds, open files, threads and memory on the way, and what was told.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.publisher import Publisher
from tests.specimens.stores import list_contents
from tests.specimens.stream import BEGIN, HASTY, QUARTER, Clock, announce, disturb, make_files, write_files

from comity.api import load_events
from comity.delivery import Pace, SinkSpec
from comity.store import open_store
from comity.watch import WatchList
from comity.watch.publisher import WebPublisher
from comity.watch.step import Watch, read_held, take_round

A_DAY = 96
STILL = 100
REST = 15.0  # threads that read a log in parallel end after ten seconds without work


def measure_process() -> tuple[int, int, float]:
    """Return open files and threads [count], and resident memory [MB]."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")), memory


def time_rounds(folder: Path, rows: int = 1300) -> dict[str, object]:
    """Time a round that brings one file of the usual size, beside one of a whole day's 96, fetched from the server."""
    files = make_files(A_DAY + 11, rows=rows)
    names = list(files)
    clock, times, spent = Clock(BEGIN + A_DAY * QUARTER), [], []
    sinks = {"log": (SinkSpec("jsonl", {"path": "log.jsonl"}, folder), Pace())}
    with Publisher() as server:
        for due in (A_DAY, *range(A_DAY + 1, len(names) + 1)):
            announce(server, {name: files[name] for name in names[:due]})
            visit = replace(HASTY, now=clock.read(), idle=5.0, total=60.0)
            source = WebPublisher(folder / "received", server.base, visit)
            begun, used = time.perf_counter(), time.process_time()
            account = take_round(Watch(folder / "store", source, WatchList(sinks=sinks), clock, BEGIN))
            times.append(time.perf_counter() - begun)
            spent.append(time.process_time() - used)
            assert account["loaded"] == (A_DAY if due == A_DAY else 1), account
            clock.sleep(QUARTER.total_seconds())
    return {
        f"96 files of {rows:,} rows [s], CPU [s]": (round(times[0], 2), round(spent[0], 2)),
        "one more file, median of 11 [s], CPU [s]": tuple(round(statistics.median(n[1:]), 2) for n in (times, spent)),
    }


def play(line: Connection, count: int, share: float, seed: int) -> None:
    """Play the publisher in a process of its own: put up the files until a number, some deliveries of them faulty."""
    files, draw = make_files(count, seed=seed), random.Random(seed)
    names, published, faults = list(files), 0, 0
    with Publisher() as server:
        line.send(server.base)
        while (due := line.recv()) is not None:
            if due > published:
                announce(server, {name: files[name] for name in names[:due]})
                fresh = set(names[published:due])
                faulty = {name: data for name, data in server.files.items() if name in fresh or name.endswith(".txt")}
                faults += disturb_some(server, faulty, draw, share)
                published = due
            line.send(faults)


def soak(folder: Path, days: int, share: float, seed: int, hours: float) -> dict[str, object]:
    """Watch a publisher that lies in every way of the list, and compare with a clean load."""
    count, clock = days * A_DAY, Clock(BEGIN)
    sinks = {"log": (SinkSpec("jsonl", {"path": "log.jsonl"}, folder), Pace(digest_above=10_000, most=10_000))}
    marks: list[tuple[int, int, float]] = []
    faults, filled = 0, 0
    ours, theirs = get_context("spawn").Pipe()
    child = get_context("spawn").Process(target=play, args=(theirs, count, share, seed))
    child.start()
    source = WebPublisher(folder / "received", ours.recv(), replace(HASTY, idle=2.0, total=10.0))
    watch = Watch(folder / "store", source, WatchList(sinks=sinks), clock, BEGIN)
    while filled < count and len(marks) < 40 * days:
        clock.sleep(hours * 3600)
        ours.send(min(count, int((clock.read() - BEGIN) / QUARTER)))
        faults = ours.recv()
        watch.publisher = replace(source, visit=replace(source.visit, now=clock.read()))
        take_round(watch)
        marks.append(measure_process())
        filled = len(read_held(watch.store).filled)
    still = []
    for _ in range(STILL):
        take_round(watch)
        still.append(measure_process())
    ours.send(None)
    child.join()
    time.sleep(REST)
    rested = measure_process()
    files = make_files(count, seed=seed)
    load_events(write_files(folder / "clean-files", files), folder / "clean")
    differing = set(list_contents(folder / "store")["files"]) ^ set(list_contents(folder / "clean")["files"])
    log = folder / "log.jsonl"
    told = [json.loads(line)["key"] for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    return {
        "slots": count,
        "faults": faults,
        "rounds": len(marks),
        "simulated": str(timedelta(hours=hours) * len(marks)),
        "same contents as a clean load": list_contents(folder / "store") == list_contents(folder / "clean"),
        "differing entries of the ledger": sorted((row[0][:14], row[4]) for row in differing)[:10],
        "faults of the store": open_store(folder / "store").verify(),
        "parts left": len(list((folder / "received").glob(".*.part"))),
        **describe_marks(marks, hours),
        f"memory over {STILL} more rounds without a file [MB]": (round(still[0][2]), round(still[-1][2])),
        f"files, threads, memory after {REST:g} s at rest": (rested[0], rested[1], round(rested[2])),
        "told": dict(Counter(key.split(":")[0] for key in told)),
        "told twice": len(told) - len(set(told)),
    }


def describe_marks(marks: list[tuple[int, int, float]], hours: float) -> dict[str, object]:
    """Return what open files, threads and memory did, by tenths of the way, and how memory grew in the last half."""
    tenths = [marks[len(marks) * n // 10] for n in range(10)] + [marks[-1]]
    late = [memory for _, _, memory in marks[len(marks) // 2 :]]
    days = [n * hours / 24 for n in range(len(late))]
    slope = statistics.linear_regression(days, late).slope if len(late) > 1 else 0.0
    return {
        "open files by tenths of the way": [mark[0] for mark in tenths],
        "threads by tenths of the way": [mark[1] for mark in tenths],
        "memory by tenths of the way [MB]": [round(mark[2]) for mark in tenths],
        "memory, slope of the last half [MB a simulated day]": round(slope, 2),
    }


def disturb_some(server: Publisher, files: dict[str, bytes], draw: random.Random, share: float) -> int:
    """Make a share of the deliveries of some files faulty, and return how many."""
    before = sum(map(len, server.faults.values()))
    kept, server.files = server.files, files
    disturb(server, draw, share)
    server.files = kept
    return sum(map(len, server.faults.values())) - before


def main() -> None:
    """Run it and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=6.0)
    given = parser.parse_args()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder) / "soak", given.days, given.share, given.seed, given.hours)
        found |= time_rounds(Path(folder) / "rounds")
    for name, value in found.items():
        print(f"{name:52} {value}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{'CPU [s]':52} {used.ru_utime + used.ru_stime:.1f}")
    print(f"{'wall [s]':52} {time.perf_counter() - begun:.1f}")
    if not found["same contents as a clean load"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

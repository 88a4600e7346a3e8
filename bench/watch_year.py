"""What a round costs in a store that has a year behind it: processor time, wall time and memory.

    python bench/watch_year.py [--days 365] [--rows 248] [--states 15] [--rounds 140]

The store is not filled load by load, which would take hours: the entries of its logs are written as so many commits of
one file each would have left them, then summed up in one checkpoint, and beside it stand the receipts of the files. Its
events are those of the embedded sample, drawn with a seed and given new days and numbers, as many a quarter of an hour
as a real one leaves on average, in data files as merging leaves them. Then one process takes rounds with one file of
the usual size each, in which as many acts are a day or a week late as in real ones (140 of them meet checkpoints of the
logs and a compaction of the ledger), and as many without; then
another the same, with alerts on all pairs of the states that have the most events. The first round of each kind is told
apart: a process reads the whole ledger once, and a watch with no memory follows its pairs through all days. At the end
it is asked whether the last decisions are those of one that remembers nothing. The files of a log are many and small:
choose a disk with room.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.publisher import Publisher
from tests.specimens.stream import BEGIN, HASTY, QUARTER, Clock, announce, make_files, name_slot

from comity.sources.receipts import LEDGER, Receipt
from comity.store import create_store, open_store
from comity.store.compaction import FILE_ROWS, describe_range
from comity.store.disk import hash_file, write_parquet
from comity.store.rows import make_ledger
from comity.store.sums import find_sums
from comity.watch import Rule, WatchList, step
from comity.watch.detector import detect_alerts
from comity.watch.publisher import WebPublisher

FIRST = BEGIN - timedelta(days=365)
SLOTS = 96


def place_rows(drawn: pa.Table, day: datetime, first: int, rows: int) -> tuple[pa.Table, list[dict[str, Any]]]:
    """Give rows a day, numbers from one on, and files; return them with the ledger's entries of these."""
    marks = [hashlib.sha256(f"{day:%Y%m%d} {slot}".encode()).hexdigest() for slot in range(SLOTS)]
    size = drawn.num_rows
    values = {
        "source": ["gdelt2"] * size,
        "event_id": np.arange(first, first + size),
        "date": [day.date()] * size,
        "added": [day] * size,
        "file": [mark[:16] for mark in marks for _ in range(rows)],
    }
    for name, value in values.items():
        place = drawn.schema.get_field_index(name)
        drawn = drawn.set_column(place, name, pa.array(value, drawn.schema.field(name).type))
    order = [(name, "ascending") for name in ("date", "sender", "receiver", "event_id")]
    said = {"source": "gdelt2", "status": "loaded", "late": False, "bytes": 50_000}
    said |= {"rows_read": 1300, "rows_kept": rows, "dropped": "{}", "set_aside": "{}"}
    entries = []
    for number, mark in enumerate(marks):
        slot = day + number * QUARTER
        ids = {"id_low": first + number * rows, "id_high": first + number * rows + max(rows, 1) - 1}
        when = {"slot": slot.isoformat(), "seen_at": (slot + QUARTER).isoformat(), "date_low": f"{day:%Y-%m-%d}"}
        names = {"name": name_slot(slot), "sha256": mark, "batch": mark[:16]}
        entries.append({**said, **ids, **when, "date_high": when["date_low"], **names})
    return drawn.sort_by(order), entries


def draw_days(days: int, rows: int, seed: int) -> Iterator[tuple[pa.Table, list[dict[str, Any]]]]:
    """Yield the rows and the ledger's entries of one day after the other."""
    draw = np.random.default_rng(seed)
    sample = open_store().take_snapshot().read_rows("events")
    for day in range(days):
        drawn = sample.take(pa.array(draw.integers(0, sample.num_rows, SLOTS * rows)))
        yield place_rows(drawn, FIRST + timedelta(days=day), day * SLOTS * rows, rows)


def write_log(table: Path, entries: Sequence[Mapping[str, Any]], parts: Sequence[pa.Table]) -> None:
    """Write a log in which each file came by a commit, and the last one merged them into files of those rows."""
    from deltalake import DeltaTable

    merged = [(write_parquet(table, rows), describe_range(rows)) for rows in parts]
    for n, entry in enumerate([*entries, None], 1):
        added = [(file.name, file.size, {"numRecords": file.rows, **ends}) for file, ends in merged]
        note: dict[str, Any] = {"compacted": 2}
        if entry is not None:
            added = [(f"part-{entry['sha256']}.parquet", 1000, {"numRecords": 1})]
            note = {"batch": entry["batch"], "ledger": [entry]} if table.name == "events" else {"events_version": n}
        lines: list[dict[str, Any]] = [{"commitInfo": {"timestamp": 0, "comity": json.dumps(note)}}]
        for name, size, stats in added:
            add = {"path": name, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": True}
            lines.append({"add": {**add, "stats": json.dumps(stats)}})
        if n > 1:
            gone = f"part-{entries[n - 2]['sha256']}.parquet"
            (table / gone).touch()  # nothing is deleted: a folder of data files is as long as its log
            lines.append({"remove": {"path": gone, "dataChange": False, "deletionTimestamp": 0, "size": 1000}})
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (table / "_delta_log" / f"{n:020d}.json").write_text(text, "utf-8")
    DeltaTable(str(table)).create_checkpoint()
    log = sorted(path for path in (table / "_delta_log").iterdir() if path.name[:20].isdecimal())
    find_sums(table).write_text("".join(f"{path.name} {hash_file(path)}\n" for path in log), "utf-8")


def make_store(store: Path, days: int, rows: int, seed: int) -> None:
    """Make a store that has so many days of files behind it."""
    create_store(store)
    entries, parts, held = list[dict[str, Any]](), list[pa.Table](), list[pa.Table]()
    for drawn, said in draw_days(days, rows, seed):
        entries += said
        held.append(drawn)
        if sum(part.num_rows for part in held) >= FILE_ROWS:
            parts.append(pa.concat_tables(held).combine_chunks())
            held.clear()
    parts += [pa.concat_tables(held).combine_chunks()] if held else []
    ledger = pa.concat_tables([make_ledger([entry], n) for n, entry in enumerate(entries, 1)])
    write_log(store / "ledger", entries, [ledger.combine_chunks()])
    write_log(store / "events", entries, parts)
    write_receipts(store.with_name("received"), entries)


def write_receipts(received: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write the receipts of files that were fetched."""
    received.mkdir()
    with (received / LEDGER).open("w", encoding="utf-8") as lines:
        for entry in entries:
            receipt = Receipt(entry["name"], entry["slot"], "fetched", entry["bytes"], "0" * 32, entry["sha256"], True)
            lines.write(json.dumps(asdict(receipt)) + "\n")


def note_delivery(told: list[tuple[float, float]]) -> None:
    """Note when alerts are out: processor and wall time at which a round has delivered [seconds]."""
    plain = step.deliver_messages

    def deliver(*given: Any, **named: Any) -> dict[str, int]:
        delivered = plain(*given, **named)
        told.append((time.process_time(), time.perf_counter()))
        return delivered

    step.deliver_messages = deliver


def choose_pairs(states: int) -> frozenset[tuple[str, str]]:
    """Return all pairs of the states that the sample has the most events of."""
    sample = open_store().take_snapshot().read_rows("events")
    heard = Counter(name for side in ("sender", "receiver") for name in sample[side].to_pylist() if ":" not in name)
    return frozenset(combinations(sorted(name for name, _ in heard.most_common(states)), 2))


def take_rounds(folder: Path, days: int, rounds: int, states: int) -> None:
    """Take rounds with a file each and rounds without, and print what they cost."""
    begin = FIRST + timedelta(days=days)
    clock, told = Clock(begin + QUARTER), list[tuple[float, float]]()
    files = make_files(rounds, begin=begin, rows=1300, first=10**9, late=64)
    found: dict[str, list[tuple[float, ...]]] = {"with a file": [], "without a file": []}
    pairs, memory = choose_pairs(states), folder / "alerts.sqlite"
    rules = WatchList(rules={"all": Rule("all", "all pairs", pairs, rate=4.0)} if pairs else {})
    note_delivery(told)
    with Publisher() as server:
        for due in [*range(1, rounds + 1), *[rounds] * rounds]:
            announce(server, dict(list(files.items())[:due]))
            visit = replace(HASTY, now=clock.read(), idle=20.0, total=60.0)
            source = WebPublisher(folder / "received", server.base, visit)
            watch = step.Watch(folder / "store", source, rules, clock, detector=partial(detect_alerts, memory=memory))
            begun, began = time.process_time(), time.perf_counter()
            account = step.take_round(watch)
            whole = time.process_time() - begun
            pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
            held = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
            kind = "with a file" if account["loaded"] else "without a file"
            found[kind].append((told[-1][0] - begun, told[-1][1] - began, whole, held))
            clock.sleep(QUARTER.total_seconds())
    for kind, costs in found.items():
        *columns, held_at = zip(*costs, strict=True)
        first = ", ".join(f"{numbers[0]:.2f}" for numbers in columns)
        then = " | ".join(f"{statistics.median(numbers[1:]):.2f} / {max(numbers[1:]):.2f}" for numbers in columns)
        said = f"| {days * SLOTS:,} | {len(pairs)} | {kind} | {first} | {then} | {held_at[0]:.0f}, {held_at[-1]:.0f} |"
        print(said, flush=True)
    if pairs:
        month = begin.date() - timedelta(days=30)
        last = frozenset({month})
        kept, anew = (detect_alerts(folder / "store", rules, last, memory=place) for place in (memory, None))
        print(f"\nAlerts since {month}: {len(kept)}, the same without a memory: {kept == anew}.\n", flush=True)


def main() -> None:
    """Make stores and take the rounds, each kind in a process of its own: the making leaves no memory behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365, help="days behind the watch [365]")
    parser.add_argument("--rows", type=int, default=248, help="kept rows of a quarter of an hour [248]")
    parser.add_argument("--states", type=int, default=15, help="states of which all pairs are watched [15]")
    parser.add_argument("--rounds", type=int, default=140, help="rounds of each kind [140]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the rows [1]")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        take_rounds(given.folder, given.days, given.rounds, given.states)
        return
    print("Median / most of each kind of round but its first. CPU and wall until the alerts are out, CPU of the whole.")
    print(
        "| files behind it | pairs | round | first: CPU, wall, whole [s] | CPU [s] | wall [s] | whole CPU [s] | "
        "memory [MB] |"
    )
    print(f"|---:|---:|---|{'---:|' * 5}", flush=True)
    for days, states in ((1, 0), (given.days, 0), (given.days, given.states)):
        with tempfile.TemporaryDirectory() as folder:
            make_store(Path(folder) / "store", days, given.rows, given.seed)
            words = ["--days", str(days), "--rounds", str(given.rounds), "--states", str(states), "--folder", folder]
            subprocess.run([sys.executable, __file__, *words], check=True)


if __name__ == "__main__":
    main()

"""What a round costs in a store that has a year behind it: processor time, wall time and memory.

    python bench/watch_year.py [--slots 35040] [--rounds 140]

The store is not filled load by load, which would take hours: the entries of its logs are written as so many commits of
one file each would have left them, then summed up in one checkpoint and one data file, and beside it stand the receipts
of the files. Then one process takes rounds with one file of the usual size each (140 of them meet checkpoints of the
logs and a compaction of the ledger), and as many without. The first round of each kind is told apart: a process reads
the whole ledger once. The files of a log are many and small: choose a disk with room.
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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.publisher import Publisher
from tests.specimens.stream import BEGIN, HASTY, QUARTER, Clock, announce, make_files, name_slot

from comity.sources.receipts import LEDGER, Receipt
from comity.store import create_store
from comity.store.disk import hash_file, write_parquet
from comity.store.rows import make_ledger
from comity.store.sums import find_sums
from comity.store.tables import schema_of
from comity.watch import WatchList, step
from comity.watch.publisher import WebPublisher


def write_entries(count: int) -> list[dict[str, Any]]:
    """Write the ledger's words on so many files."""
    entries = []
    for n in range(count):
        slot, sha256 = BEGIN + n * QUARTER, hashlib.sha256(str(n).encode()).hexdigest()
        numbers = {"bytes": 50_000, "rows_read": 1300, "rows_kept": 250, "id_low": 2000 * n, "id_high": 2000 * n + 1300}
        words = {"name": name_slot(slot), "source": "gdelt2", "status": "loaded", "dropped": "{}", "set_aside": "{}"}
        times = {"slot": slot.isoformat(), "seen_at": (slot + QUARTER).isoformat()}
        days = dict.fromkeys(("date_low", "date_high"), slot.date().isoformat())
        entries.append({**words, **numbers, **times, **days, "sha256": sha256, "batch": sha256[:16], "late": False})
    return entries


def write_log(table: Path, entries: Sequence[Mapping[str, Any]], rows: Any) -> None:
    """Write a log in which each file came by a commit, and the last one merged them."""
    from deltalake import DeltaTable

    merged = write_parquet(table, rows)
    for n, entry in enumerate([*entries, None], 1):
        name, size = (merged.name, merged.size) if entry is None else (f"part-{entry['sha256']}.parquet", 1000)
        note = {"compacted": 2}
        if entry is not None:
            note = {"batch": entry["batch"], "ledger": [entry]} if table.name == "events" else {"events_version": n}
        stats = json.dumps({"numRecords": merged.rows if entry is None else 1})
        add = {"path": name, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": True}
        lines = [{"commitInfo": {"timestamp": 0, "comity": json.dumps(note)}}, {"add": {**add, "stats": stats}}]
        if n > 1:
            gone = f"part-{entries[n - 2]['sha256']}.parquet"
            (table / gone).touch()  # nothing is deleted: a folder of data files is as long as its log
            lines.append({"remove": {"path": gone, "dataChange": False, "deletionTimestamp": 0, "size": 1000}})
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (table / "_delta_log" / f"{n:020d}.json").write_text(text, "utf-8")
    DeltaTable(str(table)).create_checkpoint()
    log = sorted(path for path in (table / "_delta_log").iterdir() if path.name[:20].isdecimal())
    find_sums(table).write_text("".join(f"{path.name} {hash_file(path)}\n" for path in log), "utf-8")


def make_store(store: Path, count: int) -> None:
    """Make a store that has so many files behind it."""
    import pyarrow as pa

    create_store(store)
    entries = write_entries(count)
    ledger = pa.concat_tables([make_ledger([entry], n) for n, entry in enumerate(entries, 1)])
    write_log(store / "ledger", entries, ledger.combine_chunks())
    write_log(store / "events", entries, schema_of("events").empty_table())
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


def take_rounds(folder: Path, count: int, rounds: int) -> None:
    """Take rounds with a file each and rounds without, and print what they cost."""
    clock, told = Clock(BEGIN + (count + 1) * QUARTER), list[tuple[float, float]]()
    files = make_files(rounds, begin=BEGIN + count * QUARTER, rows=1300)
    found: dict[str, list[tuple[float, ...]]] = {"with a file": [], "without a file": []}
    note_delivery(told)
    with Publisher() as server:
        for due in [*range(1, rounds + 1), *[rounds] * rounds]:
            announce(server, dict(list(files.items())[:due]))
            visit = replace(HASTY, now=clock.read(), idle=20.0, total=60.0)
            source = WebPublisher(folder / "received", server.base, visit)
            begun, began = time.process_time(), time.perf_counter()
            account = step.take_round(step.Watch(folder / "store", source, WatchList(), clock, BEGIN))
            whole = time.process_time() - begun
            pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
            memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
            kind = "with a file" if account["loaded"] else "without a file"
            found[kind].append((told[-1][0] - begun, told[-1][1] - began, whole, memory))
            clock.sleep(QUARTER.total_seconds())
    for kind, costs in found.items():
        *columns, memory = zip(*costs, strict=True)
        first = ", ".join(f"{numbers[0]:.2f}" for numbers in columns)
        then = " | ".join(f"{statistics.median(numbers[1:]):.2f} / {max(numbers[1:]):.2f}" for numbers in columns)
        print(f"| {count:,} | {kind} | {first} | {then} | {memory[0]:.0f}, {memory[-1]:.0f} |", flush=True)


def main() -> None:
    """Make a store and take the rounds in a process of its own, so that the making leaves no memory behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=35_040)
    parser.add_argument("--rounds", type=int, default=140)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        take_rounds(given.folder, given.slots, given.rounds)
        return
    print("Median / most of each kind of round but its first. CPU and wall until the alerts are out, CPU of the whole.")
    print(
        "| files behind it | round | first: CPU, wall, whole [s] | CPU [s] | wall [s] | whole CPU [s] | memory [MB] |"
    )
    print(f"|---:|---|---|{'---:|' * 4}", flush=True)
    for count in (100, given.slots):
        with tempfile.TemporaryDirectory() as folder:
            make_store(Path(folder) / "store", count)
            words = ["--slots", str(count), "--rounds", str(given.rounds), "--folder", folder]
            subprocess.run([sys.executable, __file__, *words], check=True)


if __name__ == "__main__":
    main()

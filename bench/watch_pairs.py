"""What deciding on pairs costs a round of the watch behind a year of events: processor time, wall time and memory.

    python bench/watch_pairs.py [--days 365] [--rows 248] [--states 15] [--rounds 9]

A store is filled with a year of quarter-hours, each with as many rows as a real one leaves on average; the rows are
those of the embedded sample, drawn with a seed and given new days and numbers. Then all pairs of the states with the
most events are watched. The first round has no memory and follows them through all days; of the others the middle and
the dearest are told, and that they decide as one that remembers nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import statistics
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from comity.store import create_store, open_store
from comity.store.tables import schema_of
from comity.watch import Rule, WatchList
from comity.watch.detector import detect_alerts

BEGIN = datetime(2024, 5, 16, tzinfo=UTC)
SLOTS, QUARTER = 96, timedelta(minutes=15)
SMALL = 64  # files of a table from which on they are merged


def fill_store(folder: Path, days: int, rows: int, seed: int) -> None:
    """Fill a store day by day, so many rows a quarter of an hour."""
    draw = np.random.default_rng(seed)
    sample = open_store().take_snapshot().read_rows("events")
    aside = schema_of("set_aside").empty_table().drop_columns(["batch"])
    with create_store(folder).write() as writer:
        for day in range(days):
            drawn = sample.take(pa.array(draw.integers(0, sample.num_rows, SLOTS * rows)))
            events, entries = place_rows(drawn, BEGIN + timedelta(days=day), day * SLOTS * rows, rows)
            writer.commit(events, aside, entries)
            writer.compact(SMALL)


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
    said = {"source": "gdelt2", "status": "loaded", "late": False, "bytes": 1, "member_time": ""}
    said |= {"rows_read": rows, "rows_kept": rows, "dropped": "{}", "set_aside": "{}"}
    entries = []
    for number, mark in enumerate(marks):
        slot = day + number * QUARTER
        ids = {"id_low": first + number * rows, "id_high": first + (number + 1) * rows - 1}
        when = {"slot": slot.isoformat(), "seen_at": slot.isoformat(), "date_low": f"{day:%Y-%m-%d}"}
        name = f"{slot:%Y%m%d%H%M%S}.export.CSV.zip"
        entries.append({**said, **ids, **when, "date_high": when["date_low"], "name": name, "sha256": mark})
    return drawn.sort_by(order), entries


def choose_pairs(states: int) -> tuple[tuple[str, str], ...]:
    """Return all pairs of the states that the sample has the most events of."""
    sample = open_store().take_snapshot().read_rows("events")
    heard = Counter(name for side in ("sender", "receiver") for name in sample[side].to_pylist() if ":" not in name)
    return tuple(combinations(sorted(name for name, _ in heard.most_common(states)), 2))


def measure(store: Path, rules: WatchList, day: date, memory: Path | None) -> tuple[float, float, list[Any]]:
    """Decide once; return processor and wall time [seconds], and the alerts."""
    cpu, wall = time.process_time(), time.perf_counter()
    alerts = detect_alerts(store, rules, frozenset({day}), memory)
    return time.process_time() - cpu, time.perf_counter() - wall, alerts


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365, help="days behind the watch [365]")
    parser.add_argument("--rows", type=int, default=248, help="rows of a quarter of an hour [248]")
    parser.add_argument("--states", type=int, default=15, help="states of which all pairs are watched [15]")
    parser.add_argument("--rounds", type=int, default=9, help="rounds after the first [9]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the rows [1]")
    said = parser.parse_args()
    pairs = choose_pairs(said.states)
    rules = WatchList(rules={"all": Rule("all", "all pairs", frozenset(pairs), rate=4.0)})
    last = BEGIN.date() + timedelta(days=said.days - 1)
    with tempfile.TemporaryDirectory() as place:
        store, memory = Path(place) / "store", Path(place) / "alerts.sqlite"
        fill_store(store, said.days, said.rows, said.seed)
        held = open_store(store).list_tables()["events"]
        print(f"{held['rows']:,} rows in {held['files']} files, {held['bytes'] / 1e6:.0f} MB; {len(pairs)} pairs\n")
        print("| round | CPU [s] | wall [s] |\n|---|---:|---:|")
        cpu, wall, _ = measure(store, rules, last, memory)
        print(f"| first, all days | {cpu:.2f} | {wall:.2f} |")
        runs = [measure(store, rules, last, memory) for _ in range(said.rounds)]
        cpus, walls = ([run[part] for run in runs] for part in (0, 1))
        middle = f"{statistics.median(cpus):.2f} / {max(cpus):.2f} | {statistics.median(walls):.2f} / {max(walls):.2f}"
        print(f"| the next {said.rounds}, median / most | {middle} |")
        same = runs[-1][2] == measure(store, rules, last, None)[2]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"\nThe same alerts as without a memory: {same} ({len(runs[-1][2])}). Peak memory {peak:.0f} MB.")


if __name__ == "__main__":
    main()

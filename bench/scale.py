"""How time and memory grow on one machine: load and sum 1, 4, 16 ... million events, each in a process of its own.

Usage: python bench/scale.py [--millions 1 4 16] [--keep DIR]

Files of the publisher's layout are generated (seeded, 100,000 rows each, between states drawn from the lexicon; two in
five rows are between two actors), loaded by `comity.events.step.load_files`, and summed by day and pair as the index
needs them. Printed: rows, CPU seconds, peak resident memory, bytes of the store, and the exponents of power laws
fitted to them (1 is proportional).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROWS = 100_000
SEED = 20251123


def write_file(path: Path, number: int, rows: int) -> None:
    """Write one file: a day of its own, numbers that follow on."""
    from comity.events.scale import read_scale
    from comity.lexicon import list_cameo_states

    draw = random.Random(SEED * 100_003 + number)
    states, codes = sorted(list_cameo_states()), sorted(row.code for row in read_scale().rows if len(row.code) > 2)
    day = f"{date(2016, 1, 1) + timedelta(days=number):%Y%m%d}"
    with path.open("w", encoding="ascii") as out:
        for n in range(rows):
            line = [""] * 61
            line[0], line[1], line[59] = str(number * rows + n + 1), day, day + "120000"
            line[7] = draw.choice(states)
            line[17] = draw.choice(states) if draw.random() < 0.4 else ""
            line[26], line[31], line[32], line[33] = draw.choice(codes), "5", "1", "5"
            line[60] = f"https://news.example/{number}/{draw.randrange(rows)}"
            out.write("\t".join(line) + "\n")


def measure(millions: float, folder: Path) -> dict[str, float]:
    """Generate, load and sum so many events in this process; generation is not counted."""
    from comity.events.scale import read_scale
    from comity.events.step import load_files
    from comity.events.view import connect_events
    from comity.store import open_store

    store, count = folder / "store", max(1, round(millions * 1e6 / ROWS))
    spent = {"load": 0.0, "sum": 0.0}
    for start in range(0, count, 10):
        paths = [folder / f"bench-{n:05d}.export.csv" for n in range(start, min(start + 10, count))]
        for n, path in enumerate(paths, start):
            write_file(path, n, ROWS)
        before = time.process_time()
        load_files(store, paths, "gdelt2")
        spent["load"] += time.process_time() - before
        for path in paths:
            path.unlink()
    before = time.process_time()
    con = open_store(store).take_snapshot().connect()
    connect_events(con, read_scale(), "events")
    sums = con.execute(
        "select count(*), sum(n) from (select date, sender, receiver, sum(weight) as n, sum(score * weight) as s "
        "from events group by all)"
    ).fetchone() or (0, 0)
    spent["sum"] = time.process_time() - before
    size = sum(path.stat().st_size for path in store.rglob("*.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"rows": count * ROWS, "load": spent["load"], "sum": spent["sum"], "peak": peak, "bytes": size,
            "days": float(sums[0]), "events": float(sums[1])}  # fmt: skip


def fit_exponent(sizes: list[float], values: list[float]) -> float:
    """Return the exponent of a power law by least squares of the logarithms."""
    xs, ys = [math.log(x) for x in sizes], [math.log(max(y, 1e-9)) for y in values]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 4, 16])
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="folder for the files [default: a temporary one]")
    given = parser.parse_args()
    if given.one:
        with tempfile.TemporaryDirectory(dir=given.keep) as place:
            print(json.dumps(measure(given.one, Path(place))))
        return
    words = [sys.executable, __file__, *(("--keep", str(given.keep)) if given.keep else ())]
    found = []
    print(f"{'rows':>12} {'load CPU s':>11} {'sum CPU s':>10} {'peak MB':>8} {'store MB':>9}")
    for millions in given.millions:
        done = subprocess.run([*words, "--one", str(millions)], capture_output=True, text=True, check=True,
                              env=dict(os.environ))  # fmt: skip
        row = json.loads(done.stdout.splitlines()[-1])
        found.append(row)
        print(f"{row['rows']:>12,} {row['load']:>11.1f} {row['sum']:>10.2f} {row['peak'] / 1e6:>8.0f} "
              f"{row['bytes'] / 1e6:>9.1f}", flush=True)  # fmt: skip
    if len(found) > 1:
        sizes = [row["rows"] for row in found]
        fitted = ", ".join(f"{name} {fit_exponent(sizes, [row[name] for row in found]):.2f}"
                           for name in ("load", "sum", "peak", "bytes"))  # fmt: skip
        print(f"exponents: {fitted}")


if __name__ == "__main__":
    main()

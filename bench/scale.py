"""How time and memory grow on one machine: load, sum and ask 1, 4, 16 ... million rows, each in a process of its own.

Usage: python bench/scale.py [--millions 1 4 16] [--keep DIR]

Files of the publisher's layout are generated (seeded, zipped, 100,000 rows of one day each, about what GDELT 2.0 has a
day; between states drawn from the lexicon, few of them often and many seldom; two in five rows are between two
actors). Timed, one after another, in CPU seconds, each with the peak of resident memory while it ran:

load    `comity.events.step.load_files`, four days at a time, compaction included
sum     a fresh view of the store, and the daily sums of every directed pair, which are the daily series
index   what `comity relations index` does for one pair, both ways, by week: the inputs, and the index of each week
brief   what `comity brief` does for one pair, as a document

Printed: the table, bytes of the store's tables, and the exponents of power laws fitted to all (1 is proportional).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROWS = 100_000
SEED = 20251123
STEPS = ("load", "sum", "index", "brief")
PAIR = ("FRA", "DEU")


def write_file(folder: Path, number: int, rows: int) -> Path:
    """Write one file: a day of its own, numbers that follow on."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from comity.events.scale import read_scale
    from comity.lexicon import list_cameo_states

    draw = np.random.default_rng((SEED, number))
    states, codes = sorted(list_cameo_states()), sorted(row.code for row in read_scale().rows if len(row.code) > 2)
    states = [*PAIR, *(state for state in states if state not in PAIR)]
    weights = 1 / (np.arange(len(states)) + 3)
    day = f"{date(2016, 1, 1) + timedelta(days=number):%Y%m%d}"

    def pick(names: list[str], chances: Any = None) -> pa.Array:
        return pa.array(np.array(names)[draw.choice(len(names), rows, p=chances)])

    second = pc.if_else(pa.array(draw.random(rows) < 0.4), pick(states, weights / weights.sum()), "")
    links = pc.cast(pa.array(draw.integers(rows, size=rows)), pa.string())
    numbers = pc.cast(pa.array(np.arange(number * rows + 1, (number + 1) * rows + 1)), pa.string())
    blank = "\t".__mul__
    lines = pc.binary_join_element_wise(  # columns 0, 1, 7, 17, 26, 31 to 33, 59 and 60 of 61
        numbers, blank(1) + day + blank(6), pick(states, weights / weights.sum()), blank(10), second, blank(9),
        pick(codes), f"{blank(5)}5\t1\t5{blank(26)}{day}120000\thttps://news.example/{number}/", links, "",
    )  # fmt: skip
    path = folder / f"{day}120000.export.CSV.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(path.stem, "\n".join(lines.to_pylist()) + "\n")
    return path


def watch_step(do: Callable[[], Any]) -> tuple[float, float, Any]:
    """Do something; return CPU seconds, peak resident memory [bytes], and what it gave."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = time.process_time()
    found = do()
    spent = time.process_time() - before
    said = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    return spent, float(said) * 1024, found


def load(store: Path, folder: Path, count: int) -> tuple[float, float]:
    """Generate and load so many files; generation, in a process of its own, is not counted."""
    from comity.events.step import load_files

    spent, peak = 0.0, 0.0
    for start in range(0, count, 40):
        span = f"{start}:{min(start + 40, count)}"
        subprocess.run([sys.executable, __file__, "--generate", span, "--keep", str(folder)], check=True)
        paths = sorted(folder.glob("*.zip"))
        for place in range(0, len(paths), 4):
            part = paths[place : place + 4]
            cpu, most, _ = watch_step(lambda part=part: load_files(store, part, "gdelt2"))
            spent, peak = spent + cpu, max(peak, most)
        for path in paths:
            path.unlink()
    return spent, peak


def sum_days(store: Path) -> tuple[float, ...]:
    """Sum the events of every directed pair by day, and count the sums and the events."""
    from comity.api.view import View

    with View(store=store).open() as (con, _, _):
        found = con.execute(
            "select count(*), sum(n) from (select date, sender, receiver, sum(weight) as n, sum(score * weight) as s, "
            "sum(score * score * weight) as q from events group by all)"
        ).fetchone()
    return tuple(float(value or 0) for value in found or ())


def measure_load(folder: Path, count: int) -> dict[str, float]:
    """Generate and load in this process."""
    cpu, peak = load(folder / "store", folder, count)
    size = sum(path.stat().st_size for path in (folder / "store").rglob("*.parquet"))
    return {"rows": count * ROWS, "load": cpu, "load_peak": peak, "bytes": size}


def measure_step(store: Path, step: str) -> dict[str, float]:
    """Do one step in this process, as a command of its own does."""
    from comity import compose_brief, score_relations
    from comity.api.view import View

    do: dict[str, Callable[[], Any]] = {
        "sum": lambda: sum_days(store),
        "index": lambda: score_relations(*PAIR, by="week", view=View(store=store)),
        "brief": lambda: compose_brief(*PAIR, view=View(store=store)),
    }
    cpu, peak, found = watch_step(do[step])
    counted = {"days": found[0], "events": found[1]} if step == "sum" else {}
    return {step: cpu, f"{step}_peak": peak, **counted}


def fit_exponent(sizes: list[float], values: list[float]) -> float:
    """Return the exponent of a power law by least squares of the logarithms."""
    xs, ys = [math.log(x) for x in sizes], [math.log(max(y, 1e-9)) for y in values]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def run_child(*words: str) -> dict[str, float]:
    """Run a part of the measurement in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True,
                          env=dict(os.environ))  # fmt: skip
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measure(millions: float, keep: Path | None) -> dict[str, float]:
    """Measure one size, each step in a process of its own."""
    count = max(1, round(millions * 1e6 / ROWS))
    with tempfile.TemporaryDirectory(dir=keep) as place:
        found = run_child("--one", str(count), "--keep", place)
        for step in STEPS[1:]:
            found |= run_child("--step", step, "--keep", f"{place}/store")
    return found


def print_table(found: list[dict[str, float]]) -> None:
    """Print the exponents of what was measured."""
    sizes = [row["rows"] for row in found]
    for kind, end in (("CPU", ""), ("peak memory", "_peak")):
        fitted = ", ".join(f"{step} {fit_exponent(sizes, [row[step + end] for row in found]):.2f}" for step in STEPS)
        print(f"exponents of {kind}: {fitted}")
    print(f"exponent of the store's bytes: {fit_exponent(sizes, [row['bytes'] for row in found]):.2f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 4, 16])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--generate", help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="folder for the files [default: a temporary one]")
    given = parser.parse_args()
    if given.generate:
        for number in range(*map(int, given.generate.split(":"))):
            write_file(given.keep, number, ROWS)
        return
    if given.one or given.step:
        print(json.dumps(measure_step(given.keep, given.step) if given.step else measure_load(given.keep, given.one)))
        return
    found = []
    heads = [f"{step} {unit}" for step in STEPS for unit in ("CPU s", "MB")]
    print("| rows | " + " | ".join(heads) + " | store MB | wall s |", flush=True)
    for millions in given.millions:
        began = time.monotonic()
        row = measure(millions, given.keep)
        found.append(row)
        cells = [f"{row[step]:.1f} | {row[step + '_peak'] / 1e6:,.0f}" for step in STEPS]
        wall = time.monotonic() - began
        print(f"| {row['rows']:,.0f} | {' | '.join(cells)} | {row['bytes'] / 1e6:,.1f} | {wall:,.0f} |", flush=True)
    if len(found) > 1:
        print_table(found)


if __name__ == "__main__":
    main()

"""Print the figures of the indices: COINr's stages, 10^5 draws beside SALib, slopes, every pair of states, a group.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/indices.py ../shared/data/asem

The folder holds the ASEM example of COINr (input, metadata, output after each stage); it is no part of Comity. With
SALib installed, its analysis of the same outputs is timed beside ours.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from comity.integration.indices import step
from comity.integration.indices.composite import Index, estimate_index
from comity.integration.indices.movement import estimate_movement
from comity.integration.indices.profile import describe_group, describe_pair
from comity.integration.indices.sobol import estimate_shares
from comity.integration.indices.uncertainty import estimate_spread

STAGES = ("Denominated", "Imputed", "Treated", "Normalised", "Aggregated")
OURS = ("denominate", "impute", "treat", "normalise", "aggregate")
DRAWS = 100_000
TIMES = 5
BASE = 16_384
GROUP = 27


def main(folder: Path) -> None:
    """Print every table."""
    index = make_asem(folder)
    size = f"{len(index.units)} units x {len(index.base.columns)} indicators"
    print(f"ASEM, {size}: greatest difference from COINr 1.1.14")
    for ours, theirs in zip(OURS, STAGES, strict=True):
        print(f"  {ours:<12}{compare_stage(index, folder, ours, theirs):.1e}")
    print_spread(index)
    print_peer()
    print_pairs()


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def make_asem(folder: Path) -> Index:
    """Return the index that COINr's metadata describe."""
    rows = [{k: "" if v == "NA" else v for k, v in row.items()} for row in read_rows(folder / "ASEM_iMeta.csv")]
    leaves = [row for row in rows if row["Type"] == "Indicator"]
    nodes = [row for row in rows if row["Type"] == "Aggregate"]
    specification: dict[str, Any] = {
        "comity_index": 1,
        "id": "asem",
        "unit": "uCode",
        "indicators": [
            {"id": r["iCode"], "parent": r["Parent"], "direction": int(r["Direction"]), "denominator": r["Denominator"]}
            for r in leaves
        ],
        "aggregates": [{"id": row["iCode"], "parent": row["Parent"]} for row in nodes],
        "stages": {"impute": {"method": "mean", "group": "EurAsia_group"}, "treat": {"method": "winsorise"}},
    }
    data = sorted(read_rows(folder / "ASEM_iData.csv"), key=lambda row: row["uCode"])
    return estimate_index(data, specification)


def compare_stage(index: Index, folder: Path, ours: str, theirs: str) -> float:
    """Return the greatest difference of a stage, relative where the value is above one."""
    table, worst = index.inspect(ours).to_pydict(), 0.0
    for row, wanted in enumerate(read_rows(folder / f"coin_{theirs}.csv")):
        for name, text in wanted.items():
            if name != "uCode" and text not in ("", "NA"):
                value = float(text)
                worst = max(worst, abs(table[name][row] - value) / max(1.0, abs(value)))
    return worst


def time_call(call: Callable[[], object], times: int = TIMES) -> float:
    """Return the median CPU time of a call [s], after one that is not counted."""
    call()
    spent = []
    for _ in range(times):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return median(spent)


def print_spread(index: Index) -> None:
    """Print time and result of the whole analysis."""
    spread = estimate_spread(index, DRAWS)
    seconds = time_call(lambda: estimate_spread(index, DRAWS))
    print(f"\n{spread.draws:,} draws over {', '.join(spread.factors)}: {seconds:.2f} CPU s (median of {TIMES})")
    print("  mean absolute shift of all ranks: first order (s.e.), total order (s.e.)")
    for place, factor in enumerate(spread.factors):
        parts = [getattr(spread.shift, name)[place, 0] for name in ("first", "first_error", "total", "total_error")]
        print("  {:<12}{:6.3f} ({:.3f}) {:6.3f} ({:.3f})".format(factor, *parts))
    width = spread.ranks[:, 2] - spread.ranks[:, 0]
    print(f"  90 % intervals of ranks: median width {np.median(width):.0f} places, greatest {width.max():.0f}")
    print(f"  what would move one unit: {time_call(lambda: estimate_movement(index, index.units[0])):.4f} CPU s")


def print_peer() -> None:
    """Print our indices of Ishigami's function beside SALib's, from the same outputs."""
    truth = ((0.31391, 0.55759), (0.44241, 0.44241), (0.0, 0.24368))
    rng = np.random.default_rng(0)
    one, other = rng.uniform(-np.pi, np.pi, (2, 3, BASE))
    mixed = [np.where(np.arange(3)[:, None] == factor, other, one) for factor in range(3)]
    a, b, ab = run_ishigami(one)[None], run_ishigami(other)[None], np.array([run_ishigami(x)[None] for x in mixed])
    ours = estimate_shares(a, b, ab)
    seconds = time_call(lambda: estimate_shares(a, b, ab))
    print(f"\nIshigami's function, {5 * BASE:,} evaluations: exact, ours ({1000 * seconds:.1f} CPU ms)", end="")
    if importlib.util.find_spec("SALib") is None:
        print("; SALib is not installed")
        theirs = None
    else:
        from SALib.analyze import sobol

        problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[-np.pi, np.pi]] * 3}
        flat = np.column_stack([a[0], *(part[0] for part in ab), b[0]]).ravel()

        def analyse() -> Any:
            return sobol.analyze(problem, flat, calc_second_order=False, num_resamples=100)

        theirs = analyse()
        print(f", SALib ({1000 * time_call(analyse):.1f} CPU ms, intervals by 100 resamples)")
    for factor, (first, total) in enumerate(truth):
        found = f"  first {first:.3f} {ours.first[factor, 0]:.3f}"
        found += f" {theirs['S1'][factor]:.3f}" if theirs else ""
        found += f"   total {total:.3f} {ours.total[factor, 0]:.3f}"
        print(found + (f" {theirs['ST'][factor]:.3f}" if theirs else ""))


def run_ishigami(x: np.ndarray) -> np.ndarray:
    """Return Ishigami's function with the usual constants."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def print_pairs() -> None:
    """Print time and coverage of the index of every pair."""
    step.read_sources()
    seconds = time_call(lambda: step.read_pair_index.__wrapped__(0), 3)
    pairs = step.read_pair_index()
    states = len(pairs.states.ids)
    covered = f"{len(pairs.index.units):,} of {len(pairs.measured.units):,} pairs of {states} states"
    print(f"\n{covered}: {seconds:.2f} CPU s")
    unknown = np.isnan(pairs.measured.values).mean(axis=0)
    for name, share in zip(pairs.measured.columns, unknown, strict=True):
        print(f"  {name:<22}{share:5.0%} unknown")
    a, b = pairs.index.units[0].split("-")
    print(f"  one pair with intervals: {time_call(lambda: describe_pair(pairs, a, b)):.3f} CPU s")
    members = [state for state in pairs.states.ids if state in {unit[:3] for unit in pairs.index.units}][:GROUP]
    print(f"  a group of {GROUP} with intervals: {time_call(lambda: describe_group(pairs, members), 3):.2f} CPU s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

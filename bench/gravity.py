"""Print the figures of the gravity estimator: speed and memory beside pyfixest, separation, coverage of intervals.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/gravity.py [--small] [--draws N] [--only PART]

pyfixest is of the extra `peers`; without it, its columns are left out. Flows are made up, from a gravity equation that
is known. Each estimate runs in a process of its own, so that CPU seconds and memory are its own; the median of three.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

SHAPE = (158, 40)
SMALL = (60, 10)
ZEROS = 0.26
RUNS = 3
TRUTH = 1.0
DESIGNS = ("constant variance", "Poisson", "lognormal", "quadratic")
WAYS = ("uncorrected", "weidner_zylkin", "jackknife")
PARTS = ("speed", "separation", "coverage")


def make_flows(actors: int, years: int) -> Any:
    """Make a balanced panel of flows with agreements that begin in some year, and zeros."""
    random = np.random.default_rng(1)
    shape = (years, actors, actors)
    out, into = random.normal(size=(years, actors, 1)), random.normal(size=(years, 1, actors))
    pair = random.normal(0, 2, (1, actors, actors))
    rta = (np.arange(years)[:, None, None] >= random.integers(0, 2 * years, (actors, actors))) * 1.0
    x = random.normal(size=shape)
    values = np.exp(out + into + pair + 0.3 * rta + 0.1 * x + random.normal(size=shape) - 0.5)
    values[random.random(shape) < ZEROS] = 0.0
    year, exporter, importer = np.indices(shape).reshape(3, -1)
    names = pa.array([f"S{number:03d}" for number in range(actors)])
    return pa.table(
        {
            "exporter": names.take(pa.array(exporter)),
            "importer": names.take(pa.array(importer)),
            "year": year,
            "value": values.ravel(),
            "rta": rta.ravel(),
            "x": x.ravel(),
        }
    )


def run_ours(path: str, regressors: list[str]) -> dict[str, Any]:
    """Estimate with Comity: from the table to coefficients, errors, checks and ledger."""
    from comity.integration.gravity.estimate import estimate_gravity
    from comity.integration.gravity.specification import Specification

    table = parquet.read_table(path)
    start = time.process_time()
    found = estimate_gravity(table, Specification(regressors=tuple(regressors), actors="as_given"))
    return {"seconds": time.process_time() - start, "coefficients": found.coefficients.tolist()}


def run_pyfixest(path: str, regressors: list[str], tight: bool) -> dict[str, Any]:
    """Estimate with pyfixest: from a data frame with its keys ready to coefficients and errors."""
    import pyfixest

    frame = parquet.read_table(path).to_pandas()
    keys = {"ey": ("exporter", "year"), "iy": ("importer", "year"), "pair": ("exporter", "importer")}
    for name, (one, other) in keys.items():
        frame[name] = frame.groupby([one, other], sort=False).ngroup()
    formula = f"value ~ {' + '.join(regressors)} | ey + iy + pair"
    warm = frame[(frame.exporter < "S020") & (frame.importer < "S020")]
    pyfixest.fepois(formula, warm, vcov={"CRV1": "pair"})
    words = {"iwls_tol": 1e-12, "fixef_tol": 1e-12, "fixef_maxiter": 100_000} if tight else {}
    start = time.process_time()
    found = pyfixest.fepois(formula, frame, vcov={"CRV1": "pair"}, **words)
    return {"seconds": time.process_time() - start, "coefficients": found.coef().tolist()}


def run_apart(name: str, path: str, regressors: list[str]) -> dict[str, Any]:
    """Run one estimate in a process of its own, and give its figures and its peak of memory."""
    words = [sys.executable, __file__, "--run", name, path, ",".join(regressors)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run_named(name: str, path: str, regressors: list[str]) -> None:
    """Run one estimate here and print its figures."""
    runs = {
        "comity": lambda: run_ours(path, regressors),
        "pyfixest": lambda: run_pyfixest(path, regressors, False),
        "pyfixest, tight": lambda: run_pyfixest(path, regressors, True),
    }
    found = runs[name]()
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def compare_speed(actors: int, years: int) -> None:
    """Print CPU seconds, memory and coefficients, ours and the peer's."""
    peers = ["pyfixest", "pyfixest, tight"] if importlib.util.find_spec("pyfixest") else []
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "flows.parquet")
        table = make_flows(actors, years)
        parquet.write_table(table, path)
        zeros = float((table["value"].to_numpy() == 0).mean())
        print(f"{table.num_rows:,} rows ({actors} x {actors} x {years}), {zeros:.0%} zeros, three effects")
        del table
        for regressors in (["rta"], ["rta", "x"]):
            print(f"regressors {', '.join(regressors)}")
            reference: list[float] = []
            for name in ("comity", *peers):
                runs = [run_apart(name, path, regressors) for _ in range(RUNS if name == "comity" else 1)]
                seconds = statistics.median(run["seconds"] for run in runs)
                megabytes = statistics.median(run["megabytes"] for run in runs)
                found = runs[0]["coefficients"]
                reference = reference or found
                away = max(abs(a - b) for a, b in zip(found, reference, strict=True))
                print(f"  {name:16} {seconds:7.2f} CPU s  {megabytes:6.0f} MB  {found[0]:.10f}  away {away:.1e}")


def compare_separation(actors: int, years: int) -> None:
    """Print how separated rows are found on a large panel: by a dummy, by regressors together, with the effects."""
    from comity.integration.gravity.estimate import estimate_gravity
    from comity.integration.gravity.specification import Specification

    table = make_flows(actors, years)
    random = np.random.default_rng(5)
    values, x = table["value"].to_numpy(), table["x"].to_numpy()
    chosen = random.choice(np.flatnonzero(values == 0), 50, replace=False)
    _, exporter = np.unique(table["exporter"].to_numpy(zero_copy_only=False), return_inverse=True)
    columns = {"a dummy": 0.0 * x, "two regressors": 2.0 * x, "regressor and effects": 0.1 * exporter}
    for kind, column in columns.items():
        column[chosen] += 1.0
        start = time.process_time()
        wider = table.append_column("z", pa.array(column))
        found = estimate_gravity(wider, Specification(regressors=("x", "rta", "z"), actors="as_given"))
        rows = sum(row["rows"] for row in found.list_dropped().to_pylist() if row["reason"] == "separated")
        print(f"  {kind:24} {rows} of {len(chosen)} rows, {time.process_time() - start:.1f} CPU s")


def simulate(seed: int, kind: str, actors: int = 50, years: int = 5) -> Any:
    """Draw a panel as Weidner and Zylkin (2021) do; the variance of the error is of one of four kinds."""
    random = np.random.default_rng(seed)
    shape = (actors, actors, years)
    out, into = random.normal(0, 0.25, (actors, 1, years)), random.normal(0, 0.25, (1, actors, years))
    pair = random.normal(0, 0.25, (actors, actors))
    x, before = np.empty(shape), pair + random.normal(0, np.sqrt(0.5), (actors, actors))
    for year in range(years):
        before = before / 2 + (out + into)[:, :, year] + random.normal(0, np.sqrt(0.5), (actors, actors))
        x[:, :, year] = before
    means = np.exp(TRUTH * x + out + into + pair[:, :, None])
    variances = (means**-2, 1 / means, means**0, 0.5 / means + 0.5 * np.exp(2 * x))
    spread = np.sqrt(np.log1p(dict(zip(DESIGNS, variances, strict=True))[kind]))
    noise = random.normal(size=shape)
    for year in range(1, years):
        noise[:, :, year] = 0.3 * noise[:, :, year - 1] + np.sqrt(0.91) * noise[:, :, year]
    exporter, importer, year = np.indices(shape).reshape(3, -1)
    foreign = pa.array(exporter != importer)
    values = means * np.exp(spread * noise - spread**2 / 2)
    names = pa.array([f"S{number:02d}" for number in range(actors)])
    return pa.table(
        {
            "exporter": names.take(pa.array(exporter)),
            "importer": names.take(pa.array(importer)),
            "year": year,
            "value": values.ravel(),
            "x": x.ravel(),
        }
    ).filter(foreign)


def compare_coverage(draws: int) -> None:
    """Print bias, spread, mean error and coverage of 95 % intervals, without and with the correction."""
    from comity.integration.gravity.estimate import estimate_gravity
    from comity.integration.gravity.specification import Specification

    print(f"50 states, 5 years, three effects, {draws} draws: bias, spread, error, coverage of 95 % intervals")
    for kind in DESIGNS:
        rows = []
        for seed in range(draws):
            table = simulate(seed, kind)
            for way in WAYS:
                words = {} if way == WAYS[0] else {"correct_bias": True, "corrected_errors": way}
                found = estimate_gravity(table, Specification(regressors=("x",), actors="as_given", **words))
                row = found.to_table().to_pylist()[0]
                rows.append((row["coefficient"] - TRUTH, row["error"], row["low"] <= TRUTH <= row["high"]))
        all_ways = np.array(rows, dtype=float).reshape(draws, len(WAYS), 3)
        means, spreads = all_ways.mean(axis=0), all_ways[:, :, 0].std(axis=0)
        for name, (bias, error, covered), spread in zip(WAYS, means, spreads, strict=True):
            print(f"  {kind:18} {name:15} {100 * bias:6.2f} %  {spread:.4f}  {error:.4f}  {covered:.3f}")


def main() -> None:
    """Read the command line and print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--run", nargs=3, metavar=("NAME", "FILE", "REGRESSORS"))
    words = parser.parse_args()
    if words.run:
        run_named(words.run[0], words.run[1], words.run[2].split(","))
        return
    shape = SMALL if words.small else SHAPE
    parts = [words.only] if words.only else PARTS
    if "speed" in parts:
        compare_speed(*shape)
    if "separation" in parts:
        print("separated rows on the same panel")
        compare_separation(*shape)
    if "coverage" in parts:
        compare_coverage(words.draws)


if __name__ == "__main__":
    main()

"""Print how many sets of a folder of separation examples are recognised exactly, beside pyfixest where it is installed.

Run: python bench/separation.py FOLDER

FOLDER holds CSV files with `y`, regressors `x1` ..., effects `id1` ... and `separated`, the rows that must be dropped.
All 18 of the collection of Correia, Guimaraes and Zylkin (MIT) stand in `tests/data/ppmlhdfe_separation_examples` of
pyfixest's source distribution 0.28; nine of them are at hand for the tests. None is part of Comity.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from comity.integration.gravity.separation import find_separated


def read_columns(file: Path) -> dict[str, Any]:
    """Return the columns of a set."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def find_ours(columns: dict[str, Any]) -> Any:
    """Return the rows that Comity leaves out."""
    regressors = np.array([values for name, values in columns.items() if name[0] == "x"]).reshape(-1, len(columns["y"]))
    groups = [np.unique(values, return_inverse=True)[1] for name, values in columns.items() if name[:2] == "id"]
    return find_separated(columns["y"], regressors, groups)


def count_peer(columns: dict[str, Any]) -> str:
    """Return how many rows pyfixest leaves out with both of its checks, or the error that it ends with."""
    pyfixest: Any = importlib.import_module("pyfixest")
    pandas: Any = importlib.import_module("pandas")
    right = " + ".join(name for name in columns if name[0] == "x") or "1"
    effects = " + ".join(name for name in columns if name[:2] == "id")
    words = {"separation_check": ["fe", "ir"], "ssc": pyfixest.ssc(k_adj=False)} if effects else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pandas.DataFrame(columns)
            formula = f"y ~ {right}" + (f" | {effects}" if effects else "")
            found = pyfixest.fepois(formula, frame, vcov="hetero", **words)
    except Exception as error:  # noqa: BLE001 - a peer may end in any way, and that is what is counted
        return type(error).__name__
    return str(len(frame) - found._N)


def main(folder: Path) -> None:
    """Print one line a set."""
    peer = importlib.util.find_spec("pyfixest") is not None
    right = 0
    for file in sorted(folder.glob("*.csv")):
        columns = read_columns(file)
        start = time.process_time()
        found = find_ours(columns)
        seconds = time.process_time() - start
        exact = np.array_equal(found, columns["separated"] == 1)
        right += exact
        beside = f"  pyfixest leaves out {count_peer(columns)}" if peer else ""
        print(
            f"{file.name}: {len(found)} rows, {int(columns['separated'].sum())} separated, {int(found.sum())} found, "
            f"{'exact' if exact else 'WRONG'}, {seconds:.3f} CPU s{beside}"
        )
    print(f"{right} sets recognised exactly")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

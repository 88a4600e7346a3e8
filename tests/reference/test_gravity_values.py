"""Published gravity estimates, printed digit by printed digit."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest

from comity import estimate_gravity
from comity.integration.gravity.separation import find_separated

GRAVITY = ["log(dist)", "cntg", "lang", "clny"]
TWO = ["exporter_year", "importer_year"]

# Yotov et al. (2016), chapter 1, table 1: coefficient and standard error, clustered by pair.
TABLE_1 = {
    "OLS": ([-1.002, 0.574, 0.802, 0.735], [0.027, 0.185, 0.082, 0.144], 25_689),
    "OLS, effects": ([-1.216, 0.223, 0.661, 0.670], [0.038, 0.200, 0.081, 0.147], 25_689),
    "PPML, effects": ([-0.841, 0.437, 0.247, -0.222], [0.032, 0.083, 0.077, 0.116], 28_152),
}
SETTINGS = {
    "OLS": {"regressors": [*GRAVITY, "log(output)", "log(expenditure)"], "effects": [], "estimator": "ols"},
    "OLS, effects": {"regressors": GRAVITY, "effects": TWO, "estimator": "ols"},
    "PPML, effects": {"regressors": GRAVITY, "effects": TWO},
}


@pytest.fixture(scope="module")
def flows(shared: Path) -> Any:
    """Give the manufacturing trade of 69 countries in six years."""
    return pyarrow.parquet.read_table(shared / "data" / "structural" / "agtpa_6years.parquet")


@pytest.mark.parametrize("column", TABLE_1)
def test_the_first_table_of_the_guide(column: str, flows: Any):
    settings = {"columns": {"value": "trade"}, "errors": "pair_symmetric", "domestic": "drop"}
    found = estimate_gravity(flows, **settings, **SETTINGS[column])
    coefficients, errors, rows = TABLE_1[column]
    assert found.about["observations"] == rows
    assert np.round(found.coefficients[:4], 3).tolist() == coefficients
    assert np.round(found.errors[:4], 3).tolist() == errors


def test_the_third_table_of_the_guide(flows: Any):
    settings = {"columns": {"value": "trade"}, "errors": "pair_symmetric", "effects": [*TWO, "pair_symmetric"]}
    one = estimate_gravity(flows, regressors=["rta"], **settings)
    assert one.about["observations"] == 28_482
    assert round(float(one.coefficients[0]), 7) == 0.5571853
    assert round(float(one.errors[0]), 5) == 0.10224
    phased = estimate_gravity(flows, regressors=["rta", "rta_lag4", "rta_lag8", "rta_lag12"], **settings)
    assert np.round(phased.coefficients, 3).tolist() == [0.291, 0.414, 0.169, 0.119]


def test_the_eu_enlargement_of_ge_gravity(shared: Path):
    # The recorded error, .0722, counts an effect of 176 levels as nested in the pairs; `fixest` without that is .0730.
    table = pyarrow.csv.read_csv(shared / "data" / "equilibrium" / "ge_gravity_eu_enlargement.csv")
    settings = {"columns": {"value": "trade"}, "domestic": "drop", "actors": "as_given"}
    settings["regressors"] = ["eu_enlargement", "other_fta"]
    found = {name: estimate_gravity(table, convention=name, **settings) for name in ("stata", "fixest")}
    assert found["stata"].about["observations"] == 7_568
    assert round(float(found["stata"].coefficients[0]), 7) == 0.2242490
    assert [round(float(one.errors[0]), 4) for one in found.values()] == [0.0713, 0.0730]


@pytest.mark.parametrize("number", range(1, 19))
def test_separated_rows_of_the_published_sets(number: int, shared: Path):
    file = shared / "data" / "separation" / f"{number:02d}.csv"
    if not file.exists():
        pytest.skip(f"set {number} of 18 is not at hand; bench/separation.py says where all of them are")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    regressors = np.array([columns[name] for name in columns if name.startswith("x")]).reshape(-1, len(rows))
    groups = [np.unique(columns[name], return_inverse=True)[1] for name in columns if name.startswith("id")]
    assert np.array_equal(find_separated(columns["y"], regressors, groups), columns["separated"] == 1)


def test_pyfixest_gives_the_same(flows: Any):
    pyfixest = pytest.importorskip("pyfixest", reason="needs pyfixest (the extra `peers`)")
    frame = flows.to_pandas()
    frame["exporter_year"] = frame.exporter + frame.year.astype(int).astype(str)
    frame["importer_year"] = frame.importer + frame.year.astype(int).astype(str)
    frame["pair"] = frame.exporter + frame.importer
    formula = "trade ~ rta + rta_lag4 | exporter_year + importer_year + pair"
    conventions = {"stata": {"k_adj": False}, "fixest": {}, "none": {"k_adj": False, "G_adj": False}}
    for name, words in conventions.items():
        tight = {"iwls_tol": 1e-12, "fixef_tol": 1e-12, "fixef_maxiter": 100_000}
        peer = pyfixest.fepois(formula, frame, vcov={"CRV1": "exporter+importer"}, ssc=pyfixest.ssc(**words), **tight)
        settings = {"columns": {"value": "trade"}, "errors": ["exporter", "importer"], "convention": name}
        found = estimate_gravity(flows, regressors=["rta", "rta_lag4"], **settings)
        assert found.about["observations"] == peer._N
        assert np.allclose(found.coefficients, peer.coef().to_numpy(), atol=1e-8)
        assert np.allclose(found.errors, peer.se().to_numpy(), rtol=1e-6)

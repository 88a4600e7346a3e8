"""An estimate of gravity: equal however the rows are laid out, and nothing bad in becomes a number out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.specimens.flows import fit_by_dummies, make_flows

from comity.integration.errors import IntegrationError, NotConverged, PanelError, SpecificationError
from comity.integration.gravity.estimate import estimate_gravity
from comity.integration.gravity.layout import lay_out
from comity.integration.gravity.panel import read_panel
from comity.integration.gravity.result import GravityEstimate, show_estimates
from comity.integration.gravity.specification import Specification, read_specification
from comity.integration.gravity.tensor import TensorEffects

TWO = ["exporter_year", "importer_year"]
KEYS = {
    "exporter_year": ("exporter", "year"),
    "importer_year": ("importer", "year"),
    "pair": ("exporter", "importer"),
    "exporter": ("exporter",),
    "importer": ("importer",),
    "year": ("year",),
}


def estimate(table: object, **settings: object) -> GravityEstimate:
    return estimate_gravity(table, read_specification({"actors": "as_given", "regressors": ["rta", "x"]} | settings))


@pytest.mark.parametrize(
    "effects", [[*TWO, "pair"], TWO, ["exporter", "importer", "year"], ["pair", "year"], ["exporter"], []], ids="-".join
)
@pytest.mark.parametrize("kept", [1.0, 0.7])
def test_poisson_equals_a_regression_on_dummies(effects: list[str], kept: float):
    table = make_flows(7, 3, kept=kept, zeros=0.1)
    found = estimate(table, effects=effects, errors="robust")
    used = table.take(found.list_fitted()["row"])
    keys = [KEYS[name] for name in effects] or [("one",)]
    used = used.append_column("one", pa.array(np.ones(used.num_rows)))
    coefficients, fitted = fit_by_dummies(used, keys, ["rta", "x"])
    assert np.allclose(found.coefficients, coefficients, atol=1e-8)
    assert np.allclose(found.fitted, fitted, rtol=1e-6)


def test_a_symmetric_pair_effect_is_the_same_in_the_tensor_and_in_the_list(monkeypatch: pytest.MonkeyPatch):
    table = make_flows()
    settings = {"effects": [*TWO, "pair_symmetric"], "errors": "pair_symmetric"}
    dense = estimate(table, **settings)
    monkeypatch.setattr("comity.integration.gravity.layout.DENSE", 0)
    sparse = estimate(table, **settings)
    assert np.allclose(dense.coefficients, sparse.coefficients, atol=1e-10)
    assert np.allclose(dense.covariance, sparse.covariance, rtol=1e-6)


def test_a_full_panel_is_laid_out_as_a_tensor_and_a_thin_one_is_not():
    for kept, dense in ((1.0, True), (0.1, False)):
        panel = read_panel(make_flows(kept=kept), Specification(regressors=("x",)))
        groups = [np.arange(len(panel.values))] * 2
        assert isinstance(lay_out(panel, TWO, groups).effects, TensorEffects) is dense


def test_the_order_of_the_rows_does_not_matter():
    table = make_flows()
    shuffled = table.take(np.random.default_rng(0).permutation(table.num_rows))
    one, other = estimate(table), estimate(shuffled)
    assert np.allclose(one.coefficients, other.coefficients, atol=1e-10)
    assert np.allclose(one.errors, other.errors, rtol=1e-7)


def test_least_squares_is_of_positive_values_and_says_so():
    table = make_flows()
    found = estimate(table, estimator="ols", effects=["exporter"])
    positive = table.filter(pc.greater(table["value"], 0))
    assert found.about["observations"] == positive.num_rows
    assert found.list_dropped()["reason"].to_pylist() == ["zero flow"]
    logs = np.log(positive["value"].to_numpy())
    exporters = np.array(positive["exporter"].to_pylist())
    columns = [positive["rta"].to_numpy(), positive["x"].to_numpy()]
    columns += [(exporters == name).astype(float) for name in np.unique(exporters)]
    expected = np.linalg.lstsq(np.stack(columns, axis=1), logs, rcond=None)[0][:2]
    assert np.allclose(found.coefficients, expected, atol=1e-10)


def test_what_is_left_out_is_in_the_ledger():
    table = make_flows()
    value = table["value"].to_numpy().copy()
    value[5] = np.nan
    lone = (np.array(table["exporter"].to_pylist()) == "S03") & (table["year"].to_numpy() == 2001)
    value[lone] = 0.0
    found = estimate(table.set_column(3, "value", pa.array(value)), domestic="drop", years=[2000, 2001, 2002])
    reasons = dict(zip(*(found.list_dropped()[name].to_pylist() for name in ("reason", "rows")), strict=True))
    assert reasons["other year"] == 144
    assert reasons["domestic sales"] == 36
    assert reasons["missing value"] == 1
    assert reasons["group of zeros"] >= 11
    assert found.about["observations"] == 576 - sum(reasons.values())
    assert found.sample.about["missing"] == 1


def test_a_collinear_regressor_is_refused_with_its_rows():
    table = make_flows()
    table = table.append_column("twice", pa.array(table["rta"].to_numpy() * 2))
    with pytest.raises(PanelError, match="twice is collinear") as caught:
        estimate(table, regressors=["rta", "twice"])
    assert set(caught.value.rows) <= set(np.flatnonzero(table["rta"].to_numpy()).tolist())
    size = pa.array([float(name[1:]) for name in table["exporter"].to_pylist()])
    with pytest.raises(PanelError, match="the fixed effects explain it"):
        estimate(table.append_column("size", size), regressors=["size"])


def test_states_that_never_trade_with_the_others_are_refused():
    table = make_flows(10)
    first = np.array([name < "S05" for name in table["exporter"].to_pylist()])
    second = np.array([name < "S05" for name in table["importer"].to_pylist()])
    with pytest.raises(PanelError, match="disconnected") as caught:
        estimate(table.filter(pa.array(first == second)))
    assert caught.value.rows


def test_an_exporter_without_exports_is_refused():
    table = make_flows()
    value = table["value"].to_numpy().copy()
    value[(np.array(table["exporter"].to_pylist()) == "S03")] = 0.0
    with pytest.raises(PanelError, match="without exports: S03"):
        estimate(table.set_column(3, "value", pa.array(value)))


def test_an_unknown_state_is_refused():
    with pytest.raises(PanelError, match="unknown states"):
        estimate(make_flows(), actors="check")


def test_separated_rows_are_left_out_and_what_only_they_carried_is_omitted():
    table = make_flows()
    zeros = np.flatnonzero(table["value"].to_numpy() == 0)[:4]
    only = np.zeros(table.num_rows)
    only[zeros] = 1.0
    plain = estimate(table.take(np.setdiff1d(np.arange(table.num_rows), zeros)))
    found = estimate(table.append_column("only", pa.array(only)), regressors=["rta", "x", "only"])
    assert found.names == ("rta", "x")
    assert found.sample.omitted == ("only",)
    assert "separated" in found.list_dropped()["reason"].to_pylist()
    assert np.allclose(found.coefficients, plain.coefficients, atol=1e-8)
    assert "only separated rows carried it: only" in str(found)


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("value", ["a"] * 576, "'value' holds no numbers"),
        ("value", [1.0] * 576, "all 576 flows are 1"),
        ("value", [-1.0] + [1.0] * 575, "negative flows"),
        ("value", [float("inf")] + [1.0] * 575, "infinite flows"),
        ("x", [float("inf")] + [1.0] * 575, "'x' holds infinite values"),
        ("year", [2000.5] * 576, "no whole years"),
        ("exporter", [None] + ["S01"] * 575, "'exporter' is empty"),
    ],
)
def test_what_would_give_a_wrong_number_is_refused(name: str, values: list[object], said: str):
    table = make_flows()
    wrong = table.set_column(table.column_names.index(name), name, pa.array(values))
    with pytest.raises(IntegrationError, match=said):
        estimate(wrong)


def test_an_empty_regressor_is_left_out_and_counted():
    table = make_flows()
    x = [None, *table["x"].to_pylist()[1:]]
    found = estimate(table.set_column(table.column_names.index("x"), "x", pa.array(x)))
    assert dict(zip(*found.list_dropped().select(["reason", "rows"]).to_pydict().values(), strict=True)) == {
        "missing regressor": 1
    }


def test_too_few_rows_are_refused():
    with pytest.raises(SpecificationError, match="rows are left"):
        estimate(make_flows(2, 1))


def test_a_fit_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("comity.integration.gravity.poisson.MOST_STEPS", 1)
    with pytest.raises(NotConverged, match="did not converge"):
        estimate(make_flows())


def test_reset_sees_a_wrong_form_and_not_a_right_one():
    random = np.random.default_rng(4)
    x = random.normal(size=3000)
    table = {
        "exporter": [f"S{n // 55:02d}" for n in range(3000)],
        "importer": [f"T{n % 55:02d}" for n in range(3000)],
        "x": x,
    }
    right = np.exp(1 + 0.5 * x) * random.exponential(size=3000)
    wrong = (1 + np.maximum(x + 3, 0) ** 2) * random.exponential(size=3000)
    tests = [
        estimate(table | {"value": value}, regressors=["x"], effects=[], errors="robust", reset=True).reset
        for value in (right, wrong)
    ]
    assert tests[0]["p_value"] > 0.01
    assert tests[1]["p_value"] < 0.001


def test_estimates_stand_side_by_side_as_in_the_literature():
    table = make_flows()
    one, other = estimate(table, regressors=["rta"]), estimate(table)
    lines = show_estimates([one, other], ["(1)", "(2)"]).splitlines()
    assert lines[0].split() == ["(1)", "(2)"]
    assert lines[2].split()[0] == "rta"
    assert lines[3].split()[0] == f"({one.errors[0]:.3f})"
    assert [line.split() for line in lines if line.startswith("x ")][0][1].startswith(f"{other.coefficients[1]:.3f}")
    assert any(line.startswith("Observations") for line in lines)


def test_results_are_plain_values_and_arrow_tables():
    found = estimate(make_flows())
    row = found.to_table().to_pylist()[0]
    assert row["low"] < row["coefficient"] < row["high"]
    described = found.describe()
    assert described["errors"] == {"kind": ["pair"], "convention": "stata", "clusters": 144}
    assert found.list_fitted().num_rows == found.about["observations"]

"""From an estimate to a counterfactual: drawn coefficients, by covariance or bootstrap, go through to every economy."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity import estimate_gravity, simulate_estimate
from comity.integration.equilibrium.errors import EquilibriumError
from comity.integration.errors import NotConverged
from comity.integration.gravity.bootstrap import estimate_draws
from comity.integration.gravity.effects import SparseEffects
from comity.integration.gravity.groups import close_gaps
from comity.integration.gravity.poisson import fit_poisson
from comity.integration.gravity.result import GravityEstimate

GENERATOR = np.random.default_rng
COUNT, YEARS = 24, 5
CODES = tuple(f"E{i:02}" for i in range(COUNT))


def make_panel(seed: int, signed: float = 0.35) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    i, j, t = (grid.ravel() for grid in np.meshgrid(*(np.arange(k) for k in (COUNT, COUNT, YEARS)), indexing="ij"))
    agreed = rng.random((COUNT, COUNT)) < signed
    since = np.minimum.outer(*[rng.integers(1, YEARS, COUNT)] * 2)
    rta = np.triu(agreed, 1)
    rta = (rta | rta.T)[i, j] & (t >= since[i, j])
    size = rng.normal(0, 1, (2, COUNT, YEARS))
    pair = rng.normal(0, 0.5, (COUNT, COUNT))
    pair = pair + pair.T + 3 * np.eye(COUNT)
    mean = np.exp(size[0, i, t] + size[1, j, t] + pair[i, j] + 0.5 * rta)
    value = mean * rng.gamma(4, 0.25, len(mean))
    names = np.array(CODES)
    return {"exporter": names[i], "importer": names[j], "year": 2000 + t, "value": value, "rta": rta.astype(float)}


def estimate(seed: int = 0, **settings: Any) -> GravityEstimate:
    settings = {"regressors": ["rta"], "errors": "pair_symmetric", "actors": "as_given", **settings}
    return estimate_gravity(make_panel(seed), **settings)


@pytest.fixture(scope="module")
def found() -> GravityEstimate:
    return estimate()


@pytest.fixture(scope="module")
def flows() -> dict[str, Any]:
    panel = make_panel(0)
    last = panel["year"] == panel["year"].max()
    return {name: panel[name][last] for name in ("exporter", "importer", "value")}


MOVES = {"exporter": ["E00", "E01"], "importer": ["E01", "E00"], "rta": [1.0, 1.0]}


def test_bootstrap_and_covariance_agree_on_a_made_panel(found: GravityEstimate, flows: dict[str, Any]):
    ways = {
        way: simulate_estimate(found, MOVES, flows=flows, method=way, draws=200) for way in ("covariance", "bootstrap")
    }
    errors = [way["coefficients"][0]["deviation"] for way in ways.values()]
    assert errors[0] == pytest.approx(found.errors[0], rel=0.15)
    assert errors[1] == pytest.approx(found.errors[0], rel=0.3)
    middle = [way["coefficients"][0]["mean"] for way in ways.values()]
    assert abs(middle[0] - middle[1]) < found.errors[0]
    rows = [way["economies"][0] for way in ways.values()]
    widths = [row["welfare_high"] - row["welfare_low"] for row in rows]
    assert widths[1] == pytest.approx(widths[0], rel=0.3)
    assert all(row["party"] and row["welfare_low"] < row["welfare"] < row["welfare_high"] for row in rows)
    assert [row["party"] for row in ways["bootstrap"]["economies"]] == [True, True] + [False] * (COUNT - 2)


def test_a_sample_of_pairs_is_the_table_with_their_rows_as_often_as_drawn(monkeypatch: pytest.MonkeyPatch):
    found = estimate(effects=["exporter_year", "importer_year", "pair"], errors="pair")
    picked: list[np.ndarray] = []

    class Recorded:
        def __init__(self, seed: Any) -> None:
            self.rng = GENERATOR(seed)

        def integers(self, *given: int) -> np.ndarray:
            picked.append(self.rng.integers(*given))
            return picked[-1]

    monkeypatch.setattr(np.random, "default_rng", Recorded)
    drawn = estimate_draws(found, 2, 3)
    pair = found.sample.groups["pair"]
    home = np.unique(pair[found.sample.panel.domestic])
    abroad = np.setdiff1d(pair, home)
    for place, chosen in enumerate(picked):
        parts = [np.flatnonzero(pair == one) for one in (*abroad[chosen], *home)]
        rows = np.concatenate(parts)
        groups = [close_gaps(found.sample.groups[name][rows]) for name in ("exporter_year", "importer_year")]
        groups.append(np.concatenate([np.full(len(part), copy) for copy, part in enumerate(parts)]))
        values, regressors = found.sample.panel.values[rows], found.sample.regressors[:, rows]
        again = fit_poisson(values, regressors, SparseEffects(groups, len(rows)), np.ones(len(rows)))
        assert drawn[:, place] == pytest.approx(again.coefficients, abs=1e-7)


@pytest.mark.parametrize("method", ["covariance", "bootstrap"])
def test_the_same_seed_gives_the_same_figures_and_another_gives_others(method, found, flows):
    one, two, other = (
        simulate_estimate(found, MOVES, flows=flows, method=method, draws=12, seed=seed) for seed in (4, 4, 5)
    )
    assert one == two
    assert one["economies"] != other["economies"]


def test_a_bootstrap_of_the_gravity_guide_keeps_the_domestic_sales(shared: Path):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(shared / "data" / "structural" / "agtpa_6years.parquet")
    effects = ["exporter_year", "importer_year", "pair_symmetric"]
    found = estimate_gravity(
        table, columns={"value": "trade"}, errors="pair_symmetric", effects=effects, regressors=["rta"]
    )
    drawn = estimate_draws(found, 30, 0)  # with domestic sales drawn like the rest: mean 0.39, deviation 0.17
    assert drawn.mean() == pytest.approx(0.557, abs=0.06)
    assert drawn.std() == pytest.approx(0.102, rel=0.3)


def test_a_corrected_estimate_moves_its_draws_by_the_correction():
    plain, corrected = (estimate(correct_bias=way, errors="pair") for way in (False, True))
    shift = corrected.coefficients - corrected.inference.uncorrected
    assert shift[0] != 0
    assert estimate_draws(corrected, 5, 1) == pytest.approx(estimate_draws(plain, 5, 1) + shift, abs=1e-9)


def test_a_regressor_that_one_pair_carries_has_no_bootstrap():
    panel = make_panel(0)
    one = (panel["exporter"] == "E00") & (panel["importer"] == "E01") & (panel["year"] > 2001)
    panel["rta"] = one.astype(float)
    found = estimate_gravity(panel, regressors=["rta"], actors="as_given")
    with pytest.raises(NotConverged, match="samples of 552 pairs"):
        estimate_draws(found, 20, 0)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"importer": ["E01", "E99"]}, "'E99' is not among the 24"),
        ({"importer": ["E01", "E01"], "exporter": ["E00", "E00"]}, "stands twice"),
        ({"rta": [1.0, None]}, "the change of rta is None"),
        ({"rta": [0.0, 0.0]}, "no regressor changes"),
        ({"fta": [1.0, 1.0]}, "no regressor fta"),
    ],
)
def test_moves_that_cannot_be_read_are_named(change, match, found, flows):
    with pytest.raises(EquilibriumError, match=match):
        simulate_estimate(found, {**MOVES, **change}, flows=flows)


def test_an_option_that_there_is_not_is_named(found, flows):
    with pytest.raises(EquilibriumError, match="no option drawn"):
        simulate_estimate(found, MOVES, flows=flows, drawn=5)
    with pytest.raises(EquilibriumError, match="no method 'jackknife'"):
        simulate_estimate(found, MOVES, flows=flows, method="jackknife")

"""The methods of the reciprocity room beside statsmodels, on made series and on the published weekly ones."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.reciprocity.eventtime import follow_risk, lay_risk
from comity.reciprocity.granger import identify_granger
from comity.reciprocity.many import adjust_false_discoveries
from comity.reciprocity.projection import Design, identify_projection
from comity.reciprocity.response import identify_responses, respond_to_shocks, share_variance, spread_shocks
from comity.reciprocity.var import cut_matrices, fit_var, identify_lags, lay_lags

HORIZON = 6


def make_series() -> np.ndarray:
    """Give three series that follow each other."""
    values = np.random.default_rng(11).standard_normal((240, 3))
    for t in range(2, 240):
        values[t] += values[t - 1] @ [[0.4, 0.2, 0], [0, 0.3, 0.2], [0.1, 0, 0.3]] + 0.2 * values[t - 2] + 1.0
    return values


@pytest.fixture(scope="module", params=["made", "weekly"])
def values(request: pytest.FixtureRequest) -> np.ndarray:
    """Give series of three and of two columns."""
    if request.param == "made":
        return make_series()
    shared: Path = request.getfixturevalue("shared")
    with (shared / "data/reciprocity/israel_palestine_weekly.csv").open(encoding="utf-8", newline="") as lines:
        return np.array([[float(row["i2p"]), float(row["p2i"])] for row in csv.DictReader(lines)])


@pytest.fixture(scope="module")
def peer(values: np.ndarray) -> Any:
    """Give the peer's autoregression with three lags."""
    api = pytest.importorskip("statsmodels.tsa.api", reason="needs statsmodels (the `peers` extra)")
    return api.VAR(values).fit(3, trend="c")


def test_the_autoregression_is_the_peers(values: np.ndarray, peer: Any):
    ours = fit_var(values, 3)
    theirs = np.vstack([peer.params[1:], peer.params[:1]])  # the peer puts the constant first
    np.testing.assert_allclose(ours.coefficients, theirs, atol=1e-8, rtol=1e-8)
    np.testing.assert_allclose(ours.errors, np.vstack([peer.stderr[1:], peer.stderr[:1]]), rtol=1e-8)
    np.testing.assert_allclose(ours.covariance, peer.sigma_u_mle, rtol=1e-9)
    assert ours.stable == peer.is_stable()


def test_the_criteria_are_the_peers(values: np.ndarray, peer: Any):
    theirs = peer.model.select_order(8, trend="c").ics
    ours = identify_lags(values, 8)
    for name in ("aic", "bic"):
        np.testing.assert_allclose(getattr(ours, name), theirs[name][1:], atol=1e-9)
    np.testing.assert_allclose(ours.hq, theirs["hqic"][1:], atol=1e-9)


@pytest.mark.parametrize("lags", [1, 4])
def test_the_statistics_of_granger_are_the_peers(values: np.ndarray, lags: int):
    tools = pytest.importorskip("statsmodels.tsa.stattools", reason="needs statsmodels (the `peers` extra)")
    for test in identify_granger(values, lags):
        theirs = tools.grangercausalitytests(values[:, [test.effect, test.cause]], [lags])[lags][0]["ssr_ftest"]
        assert (test.statistic, test.p_value) == (pytest.approx(theirs[0], abs=1e-8), pytest.approx(theirs[1]))
        assert (test.denominator, test.numerator) == (int(theirs[2]), int(theirs[3]))


def test_responses_and_shares_are_the_peers(values: np.ndarray, peer: Any):
    fit, (rows, width) = fit_var(values, 3), (len(values) - 3, 3 * values.shape[1] + 1)
    matrices, order = cut_matrices(fit.coefficients, fit.series), tuple(range(fit.series))
    theirs = peer.irf(HORIZON)
    np.testing.assert_allclose(spread_shocks(matrices, HORIZON), theirs.irfs.transpose(0, 2, 1), atol=1e-9)
    ours = respond_to_shocks(matrices, fit.covariance, HORIZON, order)
    # the peer takes the degrees of freedom off the covariance; MSBVAR and this room divide by the rows
    scaled = theirs.orth_irfs.transpose(0, 2, 1) * np.sqrt((rows - width) / rows)
    np.testing.assert_allclose(ours, scaled, rtol=1e-8, atol=1e-8)
    shares = share_variance(ours)
    np.testing.assert_allclose(shares, peer.fevd(HORIZON + 1).decomp.transpose(1, 2, 0), atol=1e-9)
    told = identify_responses(values, 3, HORIZON, draws=20)[0]
    np.testing.assert_allclose(told.responses.estimate, ours, atol=1e-12)
    np.testing.assert_allclose(told.shares.estimate, shares, atol=1e-12)


@pytest.mark.parametrize(
    "design",
    [Design(2, 4), Design(2, 4, augmented=False), Design(1, 3, cumulative=True), Design(2, 3, impulse_first=False)],
    ids=["augmented", "newey-west", "cumulative", "second"],
)
def test_projections_are_ordinary_regressions_of_the_peer(values: np.ndarray, design: Design):
    linear = pytest.importorskip("statsmodels.api", reason="needs statsmodels (the `peers` extra)")
    found = identify_projection(values, 0, 1, design)
    lags = design.lags + design.augmented
    past = lay_lags(values, lags)
    for step in range(0 if design.impulse_first else 1, design.horizon + 1):
        rows = len(past) - step
        held = [values[lags : lags + rows, [1]]] if not design.impulse_first else []
        regressors = np.hstack([values[lags : lags + rows, [0]], *held, past[:rows]])
        ahead = [values[lags + n : lags + n + rows, 1] for n in range(step + 1)]
        target = np.sum(ahead, axis=0) if design.cumulative else ahead[-1]
        words: dict[str, Any] = {"cov_type": "HC1"}
        if not design.augmented:
            words = {"cov_type": "HAC", "cov_kwds": {"maxlags": step, "use_correction": True}}
        theirs = linear.OLS(target, regressors).fit(**words)
        assert found.estimate[step] == pytest.approx(theirs.params[0], rel=1e-7)
        assert found.error[step] == pytest.approx(theirs.bse[0], rel=1e-6)


@pytest.mark.parametrize(("dependent", "method"), [(False, "fdr_bh"), (True, "fdr_by")])
def test_adjusted_p_values_are_the_peers(dependent: bool, method: str):
    tests = pytest.importorskip("statsmodels.stats.multitest", reason="needs statsmodels (the `peers` extra)")
    given = np.random.default_rng(2).random(60) ** 3
    theirs = tests.multipletests(given, method=method)[1]
    np.testing.assert_allclose(adjust_false_discoveries(given, dependent=dependent), theirs, rtol=1e-12)


def test_the_chance_of_an_answer_by_day_is_the_peers_estimator():
    duration = pytest.importorskip("statsmodels.duration.api", reason="needs statsmodels (the `peers` extra)")
    rng = np.random.default_rng(3)
    wait, seen = rng.integers(1, 20, 80), rng.integers(1, 15, 80)
    ours = follow_risk(lay_risk(wait, seen, 14), np.ones((1, 80)))[0]
    theirs = duration.SurvfuncRight(np.minimum(wait, seen), (wait <= seen).astype(int))
    for day, alive in zip(theirs.surv_times, theirs.surv_prob, strict=True):
        assert ours[int(day) - 1] == pytest.approx(1 - alive, abs=1e-12)

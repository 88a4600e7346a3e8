"""Standard errors: each kind equals its definition, each convention its factor."""

from __future__ import annotations

import numpy as np
import pytest
from tests.specimens.flows import make_flows

from comity.integration.errors import SpecificationError
from comity.integration.gravity.covariance import Errors, estimate_covariance, plan_errors
from comity.integration.gravity.estimate import estimate_gravity
from comity.integration.gravity.result import GravityEstimate
from comity.integration.gravity.specification import CHOICES, read_specification

ROWS = 60
RANDOM = np.random.default_rng(7)
SCORES = RANDOM.normal(size=(2, ROWS))
OUT, INTO = RANDOM.integers(0, 6, ROWS), RANDOM.integers(0, 6, ROWS)
BREAD = np.eye(2)


def add_up(together: np.ndarray) -> np.ndarray:
    """Give the sum of the products of all rows that go together."""
    return SCORES @ together.astype(float) @ SCORES.T


def estimate(**settings: object) -> GravityEstimate:
    given = {"actors": "as_given", "regressors": ["rta", "x"]} | settings
    return estimate_gravity(make_flows(), read_specification(given))


def test_robust_errors_take_each_row_alone():
    found = estimate_covariance(SCORES, BREAD, Errors("robust", {}, "none", 3, False))
    assert np.allclose(found, add_up(np.eye(ROWS)))


def test_multiway_errors_take_rows_that_share_any_cluster():
    clusters = {"out": OUT, "into": INTO}
    found = estimate_covariance(SCORES, BREAD, Errors("multiway", clusters, "none", 3, False))
    together = (OUT[:, None] == OUT) | (INTO[:, None] == INTO)
    expected = add_up(together)
    assert np.linalg.eigvalsh(expected).min() > 0
    assert np.allclose(found, expected)


def test_dyadic_errors_take_rows_that_share_a_state_on_any_side():
    errors = Errors("dyadic", {"state": np.concatenate([OUT, INTO])}, "none", 3, False)
    together = (OUT[:, None] == OUT) | (INTO[:, None] == INTO) | (OUT[:, None] == INTO) | (INTO[:, None] == OUT)
    values, vectors = np.linalg.eigh(add_up(together))
    assert np.allclose(estimate_covariance(SCORES, BREAD, errors), (vectors * np.maximum(values, 0)) @ vectors.T)


@pytest.mark.parametrize(
    ("convention", "linear", "factor"),
    [
        ("none", True, 1.0),
        ("stata", False, 6 / 5),
        ("stata", True, 6 / 5 * 59 / 57),
        ("fixest", False, 6 / 5 * 59 / 53),
    ],
)
def test_a_convention_is_a_factor(convention: str, linear: bool, factor: float):
    clusters = {"out": np.arange(ROWS) % 6}
    errors = plan_errors("clustered", clusters, [np.arange(ROWS) % 6, np.arange(ROWS) % 5], convention, 2, linear)
    assert errors.factor(ROWS) == pytest.approx(factor)


def test_one_cluster_is_refused():
    with pytest.raises(SpecificationError, match="one cluster"):
        plan_errors("clustered", {"one": np.zeros(5, dtype=np.int64)}, [], "stata", 1, False)


def test_errors_of_an_estimate_follow_its_settings():
    kinds = ["robust", "pair", "pair_symmetric", "dyadic", ["exporter", "importer"]]
    found = [estimate(errors=kind) for kind in kinds]
    assert len({round(float(one.errors[0]), 12) for one in found}) == len(kinds)
    assert [one.inference.clusters for one in found] == [found[0].about["observations"], 144, 78, 12, 12]
    assert len({tuple(one.coefficients) for one in found}) == 1


def test_the_bias_correction_moves_coefficients_little_and_errors_up():
    plain, corrected = estimate(), estimate(correct_bias=True)
    assert np.array_equal(corrected.inference.uncorrected, plain.coefficients)
    assert 0 < np.abs(corrected.coefficients - plain.coefficients).max() < 2 * plain.errors.max()
    assert (corrected.errors > plain.errors).all()


def test_errors_by_the_jackknife_are_wider_and_leave_the_coefficients():
    corrected, jackknife = (estimate(correct_bias=True, corrected_errors=way) for way in CHOICES["corrected_errors"])
    assert np.array_equal(corrected.coefficients, jackknife.coefficients)
    assert (jackknife.errors > corrected.errors).all()
    assert "errors by the jackknife" in str(jackknife)


def test_errors_by_the_jackknife_are_those_of_leaving_out_each_pair():
    # One Newton step from the whole estimate, without the pair: what the closed form stands for.
    random = np.random.default_rng(4)
    year, out, into = np.indices((3, 7, 7)).reshape(3, -1)
    table = {"exporter": out.astype(str), "importer": into.astype(str), "year": year, "x": random.normal(size=147)}
    table["value"] = np.exp(table["x"] + random.normal(size=147))
    given = {"regressors": ["x"], "actors": "as_given", "convention": "none"}
    whole = estimate_gravity(table, read_specification(given))
    fitted, groups = whole.fitted, list(whole.sample.groups.values())
    dummies = [(group[:, None] == np.arange(group.max() + 1)) * 1.0 for group in groups]
    design = np.column_stack([table["x"], *dummies])
    residuals, pair = table["value"] - fitted, groups[2]
    steps = []
    for number in range(pair.max() + 1):
        kept = pair != number
        rows = design[kept]
        steps.append((np.linalg.pinv((rows.T * fitted[kept]) @ rows, rcond=1e-12) @ (rows.T @ residuals[kept]))[0])
    jackknife = read_specification({**given, "correct_bias": True, "corrected_errors": "jackknife"})
    assert estimate_gravity(table, jackknife).errors[0] == pytest.approx(np.sqrt(np.square(steps).sum()), rel=1e-6)


def test_the_bias_correction_to_first_order_is_near_the_exact_one(monkeypatch: pytest.MonkeyPatch):
    exact = estimate(correct_bias=True)
    monkeypatch.setattr("comity.integration.gravity.bias.EXACT_LEVELS", 0)
    first = estimate(correct_bias=True)
    assert np.array_equal(exact.coefficients, first.coefficients)
    assert np.allclose(exact.errors, first.errors, rtol=0.05)


@pytest.mark.parametrize(
    "settings", [{"estimator": "ols"}, {"errors": "robust"}, {"effects": ["exporter_year", "importer_year"]}]
)
def test_the_bias_correction_is_for_three_effects_only(settings: dict[str, object]):
    with pytest.raises(SpecificationError, match="bias correction"):
        estimate(correct_bias=True, **settings)


def test_the_bias_correction_centres_the_estimate_and_its_intervals_cover_more():
    truth, plain, corrected = 1.0, [], []
    for seed in range(24):
        random = np.random.default_rng(seed)
        actors, years = 14, 3
        shape = (years, actors, actors)
        x = random.normal(size=shape)
        out, into = random.normal(0, 0.25, (years, actors, 1)), random.normal(0, 0.25, (years, 1, actors))
        means = np.exp(truth * x + out + into)
        noise = np.sqrt(np.log1p(means**-2.0))
        year, out, into = np.indices(shape).reshape(3, -1)
        value = (means * np.exp(noise * random.normal(size=shape) - noise**2 / 2)).ravel()
        table = {"exporter": out.astype(str), "importer": into.astype(str), "year": year, "value": value}
        table["x"] = x.ravel()
        for rows, correct in ((plain, False), (corrected, True)):
            given = {"regressors": ["x"], "actors": "as_given", "correct_bias": correct}
            found = estimate_gravity(table, read_specification(given))
            rows.append((found.coefficients[0] - truth, found.errors[0]))
    before, after = np.array(plain), np.array(corrected)
    assert abs(after[:, 0].mean()) < 0.75 * abs(before[:, 0].mean())
    covered = [(np.abs(rows[:, 0]) < 1.96 * rows[:, 1]).mean() for rows in (before, after)]
    assert covered[1] > covered[0]

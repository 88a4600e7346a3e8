"""Separated rows are found exactly: against a search over all vertices, and in kinds that are known to be hard."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from comity.integration.gravity.estimate import estimate_gravity
from comity.integration.gravity.separation import find_separated, find_zero_groups
from comity.integration.gravity.specification import Specification


def column(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


KINDS = {
    "a dummy of zeros": ([0, 0, 1, 2], column(1, 0, 0, 0), [], [0]),
    "a dummy of zeros and of some positive rows is none": ([0, 0, 1, 2], column(1, 0, 1, 0), [], []),
    "the constant helps: a regressor that is constant on positive rows": ([0, 0, 1, 2], column(3, 1, 1, 1), [], [0]),
    "both signs on zeros: none": ([0, 0, 1, 2], column(1, -1, 0, 0), [], []),
    "a difference of two regressors": (
        [0, 0, 0, 2, 3, 10],
        np.array([[0, 0, 1, 21, 0, -18], [1, 0, 9, 21, 0, -18]], dtype=float),
        [],
        [0, 2],
    ),
    "a group of zeros": ([0, 0, 1, 2, 1], np.zeros((0, 5)), [[0, 0, 1, 1, 1], [0, 1, 0, 1, 1]], [0, 1]),
    "two effects and no group of zeros": (
        [0, 1, 0, 0, 1],
        np.zeros((0, 5)),
        [[0, 0, 1, 1, 1], [0, 0, 0, 1, 1]],
        [2],
    ),
    "a regressor only together with an effect": (
        [0, 1, 1, 0, 1, 1],
        column(2, 1, 1, 5, 5, 5),
        [[0, 0, 0, 1, 1, 1]],
        [0],
    ),
    "one direction hides another": (
        [0, 0, 0, 1, 2],
        np.array([[1, 0, 1, 0, 0], [1, 0.5, 0, 0, 0]], dtype=float),
        [],
        [0, 1, 2],
    ),
    "very unlike sizes": ([0, 0, 1, 2], np.array([[1e6, 0, 0, 0], [0, 1e-5, 0, 0]]), [], [0, 1]),
    "no zero": ([3, 1, 2], column(1, 0, 0), [], []),
    "no separation, and zeros on both sides of the positive rows": ([0, 1, 2, 0], column(-1, 0, 0, 1), [], []),
    "collinear regressors that only zeros tell apart": (
        [0, 0, 1, 2, 3],
        np.array([[1, 2, 3, 4, 5], [2, 4, 6, 8, 10], [1.5, 2, 3, 4, 5]], dtype=float),
        [],
        [0],
    ),
    "a chain of groups, each step of which may fall": (
        [1, 0, 1, 0, 1],
        np.zeros((0, 5)),
        [[0, 0, 1, 1, 2], [0, 1, 1, 2, 2]],
        [1, 3],
    ),
    "three effects together": (
        [0, 1, 1, 1, 1],
        np.zeros((0, 5)),
        [[0, 0, 0, 1, 1], [0, 0, 1, 0, 1], [1, 0, 0, 0, 0]],
        [0],
    ),
    "a regressor that is positive on zeros only, within one group": (
        [0, 2, 0, 1],
        column(3, 0, 0, 0),
        [[0, 0, 1, 1]],
        [0],
    ),
    "what is left after the first rows separates more": (
        [0, 0, 0, 1, 1],
        np.array([[1, 1, 0, 0, 0], [0, -1, 1, 0, 0]], dtype=float),
        [],
        [0, 1, 2],
    ),
    "all zeros but one group": ([0, 0, 0, 4, 5], np.zeros((0, 5)), [[0, 0, 0, 1, 1]], [0, 1, 2]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_kind_is_recognised(kind: str):
    values, regressors, groups, expected = KINDS[kind]
    found = find_separated(np.array(values, dtype=float), regressors, [np.array(group) for group in groups])
    assert np.flatnonzero(found).tolist() == expected


def search_all(values: np.ndarray, regressors: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Give the rows that some combination with small whole coefficients separates."""
    dummies = [(group == number).astype(float) for group in groups for number in range(group.max() + 1)]
    design = np.stack([*regressors, *dummies], axis=1)
    found = np.zeros(len(values), dtype=bool)
    weights = np.array(list(product((-2, -1, 0, 1, 2), repeat=design.shape[1])), dtype=float)
    raised = weights @ design.T
    valid = (raised[:, values > 0] == 0).all(axis=1) & (raised[:, values == 0] >= 0).all(axis=1)
    found[(raised[valid] > 0).any(axis=0)] = True
    return found & (values == 0)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_missed_and_nothing_is_invented(seed: int):
    random = np.random.default_rng(seed)
    rows = 14
    values = (random.random(rows) < 0.35) * 1.0
    regressors = random.integers(-1, 2, (2, rows)).astype(float)
    groups = [np.unique(random.integers(0, 2, rows), return_inverse=True)[1] for _ in range(2)]
    assert np.array_equal(find_separated(values, regressors, groups), search_all(values, regressors, groups))


def test_only_candidates_are_asked_about():
    values, border = np.array([0.0, 0.0, 1.0]), column(1, 0, 0)
    candidates = np.array([False, True, False])
    assert not find_separated(values, border, [], candidates).any()


def test_held_rows_are_added_until_none_is_violated(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(2)
    values = np.ones(400)
    values[:5] = 0.0
    regressors = random.normal(size=(3, 400))
    regressors[2] = regressors[0] - 2 * regressors[1]
    regressors[2, :2] += 1.0
    monkeypatch.setattr("comity.integration.gravity.separation.WHOLE", 3)
    monkeypatch.setattr("comity.integration.gravity.separation.ADDED", 2)
    assert np.flatnonzero(find_separated(values, regressors, [])).tolist() == [0, 1]


def test_zero_groups_of_any_kind_are_found():
    values = np.array([0.0, 0.0, 1.0, 0.0])
    groups = [np.array([0, 1, 1, 1]), np.array([0, 0, 0, 1])]
    assert find_zero_groups(values, groups).tolist() == [True, False, False, True]


def test_zeros_too_faint_for_the_score_to_certify_are_asked_about():
    # Rows whose means fall beneath what the systems are solved to stand still in the last step, and are separated.
    random = np.random.default_rng(1010)
    actors, years = int(random.integers(5, 10)), int(random.integers(2, 6))
    year, out, into = np.indices((years, actors, actors)).reshape(3, -1)
    value = np.exp(random.normal(0, 1, len(year))) * (random.random(len(year)) > random.choice([0.3, 0.6, 0.75]))
    table = {"exporter": out.astype(str), "importer": into.astype(str), "year": year, "value": value}
    table["x"] = random.normal(size=len(year))
    found = estimate_gravity(table, Specification(regressors=("x",), actors="as_given", errors=("robust",)))
    sample = found.sample
    left = find_separated(sample.panel.values, sample.regressors, list(sample.groups.values()))
    assert not left.any() and found.fitted.min() > 1e-8

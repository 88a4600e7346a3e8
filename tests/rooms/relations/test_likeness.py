"""Like pairs: by their figures, with what is not known left out, and none where too little is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comity.relations.features import measure_ranges, read_features
from comity.relations.likeness import FEATURES, choose_like, measure_unlikeness, read_likeness_rule

RULE = read_likeness_rule()
RANGES = np.array([4.0, 1.0, 10.0, 8.0, 5.0])


def test_unlikeness_is_gowers_coefficient():
    one, other = np.array([6.0, 1.0, 20.0, 50.0, 1.0]), np.array([8.0, 0.0, 15.0, 50.0, 2.0])
    found = measure_unlikeness(one, other[None], RANGES, [1.0, 2.0, 1.0, 1.0, 0.0], 0.6)
    assert found[0] == pytest.approx((0.5 + 2 * 1.0 + 0.5 + 0.0) / 5)
    assert measure_unlikeness(one, one[None], RANGES, [1.0] * 5, 0.6)[0] == 0.0


def test_what_is_not_known_is_left_out_and_too_little_is_not_compared():
    one = np.array([6.0, 1.0, 20.0, 50.0, 1.0])
    part, little = one + [2.0, 0, np.nan, 0, 0], one + [0, np.nan, np.nan, np.nan, 0]
    found = measure_unlikeness(one, np.array([part, little]), RANGES, [1.0] * 5, 0.6)
    assert found[0] == pytest.approx(0.5 / 4)
    assert np.isnan(found[1])


def test_the_nearest_with_about_as_much_news_are_chosen_without_the_pair_itself():
    rng = np.random.default_rng(1)
    features = rng.random((60, 5)) * RANGES
    events = np.repeat([10.0, 100.0, 1000.0], 20)
    rule = replace(RULE, nearest=10)
    chosen = choose_like(features, events, 25, RANGES, rule)
    assert len(chosen) == 10 and 25 not in chosen and all(20 <= n < 40 for n in chosen)
    unlike = measure_unlikeness(features[25], features, RANGES, [1.0] * 5, 0.6)
    assert sorted(chosen, key=lambda n: unlike[n]) == chosen
    assert max(unlike[chosen]) <= min(unlike[n] for n in range(20, 40) if n not in [*chosen, 25])


def test_too_few_like_pairs_are_none():
    features, events = np.ones((6, 5)), np.full(6, 50.0)
    assert choose_like(features, events, 0, RANGES, RULE) == []
    assert choose_like(np.full((30, 5), np.nan), np.full(30, 50.0), 0, RANGES, RULE) == []


def test_weights_can_be_given_anew():
    rng = np.random.default_rng(2)
    features, events = rng.random((40, 5)) * RANGES, np.full(40, 50.0)
    only = replace(RULE, weights={name: float(name == "distance") for name in FEATURES}, activity=1)
    chosen = choose_like(features, events, 0, RANGES, only)
    assert chosen == sorted(chosen, key=lambda n: abs(features[n, 0] - features[0, 0]))


def test_figures_of_a_pair_do_not_hang_on_which_is_named_first():
    there, back, igo = read_features([("DEU", "POL"), ("POL", "DEU"), ("IGO:EU", "POL")])
    np.testing.assert_array_equal(there, back)
    assert there[1] == 1.0 and not np.isnan(there).any()
    assert np.isnan(igo).all()
    assert all(x > 0 for x in measure_ranges())

"""A third party's part in the acts of a pair."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.triangle import identify_influence

DRIVEN = [[[0.3, 0.0, 0.0], [0.0, 0.3, 0.0], [0.5, 0.0, 0.3]]]
ALONE = [[[0.3, 0.2, 0.0], [0.2, 0.3, 0.0], [0.0, 0.0, 0.3]]]


def test_a_third_party_that_drives_the_acts_is_found_in_and_out_of_sample(courses):
    values = courses.make_var(DRIVEN, 500, seed=1)
    found = identify_influence(values[:, :2], values[:, 2:], 1)
    assert found.p_value < 1e-6 and found.block_p_value < 1e-6
    assert found.gain.low > 0 and found.gain.p_value < 1e-3
    assert found.total == pytest.approx(0.5, abs=0.1)
    assert found.block_freedom == 2


def test_a_third_party_without_a_part_is_flagged_no_more_often_than_chance(courses):
    found = []
    for seed in range(150):
        values = courses.make_var(ALONE, 150, seed=seed)
        found.append(identify_influence(values[:, :2], values[:, 2:], 2))
    for name in ("p_value", "block_p_value"):
        assert np.mean([getattr(one, name) < 0.05 for one in found]) < 0.10
    assert np.mean([one.gain.p_value < 0.05 for one in found]) < 0.10
    assert np.mean([one.gain.gain for one in found]) < 0.0


def test_a_party_that_moves_only_the_other_side_is_seen_by_the_block_alone(courses):
    values = courses.make_var(DRIVEN, 500, seed=2)[:, [1, 0, 2]]
    found = identify_influence(values[:, :2], values[:, 2:], 1)
    assert found.block_p_value < 1e-6 and found.p_value > 0.001


def test_the_same_seed_gives_the_same_result(courses):
    values = courses.make_var(DRIVEN, 200, seed=3)
    assert identify_influence(values[:, :2], values[:, 2:], 1) == identify_influence(values[:, :2], values[:, 2:], 1)


def test_other_periods_for_the_third_party_are_refused(courses):
    values = courses.make_var(DRIVEN, 100, seed=4)
    with pytest.raises(ReciprocityError, match="same periods"):
        identify_influence(values[:, :2], values[:99, 2:], 1)


def test_few_periods_say_too_little(courses):
    values = courses.make_var(DRIVEN, 25, seed=5)
    with pytest.raises(TooLittle):
        identify_influence(values[:, :2], values[:, 2:], 4)


def test_a_third_party_that_never_acts_says_too_little(courses):
    values = courses.make_var(DRIVEN, 100, seed=6)
    with pytest.raises(TooLittle, match="never varies"):
        identify_influence(values[:, :2], values[:, 2:] * 0.0, 1)

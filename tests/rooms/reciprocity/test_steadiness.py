"""Steadiness: which description predicts best, and by how much answers beat the routine."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.steadiness import AGAINST, DESCRIPTIONS, KIND, LATE, NONE, ROUTINE, identify_steadiness

RULES = {
    NONE: lambda y, x, t: 0.0,
    ROUTINE: lambda y, x, t: 0.6 * y[t - 1],
    KIND: lambda y, x, t: 0.2 * y[t - 1] + 0.5 * x[t - 1],
    LATE: lambda y, x, t: 0.2 * y[t - 1] + 0.5 * x[t - 3],
    AGAINST: lambda y, x, t: 0.2 * y[t - 1] - 0.5 * x[t - 1],
}


def make_answers(name: str, periods: int, seed: int) -> np.ndarray:
    """Give a side that answers by a rule, and the other side."""
    noise = np.random.default_rng(seed).standard_normal((periods, 2)) * 5.0
    made = np.zeros((periods, 2))
    for t in range(4, periods):
        made[t, 1] = 0.3 * made[t - 1, 1] + noise[t, 1]
        made[t, 0] = RULES[name](made[:, 0], made[:, 1], t) + noise[t, 0]
    return made


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_side_that_follows_a_rule_is_described_by_it(name):
    found = [identify_steadiness(make_answers(name, 400, seed)).whole.probabilities for seed in range(8)]
    best = [max(one, key=one.get) for one in found]
    assert best.count(name) >= 6
    assert np.mean([one[name] for one in found]) > 0.5


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_probabilities_sum_to_one_everywhere(name):
    found = identify_steadiness(make_answers(name, 300, 1))
    standings = [found.whole, *found.by_gesture.values(), *(one for _, _, one in found.by_period)]
    for standing in standings:
        if standing.probabilities:
            assert sum(standing.probabilities.values()) == pytest.approx(1.0)
            assert set(standing.probabilities) == set(DESCRIPTIONS)


def test_answers_gain_on_the_routine_and_a_routine_gains_nothing():
    answering, routine = (identify_steadiness(make_answers(name, 400, 2)).whole.gain for name in (KIND, ROUTINE))
    assert answering.low > 0 and answering.probability > 0.95
    assert routine.gain < 0.02 < answering.gain


def test_a_side_that_begins_to_answer_is_told_from_the_time_before():
    before, after = make_answers(NONE, 300, 3), make_answers(KIND, 300, 4)
    found = identify_steadiness(np.vstack([before, after]), stretches=2)
    (_, end, first), (start, last, second) = found.by_period
    assert end + 1 == start and last == 599
    assert second.probabilities[KIND] > 0.8 > first.probabilities[KIND]


def test_gestures_of_each_kind_have_their_own_standing():
    values = make_answers(KIND, 400, 5)
    found = identify_steadiness(values)
    counted = sum(one.predictions for one in found.by_gesture.values())
    assert counted == found.whole.predictions
    assert found.by_gesture["none"].probabilities == {} and found.by_gesture["none"].gain is None


def test_turning_all_signs_swaps_friendly_and_unfriendly():
    values = make_answers(KIND, 300, 6)
    here, there = identify_steadiness(values), identify_steadiness(-values)
    one, other = here.by_gesture["friendly"], there.by_gesture["unfriendly"]
    assert one.predictions == other.predictions
    assert one.gain.gain == pytest.approx(other.gain.gain)


def test_the_same_seed_gives_the_same_standing():
    values = make_answers(KIND, 200, 7)
    assert identify_steadiness(values, seed=3) == identify_steadiness(values, seed=3)


def test_one_violent_week_does_not_decide_alone():
    values = make_answers(KIND, 400, 8)
    values[350] = [-5000.0, 5000.0]
    assert identify_steadiness(values).whole.probabilities[KIND] > 0.5


@pytest.mark.parametrize(("lags", "soon", "stretches"), [(1, 1, 3), (4, 0, 3), (4, 4, 3), (4, 1, 0)])
def test_lags_that_make_no_sense_are_refused(lags, soon, stretches):
    with pytest.raises(ReciprocityError, match="soon"):
        identify_steadiness(make_answers(KIND, 100, 1), lags, soon, stretches=stretches)


@pytest.mark.parametrize("values", [np.ones((200, 2)), np.random.default_rng(0).standard_normal((25, 2))])
def test_constant_or_short_series_say_too_little(values):
    with pytest.raises(TooLittle):
        identify_steadiness(values)

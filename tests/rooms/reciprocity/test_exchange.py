"""The exchange of gestures: memory, answers found again, routine told from answers, and when a disturbance dies out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.exchange import (
    BACKGROUND,
    MARKS,
    WAITS,
    WIDTH,
    Exchange,
    Pool,
    check_answers,
    draw_rates,
    fit_pool,
    fit_rates,
    lay_design,
    lay_memory,
    measure_branching,
    split_days,
    sum_waits,
)

HOSTILE = MARKS.index(("unfriendly", 2))
KIND = MARKS.index(("friendly", 1))


def play_exchange(days: int, background: float, answer: float, seed: int, mark: int = HOSTILE) -> Exchange:
    """Give a pair in which the second side alone answers the first, day by day, after three days in the mean."""
    rng = np.random.default_rng(seed)
    gestures = np.zeros((2, days, len(MARKS)), dtype=bool)
    heard = 0.0
    for day in range(days):
        gestures[0, day, mark] = rng.random() < -np.expm1(-background)
        gestures[1, day, mark] = rng.random() < -np.expm1(-background - answer * heard)
        heard = heard * (1 - 1 / WAITS[0]) + gestures[0, day, mark] / WAITS[0]
    return Exchange(np.ones(days, dtype=bool), gestures)


@pytest.fixture(scope="module")
def answering() -> list[Exchange]:
    """Give pairs whose second side answers 60 of 100 gestures."""
    return [play_exchange(1200, 0.05, 0.6, seed) for seed in range(12)]


@pytest.fixture(scope="module")
def silent() -> list[Exchange]:
    """Give pairs in which nobody answers."""
    return [play_exchange(1200, 0.08, 0.0, 100 + seed) for seed in range(12)]


def pool_of(exchanges: list[Exchange]) -> Pool:
    """Give what the pairs have in common, from the first part of their days."""
    return fit_pool([lay_design(one, side, split_days(one)) for one in exchanges for side in (0, 1)], len(exchanges))


def test_a_gesture_is_remembered_with_weights_that_fade_and_sum_to_one() -> None:
    gestures = np.zeros((400, len(MARKS)), dtype=bool)
    gestures[0, KIND] = True
    memory = lay_memory(gestures)
    assert not memory[0].any()
    for n, wait in enumerate(WAITS):
        column = memory[:, n * len(MARKS) + KIND]
        lags = np.arange(1, 401)
        np.testing.assert_allclose(column[1:], (1 - 1 / wait) ** (lags - 1) / wait, rtol=1e-12)
        assert column.sum() == pytest.approx(1 - (1 - 1 / wait) ** 400)
    assert np.count_nonzero(memory.sum(0)) == len(WAITS)


def test_days_that_are_not_covered_count_neither_as_quiet_nor_as_answered() -> None:
    exchange = play_exchange(300, 0.1, 0.5, 1)
    covered = np.arange(300) < 200
    design = lay_design(Exchange(covered, exchange.gestures & covered[:, None]), 1)
    whole = lay_design(Exchange(covered[:200], exchange.gestures[:, :200]), 1)
    assert design.days == 200
    np.testing.assert_allclose(design.exposure, whole.exposure)


def test_the_answers_of_many_pairs_are_found_again(answering: list[Exchange], silent: list[Exchange]) -> None:
    heard = pool_of(answering).answering.reshape(len(MARKS), 2, len(WAITS), len(MARKS))[HOSTILE, 0, :, HOSTILE].sum()
    assert heard == pytest.approx(0.3, abs=0.08)  # half of the sides answer 0.6, the others nothing
    none = pool_of(silent).answering.reshape(len(MARKS), 2, len(WAITS), len(MARKS))[HOSTILE, 0, :, HOSTILE].sum()
    assert none < 0.12  # what is not there cannot fall below zero, so noise leaves a little


def test_draws_hold_the_answer_of_a_pair_as_often_as_they_say(answering: list[Exchange]) -> None:
    mean, hits = np.zeros((len(MARKS), 2 * WIDTH)), []
    mean[HOSTILE, HOSTILE] = 0.6
    for n, one in enumerate(answering):
        rates = draw_rates(lay_design(one, 1), mean, 100, np.random.default_rng(n))
        low, high = np.quantile(rates.answers[:, HOSTILE, HOSTILE], [0.05, 0.95])
        hits.append(low <= 0.6 <= high)
    assert 9 <= sum(hits)


def test_a_long_record_outweighs_what_all_pairs_say() -> None:
    mean = np.zeros((len(MARKS), 2 * WIDTH))
    mean[HOSTILE, HOSTILE] = 0.2
    found = [
        fit_rates(lay_design(play_exchange(days, 0.05, 0.6, 8), 1), mean).answers[HOSTILE, HOSTILE]
        for days in (100, 6000)
    ]
    assert found[0] < 0.45 < 0.5 < found[1] < 0.7


def test_a_pair_without_gestures_says_what_all_pairs_say_and_is_unsure(answering: list[Exchange]) -> None:
    mean = pool_of(answering).answering
    empty = Exchange(np.ones(50, dtype=bool), np.zeros((2, 50, len(MARKS)), dtype=bool))
    rates = draw_rates(lay_design(empty, 1), mean, 400, np.random.default_rng(1))
    np.testing.assert_allclose(rates.answers.mean(0), mean, atol=0.03)
    rich = draw_rates(lay_design(answering[0], 1), mean, 400, np.random.default_rng(1))
    drawn = [sum_waits(one.answers)[0][:, HOSTILE, HOSTILE] for one in (rates, rich)]
    spread = [one.std() / one.mean() for one in drawn]
    assert spread[0] > 1.3 * spread[1]


def test_draws_of_a_background_alone_follow_its_posterior() -> None:
    gestures = np.zeros((2, 100, len(MARKS)), dtype=bool)
    gestures[1, ::4, KIND] = True
    design = lay_design(Exchange(np.ones(100, dtype=bool), gestures), 1)
    drawn = draw_rates(design, np.zeros((len(MARKS), 2 * WIDTH)), 1000, np.random.default_rng(3)).background[:, KIND]
    grid = np.linspace(1e-6, 2.0, 20001)
    shape, days = BACKGROUND
    weight = 25 * np.log(-np.expm1(-grid)) - 75 * grid + (shape - 1) * np.log(grid) - days * grid
    weight = np.exp(weight - weight.max())
    mean = (grid * weight).sum() / weight.sum()
    spread = np.sqrt(((grid - mean) ** 2 * weight).sum() / weight.sum())
    assert drawn.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(450))
    assert drawn.std() == pytest.approx(spread, rel=0.15)


def test_answers_that_are_there_beat_the_routine_and_answers_that_are_not_do_not(
    answering: list[Exchange], silent: list[Exchange]
) -> None:
    pool = pool_of([*answering, *silent])
    there = [check_answers(one, 1, pool, 1) for one in answering]
    absent = [check_answers(one, 0, pool, 1) for one in answering]
    assert all(check.answers for check in there)
    assert np.mean([check.probability for check in there]) > 0.95
    assert sum(check.gain for check in absent) < 0.1 * sum(check.gain for check in there)
    ratio = sum(check.expected for check in there) / sum(check.seen for check in there)
    assert 0.9 < ratio < 1.1


def test_a_routine_answers_nothing(silent: list[Exchange]) -> None:
    pool = pool_of(silent)
    rates = fit_rates(lay_design(silent[0], 1), pool.routine)
    assert not sum_waits(rates.answers)[0].any()
    drawn = draw_rates(lay_design(silent[0], 1), pool.routine, 5, np.random.default_rng(1))
    assert not sum_waits(drawn.answers)[0].any()


def cross(value: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give a side that answers an unfriendly gesture with so many, and repeats nothing."""
    heard = np.zeros((len(MARKS), len(MARKS)))
    heard[HOSTILE, HOSTILE] = value
    return heard, np.zeros_like(heard)


def test_two_sides_multiply_a_gesture_by_the_root_of_the_product_of_their_answers() -> None:
    assert measure_branching(cross(0.5), cross(0.8)) == pytest.approx(np.sqrt(0.4))
    assert measure_branching(cross(2.0), cross(0.5)) == pytest.approx(1.0)
    assert measure_branching(cross(3.0), cross(0.0)) == pytest.approx(0.0, abs=1e-9)


def test_swapping_the_sides_changes_no_branching() -> None:
    rng = np.random.default_rng(4)
    one, other = ((rng.random((6, 6)) / 6, rng.random((6, 6)) / 6) for _ in range(2))
    assert measure_branching(one, other) == pytest.approx(float(measure_branching(other, one)))


def test_nothing_to_pool_and_no_such_side_are_said() -> None:
    with pytest.raises(TooLittle, match="no pair"):
        fit_pool([], 0)
    empty = Exchange(np.zeros(0, dtype=bool), np.zeros((2, 0, len(MARKS)), dtype=bool))
    with pytest.raises(ReciprocityError, match="side 2"):
        check_answers(empty, 2, Pool(np.zeros((6, 2 * WIDTH)), np.zeros((6, 2 * WIDTH)), 0), 1)


def test_a_record_without_any_covered_day_is_no_ground_for_answers(answering: list[Exchange]) -> None:
    days = np.zeros(30, dtype=bool)
    check = check_answers(Exchange(days, np.zeros((2, 30, len(MARKS)), dtype=bool)), 1, pool_of(answering[:2]), 1)
    assert not check.answers and check.days == 0


def test_what_is_remembered_before_a_day_does_not_hang_on_later_days(answering: list[Exchange]) -> None:
    gestures = answering[0].gestures
    later = gestures.copy()
    later[:, 500:] = ~later[:, 500:]
    np.testing.assert_array_equal(lay_memory(gestures)[:, :501], lay_memory(later)[:, :501])
    early = [lay_design(Exchange(answering[0].covered, one), 1, 500) for one in (gestures, later)]
    np.testing.assert_array_equal(early[0].rows[HOSTILE], early[1].rows[HOSTILE])

"""Predictions: from the past only, the same for the same seed, and calibrated on data from the model itself."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from comity.relations.gestures import Timing
from comity.relations.prospect import draw_counts, draw_places, draw_tones, draw_totals, expect_periods
from comity.relations.published import read_gesture_model
from comity.relations.rate import expose_periods, weigh_counts
from comity.relations.series import Tally

MODEL = read_gesture_model("goldstein")
PERIODS = 40
TIMING = Timing(7.0 * np.arange(PERIODS) + 3.5, 7.0)
EXPOSURE = np.ones(PERIODS)


def simulate(pairs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts and scores of events from the model: (pairs, periods) and (pairs, periods, scores)."""
    rng = np.random.default_rng(seed)
    kinds = [MODEL.pick_kind(kind) for kind in MODEL.kinds]
    paces = [MODEL.pick_pace(pace) for pace in MODEL.paces]
    of_kind = rng.choice(len(kinds), pairs, p=normal(kind.share for kind in MODEL.kinds))
    of_pace = rng.choice(len(paces), pairs, p=normal(pace.share for pace in MODEL.paces))
    counts, spread = np.zeros((pairs, PERIODS)), np.zeros((pairs, PERIODS, len(MODEL.scores)))
    for pair in range(pairs):
        one, other = kinds[of_kind[pair]], paces[of_pace[pair]]
        tone, rate, blur, shares = one.lay_tone(), other.lay_rate(), one.blur(), one.tilt().shares
        moves = tone.move(7.0), rate.move(7.0)
        level, pace = rng.choice(len(tone.points), p=tone.start), rng.choice(len(rate.points), p=rate.start)
        for t in range(PERIODS):
            number = rng.poisson(np.exp(rate.points[pace]) * rng.gamma(MODEL.shape, 1 / MODEL.shape))
            counts[pair, t] = number
            spread[pair, t] = rng.multinomial(number, shares[rng.choice(len(blur), p=blur[level])])
            level, pace = rng.choice(len(blur), p=moves[0][level]), rng.choice(len(moves[1]), p=moves[1][pace])
    return counts, spread


def normal(shares: Iterable[float]) -> np.ndarray:
    """Return shares that sum to one."""
    found = np.array(list(shares))
    return found / found.sum()


def tally(count: np.ndarray, spread: np.ndarray) -> Tally:
    scores = np.array(MODEL.scores)
    return Tally(count, np.round(spread @ scores, 9), np.round(spread @ scores**2, 9))


def predict(known: Tally, period: int, seed: int = 1) -> np.ndarray:
    prospect = expect_periods(known, TIMING, EXPOSURE, MODEL)
    rng = np.random.default_rng(seed)
    number = draw_counts(prospect, period, 0, 1.0, MODEL, rng)
    return draw_totals(number, draw_tones(prospect, period, 0, MODEL, rng), MODEL, rng)


def test_a_prediction_does_not_see_its_own_period():
    count, spread = simulate(20, seed=1)
    before = predict(tally(count, spread), 30)
    spread[:, 30:] = 0
    spread[:, 30:, 0] = count[:, 30:] = 7.0
    np.testing.assert_array_equal(before, predict(tally(count, spread), 30))


def test_the_same_seed_gives_the_same_bytes():
    known = tally(*simulate(10, seed=2))
    assert predict(known, 35).tobytes() == predict(known, 35).tobytes()


def test_intervals_of_the_models_own_data_hold_their_share():
    known = tally(*simulate(400, seed=3))
    inside = []
    for period in (29, 39):
        draws, value = predict(known, period), known.total[:, period]
        rng = np.random.default_rng(4)
        below = (draws < value[:, None] - 1e-9).sum(1)
        same = (np.abs(draws - value[:, None]) <= 1e-9).sum(1)
        place = (below + (same + 1) * rng.random(len(value))) / (draws.shape[1] + 1)
        inside.append(np.abs(place - 0.5) < 0.45)
    assert 0.87 < np.mean(inside) < 0.93


def test_more_coverage_brings_more_events_and_no_other_tone():
    known = tally(*simulate(100, seed=5))
    prospect = expect_periods(known, TIMING, EXPOSURE, MODEL)
    few = draw_counts(prospect, 39, 0, 1.0, MODEL, np.random.default_rng(6)).mean()
    many = draw_counts(prospect, 39, 0, 2.0, MODEL, np.random.default_rng(6)).mean()
    assert many == pytest.approx(2 * few, rel=0.1)
    doubled = expect_periods(known, TIMING, 2 * EXPOSURE, MODEL)
    np.testing.assert_array_equal(prospect.tone, doubled.tone)


def test_twice_the_news_and_twice_the_events_is_the_same_rate():
    count = np.repeat([[2.0], [5.0], [12.0]], PERIODS, axis=1)
    doubled, points = Tally(2 * count, 2 * count, 2 * count), MODEL.lay_rate().points
    once = expect_periods(Tally(count, count, count), TIMING, EXPOSURE, MODEL)
    same, more = (expect_periods(doubled, TIMING, exposure, MODEL) for exposure in (2 * EXPOSURE, EXPOSURE))
    first, second, third = (prospect.rate[:, :, -1].sum(0) @ points for prospect in (once, same, more))
    np.testing.assert_allclose(second, first, atol=0.15)
    np.testing.assert_allclose(third, first + np.log(2), atol=0.15)


def test_counts_have_the_negative_binomial_probabilities():
    rates = np.log(np.array([0.5, 3.0]))
    logs = weigh_counts(np.arange(200.0)[None, :], np.full(200, 1.5), 2.0, rates)
    np.testing.assert_allclose(np.exp(logs[0]).sum(0), 1.0, atol=1e-9)
    mean = (np.exp(logs[0]) * np.arange(200.0)[:, None]).sum(0)
    np.testing.assert_allclose(mean, [0.75, 4.5], rtol=1e-6)


def test_a_period_without_coverage_says_nothing():
    logs = weigh_counts(np.zeros((1, 3)), np.array([1.0, 0.0, 1.0]), 2.0, np.array([0.0, 1.0]))
    assert (logs[0, 1] == 0).all() and (logs[0, 0] < 0).all()


def test_exposure_is_weeks_of_usual_coverage():
    np.testing.assert_allclose(expose_periods(np.array([10.0, 0.0, 20.0]), np.full(3, 7.0), 10.0), [1.0, 0.0, 2.0])


def test_places_are_drawn_as_often_as_their_probability():
    mass = np.array([[0.2, 0.0, 0.8]])
    drawn = draw_places(mass, 20_000, np.random.default_rng(7))
    assert (drawn == 0).mean() == pytest.approx(0.2, abs=0.01) and not (drawn == 1).any()

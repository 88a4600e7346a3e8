"""Predictions: from the past only, the same for the same seed, and calibrated on data from the model itself."""

from __future__ import annotations

import numpy as np
import pytest

from comity.relations.gestures import Timing
from comity.relations.prospect import Prospect, draw_counts, draw_places, draw_tones, draw_totals, expect_periods
from comity.relations.published import read_gesture_model
from comity.relations.rate import expose_periods, weigh_counts

MODEL = read_gesture_model("goldstein")
PERIODS = 40
TIMING = Timing(7.0 * np.arange(PERIODS) + 3.5, 7.0)
EXPOSURE = np.ones(PERIODS)


def simulate(pairs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts and totals from the model."""
    rng = np.random.default_rng(seed)
    tone, rate = MODEL.lay_tone(), MODEL.lay_rate()
    level = rng.choice(len(tone.points), pairs, p=tone.start)
    pace = rng.choice(len(rate.points), pairs, p=rate.start)
    counts, totals = [], []
    for _ in range(PERIODS):
        own = draw_places(MODEL.blur(7.0)[level], 1, rng)
        scatter = rng.gamma(MODEL.shape, 1 / MODEL.shape, pairs)
        number = rng.poisson(np.exp(rate.points[pace]) * scatter)[:, None]
        counts.append(number[:, 0].astype(float))
        totals.append(draw_totals(number, own, MODEL, rng)[:, 0])
        level = draw_places(tone.move(7.0)[level], 1, rng)[:, 0]
        pace = draw_places(rate.move(7.0)[pace], 1, rng)[:, 0]
    return np.array(counts).T, np.array(totals).T


def predict(count: np.ndarray, total: np.ndarray, period: int, seed: int = 1) -> np.ndarray:
    prospect, _, _ = expect_periods(count, total, TIMING, EXPOSURE, MODEL)
    rng = np.random.default_rng(seed)
    number = draw_counts(prospect, period, 0, 1.0, MODEL, rng)
    return draw_totals(number, draw_tones(prospect, period, 0, MODEL, rng), MODEL, rng)


def test_a_prediction_does_not_see_its_own_period():
    count, total = simulate(20, seed=1)
    before = predict(count, total, 30)
    count[:, 30:], total[:, 30:] = 7.0, -70.0
    np.testing.assert_array_equal(before, predict(count, total, 30))


def test_the_same_seed_gives_the_same_bytes():
    count, total = simulate(10, seed=2)
    assert predict(count, total, 35).tobytes() == predict(count, total, 35).tobytes()


def test_intervals_of_the_models_own_data_hold_their_share():
    count, total = simulate(1500, seed=3)
    draws = predict(count, total, 39)
    value = total[:, 39]
    rng = np.random.default_rng(4)
    below = (draws < value[:, None] - 1e-9).sum(1)
    same = (np.abs(draws - value[:, None]) <= 1e-9).sum(1)
    place = (below + (same + 1) * rng.random(len(value))) / (draws.shape[1] + 1)
    assert 0.87 < (np.abs(place - 0.5) < 0.45).mean() < 0.93


def test_more_coverage_brings_more_events_and_no_other_tone():
    count, total = simulate(400, seed=5)
    prospect, _, _ = expect_periods(count, total, TIMING, EXPOSURE, MODEL)
    few = draw_counts(prospect, 39, 0, 1.0, MODEL, np.random.default_rng(6)).mean()
    many = draw_counts(prospect, 39, 0, 2.0, MODEL, np.random.default_rng(6)).mean()
    assert many == pytest.approx(2 * few, rel=0.1)
    doubled, _, _ = expect_periods(count, total, TIMING, 2 * EXPOSURE, MODEL)
    np.testing.assert_array_equal(prospect.tone, doubled.tone)


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
    assert isinstance(Prospect(mass[None], mass[None], 7.0), Prospect)

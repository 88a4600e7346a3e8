"""The model of gestures: bounded, honest with few events, blind to the future, and the same for every pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.scale import read_scale
from comity.relations.chain import Motion
from comity.relations.change import compare_levels
from comity.relations.gestures import GestureModel, Standing, Timing, estimate_standing, smooth_jointly
from comity.relations.published import read_gesture_model
from comity.relations.series import RelationsError
from comity.relations.tone import tilt_scores

MODEL = read_gesture_model("goldstein")
WEEKS = Timing(7.0 * np.arange(30) + 3.5, 7.0, 4)
FIELDS = ("mean", "low", "low50", "high50", "high")


def draw(pairs: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts and totals of scores on the scale."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(rng.gamma(0.7, 4.0, (pairs, 1)), (pairs, 30)).astype(float)
    shares = np.array(MODEL.carrier) / sum(MODEL.carrier)
    total = np.array([[rng.choice(MODEL.scores, int(n), p=shares).sum() for n in row] for row in count])
    return count, total


def turn(model: GestureModel) -> GestureModel:
    """Return the model of the scale with every score negated."""
    tone = replace(model.tone, mean=-model.tone.mean)
    scores = tuple(-x for x in reversed(model.scores))
    return replace(model, tone=tone, scores=scores, carrier=tuple(reversed(model.carrier)))


@pytest.mark.parametrize("smoothed", [False, True])
def test_intervals_lie_in_each_other_and_on_the_scale(smoothed: bool):
    standing = estimate_standing(*draw(), WEEKS, MODEL, smoothed=smoothed)
    ends = [standing.low, standing.low50, standing.high50, standing.high]
    assert all((a <= b).all() for a, b in zip(ends, ends[1:], strict=False))
    assert standing.low.min() >= -10 and standing.high.max() <= 10
    assert ((standing.low <= standing.mean) & (standing.mean <= standing.high)).all()


def test_a_pair_without_events_is_what_pairs_are_like_at_large():
    none = np.zeros((1, 30))
    standing = estimate_standing(none, none, WEEKS, MODEL)
    np.testing.assert_allclose(standing.mean, standing.mean[0, 0], atol=0.02)
    assert standing.mean[0, 0] == pytest.approx(MODEL.tone.mean, abs=0.05)
    assert standing.high[0, -1] - standing.low[0, -1] > 3.0


def test_more_events_of_the_same_tone_narrow_the_interval_and_do_not_raise_the_level():
    widths, levels = [], []
    for number in (1.0, 4.0, 16.0):
        count = np.full((1, 30), number)
        standing = estimate_standing(count, count * MODEL.tone.mean, WEEKS, MODEL)
        widths.append(float(standing.high[0, -1] - standing.low[0, -1]))
        levels.append(float(standing.mean[0, -1]))
    assert widths == sorted(widths, reverse=True)
    assert max(levels) - min(levels) < 0.5


@pytest.mark.parametrize("last", [1, 2, 7, 20])
def test_the_filtered_index_never_sees_the_future(last: int):
    count, total = draw()
    full = estimate_standing(count, total, WEEKS, MODEL)
    cut = estimate_standing(count[:, :last], total[:, :last], replace(WEEKS, days=WEEKS.days[:last]), MODEL)
    for name in (*FIELDS, "trend", "trend_variance"):
        np.testing.assert_allclose(getattr(full, name)[:, :last], getattr(cut, name), atol=1e-12)


def test_at_the_end_filtered_and_smoothed_agree():
    count, total = draw()
    then, now = (estimate_standing(count, total, WEEKS, MODEL, smoothed=s) for s in (False, True))
    for name in (*FIELDS, "trend"):
        np.testing.assert_allclose(getattr(then, name)[:, -1], getattr(now, name)[:, -1], atol=1e-12)


@pytest.mark.parametrize("smoothed", [False, True])
def test_negating_all_scores_negates_the_index(smoothed: bool):
    count, total = draw(seed=3)
    one = estimate_standing(count, total, WEEKS, MODEL, smoothed=smoothed)
    other = estimate_standing(count, -total, WEEKS, turn(MODEL), smoothed=smoothed)
    for name, mirror in (("mean", "mean"), ("low", "high"), ("low50", "high50"), ("trend", "trend")):
        np.testing.assert_allclose(getattr(one, name), -getattr(other, mirror), atol=1e-8)


@given(st.permutations(range(6)))
def test_renaming_the_pairs_only_renames_the_results(order: list[int]):
    count, total = draw()
    one = estimate_standing(count, total, WEEKS, MODEL)
    other = estimate_standing(count[order], total[order], WEEKS, MODEL)
    np.testing.assert_allclose(one.mean[order], other.mean, atol=1e-12)


def test_the_same_input_gives_the_same_bytes():
    count, total = draw()
    one, other = (estimate_standing(count, total, WEEKS, MODEL, smoothed=True) for _ in range(2))
    assert all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in FIELDS)


def test_pairs_computed_together_or_apart_agree(monkeypatch: pytest.MonkeyPatch):
    count, total = draw()
    one = estimate_standing(count, total, WEEKS, MODEL)
    monkeypatch.setattr("comity.relations.gestures.TOGETHER", 2)
    np.testing.assert_allclose(estimate_standing(count, total, WEEKS, MODEL).mean, one.mean, atol=1e-12)


def test_the_trend_is_the_joint_change_over_its_lag():
    count, total = draw(seed=5)
    standing = estimate_standing(count, total, WEEKS, MODEL, smoothed=True)
    mean, covariance = smooth_jointly(count, total, WEEKS, MODEL)
    np.testing.assert_allclose(mean, standing.mean, atol=1e-12)
    change = compare_levels(mean[2], covariance[2], 16, 20)
    assert standing.trend[2, 20] == pytest.approx(change.change / 4)
    low, high = standing.bound_trend()
    assert low[2, 20] == pytest.approx(change.low / 4) and high[2, 20] == pytest.approx(change.high / 4)


def test_the_first_period_has_no_trend():
    standing = estimate_standing(*draw(), WEEKS, MODEL)
    assert np.isnan(standing.trend[:, 0]).all() and np.isfinite(standing.trend[:, 1:]).all()


def test_a_rupture_moves_the_level_down_and_a_thaw_up_by_as_much():
    model = replace(turn(MODEL), carrier=(1.0,) * len(MODEL.scores), tone=replace(MODEL.tone, mean=0.0))
    model = replace(model, scores=tuple(np.linspace(-10, 10, len(MODEL.scores))))
    count = np.full((2, 30), 6.0)
    total = np.zeros((2, 30))
    total[0, 15:], total[1, 15:] = -36.0, 36.0
    standing: Standing = estimate_standing(count, total, WEEKS, model)
    np.testing.assert_allclose(standing.mean[0], -standing.mean[1], atol=1e-8)
    assert standing.mean[0, -1] < -3.0


def test_extreme_series_stay_finite():
    count = np.array([[0.0] * 29 + [5000.0], [5000.0] * 30])
    standing = estimate_standing(count, -10.0 * count, WEEKS, MODEL)
    assert all(np.isfinite(getattr(standing, name)).all() for name in FIELDS)
    assert standing.mean[1, -1] < -6.0


def test_each_tilted_row_has_its_level_as_mean():
    levels = MODEL.lay_tone().points
    tilt = tilt_scores(np.array(MODEL.scores), np.array(MODEL.carrier), levels)
    np.testing.assert_allclose(tilt.shares @ tilt.scores, levels, atol=1e-6)
    np.testing.assert_allclose(tilt.shares.sum(1), 1.0, atol=1e-12)


def test_the_published_scores_are_those_of_the_scale():
    scores = {row.score for row in read_scale("goldstein").rows if row.score is not None}
    assert set(MODEL.scores) == scores
    assert sum(MODEL.carrier) == pytest.approx(1.0, abs=1e-3)
    assert isinstance(MODEL.tone, Motion)


def test_a_scale_without_parameters_and_events_is_refused():
    with pytest.raises(RelationsError, match="no published parameters"):
        read_gesture_model("mine")

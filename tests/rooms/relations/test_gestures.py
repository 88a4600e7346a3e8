"""The model of gestures: bounded, honest with few events, blind to the future, and the same for every pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.events.scale import read_scale
from comity.relations.chain import Motion
from comity.relations.change import compare_levels
from comity.relations.gestures import GestureModel, Timing, follow_kinds
from comity.relations.published import read_gesture_model
from comity.relations.series import RelationsError, Tally
from comity.relations.standing import Standing, estimate_standing, follow_levels, smooth_ends, smooth_jointly
from comity.relations.tone import tilt_scores

MODEL = read_gesture_model("goldstein")
WEEKS = Timing(7.0 * np.arange(30) + 3.5, 7.0, 4)
FIELDS = ("mean", "low", "low50", "high50", "high")


def draw(pairs: int = 6, seed: int = 0) -> Tally:
    """Draw sums of scores on the scale."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(rng.gamma(0.7, 4.0, (pairs, 1)), (pairs, 30))
    shares, scores = np.array(MODEL.carrier) / sum(MODEL.carrier), np.array(MODEL.scores)
    sums = np.array([[sum_scores(rng.choice(scores, n, p=shares)) for n in row] for row in count])
    return Tally(count.astype(float), sums[..., 0], sums[..., 1])


def sum_scores(scores: np.ndarray) -> tuple[float, float]:
    """Return the sum of scores and that of their squares."""
    return float(scores.sum()), float((scores**2).sum())


def repeat(count: np.ndarray, score: float) -> Tally:
    """Return sums of events that all have one score."""
    return Tally(count, count * score, count * score**2)


def cut(tally: Tally, last: int) -> Tally:
    """Return the first periods."""
    return Tally(tally.count[:, :last], tally.total[:, :last], tally.square[:, :last])


def turn(model: GestureModel) -> GestureModel:
    """Return the model of the scale with every score negated."""
    tone = replace(model.tone, mean=-model.tone.mean)
    scores = tuple(-x for x in reversed(model.scores))
    return replace(model, tone=tone, scores=scores, carrier=tuple(reversed(model.carrier)))


@pytest.mark.parametrize("smoothed", [False, True])
def test_intervals_lie_in_each_other_and_on_the_scale(smoothed: bool):
    standing = estimate_standing(draw(), WEEKS, MODEL, smoothed=smoothed)
    ends = [standing.low, standing.low50, standing.high50, standing.high]
    assert all((a <= b).all() for a, b in zip(ends, ends[1:], strict=False))
    assert standing.low.min() >= -10 and standing.high.max() <= 10
    assert ((standing.low <= standing.mean) & (standing.mean <= standing.high)).all()


def test_a_pair_without_events_is_what_pairs_are_like_at_large():
    none = np.zeros((1, 30))
    standing = estimate_standing(Tally(none, none, none), WEEKS, MODEL)
    np.testing.assert_allclose(standing.mean, standing.mean[0, 0], atol=0.02)
    assert standing.mean[0, 0] == pytest.approx(MODEL.tone.mean, abs=0.05)
    assert standing.high[0, -1] - standing.low[0, -1] > 3.0


def test_more_events_of_the_same_tone_narrow_the_interval_and_do_not_raise_the_level():
    widths, levels = [], []
    for number in (1.0, 4.0, 16.0):
        count = np.full((1, 30), number)
        standing = estimate_standing(repeat(count, MODEL.tone.mean), WEEKS, MODEL)
        widths.append(float(standing.high[0, -1] - standing.low[0, -1]))
        levels.append(float(standing.mean[0, -1]))
    assert widths == sorted(widths, reverse=True)
    assert max(levels) - min(levels) < 0.5


@pytest.mark.parametrize("last", [1, 2, 7, 20])
def test_the_filtered_index_never_sees_the_future(last: int):
    tally = draw()
    full = estimate_standing(tally, WEEKS, MODEL)
    early = estimate_standing(cut(tally, last), replace(WEEKS, days=WEEKS.days[:last]), MODEL)
    for name in (*FIELDS, "trend", "trend_variance"):
        np.testing.assert_allclose(getattr(full, name)[:, :last], getattr(early, name), atol=1e-12)


def test_at_the_end_filtered_and_smoothed_agree():
    tally = draw()
    then, now = (estimate_standing(tally, WEEKS, MODEL, smoothed=s) for s in (False, True))
    for name in (*FIELDS, "trend"):
        np.testing.assert_allclose(getattr(then, name)[:, -1], getattr(now, name)[:, -1], atol=1e-2)


@pytest.mark.parametrize("smoothed", [False, True])
def test_negating_all_scores_negates_the_index(smoothed: bool):
    tally = draw(seed=3)
    one = estimate_standing(tally, WEEKS, MODEL, smoothed=smoothed)
    other = estimate_standing(replace(tally, total=-tally.total), WEEKS, turn(MODEL), smoothed=smoothed)
    for name, mirror in (("mean", "mean"), ("low", "high"), ("low50", "high50"), ("trend", "trend")):
        np.testing.assert_allclose(getattr(one, name), -getattr(other, mirror), atol=1e-8)


@settings(max_examples=8)
@given(st.permutations(range(6)))
def test_renaming_the_pairs_only_renames_the_results(order: list[int]):
    tally = draw()
    one = estimate_standing(tally, WEEKS, MODEL)
    other = estimate_standing(tally.take(np.array(order)), WEEKS, MODEL)
    np.testing.assert_allclose(one.mean[order], other.mean, atol=1e-12)


def test_the_same_input_gives_the_same_bytes():
    tally = draw()
    one, other = (estimate_standing(tally, WEEKS, MODEL, smoothed=True) for _ in range(2))
    assert all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in FIELDS)


def test_pairs_computed_together_or_apart_agree(monkeypatch: pytest.MonkeyPatch):
    tally = draw()
    one = estimate_standing(tally, WEEKS, MODEL)
    monkeypatch.setattr("comity.relations.standing.TOGETHER", 2)
    np.testing.assert_allclose(estimate_standing(tally, WEEKS, MODEL).mean, one.mean, atol=1e-12)


def test_the_trend_is_the_joint_change_over_its_lag():
    tally = draw(seed=5)
    standing = estimate_standing(tally, WEEKS, MODEL, smoothed=True)
    mean, covariance = smooth_jointly(tally, WEEKS, MODEL)
    np.testing.assert_allclose(mean, standing.mean, atol=1e-12)
    change = compare_levels(mean[2], covariance[2], 16, 20)
    assert standing.trend[2, 20] == pytest.approx(change.change / 4)
    low, high = standing.bound_trend()
    assert low[2, 20] == pytest.approx(change.low / 4) and high[2, 20] == pytest.approx(change.high / 4)


def test_the_first_period_has_no_trend():
    standing = estimate_standing(draw(), WEEKS, MODEL)
    assert np.isnan(standing.trend[:, 0]).all() and np.isfinite(standing.trend[:, 1:]).all()


def test_a_rupture_moves_the_level_down_and_a_thaw_up_by_as_much():
    model = replace(turn(MODEL), carrier=(1.0,) * len(MODEL.scores), tone=replace(MODEL.tone, mean=0.0))
    model = replace(model, scores=tuple(np.linspace(-10, 10, len(MODEL.scores))))
    total, square = np.zeros((2, 30)), np.full((2, 30), 6 * 36.0)
    total[0, 15:], total[1, 15:] = -36.0, 36.0
    standing: Standing = estimate_standing(Tally(np.full((2, 30), 6.0), total, square), WEEKS, model)
    np.testing.assert_allclose(standing.mean[0], -standing.mean[1], atol=1e-8)
    assert standing.mean[0, -1] < -3.0


def test_extreme_series_stay_finite():
    count = np.array([[0.0] * 29 + [5000.0], [5000.0] * 30])
    standing = estimate_standing(repeat(count, -10.0), WEEKS, MODEL)
    assert all(np.isfinite(getattr(standing, name)).all() for name in FIELDS)
    assert standing.mean[1, -1] < -6.0


def test_doubling_all_news_makes_the_index_surer_and_not_higher():
    tones = MODEL.tone.mean + np.linspace(-2.0, 2.0, 9)[:, None]
    count = np.full((9, 30), 3.0)
    once = Tally(count, count * tones, count * (tones**2 + 16.0))
    twice = Tally(2 * once.count, 2 * once.total, 2 * once.square)
    one, other = (estimate_standing(tally, WEEKS, MODEL, smoothed=True) for tally in (once, twice))
    assert abs(float((other.mean - one.mean).mean())) < 0.05
    assert float((other.high - other.low).mean()) < float((one.high - one.low).mean())


def test_levels_have_the_mean_of_the_index():
    tally = draw(seed=9)
    points = MODEL.lay_tone().points
    for smoothed in (False, True):
        mass = follow_levels(tally, WEEKS, MODEL, smoothed=smoothed)
        standing = estimate_standing(tally, WEEKS, MODEL, smoothed=smoothed)
        np.testing.assert_allclose(mass.sum(-1), 1.0, atol=1e-9)
        np.testing.assert_allclose(mass @ points, standing.mean, atol=1e-12)


def test_first_and_last_together_are_those_of_all_periods():
    tally = draw(seed=10)
    mean, covariance = smooth_jointly(tally, WEEKS, MODEL)
    ends_mean, ends, last = smooth_ends(tally, WEEKS, MODEL)
    np.testing.assert_allclose(ends_mean, mean, atol=1e-12)
    np.testing.assert_allclose(ends, covariance[:, [0, -1]][:, :, [0, -1]], atol=1e-9)
    np.testing.assert_allclose(last, follow_levels(tally, WEEKS, MODEL, smoothed=True)[:, -1], atol=1e-12)


def test_the_kind_of_a_pair_is_learned_from_its_own_events():
    periods = 60
    timing = Timing(7.0 * np.arange(periods) + 3.5, 7.0)
    narrow = repeat(np.full((1, periods), 4.0), 1.0)
    count = np.full((1, periods), 4.0)
    wide = Tally(count, np.full((1, periods), 4.0), count * 64.0)
    _, weights = follow_kinds(narrow, timing, MODEL)
    assert weights[[kind.breadth < 0 for kind in MODEL.kinds], 0, -1].sum() > 0.95
    _, weights = follow_kinds(wide, timing, MODEL)
    assert weights[[kind.breadth > 0 for kind in MODEL.kinds], 0, -1].sum() > 0.95
    np.testing.assert_allclose(weights.sum(0), 1.0, atol=1e-12)


def test_one_event_moves_the_index_toward_its_score_and_leaves_the_interval_wide():
    count = np.zeros((1, 30))
    count[0, 12] = 1.0
    before, after = (estimate_standing(repeat(count, -9.0), WEEKS, MODEL).mean[0, t] for t in (11, 12))
    assert after < before
    standing = estimate_standing(repeat(count, -9.0), WEEKS, MODEL)
    assert standing.high[0, 12] - standing.low[0, 12] > 2.0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ((1.0, float("nan"), 1.0), "not a number"),
        ((float("nan"), 0.0, 0.0), "not a number"),
        ((-1.0, 0.0, 0.0), "below zero"),
        ((0.0, 3.0, 0.0), "at odds"),
        ((2.0, 9.0, 1.0), "at odds"),
    ],
)
def test_sums_that_no_events_have_are_refused_with_their_place(wrong: tuple[float, float, float], said: str):
    arrays = [np.zeros((2, 3)) for _ in range(3)]
    for array, value in zip(arrays, wrong, strict=True):
        array[1, 2] = value
    with pytest.raises(RelationsError, match=said) as caught:
        Tally(*arrays)
    assert caught.value.where == "pair 1, period 2"


def test_arrays_of_different_shapes_are_refused():
    with pytest.raises(RelationsError, match="shapes"):
        Tally(np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 4)))


@pytest.mark.parametrize("days", [[1.0, 2.0, 2.0], [3.0, 2.0, 1.0], [1.0, float("nan"), 3.0], []])
def test_periods_out_of_order_doubled_or_missing_are_refused(days: list[float]):
    with pytest.raises(RelationsError):
        Timing(np.array(days), 7.0)


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
    assert sum(kind.share for kind in MODEL.kinds) == pytest.approx(1.0, abs=1e-3)
    assert sum(pace.share for pace in MODEL.paces) == pytest.approx(1.0, abs=1e-3)


def test_a_scale_without_parameters_and_events_is_refused():
    with pytest.raises(RelationsError, match="no published parameters"):
        read_gesture_model("mine")

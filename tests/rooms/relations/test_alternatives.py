"""Measures of the literature: bounded, monotone, blind to names, and None where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.api.view import View
from comity.events.scale import read_scale, read_types
from comity.relations.agreement import compare_alternatives, correlate_ranks, rank_values
from comity.relations.alternatives import (
    ALTERNATIVES,
    Acts,
    follow_days,
    follow_level,
    measure_acts,
    read_event_scores,
    score_alternative,
)
from comity.relations.series import RelationsError
from comity.relations.step import score_relations

LEVELS = st.floats(-9, 9)
SCORES = st.lists(st.floats(-9, 9), max_size=8)
SHARES = st.floats(0, 1)


def follow_all(level: float, scores: list[float]) -> float:
    for score in scores:
        level = follow_level(level, score)
    return level


@pytest.fixture(scope="module")
def sample() -> Iterator[tuple[Any, Any]]:
    """Give a connection to the embedded sample, and its scale."""
    with View().open() as (con, _, scale):
        yield con, scale


@pytest.fixture(scope="module")
def pairs(sample: tuple[Any, Any]) -> list[tuple[str, str]]:
    """Give the 40 directed pairs with most events."""
    query = "select sender, receiver from events group by all order by sum(weight) desc, sender, receiver limit 40"
    return sample[0].execute(query).fetchall()


@given(LEVELS, SCORES)
def test_the_recursion_never_leaves_its_bounds(level: float, scores: list[float]):
    assert -9 <= follow_all(level, scores) <= 9


@given(LEVELS, LEVELS, SCORES)
def test_a_higher_level_stays_higher_through_the_same_events(one: float, other: float, scores: list[float]):
    low, high = sorted((one, other))
    assert follow_all(low, scores) <= follow_all(high, scores) + 1e-9


@given(LEVELS, LEVELS, LEVELS)
def test_a_friendlier_event_never_gives_a_lower_level(level: float, one: float, other: float):
    low, high = sorted((one, other))
    assert follow_level(level, low) <= follow_level(level, high) + 1e-9


@given(LEVELS, SCORES)
def test_turning_level_and_events_round_turns_the_result_round(level: float, scores: list[float]):
    assert follow_all(-level, [-s for s in scores]) == pytest.approx(-follow_all(level, scores), abs=1e-9)


@given(st.floats(0, 8.9), st.floats(0.1, 1))
def test_an_event_moves_the_level_less_the_nearer_the_end(level: float, score: float):
    assert follow_level(level, score) - level <= follow_level(0.0, score) + 1e-9
    assert abs(follow_level(level, -score) - level) >= abs(follow_level(0.0, -score)) - 1e-9


@given(LEVELS, st.lists(st.floats(0, 9), min_size=2, max_size=4))
def test_events_of_one_kind_may_come_in_any_order(level: float, scores: list[float]):
    ends = [follow_all(level, list(order)) for order in permutations(scores)]
    assert max(ends) - min(ends) < 1e-8


@given(LEVELS, st.floats(0, 9), st.floats(0, 9))
def test_of_two_kinds_the_last_counts_for_more_and_by_how_much(level: float, friendly: float, unfriendly: float):
    last_friendly = follow_all(level, [-unfriendly, friendly])
    last_unfriendly = follow_all(level, [friendly, -unfriendly])
    assert last_friendly - last_unfriendly == pytest.approx(2 * friendly * unfriendly / 9, abs=1e-8)


@given(LEVELS, st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=6))
def test_a_path_of_days_stays_within_the_bounds(start: float, days: list[tuple[float, float]]):
    friendly, unfriendly = np.array(days).T[:, None, :]
    path = follow_days(friendly, unfriendly, start)
    assert (np.abs(path) <= 9).all()
    assert np.allclose(follow_days(unfriendly, friendly, -start), -path)


@given(LEVELS, st.floats(0, 9), st.floats(0, 9))
def test_a_day_of_both_kinds_is_the_mean_of_the_two_orders(start: float, friendly: float, unfriendly: float):
    day = follow_days(np.array([[friendly / 9]]), np.array([[unfriendly / 9]]), start)[0, 0]
    orders = [follow_all(start, [friendly, -unfriendly]), follow_all(start, [-unfriendly, friendly])]
    assert day == pytest.approx(np.mean(orders), abs=1e-8)


@pytest.mark.parametrize(("level", "score"), [(9.1, 0.0), (0.0, -9.5), (float("nan"), 0.0)])
def test_values_outside_the_bounds_are_refused(level: float, score: float):
    with pytest.raises(RelationsError, match="is not from -9 to 9"):
        follow_level(level, score)


def test_every_type_has_an_event_score_on_its_own_side():
    scores, types = read_event_scores().scores, read_types()
    assert set(scores) == set(types)
    side = {"friendly": 1, "neutral": 0, "unfriendly": -1}
    assert {name: np.sign(score) for name, score in scores.items()} == {n: side[t.side] for n, t in types.items()}


def test_event_scores_are_a_fiftieth_of_the_plover_scores():
    plover = {row.type: row.score for row in read_scale("plover").rows}
    for name, score in read_event_scores().scores.items():
        assert score == pytest.approx((plover[name] or 0) / 50, abs=0.005001)


def make_acts() -> Acts:
    """One pair over three days: two events, none, three events."""
    days = tuple(date(2025, 5, n) for n in (1, 2, 3))
    rows = ([2, 0, 3], [1, 0, 3], [-1.0, 0, 7.5], [2, 0, 3], [2.0, 0, 9.0], [0.1, 0, 0.3], [0.2, 0, 0])
    return Acts((("AAA", "BBB"),), days, *(np.array([row], float) for row in rows))


@pytest.mark.parametrize(
    ("name", "daily", "whole"),
    [
        ("net", [-1, 0, 7.5], 6.5),
        ("share", [0.5, np.nan, 1], 0.8),
        ("plover", [1, np.nan, 3], 2.2),
        ("tsinghua", [-0.9, -0.9, 2.07], 2.07),
    ],
)
def test_a_small_case_by_hand(name: str, daily: list[float], whole: float):
    acts = make_acts()
    assert np.allclose(measure_acts(acts, name, np.arange(3), 3), [daily], equal_nan=True)
    assert np.allclose(measure_acts(acts, name, np.zeros(3, int), 1), [[whole]])


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_renaming_the_states_only_renames(name: str, sample: tuple[Any, Any], pairs: list):
    plain = score_alternative(sample[0], pairs[:6], "week", sample[1], name)
    with View().open() as (con, _, scale):
        new = "'Z' || reverse({0}) as {0}"
        query = f"select * replace ({new.format('sender')}, {new.format('receiver')}) from events"
        con.execute(f"create temp table renamed as {query}")
        con.execute("create or replace temp view events as select * from renamed")
        names = [("Z" + a[::-1], "Z" + b[::-1]) for a, b in pairs[:6]]
        renamed = score_alternative(con, names, "week", scale, name)
    back = [r | {side: r[side][:0:-1] for side in ("sender", "receiver")} for r in renamed]
    assert back == plain


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_the_order_of_the_pairs_does_not_matter(name: str, sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    some, turned = pairs[:6], pairs[:6][::-1]
    there = {(r["sender"], r["receiver"], r["period"]): r for r in score_alternative(con, some, "week", scale, name)}
    back = {(r["sender"], r["receiver"], r["period"]): r for r in score_alternative(con, turned, "week", scale, name)}
    assert there == back


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize("name", ALTERNATIVES)
def test_values_lie_in_their_range_and_count_the_same_events(name: str, by: str, sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    rows = score_alternative(con, pairs[:4], by, scale, name)
    ranges = {"net": 1e9, "share": 1, "plover": 10, "tsinghua": 9}
    assert all(r["value"] is None or abs(r["value"]) <= ranges[name] for r in rows)
    index = score_relations(con, pairs[:4], by, scale)
    assert [(r["period"], r["until"], r["events"]) for r in rows] == [
        (r["period"], r["until"], r["events"]) for r in index
    ]


def test_net_cooperation_is_the_sum_that_the_index_shows_beside_it(sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    rows = score_alternative(con, pairs[:4], "week", scale, "net")
    index = score_relations(con, pairs[:4], "week", scale)
    assert [r["value"] for r in rows] == pytest.approx([r["net_goldstein"] for r in index])


def test_the_level_at_the_end_of_a_month_is_that_of_its_last_day(sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    days = score_alternative(con, pairs[:1], "day", scale, "tsinghua")
    months = score_alternative(con, pairs[:1], "month", scale, "tsinghua")
    # the month also holds days before the first loaded one, of which few events were reported
    assert months[-1]["value"] == pytest.approx(days[-1]["value"], abs=0.01)


def test_a_pair_without_events_has_no_share_and_a_neutral_level(sample: tuple[Any, Any]):
    con, scale = sample
    values = {n: score_alternative(con, [("X1", "X2")], "month", scale, n)[0]["value"] for n in ALTERNATIVES}
    assert values == {"net": 0, "share": None, "plover": None, "tsinghua": 0}


def test_an_unknown_measure_and_a_pair_given_twice_are_refused(sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    with pytest.raises(RelationsError, match="no measure 'mood'"):
        score_alternative(con, pairs[:1], "week", scale, "mood")
    with pytest.raises(RelationsError, match="given twice"):
        score_alternative(con, [pairs[0], pairs[0]], "week", scale, "net")
    with pytest.raises(RelationsError, match="no period 'hour'"):
        score_alternative(con, pairs[:1], "hour", scale, "net")


def test_the_comparison_says_how_far_all_measures_agree(sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    rows = compare_alternatives(con, pairs, "day", scale, draws=50)
    assert {(r["a"], r["over"]) for r in rows} >= {("index", "pairs"), ("net", "time")}
    assert len(rows) == 20
    assert all(-1 <= r["low"] <= r["correlation"] + 0.1 and r["correlation"] - 0.1 <= r["high"] <= 1 for r in rows)
    assert compare_alternatives(con, pairs, "day", scale, draws=50) == rows


def test_too_few_pairs_are_refused_and_too_few_periods_say_nothing(sample: tuple[Any, Any], pairs: list):
    con, scale = sample
    with pytest.raises(RelationsError, match="9 pairs are too few"):
        compare_alternatives(con, pairs[:9], "day", scale)
    rows = compare_alternatives(con, pairs[:12], "month", scale, draws=20)
    assert all(r["correlation"] is None for r in rows if r["over"] == "time")


def test_rank_correlation_by_hand():
    assert rank_values(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]
    assert correlate_ranks(np.array([1.0, 2, 3, 4]), np.array([1.0, 4, 9, 16])) == pytest.approx(1)
    assert correlate_ranks(np.array([1.0, 2, 3]), np.array([2.0, 1, 3])) == pytest.approx(0.5)
    assert np.isnan(correlate_ranks(np.array([1.0, 1, 1]), np.array([2.0, 1, 3])))

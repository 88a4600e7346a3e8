"""Pairs read from the event view, and the functions of the interface."""

import json

import numpy as np
import pytest

import comity
from comity.api.reciprocity import Terms
from comity.api.view import View
from comity.lexicon.errors import ComityError
from comity.reciprocity.acts import SIDES
from comity.reciprocity.errors import TooLittle
from comity.reciprocity.eventtime import Gesture
from comity.reciprocity.step import (
    bear_lags,
    choose_lags,
    find_run,
    read_busy_pairs,
    read_coded_acts,
    read_pair_acts,
    read_pairs,
)

DAILY = Terms(by="day", horizon=3)


@pytest.fixture(scope="module")
def busiest() -> tuple[str, str]:
    """Give the two parties with the most events in the embedded sample, whoever they are."""
    with View().open() as (con, _, _):
        row = con.execute(
            "select least(sender, receiver), greatest(sender, receiver) from events "
            "group by all order by sum(weight) desc, 1, 2 limit 1"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_the_longest_covered_run_is_taken_and_the_latest_of_equals():
    assert find_run([True, True, False, True]) == (0, 2)
    assert find_run([True, False, True]) == (2, 3)
    assert find_run([False]) == (0, 0)


def test_coded_acts_have_the_sign_of_what_is_not_neutral(busiest):
    with View().open() as (con, _, scale):
        coded, left_out = read_coded_acts(con, busiest, scale, "day")
        acts = read_pair_acts(con, busiest, scale)
        series = read_pairs(con, [busiest, busiest[::-1]], "day")
    assert (coded.starts, left_out) == (series.starts, series.left_out)
    for n, start in enumerate(coded.starts):
        for side in (0, 1):
            chosen = (acts.day == (start - acts.first).days) & (acts.sender == side)
            net = sum(score for score in acts.score[chosen] if not scale.neutral[0] <= score <= scale.neutral[1])
            assert coded.acts[n, side] == (0 if net > 1e-9 else 1 if net < -1e-9 else -1)
            assert coded.events[n, side] == chosen.sum()


def test_net_scores_are_those_of_the_index(busiest):
    with View().open() as (con, _, _):
        series = read_pairs(con, [busiest, busiest[::-1]], "day")
    table = comity.score_relations(*busiest, by="day").to_pylist()
    for column, pair in enumerate(series.pairs):
        net = {row["period"]: row["net_goldstein"] for row in table if (row["sender"], row["receiver"]) == pair}
        found = {start.isoformat(): value for start, value in zip(series.starts, series.values[:, column], strict=True)}
        assert found == pytest.approx({day: net[day] for day in found})
    assert series.values.shape == (len(series.starts), 2)


def test_acts_are_the_events_of_the_view(busiest):
    with View().open() as (con, _, scale):
        acts = read_pair_acts(con, busiest, scale)
    assert acts.neutral == scale.neutral
    counted = [comity.read_events(sender=a, receiver=b, since=acts.first).num_rows for a, b in (busiest, busiest[::-1])]
    assert [int((acts.sender == side).sum()) for side in (0, 1)] == counted


def test_only_pairs_with_enough_events_in_both_directions_are_read(busiest):
    with View().open() as (con, _, _):
        many, few = (read_busy_pairs(con, "day", least) for least in (30, 60))
        only = read_busy_pairs(con, "day", 1, only=busiest)
    assert set(few) < set(many)
    assert list(only) == [busiest]
    assert all(a < b for a, b in many)


def test_lags_are_bounded_by_the_periods():
    assert bear_lags(np.zeros((23, 2))) == 1
    assert bear_lags(np.zeros((5000, 2))) == 12
    assert choose_lags(np.zeros((23, 2)), 3) == 3


@pytest.mark.parametrize(
    "name", ["fit_var", "identify_granger", "identify_responses", "fit_bayes", "identify_projection"]
)
def test_every_function_gives_plain_values_and_the_same_twice(busiest, name):
    one, two = (getattr(comity, name)(*busiest, terms=DAILY) for _ in range(2))
    assert json.dumps(one, allow_nan=False) == json.dumps(two, allow_nan=False)
    assert one["pairs"] == [list(busiest), list(busiest[::-1])]
    assert one["periods"] >= 20


def test_naming_the_parties_in_the_other_order_swaps_the_tests(busiest):
    here = comity.identify_granger(*busiest, terms=DAILY)["tests"]
    there = comity.identify_granger(*busiest[::-1], terms=DAILY)["tests"]
    assert here[0]["statistic"] == pytest.approx(there[1]["statistic"])


def test_a_third_party_is_read_in_all_its_directions(busiest):
    with View().open() as (con, _, _):
        third = con.execute(
            "select sender from events where receiver in (?, ?) and sender not in (?, ?) "
            "group by 1 having count(distinct receiver) = 2 order by count(*) desc, 1 limit 1",
            [*busiest, *busiest],
        ).fetchone()[0]
    found = comity.identify_influence(*busiest, third, terms=Terms(by="day", lags=1))
    assert len(found["pairs"]) == 6
    assert 0.0 <= found["p_value"] <= 1.0


def test_many_pairs_are_compared_and_few_days_flag_few(busiest):
    found = comity.identify_pairs(terms=Terms(by="day", lags=1), least=40)
    assert len(found["finds"]) + 2 * len(found["left_out"]) >= 2 * found["pairs"] > 20
    assert np.mean([one["flagged"] for one in found["finds"]]) < 0.05


def test_answers_come_with_their_base_rate_or_say_too_little(busiest):
    said = []
    for side in SIDES:
        try:
            found = comity.identify_answers(*busiest, gesture=Gesture(side, level=3, window=3))
            said.append(found["rates"][0]["base"]["value"])
        except TooLittle as error:
            said.append(str(error))
    assert len(said) == 2


def test_three_weeks_are_too_little_for_steadiness(busiest):
    with pytest.raises(TooLittle, match="periods to predict"):
        comity.identify_steadiness(*busiest, terms=DAILY)


def test_a_party_named_twice_and_a_period_that_does_not_exist_are_refused(busiest):
    with pytest.raises(ComityError, match="are both"):
        comity.identify_granger(busiest[0], busiest[0])
    with pytest.raises(ComityError, match="no period"):
        comity.identify_granger(*busiest, terms=Terms(by="year"))

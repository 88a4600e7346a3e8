"""Strategies through the public door: the list, tournaments, and the strategies of a pair."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import comity
from comity.api.view import View, WrongUse
from comity.lexicon.errors import ComityError
from comity.reciprocity.coding import Coding
from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.identification import Beliefs
from comity.reciprocity.matches import Noise
from comity.reciprocity.tournaments import Rules

FEW = Beliefs(("TFT", "ALLC", "ALLD", "random"), action=(0.05,), report=(0.1,))


def test_the_list_names_every_strategy_with_its_source():
    rows = comity.list_strategies()
    assert len({row["name"] for row in rows}) == len(rows) >= 40
    assert all(row["definition"] and row["reference"] for row in rows)
    assert sum(row["axelrod"] is not None and row["deterministic"] for row in rows) >= 20
    json.dumps(rows)


def test_a_tournament_has_a_row_for_each_pair_or_each_strategy():
    rules = Rules(rounds=50, copies=2, noise=Noise(0.05), seed=1)
    pairs = comity.play_strategies(["TFT", "Pavlov", "ALLD"], rules=rules)
    assert pairs.num_rows == 9
    assert pairs["strategy"].to_pylist()[:4] == ["tit for tat"] * 3 + ["win-stay lose-shift"]
    sums = [sum(row[name] for name in ("cc", "cd", "dc", "dd")) for row in pairs.to_pylist()]
    assert sums == [100] * 9 == pairs["rounds"].to_pylist()
    means = comity.play_strategies(["TFT", "Pavlov", "ALLD"], rules=rules, by="strategy")
    assert means["rank"].to_pylist() == [1, 2, 3]
    assert means["score"].to_pylist() == sorted(means["score"].to_pylist(), reverse=True)
    own = [row["score"] for row in pairs.to_pylist() if row["strategy"] == means["strategy"][0].as_py()]
    assert sum(own) / 3 == pytest.approx(means["score"][0].as_py())


def test_the_same_rules_give_the_same_table():
    rules = Rules(rounds=30, noise=Noise(0.1), seed=5)
    assert comity.play_strategies(rules=rules).equals(comity.play_strategies(rules=rules))


def test_other_payoffs_give_other_scores_from_the_same_rounds():
    here, there = (
        comity.play_strategies(["TFT", "ALLD"], rules=Rules(rounds=10, payoffs=p))
        for p in (((3, 0), (5, 1)), ((4, 1), (3, 2)))
    )
    assert here["cc"].equals(there["cc"]) and here["score"].to_pylist() != there["score"].to_pylist()


def test_a_pair_of_the_sample_is_weighed_or_said_to_be_untold():
    found = comity.identify_strategies("USA", "CHN", by="day", beliefs=FEW)
    assert found["pairs"] == [["USA", "CHN"], ["CHN", "USA"]] and found["periods"] > 10
    for side in found["sides"]:
        assert side["result"] in ("identifiable", "not identifiable") and side["reason"]
        assert sum(row["probability"] for row in side["strategies"]) == pytest.approx(1.0)
        assert side["friendly"] + side["unfriendly"] + side["unseen"] == found["periods"]
    json.dumps(found, allow_nan=False)


def test_swapping_the_names_swaps_the_sides():
    here, there = (
        comity.identify_strategies(*pair, by="day", beliefs=FEW) for pair in (("USA", "CHN"), ("CHN", "USA"))
    )
    for one, other in zip(here["sides"], there["sides"][::-1], strict=True):
        assert (one["acting"], one["reason"], one["events"]) == (other["acting"], other["reason"], other["events"])
        shares = [{row["strategy"]: row["probability"] for row in side["strategies"]} for side in (one, other)]
        assert shares[0] == pytest.approx(shares[1], abs=1e-9)


def test_three_weeks_are_too_few_for_weeks():
    found = comity.identify_strategies("USA", "CHN", beliefs=FEW)
    assert {side["result"] for side in found["sides"]} == {"not identifiable"}
    assert all("20 are the least" in side["reason"] for side in found["sides"])


def test_a_quiet_period_can_be_counted_as_friendly():
    unseen = comity.identify_strategies("FRA", "DEU", by="day", beliefs=FEW)
    friendly = comity.identify_strategies("FRA", "DEU", by="day", coding=Coding(quiet="friendly"), beliefs=FEW)
    assert friendly["periods"] >= unseen["periods"] and friendly["periods_quiet"] == 0
    assert all(side["unseen"] == 0 for side in friendly["sides"])


@pytest.mark.parametrize("by", ["year", ""])
def test_an_unknown_period_is_refused(by):
    with pytest.raises(ReciprocityError, match="no period"):
        comity.identify_strategies("FRA", "DEU", by=by)


def test_unknown_words_are_refused(tmp_path: Path):
    with pytest.raises(WrongUse, match="team"):
        comity.play_strategies(by="team")
    with pytest.raises(ReciprocityError, match="tat for tit"):
        comity.play_strategies(["tat for tit"])
    with pytest.raises(WrongUse, match="both"):
        comity.identify_strategies("FRA", "France")
    with pytest.raises(ComityError):
        comity.identify_strategies("FRA", "DEU", view=View(store=tmp_path / "none"))

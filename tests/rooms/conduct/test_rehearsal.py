"""The rehearsal of a pair: laws, verdicts, and what stands beside the result."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.rooms.conduct.worlds import PARTNER, SCALE, STATE, THIRD, lay, play_record

from comity.conduct.errors import ConductError
from comity.conduct.outlook import bound_mean, bound_risk, weigh_signs
from comity.conduct.parameters import Terms, read_parameters
from comity.conduct.profile import Profile
from comity.conduct.records import spread_choice
from comity.conduct.rehearsal import Pair, rehearse_pair
from comity.conduct.repertoire import find_mark, gather_items
from comity.conduct.synopsis import choose_partners, find_other_rules, put_together
from comity.reciprocity.exchange import Exchange

TERMS = Terms(seed=3, draws=60, months=(1, 3))


@pytest.fixture(scope="module")
def records() -> Any:
    """Give a record of a state and two partners."""
    return play_record()


def rehearse(profile: Profile, records: Any, partner: str = PARTNER, terms: Terms = TERMS, **other: Any) -> Any:
    """Rehearse the rules of a profile with one partner."""
    pair = records.pick_pair(other.get("state", STATE), partner, SCALE, 5.0)
    rules = other.get("rules", profile.find_rules(PARTNER))
    back = lay(profile, profile.find_rules(PARTNER), turn(pair), terms) if other.get("both") else ()
    return rehearse_pair(pair, records.pool, (lay(profile, rules, pair, terms), back), terms)


def turn(pair: Pair) -> Pair:
    """Give the pair as the partner sees it."""
    turned = Exchange(pair.exchange.covered, pair.exchange.gestures[::-1])
    return replace(pair, exchange=turned, repertoires=pair.repertoires[::-1], weeks=pair.weeks[:, [2, 3, 0, 1, 4]])


@pytest.fixture(scope="module")
def found(profile: Profile, records: Any) -> Any:
    """Give one rehearsal."""
    return rehearse(profile, records)


def test_the_same_seed_gives_the_same_and_another_seed_another(profile: Profile, records: Any, found: Any) -> None:
    assert json.dumps(rehearse(profile, records)) == json.dumps(found)
    other = rehearse(profile, records, terms=Terms(seed=4, draws=60, months=(1, 3)))
    assert other["relations"] != found["relations"]


def test_renaming_the_parties_changes_no_digit(profile: Profile, found: Any) -> None:
    renamed = play_record(parties=("QXZ", "QMD", "QAA"))
    again = rehearse(profile, renamed, partner="QMD", state="QXZ")
    assert json.dumps(again) == json.dumps(found)


def test_no_result_hangs_on_who_else_is_rehearsed(profile: Profile, records: Any, found: Any) -> None:
    rehearse(profile, records, THIRD)
    assert rehearse(profile, records) == found


def test_both_sides_by_the_same_rules_are_the_same_from_either_side(profile: Profile, records: Any) -> None:
    pair = records.pick_pair(STATE, PARTNER, SCALE, 5.0)
    rules = profile.find_rules(PARTNER)
    plans = (lay(profile, rules, pair, TERMS), lay(profile, rules, turn(pair), TERMS))
    forth = rehearse_pair(pair, records.pool, plans, TERMS)
    back = rehearse_pair(turn(pair), records.pool, plans[::-1], TERMS)
    for name in ("relations", "spirals", "path", "escalates", "probability"):
        assert forth[name] == back[name], name
    assert forth["responses"]["state"]["answers"] == back["responses"]["partner"]["answers"]


def test_a_rule_set_without_rules_is_as_now(profile: Profile, records: Any) -> None:
    nothing = rehearse(profile, records, rules={})
    for row in nothing["relations"]:
        assert row["score"]["now"] == row["score"]["rules"] and row["score"]["difference"]["mean"] == 0.0
    assert nothing["probability"] == 0.5 and nothing["escalates"] is False
    assert nothing["branching"]["now"] == nothing["branching"]["rules"]
    assert nothing["recovery"]["now"] == nothing["recovery"]["rules"]


def test_bands_hold_each_other_and_shares_are_shares(found: Any) -> None:
    for row in found["relations"]:
        for arm in ("now", "rules"):
            said = row["score"][arm]
            assert said["low90"] <= said["low50"] <= said["median"] <= said["high50"] <= said["high90"]
            assert SCALE.low <= said["low90"] and said["high90"] <= SCALE.high
    for kind in ("unfriendly", "friendly"):
        risks = [row["rules"] for row in found["spirals"][kind]]
        assert all(0 <= one["low"] <= one["risk"] <= one["high"] <= 1 for one in risks)
        assert risks[0]["risk"] <= risks[1]["risk"]  # a longer time holds the shorter one
    assert len(found["path"]) == 3 and found["futures"] == 60


def test_more_futures_narrow_the_monte_carlo_interval(profile: Profile, records: Any) -> None:
    widths = []
    for draws in (60, 960):
        row = rehearse(profile, records, terms=Terms(seed=1, draws=draws, months=(1,)))["relations"][0]
        widths.append(row["net"]["difference"]["high"] - row["net"]["difference"]["low"])
    assert widths[1] < 0.5 * widths[0]


def test_rules_that_answer_every_criticism_more_strongly_than_today_escalate(profile: Profile) -> None:
    records = play_record(days=1000, answer=(0.0, 0.95), seed=6)  # the state lets criticism pass, the partner does not
    pair = records.pick_pair(STATE, PARTNER, SCALE, 5.0)
    plan = lay(profile, {"complaint": profile.find_rules(PARTNER)["complaint"]}, pair, TERMS)[0]
    harsh = replace(plan, marks=np.array([3]), scores=np.array([-2.0]), deadline=1, permits=plan.permits & False)
    found = rehearse_pair(pair, records.pool, ((harsh,), ()), Terms(seed=1, draws=200, months=(12,), late=0.0))
    assert found["escalates"] is True and found["recommended"] is False
    assert found["reason"].startswith("not recommended") and found["probability"] >= 0.95
    assert found["branching"]["rules"]["median"] > found["branching"]["now"]["median"]
    whole = put_together((profile, None), [{"partner": PARTNER, **found}], TERMS)
    assert whole["escalates"] is True and whole["recommended"] is False and "escalates" in whole["summary"][0]


def test_a_partner_who_answers_nothing_is_simulated_by_its_routine_and_that_is_said(profile: Profile) -> None:
    quiet = rehearse(profile, play_record(answer=0.0, seed=9))
    partner = quiet["responses"]["partner"]
    limits = {limit["id"] for limit in quiet["limits"]}
    assert ("partner-by-routine" in limits) == (not partner["answers"])
    assert {"fitted-answers-may-change", "reports-not-acts", "monte-carlo"} <= limits


@pytest.mark.parametrize("days", [0, 3, 40])
def test_a_short_record_gives_too_little_to_say_and_no_number(profile: Profile, days: int) -> None:
    found = rehearse(profile, play_record(days=days))
    assert found["verdict"] == "too little to say" and found["recommended"] is None and found["escalates"] is None
    assert all(row["score"] is None for row in found["relations"])
    assert found["limits"][0]["id"] == "too-little" and found["reason"]
    assert put_together((profile, None), [{"partner": PARTNER, **found}], TERMS)["recommended"] is None


def test_a_horizon_far_beyond_the_record_is_not_reported(profile: Profile) -> None:
    found = rehearse(profile, play_record(days=200), terms=Terms(seed=1, draws=40, months=(1, 60)))
    near, far = found["relations"]
    assert near["score"] and far["score"] is None and far["verdict"] == "too little to say"
    assert [row["verdict"] for row in found["spirals"]["friendly"]] == ["", "too little to say"]
    assert "record-too-short" in {limit["id"] for limit in found["limits"]}


def test_a_partner_nobody_has_heard_of_gives_too_little_to_say(profile: Profile, records: Any) -> None:
    assert "0 and 0 gestures" in rehearse(profile, records, partner="QZZ")["reason"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"seed": -1}, "seed"), ({"draws": 1}, "draws"), ({"draws": 10**9}, "draws"), ({"months": ()}, "no month"),
        ({"months": (0,)}, "months"), ({"months": (1.5,)}, "months"), ({"shock": 4}, "shock"), ({"late": 1.1}, "late"),
        ({"missed": -0.1}, "missed"), ({"missed": 0.9, "wrong_sign": 0.2}, "more than 1"), ({"seed": True}, "seed"),
        ({"wrong_level": float("nan")}, "wrong_level"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused_by_name(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ConductError, match=words):
        Terms(**said)


def test_terms_say_what_was_taken_as_given() -> None:
    said = Terms(seed=2, missed=0.2).describe()
    assert said["missed"] == 0.2 and said["months"] == [1, 3, 12, 60] and set(read_parameters()) < set(said)


def test_partners_are_those_asked_for_those_listed_or_the_most_active(profile: Profile) -> None:
    assert choose_partners(profile, ["QMD", "QMB", "QMC"], None, 2) == ["QMD", "QMB"]
    assert choose_partners(profile, [], ["QMC"], 2) == ["QMC"]
    with pytest.raises(ConductError, match="no rule toward"):
        choose_partners(profile, [], [STATE], 2)
    with pytest.raises(ConductError, match="no partner in the store"):
        choose_partners(profile, [], None, 2)


def test_another_profile_must_be_the_partners_own(profile: Profile) -> None:
    assert find_other_rules(profile, None, PARTNER) is None
    assert find_other_rules(profile, profile, PARTNER) is not None
    with pytest.raises(ConductError, match="not of 'QMC'"):
        find_other_rules(profile, profile.assign({STATE: PARTNER, PARTNER: STATE}), THIRD)


def test_scores_have_the_marks_of_the_published_levels() -> None:
    marks = [find_mark(score, SCALE) for score in (0.0, None, 1.0, 2.0, 2.1, 5.0, 7.0, -1.0, -2.0, -5.0, -10.0)]
    assert marks == [-1, -1, 0, 0, 1, 1, 2, 3, 3, 4, 5]


def test_a_side_without_acts_of_a_mark_makes_those_of_the_scale() -> None:
    found = gather_items([], [], SCALE, 5.0)
    assert set(found.mark) == set(range(6)) and all(code in SCALE.codes for code in found.code)
    chances = np.linspace(0, 1, 50, endpoint=False)
    for mark in range(6):
        assert set(found.mark[found.find_items(np.full(50, mark), chances)]) == {mark}


def test_small_counts_of_worse_futures_do_not_count_as_proof() -> None:
    assert weigh_signs(np.array([1.0] * 3 + [0.0] * 97), 100) == pytest.approx(0.9375)
    assert weigh_signs(np.zeros(100), 100) == 0.5
    assert weigh_signs(np.array([1.0] * 8 + [-1.0] * 8), 16) == pytest.approx(0.5)


def test_a_mean_without_values_is_missing_and_a_risk_of_none_has_an_upper_end() -> None:
    assert bound_mean(np.full(10, np.nan), 5)["mean"] is None
    none = bound_risk(np.zeros(100, dtype=bool), 100)
    assert none["risk"] == 0.0 and none["low"] == 0.0 and none["high"] > 0.01


def test_pairs_of_the_pool_are_spread_evenly() -> None:
    assert spread_choice(100, 5) == [0, 25, 50, 74, 99]
    assert spread_choice(0, 5) == []

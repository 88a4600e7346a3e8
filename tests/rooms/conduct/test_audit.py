"""The audit on hand-made histories whose answers are known: when a rule applied, what was done, how steadily."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from comity.conduct.check import parse_profile
from comity.conduct.errors import ConductError
from comity.conduct.history import Act, History, build_history
from comity.conduct.profile import Profile
from comity.conduct.step import TOO_LITTLE, audit_conduct
from comity.conduct.tables import CASES, COMPARISONS, RULES
from comity.events.scale import read_scale

Make = Callable[..., Act]
Days = Callable[[int, int], list[date]]
US, THEM, OTHER = "QMA", "QMB", "QMC"


def audit(profile: Profile, acts: Sequence[Act], covered: Sequence[date]) -> dict[str, Any]:
    """Audit a hand-made history."""
    return audit_conduct(profile, build_history(acts, covered), read_scale())


def judge(profile: Profile, acts: Sequence[Act], covered: Sequence[date]) -> dict[str, Any]:
    """Give the only case of a history."""
    cases = audit(profile, acts, covered)["cases"]
    assert len(cases) == 1
    found: dict[str, Any] = cases[0]
    return found


@pytest.mark.parametrize(
    ("day", "outcome", "days"), [(0, "none", None), (1, "kept", 1), (10, "kept", 10), (11, "none", None)]
)
def test_an_answer_counts_from_the_day_after_to_the_deadline(
    day: int, outcome: str, days: int | None, profile: Profile, make_act: Make, list_days: Days
) -> None:
    acts = [make_act(0, THEM, US, "051"), make_act(day, US, THEM, "051")]
    case = judge(profile, acts, list_days(0, 30))
    assert (case["rule"], case["partner"], case["date"], case["deadline"]) == (
        "courtesy", THEM, "2025-01-01", "2025-01-11",
    )  # fmt: skip
    assert (case["outcome"], case["days"]) == (outcome, days)


@pytest.mark.parametrize(
    ("gesture", "codes", "outcome", "answered", "exceeded"),
    [
        ("051", ["043"], "kept", True, False),  # a permitted kind
        ("051", ["043", "057"], "kept", True, True),  # more kindness does not undo it
        ("051", ["057"], "stronger", False, True),  # only something above the gesture
        ("051", ["041"], "weaker", False, False),  # milder than every permitted answer
        ("051", ["044", "041"], "weaker", False, False),
        ("051", ["111"], "none", False, False),  # on the other side
        ("051", ["010"], "none", False, False),  # neutral
        ("111", ["114"], "kept", True, False),
        ("111", ["040"], "kept", True, False),  # an offer to talk is permitted
        ("111", ["161"], "stronger", False, True),
        ("111", ["114", "161"], "stronger", True, True),  # what is above the gesture undoes the answer
        ("111", ["115"], "other", False, False),  # not above, of a kind that the rule does not name
        ("111", ["1213"], "none", False, False),  # no score: missing, not zero
        ("111", ["057"], "none", False, False),
        ("111", [], "none", False, False),
    ],
)
def test_what_was_done_is_classed_by_kind_and_level(
    gesture: str,
    codes: list[str],
    outcome: str,
    answered: bool,
    exceeded: bool,
    profile: Profile,
    make_act: Make,
    list_days: Days,
) -> None:
    acts = [make_act(0, THEM, US, gesture), *(make_act(3 + n, US, THEM, code) for n, code in enumerate(codes))]
    case = judge(profile, acts, list_days(0, 30))
    assert (case["outcome"], case["answered"], case["exceeded"]) == (outcome, answered, exceeded)
    assert case["seen"] == case["outcome"]


def test_an_answer_to_another_partner_or_by_another_is_none(profile: Profile, make_act: Make, list_days: Days) -> None:
    acts = [make_act(0, THEM, US, "051"), make_act(2, US, OTHER, "051"), make_act(2, OTHER, THEM, "051")]
    assert judge(profile, acts, list_days(0, 30))["outcome"] == "none"


def test_days_that_were_not_loaded_make_a_case_unknown(profile: Profile, make_act: Make, list_days: Days) -> None:
    gesture = make_act(0, THEM, US, "051")
    short = judge(profile, [gesture], list_days(0, 9))
    assert (short["outcome"], short["seen"]) == ("unknown", "none")
    gap = judge(profile, [gesture, make_act(2, US, THEM, "051")], [*list_days(0, 4), *list_days(6, 30)])
    assert (gap["outcome"], gap["seen"]) == ("unknown", "kept")
    assert judge(profile, [gesture], list_days(0, 10))["outcome"] == "none"


def test_unknown_cases_count_neither_way(profile: Profile, make_act: Make, list_days: Days) -> None:
    acts = [make_act(day, THEM, US, "051") for day in (0, 20, 40)] + [make_act(1, US, THEM, "051")]
    found = audit(profile, acts, list_days(0, 45))
    row = next(row for row in found["rules"] if row["rule"] == "courtesy" and row["partner"] == THEM)
    assert (row["triggers"], row["known"], row["kept"], row["none"], row["unknown"]) == (3, 2, 1, 1, 1)
    assert row["share"] == 0.5


def test_an_event_with_too_few_reports_is_no_gesture(profile: Profile, make_act: Make, list_days: Days) -> None:
    assert audit(profile, [make_act(0, THEM, US, "051", 1)], list_days(0, 30))["cases"] == []


@pytest.mark.parametrize(("apart", "triggers"), [(0, 1), (1, 1), (6, 1), (7, 0)])
def test_a_threshold_is_met_within_its_window_only(
    apart: int, triggers: int, profile: Profile, make_act: Make, list_days: Days
) -> None:
    acts = [make_act(0, THEM, US, "061"), make_act(apart, THEM, US, "060")]
    cases = audit(profile, acts, list_days(0, 30))["cases"]
    assert len(cases) == triggers
    for case in cases:
        assert case["level"] == 6.0
        assert {event["code"] for event in case["gesture"]} == {"060", "061"}


def test_while_an_answer_is_due_the_rule_does_not_apply_again(
    profile: Profile, make_act: Make, list_days: Days
) -> None:
    acts = [make_act(day, THEM, US, "051") for day in (0, 5, 10, 11)]
    cases = audit(profile, acts, list_days(0, 40))["cases"]
    assert [case["date"] for case in cases] == ["2025-01-01", "2025-01-12"]


def test_the_routine_says_how_often_the_same_act_is_seen_anyway(
    profile: Profile, make_act: Make, list_days: Days
) -> None:
    acts = [make_act(50, THEM, US, "051"), make_act(20, US, THEM, "051")]
    row = next(r for r in audit(profile, acts, list_days(0, 100))["rules"] if r["partner"] and r["rule"] == "courtesy")
    # windows (d, d+10]: d from -1 to 40 and from 60 to 90; those with day 20 in them: d from 10 to 19
    assert row["routine"] == pytest.approx(10 / (42 + 31))


def test_few_cases_give_too_little_to_say(profile: Profile, make_act: Make, list_days: Days) -> None:
    found = audit(profile, [make_act(0, THEM, US, "051")], list_days(0, 30))
    assert {row["verdict"] for row in found["rules"]} == {TOO_LITTLE}
    assert found["summary"]["text"][0].startswith("Too little to say: 1 of 1")
    assert found["summary"]["share"] == 0.0 and found["summary"]["high"] > 0.7


def test_no_history_gives_empty_tables_and_says_so(profile: Profile) -> None:
    real = profile.assign({"QMA": "AAA", "QMB": "BBB", "QMC": "CCC", "QMD": "DDD"})
    found = audit_conduct(real, build_history([]), read_scale())
    assert found["cases"] == [] and found["comparisons"] == []
    assert found["summary"]["share"] is None and found["summary"]["typical"]["share"] is None
    assert found["period"] == {"since": None, "until": None, "days_loaded": 0, "days_missing": 0}


def play(make_act: Make, partner: str, answers: str) -> list[Act]:
    """Give one courtesy every twenty days, answered where the text has a `y`."""
    acts = []
    for n, answer in enumerate(answers):
        acts.append(make_act(20 * n, partner, US, "051"))
        if answer == "y":
            acts.append(make_act(20 * n + 4, US, partner, "051"))
    return acts


def test_different_treatment_is_flagged_with_its_evidence(profile: Profile, make_act: Make, list_days: Days) -> None:
    acts = play(make_act, THEM, "yyyyyyyyyy") + play(make_act, OTHER, "nnnnnnnnnn")
    rows = audit(profile, acts, list_days(0, 220))["comparisons"]
    assert len(rows) == 1
    row = rows[0]
    assert (row["rule"], row["partner"], row["other"]) == ("courtesy", THEM, OTHER)
    assert (row["kept"], row["known"], row["other_kept"], row["other_known"]) == (10, 10, 0, 10)
    assert row["flagged"] and row["probability"] > 0.999 and row["low"] > 0
    assert row["same_answer"]
    assert len(row["evidence"][THEM]["kept"]) == 10 and row["evidence"][OTHER]["kept"] == []


@pytest.mark.parametrize(
    ("first", "second", "flags"),
    [("yyyy", "nnnn", []), ("yyyynn", "ynnyyn", [False]), ("yyyyyyyyyy", "yyyyyyyyyy", [False])],
)
def test_small_or_few_differences_are_not_flagged(
    first: str, second: str, flags: list[bool], profile: Profile, make_act: Make, list_days: Days
) -> None:
    acts = play(make_act, THEM, first) + play(make_act, OTHER, second)
    assert [row["flagged"] for row in audit(profile, acts, list_days(0, 220))["comparisons"]] == flags


def test_partners_with_another_gesture_are_not_compared_and_the_difference_is_listed(
    rules: str, make_act: Make, list_days: Days
) -> None:
    own = "partners:\n  QMC: {rules: {courtesy: {gesture: {min_reports: 3}, answer: {deadline_days: 5}}, work: off}}\n"
    profile = parse_profile(rules + own)
    acts = play(make_act, THEM, "yyyyyyyyyy") + play(make_act, OTHER, "nnnnnnnnnn")
    found = audit(profile, acts, list_days(0, 220))
    assert found["comparisons"] == []
    assert found["written_differences"] == [
        {"partner": OTHER, "rule": "courtesy", "fields": ["min_reports", "deadline_days"]},
        {"partner": OTHER, "rule": "work", "fields": ["absent"]},
    ]


def test_partners_are_compared_where_only_the_answer_is_written_differently(
    rules: str, make_act: Make, list_days: Days
) -> None:
    profile = parse_profile(rules + "partners:\n  QMC: {rules: {courtesy: {answer: {deadline_days: 5}}}}\n")
    acts = play(make_act, THEM, "yyyyy") + play(make_act, OTHER, "yyyyy")
    row = audit(profile, acts, list_days(0, 220))["comparisons"][0]
    assert not row["same_answer"]


def test_only_listed_partners_are_audited_where_the_profile_covers_those(
    rules: str, make_act: Make, list_days: Days
) -> None:
    profile = parse_profile(rules + "covers: listed\npartners:\n  QMC: {}\n")
    acts = play(make_act, THEM, "yy") + play(make_act, OTHER, "yn")
    assert {case["partner"] for case in audit(profile, acts, list_days(0, 60))["cases"]} == {OTHER}


def test_the_rows_have_the_columns_that_the_tables_say(profile: Profile, make_act: Make, list_days: Days) -> None:
    acts = play(make_act, THEM, "yyyyyyy") + play(make_act, OTHER, "nnnnnyn")
    found = audit(profile, acts, list_days(0, 220))
    for name, columns in (("cases", CASES), ("rules", RULES), ("comparisons", COMPARISONS)):
        assert found[name]
        for row in found[name]:
            assert set(row) == {column.name for column in columns}


def test_counts_of_a_row_add_up(profile: Profile, make_act: Make, list_days: Days) -> None:
    acts = play(make_act, THEM, "ynynyny") + [make_act(130, US, THEM, "057")]
    for row in audit(profile, acts, list_days(0, 125))["rules"]:
        assert row["triggers"] == row["known"] + row["unknown"]
        assert row["known"] == sum(row[name] for name in ("kept", "stronger", "other", "weaker", "none"))


def test_an_invented_state_about_which_nothing_is_known_is_refused(profile: Profile) -> None:
    with pytest.raises(ConductError, match="'Arcadia' is invented"):
        audit_conduct(profile, build_history([]), read_scale())


def test_another_scale_than_the_profiles_is_refused(profile: Profile, make_act: Make) -> None:
    with pytest.raises(ConductError, match="on the scale 'plover'"):
        audit_conduct(profile, build_history([make_act(0, THEM, US, "051")]), read_scale("plover"))


@pytest.mark.parametrize("partner", [US, "QZZ"])
def test_a_partner_without_rules_is_refused(partner: str, rules: str, make_act: Make) -> None:
    profile = parse_profile(rules + "covers: listed\npartners:\n  QMC: {}\n")
    history = build_history([make_act(0, THEM, US, "051")])
    with pytest.raises(ConductError, match="no rule toward"):
        audit_conduct(profile, history, read_scale(), [partner])


def test_a_party_that_the_profile_does_not_have_cannot_be_assigned(profile: Profile) -> None:
    with pytest.raises(ConductError, match="no party 'QME'"):
        profile.assign({"QME": "AAA"})
    with pytest.raises(ConductError, match="stands for two parties"):
        profile.assign({"QMA": "AAA", "QMB": "AAA"})


def test_a_history_without_coverage_covers_from_its_first_day_to_its_last(make_act: Make, list_days: Days) -> None:
    history = build_history([make_act(3, US, THEM, "051"), make_act(7, THEM, US, "051")])
    assert history.covered == set(list_days(3, 7)) and history.gaps == ()
    assert history.list_partners(US) == [THEM]
    assert not History({}, frozenset()).is_covered(*list_days(0, 1))

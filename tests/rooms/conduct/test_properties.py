"""Laws of conduct: names change nothing, the future changes nothing, no text breaks the check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.conduct.answer import find_excess
from comity.conduct.catalogue import read_catalogue
from comity.conduct.check import parse_profile
from comity.conduct.errors import ProfileError
from comity.conduct.example import FOLDER, list_examples
from comity.conduct.history import Act, build_history
from comity.conduct.profile import Gesture, Profile
from comity.conduct.step import audit_conduct
from comity.events.scale import read_scale
from comity.forms.bounds import find_breach

Make = Callable[..., Act]
GOOD = (Path(__file__).parent / "good.yml").read_text("utf-8")
PARTIES = ("QMA", "QMB", "QMC", "QMD")
CODES = ("051", "019", "041", "043", "057", "060", "061", "040", "111", "112", "114", "115", "161", "1213", "010")
SCALE = read_scale()
events = st.tuples(
    st.integers(0, 80), st.sampled_from(PARTIES), st.sampled_from(PARTIES), st.sampled_from(CODES), st.integers(1, 5)
).filter(lambda event: event[1] != event[2])
histories = st.lists(events, max_size=60)
SPANS = st.sets(st.integers(0, 95), max_size=6)


def rename(value: Any, names: dict[str, str]) -> Any:
    """Give a result with every actor renamed, wherever it stands."""
    if isinstance(value, dict):
        return {names.get(key, key): rename(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [rename(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def mirror(row: dict[str, Any]) -> dict[str, Any]:
    """Give a comparison with its first partner first by name."""
    if row["partner"] < row["other"]:
        return row
    flipped = dict(row, partner=row["other"], other=row["partner"], difference=-row["difference"])
    for name in ("kept", "known"):
        flipped[name], flipped[f"other_{name}"] = row[f"other_{name}"], row[name]
    return flipped | {"low": -row["high"], "high": -row["low"]}


def show(audit: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Give what must not depend on names: rows in one order, after renaming."""
    found = {name: rename(audit[name], names) for name in ("cases", "rules", "written_differences")}
    rows = {name: sorted(map(repr, row)) for name, row in found.items()}
    comparisons = [
        {key: round(value, 9) if isinstance(value, float) else value for key, value in mirror(row).items()}
        for row in rename(audit["comparisons"], names)
    ]
    summary = {key: value for key, value in audit["summary"].items() if key != "text"}
    shown = sorted(repr(sorted((k, v) for k, v in row.items() if k != "evidence")) for row in comparisons)
    return {**rows, "comparisons": shown, "summary": summary}


@settings(max_examples=40)
@given(histories, st.permutations(PARTIES), SPANS)
def test_renaming_the_parties_only_renames_the_results(
    profile: Profile, make_act: Make, acts: list[Any], order: list[str], missing: set[int]
) -> None:
    names = dict(zip(PARTIES, order, strict=True))
    made = [make_act(*event) for event in acts]
    covered = [made[0].date + timedelta(days=n - 40) for n in range(140) if n not in missing] if made else []
    renamed = [act._replace(sender=names[act.sender], receiver=names[act.receiver]) for act in made]
    if not build_history(made).list_partners("QMA"):
        return
    first = audit_conduct(profile, build_history(made, covered), SCALE)
    second = audit_conduct(profile.assign(names), build_history(renamed, covered), SCALE)
    back = {new: old for old, new in names.items()}
    assert show(second, back) == show(first, {})


@settings(max_examples=40)
@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_changes_nothing(
    profile: Profile, make_act: Make, acts: list[Any], random: Any
) -> None:
    made = [make_act(*event) for event in acts]
    if not build_history(made).list_partners("QMA"):
        return
    mixed = list(made)
    random.shuffle(mixed)
    first, second = (audit_conduct(profile, build_history(each), SCALE) for each in (made, mixed))
    assert first == second


@settings(max_examples=40)
@given(histories, st.integers(0, 80))
def test_what_comes_later_changes_no_earlier_trigger_and_no_closed_case(
    profile: Profile, make_act: Make, acts: list[Any], day: int
) -> None:
    made = [make_act(*event) for event in acts]
    start = make_act(0, "QMA", "QMB", "051").date
    covered = [start + timedelta(days=n) for n in range(100)]
    last = start + timedelta(days=day)
    known = [act for act in made if act.date <= last]
    if not build_history(known).list_partners("QMA"):
        return
    whole = audit_conduct(profile, build_history(made, covered), SCALE)["cases"]
    then = audit_conduct(profile, build_history(known, [d for d in covered if d <= last]), SCALE)["cases"]
    until = last.isoformat()
    assert [(c["date"], c["rule"], c["partner"], c["gesture"]) for c in whole if c["date"] <= until] == [
        (c["date"], c["rule"], c["partner"], c["gesture"]) for c in then
    ]
    assert [c for c in whole if c["deadline"] <= until] == [c for c in then if c["deadline"] <= until]


@settings(max_examples=40)
@given(histories)
def test_windows_of_one_rule_and_partner_never_overlap(profile: Profile, make_act: Make, acts: list[Any]) -> None:
    made = [make_act(*event) for event in acts]
    if not build_history(made).list_partners("QMA"):
        return
    cases = audit_conduct(profile, build_history(made), SCALE)["cases"]
    for rule, partner in {(case["rule"], case["partner"]) for case in cases}:
        own = [case for case in cases if (case["rule"], case["partner"]) == (rule, partner)]
        assert all(before["deadline"] < after["date"] for before, after in pairwise(own))


@given(st.sampled_from(list(read_catalogue())), st.sampled_from(SCALE.rows))
def test_no_permitted_answer_exceeds_its_gesture(name: str, row: Any) -> None:
    side = SCALE.name_side(row.score)
    if side not in ("friendly", "unfriendly"):
        return
    gesture = Gesture(frozenset([row.code]), side, abs(row.score))
    measure = read_catalogue()[name]
    level = measure.find_level(SCALE)
    assert level is not None
    if not find_excess(measure, gesture, SCALE):
        same = SCALE.name_side(level) == side
        assert abs(level) <= abs(row.score) if same else side == "unfriendly"


@settings(max_examples=150)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=12))
def test_a_spoilt_profile_is_read_or_refused_with_lines_and_nothing_else(start: int, cut: int, text: str) -> None:
    spoilt = GOOD[:start] + text + GOOD[start + cut :]
    try:
        assert parse_profile(spoilt.encode("utf-8", "replace")).id
    except ProfileError as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.what for problem in error.problems)


LINES = GOOD.splitlines()


@settings(max_examples=150)
@given(st.lists(st.integers(0, len(LINES) - 1), max_size=4), st.sampled_from(["{}", "[]", "null", "off", "[[a]]"]))
def test_a_profile_with_lines_lost_or_emptied_is_read_or_refused(lost: list[int], value: str) -> None:
    lines = list(LINES)
    for n, place in enumerate(lost):
        lines[place] = "" if n % 2 else lines[place].partition(":")[0] + ": " + value
    try:
        assert parse_profile("\n".join(lines)).id
    except ProfileError as error:
        assert all(problem.line >= 1 and problem.what for problem in error.problems)


@given(st.text(max_size=60))
def test_any_text_may_be_looked_at_for_a_breach(text: str) -> None:
    breach = find_breach(text)
    assert breach is None or breach.kind


@pytest.mark.parametrize("name", list_examples())
def test_an_example_with_other_codes_and_names_gives_the_same_rules(name: str) -> None:
    text = (FOLDER / f"{name}.yml").read_text("utf-8")
    other = text
    for old, new in (("QM", "QX"), ("Arcadia", "Elbonia"), ("Borduria", "Freedonia"), ("Caledon", "Graustark")):
        other = other.replace(old, new)
    first, second = parse_profile(text).describe(), parse_profile(other).describe()
    names = {f"QX{letter}": f"QM{letter}" for letter in "ABCD"}
    assert rename(second, names) | {"title": ""} == first | {"title": ""}

"""Checking a profile: a good one is read whole; a bad one is refused with line, field and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from comity.conduct.catalogue import read_catalogue
from comity.conduct.check import parse_profile, read_profile
from comity.conduct.errors import ConductError, ProfileError
from comity.conduct.example import list_examples, read_example
from comity.events.scale import read_scale

HERE = Path(__file__).parent
GOOD = (HERE / "good.yml").read_text("utf-8")
OWN = (HERE / "own_measure.yml").read_text("utf-8")
BAD: dict[str, dict[str, str]] = yaml.safe_load((HERE / "bad_profiles.yml").read_text("utf-8"))
BAD_OWN: dict[str, dict[str, str]] = yaml.safe_load((HERE / "bad_measures.yml").read_text("utf-8"))
INVENTED = "example: true\nparties:\n  QMA: Arcadia\n  QMB: Borduria\n  QMC: Caledon\n"


def change(text: str, old: str, new: str) -> str:
    """Give a text with one replacement, which must be possible."""
    assert old in text, old
    return text.replace(old, new, 1)


def refuse(text: str) -> ProfileError:
    """Give the error of a profile that must be refused."""
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "bad.yml")
    return caught.value


def make_real(state: str, first: str, second: str) -> str:
    """Give the good profile about real actors."""
    text = change(change(GOOD, INVENTED, ""), "state: QMA", f"state: {state}")
    return change(change(text, "QMB: {ext", f"{first}: {{ext"), "  Caledon: {}", f"  {second}: {{}}")


def test_there_are_many_bad_profiles() -> None:
    assert len(BAD) >= 80 and len(BAD_OWN) >= 25


@pytest.mark.parametrize("name", BAD)
def test_a_bad_profile_is_refused_with_its_line_and_field(name: str) -> None:
    case = BAD[name]
    text = change(GOOD, case["old"], case["new"])
    problems = refuse(text).problems
    met = [p for p in problems if str(case["said"]) in p.what and p.field.endswith(case["field"])]
    assert met, problems
    if case["line"]:
        line = text[: text.index(str(case["line"]))].count("\n") + 1
        assert line in {problem.line for problem in met}, (line, met)
    assert all(problem.todo or problem.why for problem in met)


@pytest.mark.parametrize("name", BAD_OWN)
def test_a_bad_measure_of_ones_own_is_refused(name: str) -> None:
    case = BAD_OWN[name]
    problems = refuse(GOOD + change(OWN, case["old"], case["new"])).problems
    met = [p for p in problems if case["said"] in p.what and p.field.endswith(case["field"])]
    assert met, problems
    assert all(problem.line > GOOD.count("\n") for problem in met)


def test_a_good_profile_is_read_whole() -> None:
    profile = parse_profile(GOOD)
    courtesy = profile.default["courtesy"]
    assert (profile.state, profile.example, profile.covers, profile.scale) == ("QMA", True, "all", "goldstein")
    assert courtesy.gesture.codes == {"051"} and courtesy.gesture.side == "friendly"
    assert (courtesy.gesture.level, courtesy.gesture.min_reports, courtesy.gesture.window_days) == (3.4, 2, 7)
    assert courtesy.answer.measures == ("thanks",) and courtesy.answer.deadline_days == 14
    assert profile.partners["QMB"]["courtesy"].answer.deadline_days == 5
    assert profile.partners["QMC"]["courtesy"] == courtesy
    assert profile.default["complaint"].gesture.level == 2.0


def test_a_measure_of_ones_own_that_is_declared_in_full_may_be_named() -> None:
    text = change(change(GOOD, "[ACCUSE]", "[COOPERATE]"), "[protest-note, consultations]", "[flood-drill]")
    profile = parse_profile(text + OWN)
    assert profile.default["complaint"].answer.measures == ("flood-drill",)
    assert profile.measures["flood-drill"].own
    assert "flood-drill" not in read_catalogue()


def test_a_measure_of_ones_own_is_levelled_like_any_other() -> None:
    problems = refuse(change(GOOD, "[thanks]", "[flood-drill]") + OWN).problems
    assert "'flood-drill' (6) is stronger" in problems[0].what


def test_two_measures_of_one_name_are_refused() -> None:
    entry = OWN.removeprefix("measures:\n")
    assert "'flood-drill' is there already" in str(refuse(GOOD + OWN + entry))


def test_a_section_that_extends_itself_is_a_circle_when_a_partner_needs_it() -> None:
    text = change(GOOD, "far: {extends: near}", "far: {extends: far}")
    assert "circular: far -> far" in str(refuse(change(text, "QMB: {extends: near}", "QMB: {extends: far}")))


def test_a_circle_is_found_though_no_partner_uses_it() -> None:
    assert "circular: far -> far" in str(refuse(change(GOOD, "far: {extends: near}", "far: {extends: far}")))


def test_all_problems_are_listed_in_the_order_of_lines() -> None:
    text = change(change(GOOD, "[thanks]", "[thank]"), "[ACCUSE]", "[ACUSE]")
    problems = refuse(change(text, "deadline_days: 5", "deadline_days: 0")).problems
    lines = [problem.line for problem in problems]
    assert lines == sorted(lines)
    assert len({problem.field for problem in problems}) == 3


def test_a_problem_that_is_inherited_is_told_once() -> None:
    assert len(refuse(change(GOOD, "[thanks]", "[thank]")).problems) == 1


def test_the_message_names_file_line_field_and_the_nearest() -> None:
    message = str(refuse(change(GOOD, "[thanks]", "[thank]")))
    assert "bad.yml:18:20: default.rules.courtesy.answer.measures[0]" in message
    assert "the nearest: thanks" in message


def test_an_unknown_measure_lists_the_nearest_in_the_catalogue() -> None:
    problem = refuse(change(GOOD, "[thanks]", "[recall-consultations]")).problems[0]
    assert "recall-for-consultations" in problem.todo


def test_codes_stay_as_written_without_quotes() -> None:
    assert parse_profile(change(GOOD, '["051"]', "[051]")).default["courtesy"].gesture.codes == {"051"}


def test_a_code_stands_for_the_longer_codes_that_begin_with_it() -> None:
    profile = parse_profile(change(change(GOOD, "types: [ACCUSE]", 'codes: ["112"]'), "[protest-note", "[protest-note"))
    assert profile.default["complaint"].gesture.codes == {"112", "1121", "1122", "1123", "1124", "1125"}


def test_a_band_of_scores_leaves_out_what_people_say_and_codes_without_a_score() -> None:
    text = change(GOOD, "types: [ACCUSE]", "score: {from: -7, to: -4}")
    codes = parse_profile(text).default["complaint"].gesture.codes
    assert "125" in codes and "141" not in codes and "1213" not in codes


def test_actors_are_found_by_any_code_or_name_and_no_is_a_state() -> None:
    profile = parse_profile(make_real("NO", "Sweden", "IGO:EU"))
    assert profile.state == "NOR"
    assert set(profile.partners) == {"SWE", "IGO:EU"}
    assert not profile.example


@pytest.mark.parametrize("name", ["Polnd", "Korea", "''", "QMB", "Europe"])
def test_an_unknown_or_ambiguous_actor_is_refused_where_it_stands(name: str) -> None:
    text = make_real("Norway", "Sweden", name)
    problems = refuse(text).problems
    assert len(problems) == 1
    assert problems[0].line == text[: text.index(f"  {name}: {{}}")].count("\n") + 1


def test_an_inherited_rule_is_switched_off_and_measures_and_kinds_are_one_choice() -> None:
    exception = "{rules: {courtesy: off, complaint: {answer: {kinds: [representation]}}}}"
    profile = parse_profile(change(GOOD, "Caledon: {}", f"Caledon: {exception}"))
    rules = profile.partners["QMC"]
    assert set(rules) == {"complaint"}
    assert {profile.measures[name].kind for name in rules["complaint"].answer.measures} == {"representation"}


def test_extending_none_begins_anew() -> None:
    assert parse_profile(change(GOOD, "QMB: {extends: near}", "QMB: {extends: none}")).partners["QMB"] == {}


def test_a_friendly_answer_to_an_unfriendly_gesture_never_exceeds_it() -> None:
    text = change(GOOD, "[protest-note, consultations]", "[sign-agreement, negotiate, express-regret]")
    assert "negotiate" in parse_profile(text).default["complaint"].answer.measures


def test_a_kind_stands_for_those_of_its_measures_that_do_not_exceed_the_gesture() -> None:
    profile = parse_profile(change(GOOD, "measures: [thanks]", "kinds: [contact]"))
    names, scale = profile.default["courtesy"].answer.measures, read_scale()
    levels = [profile.measures[name].find_level(scale) for name in names]
    assert levels and all(level is not None and level <= 3.4 for level in levels)
    assert "establish-relations" not in names and "receive-visit" in names


def test_levels_are_compared_on_the_scale_that_the_profile_names() -> None:
    text = change(GOOD, "[thanks]", "[telephone-call]")
    assert parse_profile(text).default["courtesy"].gesture.level == 3.4
    on_plover = change(text, "scale: goldstein", "scale: plover")
    assert parse_profile(on_plover).default["courtesy"].gesture.level == 5.0


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"- 1\n- 2\n", b"only text", b"a: 1\n---\nb: 2\n", b"[" * 200])
def test_what_is_no_profile_is_refused_with_a_line(data: bytes) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(data, "odd.yml")
    assert caught.value.problems[0].line >= 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConductError, match="cannot be read"):
        read_profile(tmp_path / "none.yml")


def test_a_very_large_file_is_refused() -> None:
    assert "more than" in str(refuse("#" * 1_000_001))


@pytest.mark.parametrize("name", list_examples())
def test_every_example_is_in_order_and_about_invented_states(name: str) -> None:
    profile = parse_profile(read_example(name), name)
    assert profile.example
    assert all(code.startswith("Q") for code in profile.names)
    assert any([profile.default, *profile.partners.values()])


def test_there_are_three_examples_and_no_other() -> None:
    assert len(list_examples()) == 3
    with pytest.raises(ConductError, match="no example 'ruritania'"):
        read_example("ruritania")

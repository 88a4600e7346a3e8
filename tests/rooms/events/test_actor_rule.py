"""The actor rule, exactly as it is published: who is a state, who is an organisation, and why others are neither."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.actor_rule import NO_ACTOR, REASONS, judge_cameo, judge_name
from comity.lexicon import (
    ComityError,
    find_actor,
    get_actor,
    identify_actor,
    list_cameo_igos,
    list_cameo_regions,
    list_cameo_states,
    read_actors,
)
from comity.sources.vendor import ACTOR_FIELDS, TAB

STATES, ORGANISATIONS, AREAS = list_cameo_states(), list_cameo_igos(), list_cameo_regions()


def judge(**fields: str) -> tuple[str | None, str]:
    assert set(fields) <= set(ACTOR_FIELDS)
    return judge_cameo(TAB.join(fields.get(name, "").encode() for name in ACTOR_FIELDS))


@pytest.mark.parametrize("type1", ["", "GOV", "MIL"])
@pytest.mark.parametrize("country", sorted(STATES))
def test_a_states_code_with_no_type_government_or_military_is_the_state(country: str, type1: str) -> None:
    assert judge(country=country, type1=type1) == (STATES[country], "")


@pytest.mark.parametrize("group", sorted(ORGANISATIONS))
def test_an_organisations_code_with_its_type_is_the_organisation(group: str) -> None:
    assert judge(group=group, type1="IGO") == (ORGANISATIONS[group], "")
    assert get_actor(ORGANISATIONS[group]).kind == "igo"


def test_marks_of_place_and_people_do_not_unmake_an_organisation() -> None:
    assert judge(group="EEC", type1="IGO", country="EUR", ethnic="x", religion1="CHR") == ("IGO:EU", "")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, NO_ACTOR),
        ({"country": "EUR"}, "region"),
        ({"country": "AFR", "type1": "GOV"}, "region"),
        ({"country": "SEA"}, "region"),
        ({"country": "HKG"}, "territory"),
        ({"country": "GRL", "type1": "MIL"}, "territory"),
        ({"type1": "GOV"}, "no_country"),
        ({"type1": "MIL"}, "no_country"),
        ({"country": "ZZZ"}, "unknown_code"),
        ({"country": "deu"}, "unknown_code"),
        ({"country": "DEU "}, "unknown_code"),
        ({"country": "DEUGOV"}, "unknown_code"),
        ({"country": "D\ufffdU"}, "unknown_code"),
        ({"country": "DEU", "group": "UNO"}, "known_group"),
        ({"group": "UNO"}, "known_group"),
        ({"group": "ALQ", "type1": "GOV"}, "known_group"),
        ({"country": "DEU", "ethnic": "KUR"}, "ethnic_group"),
        ({"ethnic": "KUR"}, "ethnic_group"),
        ({"country": "DEU", "religion1": "CHR"}, "religious_group"),
        ({"country": "DEU", "religion2": "CTH", "type1": "GOV"}, "religious_group"),
        ({"religion1": "JEW"}, "religious_group"),
        ({"country": "DEU", "type1": "MED"}, "media"),
        ({"type1": "MED"}, "media"),
        ({"country": "DEU", "type1": "PTY"}, "party"),
        ({"country": "USA", "type1": "BUS"}, "business"),
        ({"type1": "MNC"}, "business"),
        ({"country": "COL", "type1": "REB"}, "armed_group"),
        ({"country": "COL", "type1": "SEP"}, "armed_group"),
        ({"country": "COL", "type1": "UAF"}, "armed_group"),
        ({"type1": "NGO"}, "non_governmental"),
        ({"group": "AMN", "type1": "NGO"}, "non_governmental"),
        ({"country": "DEU", "type1": "LEG"}, "person_or_role"),
        ({"country": "DEU", "type1": "JUD"}, "person_or_role"),
        ({"country": "DEU", "type1": "COP"}, "person_or_role"),
        ({"country": "DEU", "type1": "OPP"}, "person_or_role"),
        ({"country": "DEU", "type1": "EDU"}, "person_or_role"),
        ({"country": "DEU", "type1": "CVL"}, "person_or_role"),
        ({"country": "DEU", "type1": "SPY"}, "person_or_role"),
        ({"country": "DEU", "type1": "gov"}, "person_or_role"),
        ({"country": "DEU", "type1": "IGO"}, "unnamed_organisation"),
        ({"type1": "IGO"}, "unnamed_organisation"),
        ({"group": "ALQ", "type1": "IGO"}, "unknown_organisation"),
        ({"group": "eec", "type1": "IGO"}, "unknown_organisation"),
        ({"country": "D\x1fU"}, "unknown_code"),
        ({"ethnic": "\t\t", "country": "DEU"}, "unknown_code"),
    ],
)
def test_everybody_else_is_none_and_the_reason_is_told(fields: dict[str, str], reason: str) -> None:
    assert judge(**fields) == (None, reason)


def test_a_code_that_was_given_up_means_the_state_of_today() -> None:
    assert judge(country="ROM") == ("ROU", "")
    assert judge(country="TMP") == ("TLS", "")


FIELD = {
    "country": st.sampled_from([*sorted(STATES)[::20], *sorted(AREAS)[::10], "", "ZZZ"]),
    "group": st.sampled_from([*sorted(ORGANISATIONS)[::10], "", "", "ALQ"]),
    "ethnic": st.sampled_from(["", "", "KUR"]),
    "religion1": st.sampled_from(["", "", "CHR"]),
    "religion2": st.sampled_from(["", "", "CTH"]),
    "type1": st.sampled_from(["", "GOV", "MIL", "IGO", "MED", "LEG", "GOVX", "XX"]),
}


@given(st.fixed_dictionaries(FIELD))
def test_an_actor_is_one_exactly_when_the_rule_says_so(fields: dict[str, str]) -> None:
    actor, reason = judge(**fields)
    marks = fields["group"] + fields["ethnic"] + fields["religion1"] + fields["religion2"]
    state = fields["country"] in STATES and fields["type1"] in ("", "GOV", "MIL") and not marks
    organisation = fields["type1"] == "IGO" and fields["group"] in ORGANISATIONS
    assert (actor is not None) == (state or organisation)
    if state:
        assert actor == STATES[fields["country"]]
    if organisation:
        assert actor == ORGANISATIONS[fields["group"]]


@given(st.binary(max_size=40))
def test_any_bytes_give_an_actor_or_a_reason_and_never_both(key: bytes) -> None:
    actor, reason = judge_cameo(key)
    assert (actor is None) == (reason != "")
    assert reason in (*REASONS, NO_ACTOR, "")


@given(st.binary(max_size=20) | st.sampled_from([b"DEU", b"Germany", b" Poland ", b"fips:PL"]))
def test_any_name_gives_an_actor_or_a_reason_and_never_both(name: bytes) -> None:
    actor, reason = judge_name(name)
    assert (actor is None) == (reason != "")
    assert reason in ("unknown_code", NO_ACTOR, "")


@given(st.text(max_size=12) | st.sampled_from([name for actor in read_actors() for name in (actor.id, actor.name)]))
def test_a_name_is_found_as_on_the_command_line(name: str) -> None:
    try:
        expected = identify_actor(name)
    except ComityError:
        expected = None
    assert find_actor(name) == expected


def test_a_name_of_several_actors_is_none() -> None:
    assert judge_name(b"Congo") == (None, "unknown_code")


def test_no_code_means_both_an_actor_and_an_area() -> None:
    assert not set(STATES) & set(AREAS)


def test_each_reason_can_be_told_from_the_others() -> None:
    assert len(set(REASONS)) == len(REASONS)
    assert all(a == b or not a.startswith(b + "_") for a, b in itertools.product(REASONS, REASONS))

"""Events that may bear on a commitment are suggested with a reason, and nothing is recorded."""

from datetime import date

import pytest
from tests.specimens.promises import START, TODAY, make_assessment, make_commitment, make_standing

from comity.commitments.following import follow_commitments
from comity.commitments.register.rules import FIELDS
from comity.commitments.suggestions import read_matches, suggest_evidence
from comity.events.scale import list_scales, read_scale


def make_event(**given: object) -> dict[str, object]:
    event = {"date": date(2023, 5, 1), "sender": "NOR", "receiver": "SWE", "code": "057", "type": "AGREE"}
    return event | {"label": "Sign", "reports": 3, "url": "https://example.org/n"} | given


def suggest(*events: dict[str, object], said=()) -> list[dict[str, object]]:
    followed = follow_commitments(make_standing([make_commitment("a", "NOR")], (), said), TODAY)
    return suggest_evidence(followed, {"pact": ("NOR", "SWE")}, {"pact": START}, events)


def test_an_event_of_the_party_toward_the_other_is_a_suggestion_with_a_reason():
    (one,) = suggest(make_event())
    assert (one["kind"], one["direction"], one["link"]) == ("suggestion", "for", "https://example.org/n")
    assert "not verified" in str(one["reason"])


def test_both_directions_of_the_scale_are_suggested_alike():
    assert [one["direction"] for one in suggest(make_event(code="1211", type="REJECT"))] == ["against"]


def test_events_of_others_and_from_before_are_none():
    assert not suggest(make_event(sender="SWE", receiver="NOR"), make_event(receiver="DNK"))
    assert not suggest(make_event(date=date(2019, 1, 1)), make_event(code="010", type="STATEMENT"))


def test_what_is_fulfilled_needs_no_suggestion():
    assert not suggest(make_event(), said=[make_assessment("a", "done")])


def test_a_code_near_the_field_comes_before_a_type_and_few_are_given():
    events = [make_event(code="030", type="COOPERATE", reports=50, label=str(n)) for n in range(9)]
    found = suggest(*events, make_event())
    assert found[0]["code"] == "057" and len(found) == 5


def test_every_field_of_the_register_has_its_matches():
    assert set(read_matches()) == set(FIELDS)


@pytest.mark.parametrize("scale", list_scales())
def test_no_code_stands_on_the_other_side_than_its_published_score(scale: str):
    wanted = {"for": 1, "against": -1}
    scored = [row for row in read_scale(scale).rows if row.score]
    events = [make_event(code=row.code, type=row.type, label=str(row.score)) for row in scored]
    commitments = [make_commitment(field, "NOR", field=field) for field in FIELDS]
    followed = follow_commitments(make_standing(commitments), TODAY)
    found = suggest_evidence(followed, {"pact": ("NOR", "SWE")}, {"pact": START}, events, most=len(events))
    assert {one["direction"] for one in found} == set(wanted) and len(scored) > 200
    assert [one for one in found if wanted[one["direction"]] * float(one["label"]) <= 0] == []


def test_who_returns_or_releases_is_not_told_to_oppose():
    (one,) = suggest(make_event(code="084", type="RETREAT", label="Return or release"))
    assert one["direction"] == "for"

"""Laws of the register: parties are alike, the past never changes, the same gives the same, missing is not zero."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.promises import (
    TODAY,
    make_assessment,
    make_commitment,
    make_evidence,
    make_register,
    make_standing,
)
from tests.specimens.registers import make_template

from comity.api.follow import (
    describe_register,
    estimate_followthrough,
    estimate_fulfilment,
    follow_register,
    list_due_commitments,
    write_due_calendar,
    write_register_status,
)
from comity.api.register_view import RegisterView
from comity.commitments.following import count_states, describe_followed, follow_commitments
from comity.commitments.followthrough import list_responses
from comity.commitments.outlook import estimate_outlook
from comity.commitments.records import Record, Standing
from comity.commitments.register import open_register, read_head, record_entries
from comity.commitments.reminders import write_reminders
from comity.lexicon import get_actor

PAST = date(2022, 6, 1)
NOR, SWE, RENAMED = "NOR", "SWE", ("ZMB", "AUT")


def list_records(standing: Standing) -> list[Record]:
    kinds = (standing.agreements, standing.articles, standing.commitments, standing.evidence, standing.assessments)
    return [record for kind in kinds for record in kind]


def make_place(folder: Path, records: Iterable[Record], name: str = "register.db") -> Path:
    """Give a register of its own that holds the records."""
    place = folder / name
    place.write_bytes(make_template())
    record(place, records)
    return place


def record(place: Path, records: Iterable[Record]) -> str:
    """Record, with all seen that is there; give the moment of the last entry."""
    with open_register(place) as opened:
        receipt = record_entries(opened, list(records), seen=read_head(opened))
    assert receipt.recorded_at is not None and receipt.unchanged == 0
    return receipt.recorded_at.isoformat()


VIEWS: Mapping[str, Callable[[RegisterView], Any]] = {
    "status": follow_register,
    "due": lambda asked: list_due_commitments(asked, within=400),
    "outlook": estimate_fulfilment,
    "section": describe_register,
    "calendar": lambda asked: write_due_calendar(asked).decode().replace("\r\n ", ""),  # lines in their full length
}


def look(asked: RegisterView, *others: str) -> dict[str, Any]:
    """Give all that can be seen of a register, as plain values; how much was known by then is no view."""
    seen = {name: view(asked) for name, view in VIEWS.items()}
    seen |= {name: estimate_followthrough(asked) for name in others}
    seen["section"] = {name: said for name, said in seen["section"].items() if name != "known"}
    return seen


def rename(value: Any, names: Mapping[str, str]) -> Any:
    """Give a view under other names: ids, names and offices; lists that are by party are put in their order."""
    everything = {**names, **{get_actor(old).name: get_actor(new).name for old, new in names.items()}}
    pattern = re.compile("|".join(rf"\b{re.escape(old)}\b" for old in everything))
    return json.loads(pattern.sub(lambda found: everything[found[0]], json.dumps(value)))


def sort_parties(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Give a view with what is listed by party in order of the parties."""
    sorted_by_party = json.loads(json.dumps(seen))
    for name in ("status", "section"):
        sorted_by_party[name]["parties"].sort(key=lambda row: row["party"])
    if "through" in sorted_by_party:
        sorted_by_party["through"]["rows"].sort(key=lambda row: (row["party"], row["field"] or ""))
    return sorted_by_party


# --- parties are alike ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parties", [(SWE, NOR), RENAMED], ids=["swapped", "renamed"])
def test_other_names_of_the_parties_change_the_names_and_nothing_else(parties: tuple[str, str], tmp_path: Path):
    names = dict(zip((NOR, SWE), parties, strict=True))
    places = []
    for n, each in enumerate(((NOR, SWE), parties)):
        more: list[Record] = [make_assessment("h-begun", "late"), make_commitment("j-open", each[1])]
        more.append(make_commitment("k-waits", each[0], depends_on=("e-late", "j-open")))
        places.append(make_place(tmp_path, [*list_records(make_register(*each)), *more], f"{n}.db"))
    one, other = (look(RegisterView(place, TODAY), "through") for place in places)
    assert one != other
    assert sort_parties(rename(one, names)) == sort_parties(other)


def test_a_question_about_one_party_is_answered_as_about_the_other_under_its_name(tmp_path: Path):
    turns = ((NOR, SWE), (SWE, NOR))
    places = [make_place(tmp_path, list_records(make_register(*each)), f"{each[0]}.db") for each in turns]
    asked = [look(RegisterView(place, TODAY, party=party)) for place, party in zip(places, (NOR, SWE), strict=True)]
    assert sort_parties(rename(asked[0], {NOR: SWE, SWE: NOR})) == sort_parties(asked[1])
    pair = [look(RegisterView(places[0], TODAY, party=a, partner=b)) for a, b in ((NOR, SWE), (SWE, NOR))]
    assert pair[0] == pair[1]


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """Draw what three parties owe: days, readings and judgements of every kind, or none of them."""
    parties = ("DNK", "NOR", "SWE")
    commitments, evidence, assessments = [], [], []
    for number in range(draw(st.integers(1, 6))):
        name, due = f"c{number}", draw(st.none() | st.dates(date(2022, 1, 1), date(2026, 1, 1)))
        before = [row.id for row in commitments]
        needs = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        party = draw(st.sampled_from(parties))
        commitments.append(make_commitment(name, party, due=due, depends_on=tuple(needs)))
        for value in draw(st.lists(st.sampled_from(["done", "late", "broken"]), max_size=2)):
            day = draw(st.dates(date(2021, 1, 1), date(2024, 1, 1)))
            assessments.append(make_assessment(name, value, day=day, coder=draw(st.sampled_from(["one", "two"]))))
        if draw(st.booleans()):
            evidence.append(make_evidence(name, direction=draw(st.sampled_from(["for", "against", "neither"]))))
    once = {row.id: row for row in assessments}
    return make_standing(commitments, evidence, once.values(), parties)


def see(standing: Standing, on: date) -> dict[str, Any]:
    """Give what a standing tells of each commitment."""
    followed = follow_commitments(standing, on)
    return {
        "rows": [describe_followed(row) for row in followed],
        "parties": sorted(count_states(followed), key=lambda row: row["party"]),
        "outlook": estimate_outlook(standing, on),
        "told": [message.as_dict() for message in write_reminders(followed, on)],
    }


def rename_standing(standing: Standing, names: Mapping[str, str]) -> Standing:
    """Give the same standing under other names."""
    agreements = tuple(replace(row, parties=tuple(names[p] for p in row.parties)) for row in standing.agreements)
    commitments = tuple(
        replace(row, party=names[row.party], owner=f"office of {names[row.party]}") for row in standing.commitments
    )
    return replace(standing, agreements=agreements, commitments=commitments)


@settings(max_examples=12)
@given(standing=standings(), names=st.permutations(["DNK", "NOR", "SWE"]), days=st.integers(-900, 900))
def test_names_that_go_round_among_parties_take_everything_with_them(standing: Standing, names: list[str], days: int):
    round_ = dict(zip(("DNK", "NOR", "SWE"), names, strict=True))
    on = TODAY + timedelta(days=days)
    wanted, found = rename(see(standing, on), round_), see(rename_standing(standing, round_), on)
    wanted["parties"].sort(key=lambda row: row["party"])
    assert wanted == json.loads(json.dumps(found))


# --- the past ---------------------------------------------------------------------------------------------------------

LATER: Mapping[str, Sequence[Record]] = {
    "a correction that counts from the start": [make_commitment("e-late", NOR, due=date(2030, 1, 1))],
    "an early judgement, entered late": [make_assessment("g-soon", "broken", day=date(2021, 1, 1))],
    "a reading of before": [make_evidence("b-read", "0", day=date(2021, 2, 2))],
    "an agreement more": [
        replace(make_standing().agreements[0], id="other"),
        replace(make_standing().articles[0], id="other/1", agreement="other"),
        make_commitment("other/a", SWE, article="other/1", due=date(2022, 1, 1)),
    ],
    "an end of what was begun": [replace(make_commitment("i-silent", NOR, due=date(2026, 1, 1)), withdrawn=True)],
}


def test_what_was_known_then_is_the_same_whatever_is_recorded_later(tmp_path: Path):
    place = make_place(tmp_path, list_records(make_register()))
    known = record(place, [make_assessment("h-begun", "late", day=date(2022, 2, 2))])
    kept = {known: look(RegisterView(place, TODAY))}
    for records in LATER.values():
        known = record(place, records)
        kept[known] = look(RegisterView(place, TODAY))
    assert len({json.dumps(seen) for seen in kept.values()}) == len(LATER) + 1
    for known, seen in kept.items():
        assert look(RegisterView(place, TODAY, known=known)) == seen


def test_a_past_day_is_the_same_whatever_happens_after_it(tmp_path: Path):
    begun = make_assessment("h-begun", "late", day=date(2021, 1, 1))
    place = make_place(tmp_path, [*list_records(make_register()), begun])
    before = look(RegisterView(place, PAST), "through")
    record(place, [
        make_assessment("e-late", "done", day=PAST + timedelta(days=1)),
        make_assessment("h-begun", "broken", day=date(2024, 2, 2), coder="two"),
        make_evidence("b-read", "3", day=date(2022, 6, 2), direction="against"),
        replace(make_commitment("g-soon", NOR, due=date(2029, 1, 1)), valid_from=date(2022, 6, 2)),
        replace(make_commitment("i-silent", NOR, due=date(2026, 1, 1)), valid_from=date(2023, 1, 1), withdrawn=True),
        replace(make_commitment("new", SWE, due=date(2022, 7, 1)), valid_from=date(2022, 6, 2)),
    ])  # fmt: skip
    assert look(RegisterView(place, PAST), "through") == before
    assert look(RegisterView(place, TODAY), "through") != before


# --- the same gives the same ------------------------------------------------------------------------------------------


def test_the_same_register_gives_the_same_bytes_in_whatever_order_it_was_entered(tmp_path: Path):
    standing = make_register()
    turned = [*standing.agreements, *standing.articles, *reversed(standing.commitments), *reversed(standing.evidence),
              *reversed(standing.assessments)]  # fmt: skip
    places = [make_place(tmp_path, list_records(standing), "a.db"), make_place(tmp_path, turned, "b.db")]
    one, again, other = (RegisterView(place, TODAY) for place in (places[0], places[0], places[1]))
    assert json.dumps(look(one)) == json.dumps(look(again)) == json.dumps(look(other))
    for form in ("html", "md"):
        first, *rest = (write_register_status(asked, form) for asked in (one, again, other))
        assert rest == [first, first]


# --- missing is not zero ----------------------------------------------------------------------------------------------


@given(days=st.integers(-1500, 3000))
@settings(max_examples=30)
def test_what_nobody_judged_is_never_broken_and_has_no_share(days: int):
    standing = make_standing([make_commitment("a", NOR, due=TODAY), make_commitment("b", SWE)])
    for row in follow_commitments(standing, TODAY + timedelta(days=days)):
        assert row.is_open and row.share is None and row.value == "" and row.evidence == 0
        near = row.days is not None and row.days <= 90
        assert row.state == ("no evidence" if not near else "overdue" if (row.days or 0) < 0 else "due soon")


def test_evidence_without_a_number_is_no_reading_of_zero():
    measured = {"indicator": "posts", "unit": "posts", "baseline": 0, "target": 10, "due": date(2026, 1, 1)}
    names = ("none", "words", "zero")
    standing = make_standing(
        [make_commitment(name, NOR, **measured) for name in names],
        [make_evidence("words", quotation="Nothing was built."), make_evidence("zero", "0")],
    )
    found = {row.commitment.id: row for row in follow_commitments(standing, TODAY)}
    assert [found[name].share for name in names] == [None, None, 0.0]
    assert [found[name].state for name in names] == ["no evidence", "in progress", "in progress"]


def test_no_assessment_is_not_the_lowest_value_of_a_scale(tmp_path: Path):
    judged = [make_commitment("low", NOR), make_commitment("kept", SWE)]
    said = [make_assessment("low", "-1", scale="g7-g20"), make_assessment("kept", "+1", scale="g7-g20")]
    silent = [make_commitment("silent", NOR), make_commitment("mute", SWE)]
    with_silence = make_standing([*judged, *silent], (), said)
    found = {row.commitment.id: row.share for row in follow_commitments(with_silence, TODAY)}
    assert found == {"low": 0.0, "kept": 1.0, "silent": None, "mute": None}
    assert list_responses(with_silence, TODAY) == list_responses(make_standing(judged, (), said), TODAY)
    place = make_place(tmp_path, list_records(with_silence))
    rows = [row for row in estimate_followthrough(RegisterView(place, TODAY))["rows"] if row["field"] is None]
    assert [(row["party"], row["judged"], row["plain"]) for row in rows] == [(NOR, 1, 0.0), (SWE, 1, 1.0)]


def test_words_that_say_nothing_of_fulfilment_are_no_share_of_zero():
    standing = make_standing([make_commitment("a", NOR)], (), [make_assessment("a", "withdrawn", scale="ogp")])
    (row,) = follow_commitments(standing, TODAY)
    assert (row.state, row.share) == ("withdrawn", None)
    assert list_responses(standing, TODAY) == []

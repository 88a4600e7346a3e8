"""Who belongs to which organisation: the table keeps its own rules, and a day decides who is a member."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.lexicon import (
    KNOWN_TO,
    AmbiguousActor,
    UnknownMembers,
    get_actor,
    identify_organisation,
    list_members,
    list_organisations,
    memberships,
    read_memberships,
)

FILE = Path(memberships.__file__).with_name("memberships.csv")
BIBLIOGRAPHY = Path(__file__).parents[3] / "docs" / "bibliography.md"
IDS = [actor.id for actor in list_organisations()]

# Written down beside the table and by the same hand: guards against slips in its rows, no second source.
COUNTS = [
    ("EC", "1985-12-31", 10),
    ("EU", "1993-11-01", 12),
    ("EU", "2004-05-01", 25),
    ("EU", "2013-07-01", 28),
    ("EU", "2020-01-31", 28),
    ("EU", "2020-02-01", 27),
    ("ASEAN", "1999-04-30", 10),
    ("ASEAN", "2025-10-26", 11),
    ("EAEU", "2015-12-31", 5),
    ("Mercosur", "2013-12-31", 5),
    ("GCC", "2024-12-31", 6),
    ("CARICOM", "2024-12-31", 14),
    ("African Union", "2002-07-09", 53),
    ("African Union", "2024-12-31", 55),
    ("ECOWAS", "2024-12-31", 15),
    ("ECOWAS", "2025-12-31", 12),
    ("SADC", "1992-08-17", 10),
    ("SADC", "2024-12-31", 16),
    ("East African Community", "2024-12-31", 8),
    ("COMESA", "2024-12-31", 21),
    ("SAARC", "2024-12-31", 8),
    ("Pacific Alliance", "2024-12-31", 4),
    ("EFTA", "1986-12-31", 6),
    ("EFTA", "2024-12-31", 4),
    ("Andean Community", "2024-12-31", 4),
    ("CIS", "2024-12-31", 9),
    ("NATO", "2024-12-31", 32),
    ("SCO", "2024-12-31", 10),
    ("LAS", "2024-12-31", 22),
]


@pytest.mark.parametrize(("name", "day", "count"), COUNTS)
def test_an_organisation_has_as_many_members_as_it_says(name: str, day: str, count: int):
    found = list_members(name, on=date.fromisoformat(day))
    assert len(found) == count
    assert [state.id for state in found] == sorted({state.id for state in found})


def test_every_row_names_an_organisation_and_a_state_and_a_work_of_the_bibliography():
    known = set(re.findall(r"^`([a-z0-9-]+)`", BIBLIOGRAPHY.read_text("utf-8"), re.MULTILINE))
    for row in read_memberships():
        assert (get_actor(row.organisation).kind, get_actor(row.state).kind) == ("igo", "state"), row
        assert row.source in known, row


def test_every_organisation_has_one_work():
    assert all(len({row.source for row in read_memberships() if row.organisation == id}) == 1 for id in IDS)


def test_memberships_lie_within_the_life_of_the_organisation_and_never_overlap():
    last: dict[tuple[str, str], date] = {}
    for row in sorted(read_memberships(), key=lambda row: row.since):
        organisation = get_actor(row.organisation)
        assert organisation.valid_from is not None and organisation.valid_from <= row.since <= KNOWN_TO, row
        assert row.until is None or row.since < row.until <= (organisation.valid_to or KNOWN_TO), row
        assert organisation.valid_to is None or row.until is not None, row
        assert last.get((row.organisation, row.state), date.min) < row.since, row
        last[row.organisation, row.state] = row.until or date.max


def test_the_rows_are_in_the_order_of_organisation_day_and_state():
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = [(row["organisation"], row["from"].removeprefix("by "), row["state"]) for row in rows]
    assert keys == sorted(keys) and len(keys) == len(set(keys)) == len(read_memberships())


@pytest.mark.parametrize("id", IDS)
def test_no_day_before_the_first_of_the_table_is_answered(id: str):
    first = min(row.since for row in read_memberships() if row.organisation == id)
    assert list_members(id, on=first)
    with pytest.raises(UnknownMembers, match=str(first)):
        list_members(id, on=first - timedelta(days=1))


def test_the_first_and_the_last_day_both_count():
    for row in read_memberships():
        if row.until and get_actor(row.organisation).is_valid(row.until + timedelta(days=1)):
            state = get_actor(row.state)
            assert state in list_members(row.organisation, on=row.until)
            assert state not in list_members(row.organisation, on=row.until + timedelta(days=1))


def test_a_member_that_was_no_state_yet_counts_from_its_first_day():
    assert "LCA" not in [state.id for state in list_members("CARICOM", on=date(1974, 12, 31))]
    first = get_actor("LCA").valid_from
    assert first is not None and "LCA" in [state.id for state in list_members("CARICOM", on=first)]


def test_a_state_that_came_back_has_two_times():
    years = {year: list_members("SADC", on=date(year, 12, 31)) for year in (2003, 2006, 2010)}
    assert [get_actor("SYC") in found for found in years.values()] == [True, False, True]


def test_without_a_day_and_on_later_days_the_answer_is_that_of_the_table():
    assert list_members("EU") == list_members("EU", on=KNOWN_TO) == list_members("EU", on=date(2050, 1, 1))


def test_a_suspended_member_is_a_member():
    assert get_actor("VEN") in list_members("Mercosur") and get_actor("NER") in list_members("IGO:AU")


@pytest.mark.parametrize(("text", "id"), [("AU", "IGO:AU"), ("can", "IGO:CAN"), ("Caribbean Community", "IGO:CARICOM")])
def test_a_code_that_a_state_has_too_means_the_organisation_here(text: str, id: str):
    assert identify_organisation(text).id == id


@pytest.mark.parametrize(
    ("text", "words"),
    [("Atlantis", "'Atlantis'"), ("WTO", "World Trade Organization"), ("France", "'state'"), ("", "''")],
)
def test_an_organisation_without_members_is_an_error_that_lists_those_with(text: str, words: str):
    with pytest.raises(UnknownMembers, match=words) as raised:
        list_members(text)
    assert all(id.removeprefix("IGO:") in raised.value.todo for id in IDS)


def test_a_misspelt_organisation_is_an_error_that_names_the_nearest():
    with pytest.raises(UnknownMembers) as raised:
        list_members("Andean Comunity")
    assert raised.value.nearest[0] == "Andean Community (IGO:CAN)"


def test_a_name_of_two_organisations_is_an_error_that_lists_both():
    with pytest.raises(AmbiguousActor, match="Islamic"):
        list_members("IDB")

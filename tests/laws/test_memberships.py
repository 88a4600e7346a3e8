"""Laws of memberships: names do not matter, and what comes later never changes who was a member before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.lexicon import (
    KNOWN_TO,
    get_actor,
    list_members,
    list_organisations,
    memberships,
    read_actors,
    read_memberships,
)

ALWAYS = [actor.id for actor in read_actors() if actor.kind == "state" and actor.is_valid(date(1993, 12, 31))]
ALWAYS = [id for id in ALWAYS if get_actor(id).valid_to is None]
IDS = [actor.id for actor in list_organisations()]
DAYS = st.dates(date(1994, 1, 1), KNOWN_TO)


def list_ids(organisation: str, on: date) -> list[str]:
    return [state.id for state in list_members(organisation, on=on)]


def answers(organisation: str, on: date) -> bool:
    rows = [row for row in read_memberships() if row.organisation == organisation]
    return min(row.since for row in rows) <= on and get_actor(organisation).is_valid(on)


@given(id=st.sampled_from(IDS), on=DAYS, order=st.permutations(ALWAYS))
def test_renaming_states_only_renames_members(id: str, on: date, order: list[str]):
    assume(answers(id, on))
    names = dict(zip(ALWAYS, order, strict=True))
    there = [row._replace(state=names.get(row.state, row.state)) for row in read_memberships()]
    expected = sorted(names.get(state, state) for state in list_ids(id, on))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memberships, "read_memberships", lambda: tuple(there))
        assert list_ids(id, on) == expected


@given(id=st.sampled_from(IDS), on=DAYS, later=st.integers(0, 9000))
def test_what_changes_later_does_not_change_who_was_a_member(id: str, on: date, later: int):
    assume(answers(id, on))
    end = on + timedelta(days=later)
    known = [row for row in read_memberships() if row.since <= end]
    cut = [row._replace(until=None if row.until and row.until > end else row.until) for row in known]
    expected = list_ids(id, on)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memberships, "read_memberships", lambda: tuple(cut))
        assert list_ids(id, on) == expected

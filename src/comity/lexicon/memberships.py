"""Who belongs to which organisation on a day, as its treaties say."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from comity.lexicon.actors import Actor, get_actor, parse_day, read_actors
from comity.lexicon.errors import UnknownActor
from comity.lexicon.names import identify_actor
from comity.lexicon.spelling import find_nearest, show_actors

KNOWN_TO = date(2025, 12, 31)
"""The day of the table: what changed later is not in it, and later days are answered as this one."""
BEFORE = "by "
"""Marks a first day on which the state was a member already."""


class UnknownMembers(UnknownActor):
    """No organisation answers to a text, or its members on that day are not in the table."""


class Membership(NamedTuple):
    """The time for which a state is a member of an organisation.

    Attributes
    ----------
    organisation, state : str
        Actor ids.
    since : datetime.date
        First day that the table knows; a year is its first day.
    until : datetime.date or None
        Last day, a year its last; None: continues on `KNOWN_TO`.
    began : bool
        False where the state was a member before `since`, the table does not say since when.
    source : str
        Key in docs/bibliography.md.
    """

    organisation: str
    state: str
    since: date
    until: date | None
    began: bool
    source: str

    def is_valid(self, on: date) -> bool:
        """Say whether the membership holds on a day.

        Parameters
        ----------
        on : datetime.date

        Returns
        -------
        bool
            True from `since` to `until`, both included, while the state exists.
        """
        held = self.since <= on and (self.until is None or on <= self.until)
        return held and get_actor(self.state).is_valid(on)


def _build_membership(row: dict[str, str]) -> Membership:
    """Make a membership of a row of memberships.csv."""
    since = parse_day(row["from"].removeprefix(BEFORE), last=False)
    return Membership(
        row["organisation"],
        row["state"],
        since or date.min,
        parse_day(row["to"], last=True),
        not row["from"].startswith(BEFORE),
        row["source"],
    )


@lru_cache(maxsize=1)
def read_memberships() -> tuple[Membership, ...]:
    """Return every membership of the table, by organisation and first day.

    Returns
    -------
    tuple of Membership
        A state that left and came back has two.

    References
    ----------
    One work for each organisation, in `source`; see docs/methods/lexicon.md.

    Examples
    --------
    >>> [(one.state, str(one.until)) for one in read_memberships() if one.organisation == "IGO:EU" and one.until]
    [('GBR', '2020-01-31')]
    """
    with Path(__file__).with_name("memberships.csv").open(newline="", encoding="utf-8") as file:
        return tuple(_build_membership(row) for row in csv.DictReader(file))


def list_organisations() -> tuple[Actor, ...]:
    """Return the organisations whose members the lexicon knows, by id.

    Returns
    -------
    tuple of Actor

    Examples
    --------
    >>> "IGO:ASEAN" in [actor.id for actor in list_organisations()]
    True
    """
    return tuple(get_actor(id) for id in sorted({one.organisation for one in read_memberships()}))


def list_members(organisation: str, *, on: date | None = None) -> tuple[Actor, ...]:
    """Return the states that are members of an organisation on a day.

    Parameters
    ----------
    organisation : str
        Id, name or code of an intergovernmental organisation, such as "ASEAN" or "African Union".
    on : datetime.date, optional
        The day; that of the table, `KNOWN_TO`, where left out. Later days are answered as that day.

    Returns
    -------
    tuple of Actor
        By id. A suspended member is a member; associated states, observers and candidates are none.

    Raises
    ------
    UnknownMembers
        No such organisation, none of whose members the lexicon knows, or not on that day; the error lists
        the nearest, and those that there are.
    AmbiguousActor
        Several organisations have the name.

    References
    ----------
    One work for each organisation; see docs/methods/lexicon.md.

    Examples
    --------
    >>> [state.id for state in list_members("Mercosur", on=date(2011, 12, 31))]
    ['ARG', 'BRA', 'PRY', 'URY']
    """
    actor, day = identify_organisation(organisation), on or KNOWN_TO
    rows = [one for one in read_memberships() if one.organisation == actor.id]
    first = min(one.since for one in rows)
    if day < first or not actor.is_valid(day):
        last = f" to {actor.valid_to}" if actor.valid_to else ""
        raise _explain(
            f"the lexicon has members of {actor.name} ({actor.id}) from {first}{last}, not on {day}",
            organisation,
            [other for other in list_organisations() if other.is_valid(day)],
        )
    return tuple(sorted((get_actor(one.state) for one in rows if one.is_valid(day)), key=lambda state: state.id))


def identify_organisation(text: str) -> Actor:
    """Return the organisation that a text names, one whose members the lexicon knows.

    Parameters
    ----------
    text : str
        Id, name or code; here "AU" is the African Union.

    Returns
    -------
    Actor

    Raises
    ------
    UnknownMembers, AmbiguousActor
        As `list_members`.

    Examples
    --------
    >>> identify_organisation("au").name
    'African Union'
    """
    try:
        actor = identify_actor(text, kind="igo")
    except UnknownActor as error:
        raise _explain(error.what.replace("no state or IGO", "no organisation"), text) from None
    if actor not in list_organisations():
        raise _explain(f"the lexicon does not have the members of {actor.name} ({actor.id})", text)
    return actor


def _explain(what: str, text: str, those: Sequence[Actor] | None = None) -> UnknownMembers:
    """Build the error that lists the nearest organisations, and those whose members are known."""
    listed = list_organisations() if those is None else those
    igos = [actor for actor in read_actors() if actor.kind == "igo"]
    near = tuple(show_actors(find_nearest(text, igos if those is None else listed)))
    known = ", ".join(actor.id.partition(":")[2] for actor in listed)
    return UnknownMembers(
        what,
        text=text,
        nearest=near,
        where="lexicon",
        why="figures would be shown for another group of states, or for none",
        todo=(f"nearest: {', '.join(near)}; " if near else "") + f"members are known of: {known}",
    )

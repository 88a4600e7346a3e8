"""Groups of states: the members of an organisation on a day, and the pairs of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import combinations
from typing import Any

from comity.lexicon import KNOWN_TO, Actor, list_members


def describe_members(organisation: Actor, on: date) -> dict[str, Any]:
    """Describe who is a member of an organisation on a day.

    Parameters
    ----------
    organisation : Actor
    on : datetime.date

    Returns
    -------
    dict
        `id`, `name`, `on`, `members` (ids) and `known_to`, the day of the table of memberships.
    """
    return {
        "id": organisation.id,
        "name": organisation.name,
        "on": on.isoformat(),
        "members": [state.id for state in list_members(organisation.id, on=on)],
        "known_to": KNOWN_TO.isoformat(),
    }


def list_missing(members: Collection[str], there: Collection[tuple[str, str]]) -> list[list[str]]:
    """List the pairs of members that are not among some pairs.

    Parameters
    ----------
    members : collection of str
        Actor ids.
    there : collection of (str, str)
        The id that comes first in the alphabet first.

    Returns
    -------
    list of list of str
        Sorted.
    """
    return [list(pair) for pair in combinations(sorted(members), 2) if pair not in there]

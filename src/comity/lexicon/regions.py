"""The regions of the world as M49 names them, and the states of each."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from comity.lexicon.actors import read_actors
from comity.lexicon.errors import ComityError

WORLD = "World"


class UnknownRegion(ComityError):
    """No region has a name."""


@lru_cache(maxsize=1)
def list_regions() -> dict[str, tuple[str, ...]]:
    """Map each region of M49 to its sub-regions.

    Returns
    -------
    dict of str to tuple of str
        "World", the regions, and the sub-regions, each of which is its own only one.

    References
    ----------
    m49; see docs/methods/lexicon.md.

    Examples
    --------
    >>> list_regions()["Americas"]
    ('Latin America and the Caribbean', 'Northern America')
    """
    with Path(__file__).with_name("m49.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["region"], row["sub_region"]) for row in csv.DictReader(file)]
    found: dict[str, tuple[str, ...]] = {WORLD: tuple(sub for _, sub in rows)}
    for region, sub in rows:
        found[region] = (*found.get(region, ()), sub)
    return found | {sub: (sub,) for _, sub in rows}


def identify_region(text: str) -> tuple[str, frozenset[str]]:
    """Return the name and the states of the region that a text names.

    Parameters
    ----------
    text : str
        Name of a region or sub-region of M49; letter case does not matter.

    Returns
    -------
    name : str
    states : frozenset of str
        Actor ids, former states included.

    Raises
    ------
    UnknownRegion
        There is no such region; the error lists those that there are. Members of organisations: `list_members`.

    References
    ----------
    m49; see docs/methods/lexicon.md.

    Examples
    --------
    >>> name, states = identify_region("western europe")
    >>> name, "FRA" in states
    ('Western Europe', True)
    """
    regions = list_regions()
    names = {name.casefold(): name for name in regions}
    name = names.get(text.strip().casefold())
    if name is None:
        raise UnknownRegion(
            f"there is no region {text!r} in M49",
            where="lexicon",
            why="the pairs of another region, or none, would be ranked",
            todo=f"name one of {', '.join(regions)}",
        )
    states = (actor.id for actor in read_actors() if actor.kind == "state" and actor.region in regions[name])
    return name, frozenset(states)

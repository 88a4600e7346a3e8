"""What the door knows of the entries under an id, and when they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.register.content import NAMES, PARENTS
from comity.commitments.register.naming import is_among, split_names
from comity.commitments.register.questions import AGREEMENT
from comity.commitments.register.tables import entries


class Version(NamedTuple):
    """An entry: number (0: it is being entered), first day, whether withdrawn, what it rests on, and its content."""

    seq: int
    valid_from: int
    withdrawn: bool
    parent: str
    agreement: str
    parties: tuple[str, ...]
    content: str


Known = dict[tuple[int, str], list[Version]]
"""Versions by number of kind and id, in the order of recording."""


def fetch_versions(con: Connection, number: int, ids: Iterable[str], known: Known) -> None:
    """Add the entries under some ids of a kind to what is known; ids that are known already are left as they are."""
    c = entries.c
    asked = sa.select(c.id, c.seq, c.valid_from, c.withdrawn, c.parent, c.agreement, c.content).order_by(c.seq)
    missing = sorted(id for id in ids if id and (number, id) not in known)
    for part in split_names(missing):
        for row in con.execute(asked.where(c.kind == number, is_among(c.id, part))):
            parties = tuple(json.loads(row.content)["parties"]) if number == AGREEMENT else ()
            version = Version(row.seq, row.valid_from, row.withdrawn, row.parent, row.agreement, parties, row.content)
            known.setdefault((number, row.id), []).append(version)


def fetch_children(con: Connection, number: int, id: str, known: Known) -> list[tuple[int, str]]:
    """Return kind and id of all that was ever entered under a record, and add their entries to what is known."""
    below = [kind for kind, parent in enumerate(PARENTS) if parent == NAMES[number]]
    found = {key for key, versions in known.items() if key[0] in below and versions[0].parent == id}
    for kind in below:
        asked = sa.select(entries.c.id).distinct().where(entries.c.parent == id, entries.c.kind == kind)
        ids = [str(row.id) for row in con.execute(asked)]
        fetch_versions(con, kind, ids, known)
        found |= {(kind, child) for child in ids}
    return sorted(found)


def stands_on(versions: Sequence[Version], day: int) -> bool:
    """Say whether what was entered under an id stands on a day [ordinal]."""
    applicable = [version for version in versions if version.valid_from <= day]
    return bool(applicable) and not applicable[-1].withdrawn


def stands_from(versions: Sequence[Version], day: int) -> bool:
    """Say whether it stands on a day and on every day after it."""
    if len(versions) == 1:
        return versions[0].valid_from <= day and not versions[0].withdrawn
    days = {day, *(version.valid_from for version in versions if version.valid_from > day)}
    return all(stands_on(versions, each) for each in days)


def stands_after(versions: Sequence[Version], day: int) -> bool:
    """Say whether it stands on every day from a day on, or from its own first day where that is later."""
    begun = [version.valid_from for version in versions if not version.withdrawn]
    return bool(begun) and stands_from(versions, max(day, min(begun)))


def find_first(versions: Sequence[Version]) -> int:
    """Return the first day [ordinal] on which something under an id stands; it was not only withdrawn."""
    return min(version.valid_from for version in versions if not version.withdrawn)


def outlives(above: Sequence[Version], below: Sequence[Version], day: int) -> bool:
    """Say whether what is below stands, from a day on, at any time at which what is above does not."""
    days = {day, *(version.valid_from for version in (*above, *below) if version.valid_from > day)}
    return any(stands_on(below, each) and not stands_on(above, each) for each in days)


def is_withdrawn(versions: Sequence[Version]) -> bool:
    """Say whether there is nothing under an id, or its last entry is a withdrawal."""
    return not versions or versions[-1].withdrawn

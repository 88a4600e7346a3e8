"""What the records of a batch rest on: parties of the agreement, commitments before, evidence; what would lose it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.records import Agreement, Assessment, Commitment, Evidence, Record
from comity.commitments.register.content import NAMES, NUMBERS
from comity.commitments.register.naming import split_names
from comity.commitments.register.questions import AGREEMENT, ASSESSMENT, COMMITMENT, EVIDENCE
from comity.commitments.register.rules import Fault, show
from comity.commitments.register.tables import entries
from comity.commitments.register.versions import (
    Known,
    Version,
    fetch_children,
    fetch_versions,
    is_withdrawn,
    outlives,
)

MOST_SHOWN = 5
"""Names that one message prints."""
Numbered = Sequence[tuple[int, Record]]
Faults = Iterator[tuple[int, Fault]]


def check_agreed(record: Commitment, known: Known, agreement: str) -> Iterator[Fault]:
    """Yield it where a commitment's party is none of the agreement's, or its due day lies before the signature."""
    versions = known.get((AGREEMENT, agreement), [])
    parties = {party for version in versions if not version.withdrawn for party in version.parties}
    if record.party not in parties:
        what = f"{show(record.party)} is no party of {show(agreement)}"
        todo = f"its parties are {', '.join(sorted(parties)[:20])}"
        yield Fault("party", what, "a state is held to what it agreed to only", todo)
    if record.due is not None:
        signed = _read_signed(versions)
        if signed is not None and record.due < signed:
            what = f"it is due on {record.due}, before the signature on {signed}"
            yield Fault("due", what, todo="correct one of the two days")


def check_days(numbered: Numbered, today: date) -> Faults:
    """Yield evidence and assessments of a day that has not come yet anywhere on earth."""
    last = today + timedelta(days=1)
    for number, record in numbered:
        if isinstance(record, Evidence | Assessment) and record.day > last:
            what = f"the day {record.day} has not come yet"
            yield number, Fault("day", what, "nothing can be known of it", "correct the day")


def check_twice(numbered: Numbered) -> Faults:
    """Yield records under an id that the batch gives once more, from the same day on and with other words."""
    given: dict[tuple[int, str, date], Record] = {}
    for number, record in numbered:
        first = given.setdefault((NUMBERS[type(record)], record.id, record.valid_from), record)
        if first is not record and first != record:
            what = f"{show(record.id)} is given twice from {record.valid_from} on, and not alike"
            yield number, Fault("id", what, "the later of the two would silently replace the other", "leave one out")


def check_evidence(numbered: Numbered, known: Known) -> Faults:
    """Yield assessments that rest on evidence that is not there, or is of another commitment."""
    for number, record in numbered:
        for id in record.evidence if isinstance(record, Assessment) and not record.withdrawn else ():
            versions = known.get((EVIDENCE, id), [])
            if is_withdrawn(versions):
                yield number, Fault("evidence", f"there is no evidence {show(id)}", todo="enter it first")
            elif versions[0].parent != getattr(record, "commitment", ""):
                what = f"the evidence {show(id)} is of commitment {show(versions[0].parent)}"
                yield number, Fault("evidence", what, todo="name evidence of the same commitment")


def check_withdrawn(con: Connection, numbered: Numbered, known: Known) -> Faults:
    """Yield withdrawals of what others still rest on."""
    for number, record in numbered:
        if not record.withdrawn:
            continue
        kind, day = NUMBERS[type(record)], record.valid_from.toordinal()
        above = known[(kind, record.id)]
        children = fetch_children(con, kind, record.id, known)
        left = [f"{NAMES[key[0]]} {key[1]}" for key in children if outlives(above, known[key], day)]
        if left:
            more = f" and {len(left) - MOST_SHOWN:,} more" if len(left) > MOST_SHOWN else ""
            what = f"{len(left):,} records still rest on it: {', '.join(left[:MOST_SHOWN])}{more}"
            yield number, Fault("withdrawn", what, todo="withdraw them first, or in the same file")


def check_awaited(con: Connection, numbered: Numbered, known: Known) -> Faults:
    """Yield withdrawals of commitments that another one waits for."""
    gone = {record.id: number for number, record in numbered if record.withdrawn and isinstance(record, Commitment)}
    if not gone:
        return
    asked = sa.select(entries.c.id).distinct().where(entries.c.kind == COMMITMENT)
    rows = con.execute(asked.where(entries.c.content.contains('"depends_on":[', autoescape=True)))
    waiting = [str(row.id) for row in rows]
    fetch_versions(con, COMMITMENT, waiting, known)
    for name in waiting:
        for id in gone.keys() & set(_read_names(known[(COMMITMENT, name)], "depends_on")):
            todo = "change or withdraw that one first, or in the same file"
            yield gone[id], Fault("withdrawn", f"commitment {show(name)} waits for it", todo=todo)


def check_cited(con: Connection, numbered: Numbered, known: Known) -> Faults:
    """Yield withdrawals of evidence that an assessment names."""
    for number, record in numbered:
        if not (record.withdrawn and isinstance(record, Evidence)):
            continue
        for kind, id in fetch_children(con, COMMITMENT, record.commitment, known):
            if kind == ASSESSMENT and record.id in _read_names(known[(kind, id)], "evidence"):
                todo = "change or withdraw that one first, or in the same file"
                yield number, Fault("withdrawn", f"assessment {show(id)} rests on it", todo=todo)


def _read_names(versions: Sequence[Version], field: str) -> tuple[str, ...]:
    """Return the names in a list of the last entry under an id; none where it is a withdrawal."""
    return () if is_withdrawn(versions) else tuple(json.loads(versions[-1].content).get(field, ()))


def check_left_parties(con: Connection, numbered: Numbered, known: Known) -> Faults:
    """Yield agreements that lose a party which still owes a commitment under them."""
    for number, record in numbered:
        if not isinstance(record, Agreement) or record.withdrawn:
            continue
        versions = known[(AGREEMENT, record.id)]
        left = {party for version in versions[:-1] for party in version.parties} - set(record.parties)
        for party in sorted(left):
            asked = sa.select(entries.c.id).distinct().where(sa.text("entries.kind <= 2"))
            asked = asked.where(entries.c.kind == COMMITMENT, entries.c.agreement == record.id)
            ids = [str(row.id) for row in con.execute(asked.where(entries.c.party == party))]
            fetch_versions(con, COMMITMENT, ids, known)
            owing = [id for id in ids if _owes(known[(COMMITMENT, id)], party)]
            if owing:
                what = f"{show(party)} is left out, and still owes {', '.join(owing[:MOST_SHOWN])}"
                yield number, Fault("parties", what, todo="withdraw these commitments first, or keep the party")


def check_dependencies(con: Connection, numbered: Numbered, known: Known) -> Faults:
    """Yield dependencies on what is not there, and each circle of dependencies, with its names in order."""
    own = {record.id: number for number, record in numbered if isinstance(record, Commitment)}
    edges: dict[str, tuple[str, ...]] = {}
    for number, record in numbered:
        if isinstance(record, Commitment) and record.depends_on and not record.withdrawn:
            edges[record.id] = record.depends_on
            for id in record.depends_on:
                if is_withdrawn(known.get((COMMITMENT, id), [])):
                    yield number, Fault("depends_on", f"there is no commitment {show(id)}", todo="enter it first")
    if edges:
        _follow_edges(con, edges, known)
        for circle in find_circles(edges):
            number = next(own[id] for id in circle if id in own)
            what = f"commitments wait for one another: {' -> '.join((*circle, circle[0]))}"
            yield number, Fault("depends_on", what, "none of them could ever begin", "leave one dependency out")


def find_circles(edges: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles of a graph, at least one where there are any; each begins with the name that is first in order.

    Examples
    --------
    >>> list(find_circles({"b": ["c"], "c": ["a"], "a": ["b"], "d": ["a"]}))
    [('a', 'b', 'c')]
    """
    done: set[str] = set()
    for start in sorted(edges):
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                del on_path[path.pop()]
                done.add(name)
            elif name in on_path:
                circle = path[on_path[name] :]
                first = circle.index(min(circle))
                yield tuple(circle[first:] + circle[:first])
            elif name not in done:
                on_path[name] = len(path)
                path.append(name)
                stack.append((name, True))
                stack += [(each, False) for each in edges.get(name, ())]


def _follow_edges(con: Connection, edges: dict[str, tuple[str, ...]], known: Known) -> None:
    """Add the dependencies of all commitments that can be reached."""
    seen = set(edges)
    border = {id for ids in edges.values() for id in ids} - seen
    while border:
        for part in split_names(sorted(border)):
            fetch_versions(con, COMMITMENT, part, known)
        seen |= border
        reached: set[str] = set()
        for id in border:
            below = _read_names(known.get((COMMITMENT, id), []), "depends_on")
            if below:
                edges[id] = below
                reached |= set(below)
        border = reached - seen


def _owes(versions: Sequence[Version], party: str) -> bool:
    """Say whether the last entry of a commitment stands and names a party."""
    return not is_withdrawn(versions) and json.loads(versions[-1].content)["party"] == party


def _read_signed(versions: Sequence[Version]) -> date | None:
    """Return the day of signature that the last entry of an agreement gives."""
    text = json.loads(versions[-1].content).get("signed") if versions else None
    return date.fromisoformat(text) if text else None

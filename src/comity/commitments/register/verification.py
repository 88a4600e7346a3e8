"""Whether the chain holds: every entry is hashed again, and the columns beside it are compared with its content."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from comity.commitments.register.chain import START, Head, hash_entry
from comity.commitments.register.content import NAMES, PARENTS, encode_json
from comity.commitments.register.counting import count_entered
from comity.commitments.register.place import Register
from comity.commitments.register.tables import COMMITMENT, SAYS_AGAINST, SAYS_FOR, SAYS_VALUE, entries, parties, totals

ROWS_AT_ONCE = 10_000
_SAYS = {"for": SAYS_FOR, "against": SAYS_AGAINST}


class Verdict(NamedTuple):
    """What a check of the chain found.

    Parameters
    ----------
    holds : bool
        Whether every entry follows from the one before, and the kept head, where one was given, is among them.
    entries : int
        Entries that were checked and hold.
    head : Head
        The last entry that holds.
    broken_at : int or None
        Number of the first entry at which the chain breaks.
    what : str
        What is wrong there; empty where the chain holds.
    """

    holds: bool
    entries: int
    head: Head
    broken_at: int | None
    what: str


def verify_register(register: Register, kept: Head | None = None) -> Verdict:
    """Check that no entry was changed, removed, reordered or put in between, and name the first where one was.

    Parameters
    ----------
    register : Register
        Open.
    kept : Head, optional
        A head that was kept elsewhere. With it the check also shows whether entries up to it were cut off at the end,
        or the whole chain was written anew; without it, it cannot.

    Returns
    -------
    Verdict

    References
    ----------
    haber-stornetta-1991; see docs/bibliography.md.
    """
    with register.read() as con:
        counted: Counter[tuple[int, str, int, int]] = Counter()
        head, what = _walk(con, counted)
        if not what:
            what, at = _compare_parties(con) or _compare_totals(con, counted) or _compare_derived(con), None
        else:
            at = head.seq + 1
        if not what and kept is not None:
            what, at = _compare_kept(con, kept, head)
    return Verdict(not what, head.seq, head, at, what)


def _walk(con: Connection, counted: Counter[tuple[int, str, int, int]]) -> tuple[Head, str]:
    """Return the last entry that holds, and what is wrong with the next one, or ""; count the commitments passed."""
    head, moment = Head(0, START), -1
    asked = sa.select(entries).order_by(entries.c.seq).execution_options(yield_per=ROWS_AT_ONCE)
    for row in con.execute(asked).mappings():
        what = _check_row(row, head, moment)
        if what:
            return head, what
        head, moment = Head(row["seq"], row["hash"]), row["recorded_at"]
        if row["kind"] == COMMITMENT and not row["withdrawn"]:
            counted.update(count_entered([(moment, row["party"], row["due"], row["valid_from"])]))
    return head, ""


def _check_row(row: Mapping[Any, Any], before: Head, moment: int) -> str:
    """Return what is wrong with an entry, or ""."""
    seq, content = row["seq"], row["content"]
    if seq != before.seq + 1:
        return f"entry {before.seq + 1:,} is missing; the next one is {seq:,}"
    if row["hash"] != hash_entry(before.hash, seq, row["recorded_at"], content):
        return f"entry {seq:,} does not follow from the one before: it, its moment or its hash was changed"
    if row["recorded_at"] < moment:
        return f"entry {seq:,} is dated before the one before it"
    for name, value in _expect_columns(content).items():
        if row[name] != value:
            return f"entry {seq:,} says {value!r} and its column {name!r} says {row[name]!r}: the column was changed"
    return ""


def _expect_columns(content: str) -> dict[str, Any]:
    """Return what the columns beside a content should hold, those that need no other entry."""
    said = json.loads(content)
    number = NAMES.index(said["kind"])
    parent = PARENTS[number]
    of_commitment, of_evidence = said["kind"] == "commitment", said["kind"] == "evidence"
    due = said.get("due") if of_commitment else None
    return {
        "content": encode_json(said),
        "kind": number,
        "id": said["id"],
        "parent": said[parent] if parent else "",
        "party": said["party"] if of_commitment else "",
        "field": said.get("field", "other") if of_commitment else "",
        "due": date.fromisoformat(due).toordinal() if due else None,
        "day": date.fromisoformat(said["day"]).toordinal() if "day" in said else None,
        "says": _SAYS.get(said.get("direction"), 0) + (SAYS_VALUE if of_evidence and "value" in said else 0),
        "valid_from": date.fromisoformat(said["valid_from"]).toordinal(),
        "withdrawn": said.get("withdrawn", False),
    }


def _compare_parties(con: Connection) -> str:
    """Return what is wrong with the table of parties, or ""."""
    asked = sa.select(entries.c.seq, entries.c.content).where(entries.c.kind == 0).order_by(entries.c.seq)
    expected = {(row.seq, party) for row in con.execute(asked) for party in json.loads(row.content)["parties"]}
    found = {(row.seq, row.party) for row in con.execute(sa.select(parties.c.seq, parties.c.party))}
    odd = sorted(expected ^ found)
    return f"the table of parties does not agree with entry {odd[0][0]:,} on {odd[0][1]!r}" if odd else ""


def _compare_totals(con: Connection, counted: Counter[tuple[int, str, int, int]]) -> str:
    """Return what is wrong with the totals of commitments, or ""."""
    found = {tuple(key): number for *key, number in con.execute(sa.select(totals))}
    odd = sorted(key for key in counted.keys() | found.keys() if counted[key] != found.get(key, 0))
    if not odd:
        return ""
    _, party, year, _ = odd[0]
    said = f"{found.get(odd[0], 0):,} commitments of {party!r} due in {year or 'no year'}"
    return f"the table of totals says {said} in one batch, and its entries say {counted[odd[0]]:,}"


def _compare_derived(con: Connection) -> str:
    """Return what is wrong with the columns that follow from other entries, or ""."""
    above, before = entries.alias("above"), entries.alias("before")
    kind = sa.case((entries.c.kind == 1, 0), (entries.c.kind == 2, 1), else_=2)
    known = sa.and_(above.c.kind == kind, above.c.id == entries.c.parent, above.c.agreement == entries.c.agreement)
    stray = sa.select(sa.func.min(entries.c.seq)).where(entries.c.kind > 0, ~sa.exists().where(known))
    earlier = sa.and_(before.c.kind == entries.c.kind, before.c.id == entries.c.id, before.c.seq < entries.c.seq)
    odd = sa.select(sa.func.min(entries.c.seq)).where(entries.c.amends != sa.exists().where(earlier))
    for asked, name in ((stray, "agreement"), (odd, "amends")):
        seq = con.scalar(asked)
        if seq is not None:
            return f"the column {name!r} of entry {seq:,} does not agree with the entries before it"
    return ""


def _compare_kept(con: Connection, kept: Head, head: Head) -> tuple[str, int | None]:
    """Return what is wrong with the head that was kept, and at which entry; "" and None where nothing is."""
    if kept.seq > head.seq:
        what = f"entry {kept.seq:,} was kept as the head, and the last one here is {head.seq:,}: the end was cut off"
        return what, head.seq + 1
    found = con.scalar(sa.select(entries.c.hash).where(entries.c.seq == kept.seq)) if kept.seq else START
    if found != kept.hash:
        return f"entry {kept.seq:,} has another hash than the one that was kept: the chain was written anew", kept.seq
    return "", None

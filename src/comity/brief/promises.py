"""What was agreed, what was kept, by both: a part of a register, as values and as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from comity.brief.blocks import Block, Cell, Column, Facts, Heading, Items, Table, Text
from comity.brief.links import find_link, show_address
from comity.brief.subject import Subject
from comity.brief.wording import NOT_APPLICABLE, NOT_KNOWN, render_count, render_date, render_share
from comity.commitments.following import DIFFER, STATES, Followed, count_parties, describe_followed
from comity.commitments.records import Standing
from comity.lexicon import name_actor

if TYPE_CHECKING:
    from comity.commitments.register.counting import Count

Found = Mapping[str, Any]
MOST_ROWS = 200
QUOTED = 3
SHOWN = 400
LIMITS = (
    "A state is closed only by what coders agree on or by a reading that reached the target; a day that has passed "
    "makes a commitment overdue, never broken.",
    "What nobody entered is not seen: no evidence is not evidence that nothing was done.",
    "The rules and the wording are the same for every party.",
)


def describe_promises(
    standing: Standing, followed: Sequence[Followed], on: date, counts: Sequence[Count] = ()
) -> dict[str, Any]:
    """Return what was agreed and what was kept, as plain values.

    Parameters
    ----------
    standing : Standing
        What is shown of the register.
    followed : sequence of Followed
        Its commitments.
    on : date
        The day.
    counts : sequence of Count, optional
        Of all commitments of each party, where not all were followed.

    Returns
    -------
    dict
        `on`, `known`, `names`, `agreements`, `total`, `parties` (counts by state, or by due day), `rows` (as
        `describe_followed`, with `quotations`), `limits`.
    """
    quoted: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(standing.evidence, key=lambda row: (row.day, row.id), reverse=True):
        if row.day <= on:
            said = {"day": row.day.isoformat(), "direction": row.direction, "text": row.quotation, "link": row.link}
            quoted.setdefault(row.commitment, []).append(said)
    agreements = [
        {
            "id": row.id,
            "title": row.title,
            "parties": list(row.parties),
            "signed": None if row.signed is None else row.signed.isoformat(),
            "reference": row.reference,
        }
        for row in standing.agreements
    ]
    actors = (
        {party for row in standing.agreements for party in row.parties}
        | {row.party for row in standing.commitments}
        | {one.name for one in counts}
    )
    rows = [describe_followed(row) | {"quotations": quoted.get(row.commitment.id, [])[:QUOTED]} for row in followed]
    return {
        "on": on.isoformat(),
        "known": standing.known.isoformat(),
        "names": {actor: name_actor(actor) for actor in sorted(actors)},
        "agreements": agreements,
        "total": sum(one.total for one in counts) if counts else len(followed),
        "parties": count_parties(followed, counts),
        "rows": rows,
        "limits": [*LIMITS, *([tell_left_out(standing.left_out, on.isoformat())] if standing.left_out else ())],
    }


def tell_left_out(number: int, on: str) -> str:
    """Return in words how many commitments a view leaves out, and why."""
    what = "1 commitment is" if number == 1 else f"{number:,} commitments are"
    return (
        f"{what} left out: entered as holding on {on}, under an article or agreement that was entered as holding only "
        "later; a correction of that day shows what is left out."
    )


def outline_promises(subject: Subject) -> list[Block]:
    """Show within a brief what was agreed and what was kept; nothing without a register."""
    found = subject.document.get("commitments")
    if found is None:
        return []
    blocks: list[Block] = [outline_day(found)]
    for _, title, part in list_promise_parts(found):
        blocks += [Heading(title), *part] if part else []
    return blocks


def outline_day(found: Found) -> Facts:
    """State to which day was followed, and by what was recorded."""
    return Facts(
        (
            ("Followed to", (Cell(render_date(found["on"])),)),
            ("Agreements", (Cell(render_count(len(found["agreements"]))),)),
            ("Commitments", (Cell(_count_rows(found)),)),
        )
    )


def _count_rows(found: Found) -> str:
    """Return how many commitments there are, and how many of them are followed where that is not all."""
    total, shown = found["total"], len(found["rows"])
    more = f", of which the {render_count(shown)} due first are followed" if shown < total else ""
    return render_count(total) + more


def list_promise_parts(found: Found) -> list[tuple[str, str, list[Block]]]:
    """Return the parts in reading order: what was agreed, kept, is next, and what it rests on."""
    return [
        ("agreed", "What was agreed", _outline_agreements(found)),
        ("kept", "What was kept, by each party", _outline_parties(found)),
        ("commitments", "Each commitment", _outline_rows(found)),
        ("next", "What is open, and whose step is next", _outline_next(found)),
        ("evidence", "What it rests on", _outline_quotations(found)),
        ("limits", "How to read this", [Items([[Cell(text)] for text in found["limits"]], small=True)]),
    ]


def _outline_agreements(found: Found) -> list[Block]:
    """List the agreements with their parties, day and reference."""
    if not found["agreements"]:
        return [Text("The register holds no agreement that these parties share.")]
    rows = [
        [
            Cell(_cut(row["title"])),
            Cell(", ".join(found["names"].get(party, party) for party in row["parties"])),
            Cell(render_date(row["signed"]) if row["signed"] else NOT_KNOWN, missing=not row["signed"]),
            _link(_cut(row["reference"])) if row["reference"] else Cell(NOT_KNOWN, missing=True),
        ]
        for row in found["agreements"][:MOST_ROWS]
    ]
    columns = (Column("Agreement", "head", 30), Column("Parties", "text", 25), Column("Signed", "date", 15),
               Column("Text", "text", 30))  # fmt: skip
    return [Table("Agreements", columns, rows)]


def _outline_parties(found: Found) -> list[Block]:
    """Show how the commitments of each party stand, state by state."""
    if not found["parties"]:
        return []
    by_day = {"past": "Due before the day", "ahead": "Due then or later", "undated": "Without a due day"}
    names = by_day if "past" in found["parties"][0] else {state: state.capitalize() for state in STATES}
    shown = [name for name in names if any(row[name] for row in found["parties"])]
    columns = (
        Column("Party", "head"),
        Column("Commitments", "number"),
        *(Column(names[name], "number") for name in shown),
    )
    rows = [
        [
            Cell(found["names"].get(row["party"], row["party"])),
            Cell(render_count(row["commitments"])),
            *(Cell(render_count(row[name])) for name in shown),
        ]
        for row in found["parties"]
    ]
    return [Table("Commitments of each party by state", columns, rows)]


def _outline_rows(found: Found) -> list[Block]:
    """Show each commitment: whose, what, when, its state and on what it rests."""
    if not found["rows"]:
        return []
    rows = [
        [
            Cell(f"{_cut(row['obligation'])} ({row['id']})"),
            Cell(found["names"].get(row["party"], row["party"])),
            Cell(render_date(row["due"]) if row["due"] else "no day", missing=not row["due"]),
            Cell(row["state"]),
            Cell(_say_basis(row)),
            Cell(NOT_APPLICABLE if row["share"] is None else render_share(row["share"]), missing=row["share"] is None),
        ]
        for row in found["rows"][:MOST_ROWS]
    ]
    columns = (
        Column("Commitment", "head", 36),
        Column("Party", "text", 14),
        Column("Due", "date", 13),
        Column("State", "text", 12),
        Column("Rests on", "text", 15),
        Column("Fulfilled", "number", 10),
    )
    more = len(found["rows"]) - MOST_ROWS
    note = f"{more:,} more are in the JSON." if more > 0 else ""
    return [Table("Commitments, by party and state", columns, rows, note)]


def _say_basis(row: Found) -> str:
    """Return on what a state rests, in words."""
    judged = row["value"] if "," in row["scale"] else f"{row['scale']} {row['value']}"
    said = judged if row["basis"] == "assessment" and row["value"] else row["basis"]
    tell = "" if said == judged else f": {judged}"
    return "; ".join([said, *(f"{note}{tell}" if note == DIFFER else note for note in row["notes"])])


def _outline_next(found: Found) -> list[Block]:
    """List whose step is next for each open commitment that is late, blocked or due soon."""
    pressing = [row for row in found["rows"] if row["state"] in ("overdue", "blocked", "due soon") and row["next"]]
    entries = [
        [
            Cell(
                f"{row['id']} ({row['state']}): {row['next']['what']} {row['next']['commitment']}, "
                f"{found['names'].get(row['next']['party'], row['next']['party'])}, "
                f"{_cut(row['next']['owner']) or 'no office is named'}"
            )
        ]
        for row in pressing[:MOST_ROWS]
    ]
    return [Items(entries)] if entries else [Text("Nothing is overdue, blocked or due soon.")]


def _outline_quotations(found: Found) -> list[Block]:
    """List the latest evidence of each commitment: day, direction, words and address."""
    entries = [
        [
            Cell(f"{row['id']}, {render_date(said['day'])}, {said['direction']}: {_cut(said['text']) or 'no words'} "),
            _link(said["link"]),
        ]
        for row in found["rows"][:MOST_ROWS]
        for said in row["quotations"]
    ]
    return [Items(entries, small=True)] if entries else []


def _link(address: str) -> Cell:
    """Return a linked host, or the address as text."""
    link = find_link(address)
    return Cell(show_address(address)) if link is None else Cell(link.host, href=link.href)


def _cut(text: str) -> str:
    """Return a text that leaves room for others."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

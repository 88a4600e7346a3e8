"""What changed, and the dated events behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Fold, Heading, Table, Text
from comity.brief.drawing import pick_reach
from comity.brief.links import Link, find_link
from comity.brief.rows import render_whisker, render_whisker_scale
from comity.brief.subject import Subject
from comity.brief.timeline import render_period
from comity.brief.wording import (
    NOT_APPLICABLE,
    render_chance,
    render_count,
    render_date,
    render_interval,
    render_score,
)

OPENED = 3
LEAST_CHANGE = 0.05  # points: less is shown as 0.0
SHOWN = 20
NO_LINK = "no link"


def outline_changes(subject: Subject) -> list[Block]:
    """Show the largest changes in one table and the events behind each; nothing for a state without changes."""
    changes = subject.document["changes"]
    if not changes:
        if subject.document["kind"] == "state":
            return []
        return [Text("No change of the index stands out in this period.")]
    blocks: list[Block] = [_tabulate_changes(subject, changes)]
    visible = [change for change in changes if abs(change["change"]) >= LEAST_CHANGE]
    for place, change in enumerate(visible):
        blocks.extend(_outline_change(subject, change, place))
    if len(visible) < len(changes):
        blocks.append(Text("Changes that round to 0.0 are listed without events: there is nothing to explain."))
    return blocks


def _tabulate_changes(subject: Subject, changes: Sequence[Mapping[str, Any]]) -> Table:
    """List every change with its interval and probability."""
    by = subject.document["period"]["by"]
    reach = pick_reach(change[key] for change in changes for key in ("change", "low", "high"))
    rows = [
        (
            Cell(_name_direction(subject, change)),
            Cell(f"{render_period(change['from_period'], by)} to {render_period(change['to_period'], by)}"),
            Cell(f"{render_score(change['from_score'])} to {render_score(change['to_score'])}"),
            Cell(render_score(change["change"])),
            Cell(render_interval(change["low"], change["high"])),
            Cell("", drawing=render_whisker(change["change"], change["low"], change["high"], reach)),
            Cell(f"{_name_move(change)}: {render_chance(change['probability'])}"),
        )
        for change in changes
    ]
    columns = (
        Column("Direction", "head", 20),
        Column("Between", "text", 21),
        Column("Before, after", "number", 12),
        Column("Change", "number", 7),
        Column("90 % interval", "number", 12),
        Column("On one scale", "chart", 18, render_whisker_scale(reach)),
        Column("Probability", "text", 10),
    )
    note = "A filled dot means that the interval leaves out zero. Probability: that the change has this direction."
    return Table("Largest changes of the index, largest first", columns, rows, note)


def _outline_change(subject: Subject, change: Mapping[str, Any], place: int) -> list[Block]:
    """Show the events behind one change."""
    by = subject.document["period"]["by"]
    title = f"{_name_direction(subject, change)}: {_describe_move(change)}, {render_period(change['to_period'], by)}"
    if not change["evidence"]:
        return [Heading(title), Text("No single event is on record behind this change.")]
    table = tabulate_events(subject, change["evidence"], "Dated events behind this change")
    if place < OPENED:
        return [Heading(title), table]
    return [Fold(f"{title}: {_count_events(len(change['evidence']))}", (table,))]


def outline_evidence(subject: Subject) -> list[Block]:
    """Show the most reported events of the period."""
    events = subject.document["evidence"]
    if not events:
        return [Text("No event of this period is on record.")]
    first, rest = events[:SHOWN], events[SHOWN:]
    blocks: list[Block] = [tabulate_events(subject, first, "Events of the period with the most reports")]
    if rest:
        table = tabulate_events(subject, rest, "Events of the period with the most reports, continued")
        blocks.append(Fold(f"{_count_events(len(rest))} more", (table,)))
    return blocks


def tabulate_events(subject: Subject, events: Sequence[Mapping[str, Any]], caption: str) -> Table:
    """Return events as a table: date, direction, what was reported, type, score, reports, link."""
    rows = [
        (
            Cell(render_date(event["date"])),
            Cell(f"{subject.name(event['sender'])} to {subject.name(event['receiver'])}"),
            Cell(f"{event['label']} ({event['code']})"),
            Cell(_spell_type(event["type"])),
            Cell(render_score(event["score"]), missing=event["score"] is None),
            Cell(render_count(event["reports"]), missing=event["reports"] is None),
            _cite(subject, event),
        )
        for event in events
    ]
    columns = (
        Column("Date", "date", 11),
        Column("Direction", "text", 19),
        Column("What was reported (CAMEO code)", "text", 28),
        Column("Type", "text", 9),
        Column("Score", "number", 6),
        Column("Reports", "number", 7),
        Column("Link", "text", 20),
    )
    unscored = any(event["score"] is None for event in events)
    note = f"{NOT_APPLICABLE}: the scale gives this code no value." if unscored else ""
    return Table(caption, columns, rows, note)


def list_addresses(subject: Subject) -> list[Link]:
    """Return the linked addresses of all events in the order of their numbers."""
    found = (find_link(address) for address in subject.numbers)
    return [link for link in found if link is not None]


def _cite(subject: Subject, event: Mapping[str, Any]) -> Cell:
    """Return the link of an event, or what stands in its place."""
    if event["link"] is None:
        return Cell(NO_LINK, missing=True)
    return subject.link(event["link"])


def _name_direction(subject: Subject, change: Mapping[str, Any]) -> str:
    """Return "sender to receiver" in names."""
    return f"{subject.name(change['sender'])} to {subject.name(change['receiver'])}"


def _name_move(change: Mapping[str, Any]) -> str:
    """Return the word for the sign of a change."""
    return "rise" if change["change"] > 0 else "fall" if change["change"] < 0 else "no change"


def _describe_move(change: Mapping[str, Any]) -> str:
    """Return "rise of 1.2" or "fall of 1.2"."""
    size = render_score(abs(change["change"])).lstrip("+")
    return f"{_name_move(change)} of {size}" if change["change"] else "no change"


def _spell_type(name: str) -> str:
    """Return a PLOVER type as a word; the standard writes it in capitals."""
    return name.replace("_", " ").capitalize()


def _count_events(count: int) -> str:
    """Return "1 event" or "n events"."""
    return f"{render_count(count)} event{'' if count == 1 else 's'}"

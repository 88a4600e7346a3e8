"""Breaks of a brief: thaws and ruptures with their probability, and the dated events that speak for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.brief.blocks import Block, Cell, Column, Fold, Heading, Table, Text
from comity.brief.drawing import pick_reach
from comity.brief.rows import render_whisker, render_whisker_scale
from comity.brief.subject import Subject
from comity.brief.trail import tabulate_events
from comity.brief.wording import (
    render_chance,
    render_count,
    render_date,
    render_interval,
    render_score,
)
from comity.events.scale import Scale
from comity.relations.break_table import LEAST_EVENTS, find_all_breaks
from comity.relations.partners import list_pairs

if TYPE_CHECKING:
    import duckdb

OPENED = 2
UNKNOWN = "only in hindsight"
TOO_FEW = "too little to say"
STEPS = {"day": "days", "week": "weeks", "month": "months"}


def describe_breaks(con: duckdb.DuckDBPyConnection, parties: Sequence[str], by: str, scale: Scale) -> dict[str, Any]:
    """Find the breaks of a pair, or of one state with its partners.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    parties : sequence of str
        One or two actor ids.
    by : str
        `day`, `week` or `month`.
    scale : Scale

    Returns
    -------
    dict
        As `comity.relations.break_table.find_all_breaks` gives it.
    """
    if len(parties) == 1:
        return find_all_breaks(con, list_pairs(con, parties[0], LEAST_EVENTS), by, scale)
    first, second = parties
    return find_all_breaks(con, [(first, second), (second, first)], by, scale)


def outline_breaks(subject: Subject) -> list[Block]:
    """Show what a break is, how likely one has been lately, and each break with its events."""
    found = subject.document["breaks"]
    pairs, rows = found["pairs"], found["breaks"]
    able = [pair for pair in pairs if pair["enough"]]
    blocks: list[Block] = []
    if subject.document["kind"] == "pair":
        blocks.append(_tabulate_lately(subject, found))
    if not rows:
        blocks.append(Text(_say_none(found, len(able))))
        return blocks
    blocks.append(_tabulate_breaks(subject, rows, found))
    for place, row in enumerate(rows):
        blocks.extend(_outline_break(subject, row, opened=place < OPENED))
    return blocks


def _explain(found: Mapping[str, Any]) -> str:
    """Say what counts as a break."""
    return (
        f"A break is a lasting move of the level by at least {render_score(found['least']).lstrip('+')} points; a "
        "rise is a thaw, a fall a rupture, and both are looked for alike. A burst of news that passes is no break. "
        "Misread news moves the level like any other: look at the events."
    )


def _say_none(found: Mapping[str, Any], able: int) -> str:
    """Say that there is no break, or too little to tell."""
    if not able:
        return f"Too little to say: no direction has {LEAST_EVENTS} events with a score."
    where = "in this direction" if able == 1 else "in any direction"
    many = f" of {able} directions with at least {LEAST_EVENTS} events" if len(found["pairs"]) > 2 else ""
    return f"No break with a probability of at least 50 % {where}{many}. {_explain(found)}"


def _tabulate_lately(subject: Subject, found: Mapping[str, Any]) -> Table:
    """Show how likely a thaw or a rupture has been within the last periods."""
    rows = [
        (
            Cell(_name(subject, pair)),
            *(
                Cell(render_chance(pair[name]) if pair[name] is not None else TOO_FEW, missing=pair[name] is None)
                for name in ("thaw", "rupture")
            ),
            Cell(render_count(pair["events"])),
        )
        for pair in found["pairs"]
    ]
    columns = (
        Column("Direction", "head", 40),
        Column("Thaw", "number", 20),
        Column("Rupture", "number", 20),
        Column("Events with a score", "number", 20),
    )
    steps = STEPS.get(found["by"], "periods")
    dates = [pair["until"] for pair in found["pairs"] if pair["until"]]
    when = f"the {found['within']} {steps} to {render_date(max(dates))}" if dates else "the last periods"
    return Table(f"Probability of a break within {when}, as known on that day", columns, rows)


def _tabulate_breaks(subject: Subject, rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> Table:
    """List every break with its span, probability and size."""
    reach = pick_reach(row[key] for row in rows for key in ("size", "low", "high"))
    cells = [
        (
            Cell(_name(subject, row)),
            Cell(row["direction"].capitalize()),
            Cell(_span(row)),
            Cell(render_chance(row["probability"])),
            Cell(render_date(row["known"]) if row["known"] else UNKNOWN),
            Cell(f"{render_score(row['before'])} to {render_score(row['after'])}"),
            Cell(f"{render_score(row['size'])} ({render_interval(row['low'], row['high'])})"),
            Cell("", drawing=render_whisker(row["size"], row["low"], row["high"], reach)),
        )
        for row in rows
    ]
    columns = (
        Column("Direction", "head", 15),
        Column("What", "text", 8),
        Column("Between", "text", 17),
        Column("Probability", "number", 9),
        Column("First known", "text", 10),
        Column("Before, after", "number", 10),
        Column("Size (90 %)", "number", 13),
        Column("On one scale", "chart", 18, render_whisker_scale(reach)),
    )
    note = (
        f"{_explain(found)} First known: the day on which what was known then first made it likelier than not. "
        "The level of a break moves more slowly than the index."
    )
    return Table("Breaks, by direction and date", columns, cells, note)


def _outline_break(subject: Subject, row: Mapping[str, Any], *, opened: bool) -> list[Block]:
    """Show the events before and after one break."""
    title = f"{_name(subject, row)}: {row['direction']}, {_span(row)}"
    tables: list[Block] = []
    for side in ("before", "after"):
        events = [event for event in row["events"] if event["side"] == side]
        if events:
            tables.append(tabulate_events(subject, events, f"Events {side} it that speak for it most"))
    if not tables:
        tables.append(Text("No single event with a score is on record about this break."))
    return [Heading(title), *tables] if opened else [Fold(title, tables)]


def _span(row: Mapping[str, Any]) -> str:
    """Return the days between which a break happened."""
    if row["period"] == row["until"]:
        return render_date(row["period"])
    return f"{render_date(row['period'])} to {render_date(row['until'])}"


def _name(subject: Subject, row: Mapping[str, Any]) -> str:
    """Return "sender to receiver" in names."""
    return f"{subject.name(row['sender'])} to {subject.name(row['receiver'])}"

"""A pair beside its own past, and beside the pairs that are like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Fold, Table, Text
from comity.brief.drawing import pick_reach
from comity.brief.rows import render_whisker, render_whisker_scale
from comity.brief.subject import Subject
from comity.brief.wording import NARROW, render_count, render_interval, render_score

TOO_FEW = "too little to say"
STEPS = {"day": "days", "week": "weeks", "month": "months"}


def outline_comparison(subject: Subject) -> list[Block]:
    """Show where the pair stands in its own past, and among like pairs."""
    found = subject.document["comparison"]
    steps = STEPS.get(found["by"], "periods")
    return [_tabulate_past(subject, found["history"], steps), *_outline_like(found)]


def _tabulate_past(subject: Subject, rows: Sequence[Mapping[str, Any]], steps: str) -> Table:
    """List both directions and their mean beside their past."""
    cells = [
        (
            Cell(_name(subject, row)),
            Cell(render_score(row["score"], TOO_FEW), missing=row["score"] is None),
            Cell(render_interval(row["low"], row["high"], TOO_FEW), missing=row["low"] is None),
            Cell(render_score(row["usual"], TOO_FEW), missing=row["usual"] is None),
            Cell(_render_place(row), missing=row["percentile"] is None),
            Cell(_describe(row), missing=row["percentile"] is None),
        )
        for row in rows
    ]
    columns = (
        Column("Direction", "head", 26),
        Column("Index now", "number", 11),
        Column("90 % interval", "number", 15),
        Column("Mean of the past", "number", 12),
        Column(f"Earlier {steps} that lay lower", "number", 18),
        Column("In words", "text", 18),
    )
    periods = max((row["periods"] for row in rows), default=0)
    note = (
        f"Its past is the {render_count(periods)} {steps} before that are loaded, and no longer. The share of them "
        "with a lower level, equal ones counted half, with its 90 % interval. In words only what the whole interval "
        "says."
    )
    return Table("Beside its own past", columns, cells, note)


def _outline_like(found: Mapping[str, Any]) -> list[Block]:
    """Say where the pair stands among like pairs, and list these."""
    like = found["like"]
    if not like["enough"]:
        return [
            Text(
                "Beside like pairs: too little to say. The pair has too few events, or too few pairs have figures of "
                "trade, distance and size to be compared by; organisations have none."
            )
        ]
    count = len(like["pairs"]) - 1
    place = (
        f"Of the {count} pairs most like this one, {_percent(like['percentile'])} stand lower "
        f"({_percent(like['percentile_low'])} to {_percent(like['percentile_high'])}). They are the nearest by "
        "distance, common border, trade, size and balance of the economies, among pairs with about as much news."
    )
    return [Text(place), Fold(f"The {count} like pairs", (_tabulate_like(like["pairs"]),))]


def _tabulate_like(rows: Sequence[Mapping[str, Any]]) -> Table:
    """List the pair and those like it from the highest level."""
    reach = pick_reach(row[key] for row in rows for key in ("score", "low", "high"))
    cells = [
        (
            Cell(f"{row['a_name']} and {row['b_name']}" + ("" if row["unlike"] else " (this pair)")),
            Cell(f"{row['unlike']:.2f}"),
            Cell(render_score(row["score"])),
            Cell(render_interval(row["low"], row["high"])),
            Cell("", drawing=render_whisker(row["score"], row["low"], row["high"], reach)),
            Cell(render_count(row["events"])),
        )
        for row in rows
    ]
    columns = (
        Column("Pair", "head", 34),
        Column("How unlike (0 to 1)", "number", 11),
        Column("Index", "number", 9),
        Column("90 % interval", "number", 17),
        Column("On one scale", "chart", 18, render_whisker_scale(reach)),
        Column("Events", "number", 11),
    )
    return Table("This pair and those like it, by the mean of both directions", columns, cells)


def _name(subject: Subject, row: Mapping[str, Any]) -> str:
    """Return a direction in names; the mean of both has none."""
    if row["sender"] is None:
        return "Both directions"
    return f"{subject.name(row['sender'])} to {subject.name(row['receiver'])}"


def _render_place(row: Mapping[str, Any]) -> str:
    """Return a share with its interval."""
    if row["percentile"] is None:
        return TOO_FEW
    return f"{_percent(row['percentile'])} ({_percent(row['percentile_low'])} to {_percent(row['percentile_high'])})"


def _percent(value: float) -> str:
    """Return a percentage without decimals."""
    return f"{value:.0f}{NARROW}%"


def _describe(row: Mapping[str, Any]) -> str:
    """Return where a level stands in its past: a side only when the whole interval lies on it."""
    if row["percentile"] is None:
        return TOO_FEW
    if row["percentile_low"] > 50:
        return "higher than usual"
    return "lower than usual" if row["percentile_high"] < 50 else "not clearly unlike its past"

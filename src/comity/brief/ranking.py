"""The partners of one party: ranked with intervals, and the largest rises and falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Fold, Limits, Table, Text
from comity.brief.drawing import pick_reach
from comity.brief.rows import render_spark, render_whisker, render_whisker_scale
from comity.brief.standing import LIMITS_TITLE
from comity.brief.subject import Subject
from comity.brief.wording import (
    NO_ESTIMATE,
    NOT_KNOWN,
    render_chance,
    render_count,
    render_interval,
    render_score,
)

Partner = Mapping[str, Any]
SHOWN = 25


def outline_partners(subject: Subject) -> list[Block]:
    """Show the limits, a count of sides and every partner by rank; those after the 25th are folded."""
    partners = subject.document["partners"]
    limits = Limits(LIMITS_TITLE, subject.document["limits"])
    if not partners:
        return [limits, Text("No partner has an event in this period.")]
    reach = pick_reach(partner[key] for partner in partners for key in ("score", "low", "high"))
    first, rest = partners[:SHOWN], partners[SHOWN:]
    blocks: list[Block] = [
        Text(_summarise(partners)),
        limits,
        _tabulate_partners(first, reach, f"Partners by rank: 1 to {len(first)} of {len(partners)}"),
    ]
    if rest:
        caption = f"Partners by rank: {SHOWN + 1} to {len(partners)}"
        blocks.append(Fold(caption, (_tabulate_partners(rest, reach, f"{caption}, continued"),)))
    return blocks


def _summarise(partners: Sequence[Partner]) -> str:
    """Count the partners by the side on which their whole interval lies."""
    known = [partner for partner in partners if partner["low"] is not None and partner["high"] is not None]
    above = sum(partner["low"] > 0 for partner in known)
    below = sum(partner["high"] < 0 for partner in known)
    return (
        f"{render_count(len(partners))} partners. The 90 % interval of the index lies above zero for {above}, "
        f"below zero for {below} and includes zero for {len(known) - above - below}"
        + (f"; {len(partners) - len(known)} have no estimate." if len(known) < len(partners) else ".")
    )


def _tabulate_partners(partners: Sequence[Partner], reach: float, caption: str) -> Table:
    """Return partners by rank, each with its interval drawn on one scale and its path."""
    rows = [
        (
            Cell(_render_rank(partner), missing=partner["rank"] is None),
            Cell(partner["name"]),
            Cell(render_score(partner["score"], NO_ESTIMATE), missing=partner["score"] is None),
            Cell(render_interval(partner["low"], partner["high"], NO_ESTIMATE), missing=partner["low"] is None),
            Cell("", drawing=render_whisker(partner["score"], partner["low"], partner["high"], reach)),
            Cell("", drawing=render_spark(partner["path"], reach)),
            Cell(render_count(partner["events"])),
            Cell(_render_change(partner), missing=partner["change"] is None),
        )
        for partner in partners
    ]
    columns = (
        Column("Rank (90 %)", "number", 11),
        Column("Partner", "head", 18),
        Column("Index", "number", 7),
        Column("90 % interval", "number", 12),
        Column("On one scale", "chart", 18, render_whisker_scale(reach)),
        Column("Path", "chart", 11),
        Column("Events", "number", 7),
        Column("Change (90 %)", "number", 16),
    )
    note = (
        "Ranks and changes over the period with their 90 % interval in brackets: where intervals overlap, the "
        "order is not settled. An open dot means that the interval includes zero."
    )
    return Table(caption, columns, rows, note)


def outline_shifts(subject: Subject) -> list[Block]:
    """Show the largest rises and falls, each with its interval and probability."""
    rises, falls = subject.document["rises"], subject.document["falls"]
    reach = pick_reach(partner[key] for partner in (*rises, *falls) for key in ("change", "change_low", "change_high"))
    blocks: list[Block] = []
    for name, partners in (("rise", rises), ("fall", falls)):
        if partners:
            blocks.append(_tabulate_shifts(partners, reach, name))
        else:
            blocks.append(Text(f"No partner's index shows a {name} in this period."))
    return blocks


def _tabulate_shifts(partners: Sequence[Partner], reach: float, name: str) -> Table:
    """Return the changes in one direction, drawn on the scale that both directions share."""
    rows = [
        (
            Cell(partner["name"]),
            Cell(render_score(partner["change"]), missing=partner["change"] is None),
            Cell(
                render_interval(partner["change_low"], partner["change_high"]),
                missing=partner["change_low"] is None,
            ),
            Cell(
                "",
                drawing=render_whisker(partner["change"], partner["change_low"], partner["change_high"], reach),
            ),
            Cell(render_chance(partner["probability"]), missing=partner["probability"] is None),
            Cell(render_score(partner["score"], NO_ESTIMATE), missing=partner["score"] is None),
            Cell(render_count(partner["events"])),
        )
        for partner in partners
    ]
    columns = (
        Column("Partner", "head", 26),
        Column("Change", "number", 9),
        Column("90 % interval", "number", 14),
        Column("On one scale", "chart", 18, render_whisker_scale(reach)),
        Column(f"Probability of a {name}", "number", 13),
        Column("Index now", "number", 11),
        Column("Events", "number", 9),
    )
    return Table(f"Largest {name}s of the index over the period", columns, rows)


def _render_rank(partner: Partner) -> str:
    """Return a rank with its interval: "3 (2–7)"."""
    if partner["rank"] is None:
        return NOT_KNOWN
    if partner["rank_low"] is None or partner["rank_high"] is None:
        return str(partner["rank"])
    return f"{partner['rank']} ({partner['rank_low']}–{partner['rank_high']})"


def _render_change(partner: Partner) -> str:
    """Return a change with its interval: "+0.4 (−0.2 to +1.0)"."""
    if partner["change"] is None:
        return NO_ESTIMATE
    if partner["change_low"] is None or partner["change_high"] is None:
        return render_score(partner["change"])
    return f"{render_score(partner['change'])} ({render_interval(partner['change_low'], partner['change_high'])})"

"""Measures of the literature beside the index, as blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Table
from comity.brief.subject import Subject
from comity.brief.wording import NO_ESTIMATE, NOT_KNOWN, render_fixed

TITLES = {
    "net": ("Net cooperation: sum of the events' scores", 1),
    "share": ("Share of cooperative events, 0 to 1", 2),
    "plover": ("Mean PLOVER score, −10 to +10", 2),
    "tsinghua": ("Recursion on a bounded scale, −9 to +9", 2),
}


def outline_measures(subject: Subject) -> list[Block]:
    """Show the measures of the whole period for both directions, and how far each agrees with the index."""
    found = subject.document["alternatives"]
    directions = subject.document["directions"]
    names = [f"{subject.name(each['sender'])} to {subject.name(each['receiver'])}" for each in directions]
    rows = []
    for row in found["measures"]:
        title, digits = TITLES.get(row["measure"], (row["measure"], 2))
        rows.append(
            [
                Cell(f"{title} ({row['measure']})"),
                *(Cell(render_fixed(value, digits, NO_ESTIMATE), missing=value is None) for value in row["values"]),
                *(_show_agreement(row[over]) for over in ("pairs", "time")),
            ]
        )
    columns = [
        Column("Measure", "head", 28),
        *(Column(name, "number", 14) for name in names),
        Column("Agrees with the index over pairs (90 %)", "number", 22),
        Column("over time (90 %)", "number", 22),
    ]
    by = subject.document["period"]["by"]
    note = (
        f"Values of the whole period. Agreement: Spearman's rank correlation over the {found['pairs']} busiest "
        f"directed pairs of the store (at least {found['least']} events), and its mean over {by}s within them. These "
        "measures have no interval and do not allow for how many events there were: they are for comparison, the "
        "index is for use."
    )
    return [Table("Measures of the literature, beside the index", columns, rows, note)]


def _show_agreement(found: Mapping[str, Any] | None) -> Cell:
    """Return a correlation with its interval."""
    if found is None:
        return Cell(NOT_KNOWN, missing=True)
    ends = f"{render_fixed(found['low'], 2)} to {render_fixed(found['high'], 2)}"
    return Cell(f"{render_fixed(found['correlation'], 2)} ({ends})")

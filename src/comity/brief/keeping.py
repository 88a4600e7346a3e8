"""A state's own rules and what was done, as blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Facts, Items, Table, Text
from comity.brief.subject import Subject
from comity.brief.wording import NO_ESTIMATE, NOT_APPLICABLE, NOT_KNOWN, render_count, render_date, render_share


def outline_conduct(subject: Subject) -> list[Block]:
    """Show the audit of a profile: when its rules would have applied, and what was done; nothing without a profile."""
    found = subject.document["conduct"]
    if found is None:
        return []
    profile, period = found["profile"], found["period"]
    span = (
        f"{render_date(period['since'])} to {render_date(period['until'])}, {render_count(period['days_loaded'])} days "
        f"loaded, {render_count(period['days_missing'])} missing"
    )
    facts = Facts(
        (
            ("Profile", (Cell(f"{profile['title']} ({profile['id']})"),)),
            ("Rules of", (Cell(subject.name(profile["state"])),)),
            ("Days", (Cell(span if period["since"] else "no day is loaded"),)),
        )
    )
    lines: list[Block] = [Text(text) for text in found["summary"]["text"]]
    table: list[Block] = [_tabulate(subject, found)] if found["rules"] else []
    limits = Items([[Cell(text.replace("`", ""))] for text in found["limits"]], small=True)
    return [facts, *lines, *table, limits]


def _tabulate(subject: Subject, found: Mapping[str, Any]) -> Table:
    """Return one row for each rule and partner."""
    rows = []
    for row in found["rules"]:
        share = _render_share(row)
        rows.append(
            [
                Cell(row["rule"]),
                Cell(subject.name(row["partner"])),
                Cell(render_count(row["triggers"])),
                Cell(render_count(row["known"])),
                Cell(render_count(row["kept"])),
                Cell(row["verdict"] or share, missing=bool(row["verdict"])),
                Cell(render_share(row["routine"], NO_ESTIMATE), missing=row["routine"] is None),
                Cell(NOT_APPLICABLE if row["median_days"] is None else f"{row['median_days']:g}",
                     missing=row["median_days"] is None),
            ]
        )  # fmt: skip
    columns = (
        Column("Rule", "head", 20),
        Column("Toward", "text", 15),
        Column("Applied", "number", 9),
        Column("Known", "number", 8),
        Column("Kept", "number", 8),
        Column("Share kept (90 %)", "number", 20),
        Column("Routine", "number", 10),
        Column("Days", "number", 10),
    )
    note = (
        "Applied: times that the gesture was seen. Known: those of which all days up to the deadline were loaded. "
        "Routine: how often the same act is seen in as many days when the rule does not apply. Days: to the answer, "
        "median."
    )
    return Table("When each rule would have applied, and what was done", columns, rows, note)


def _render_share(row: Mapping[str, Any]) -> str:
    """Return the share kept with its interval."""
    if row["share"] is None:
        return NOT_KNOWN
    return f"{render_share(row['share'])} ({render_share(row['low'])} to {render_share(row['high'])})"

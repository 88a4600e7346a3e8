"""A state's own rules and what was done, as blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Facts, Heading, Items, Table, Text
from comity.brief.subject import Subject
from comity.brief.wording import (
    NO_ESTIMATE,
    NOT_APPLICABLE,
    NOT_KNOWN,
    render_chance,
    render_count,
    render_date,
    render_interval,
    render_score,
    render_share,
)


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
    return [facts, *lines, *table, limits, *_outline_rehearsal(subject, found["rehearsal"])]


def _outline_rehearsal(subject: Subject, found: Mapping[str, Any] | None) -> list[Block]:
    """Show the rules simulated beside today's behaviour, with the limits of it; nothing without a rehearsal."""
    if found is None:
        return []
    partner = found["partner"]
    lines = [Text(text.replace(f"{partner}: ", f"{subject.name(partner)}: ", 1)) for text in found["text"]]
    if found["strategies"]:
        worse = f"with {', '.join(found['worse'])}" if found["worse"] else "with none of them"
        lines.append(Text(f"Against {found['strategies']} named strategies: spirals more likely {worse}."))
    known = [row for row in found["months"] if row["now"]["median"] is not None]
    blocks: list[Block] = [Heading("Rehearsal: the rules beside today's behaviour"), *lines]
    if known:
        blocks.append(_tabulate_months(found))
    return [*blocks, Items([[Cell(text)] for text in found["limits"]], small=True)]


def _tabulate_months(found: Mapping[str, Any]) -> Table:
    """Return relations and the risk of a spiral after some months, as now and by the rules."""
    rows = [
        [
            Cell(f"{row['months']} month{'' if row['months'] == 1 else 's'}"),
            *(_show_score(row[arm], row["verdict"]) for arm in ("now", "rules")),
            *(_show_risk(row[f"spiral_{arm}"], row["verdict"]) for arm in ("now", "rules")),
        ]
        for row in found["months"]
    ]
    columns = (
        Column("After", "head", 14),
        Column("Relations as now (90 % of futures)", "number", 23),
        Column("by the rules", "number", 23),
        Column("Chance of a spiral as now (90 %)", "number", 20),
        Column("by the rules", "number", 20),
    )
    note = (
        f"{found['futures']} simulated futures of each kind, seed {found['seed']}. Relations: mean score of both "
        "sides' gestures over four weeks, median of the futures. Nothing of it is a forecast: it compares two ways to "
        "act on the same chances."
    )
    return Table("Simulated relations, as now and by the rules", columns, rows, note)


def _show_score(given: Mapping[str, Any], verdict: str) -> Cell:
    """Return simulated relations with where 90 % of the futures lie."""
    if given["median"] is None:
        return Cell(verdict or NO_ESTIMATE, missing=True)
    return Cell(f"{render_score(given['median'])} ({render_interval(given['low'], given['high'])})")


def _show_risk(given: Mapping[str, Any], verdict: str) -> Cell:
    """Return the chance of a spiral with its interval."""
    if given["risk"] is None:
        return Cell(verdict or NO_ESTIMATE, missing=True)
    return Cell(f"{render_chance(given['risk'])} ({render_share(given['low'])} to {render_share(given['high'])})")


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

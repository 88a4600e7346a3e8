"""A plan as blocks: what is done when, for whose gain, with whose resources and consent; or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Figure,
    Fold,
    Heading,
    Items,
    Panel,
    Table,
    Text,
)
from comity.brief.gantt import (
    Group,
    render_gain,
    render_gantt,
    render_gantt_key,
    render_lanes,
)
from comity.brief.obstacles import list_remarks, name_unit, outline_conflict, render_size
from comity.brief.subject import Subject
from comity.brief.wording import NOT_KNOWN, render_date, render_quantity
from comity.plan.surety import describe_surety

Made = Mapping[str, Any]
MOST_FIGURES = 60
MOST_ROWS = 34
"""Rows of one chart of the timeline."""
TIMELINE_CAPTION = "Bars are phases, diamonds the day by which a consent is asked for."
SHARES = {"shapley": "Shapley values", "nucleolus": "nucleolus"}


def outline_plan(subject: Subject) -> list[Block]:
    """Show a plan within a brief: its parts one after the other; nothing without a plan."""
    made = subject.document.get("plan")
    if made is None:
        return []
    blocks: list[Block] = [outline_facts(made)]
    for uid, title, part in list_parts(made):
        if part and uid not in ("foundations", "sources"):
            blocks += [Heading(title), *part]
    return blocks


def list_parts(made: Made) -> list[tuple[str, str, list[Block]]]:
    """Return the parts of a plan in reading order."""
    if not made["exists"]:
        return [
            ("foundations", "What stands and what is missing", _outline_ground(made)),
            ("conflict", "Why there is no plan", outline_conflict(made)),
            ("sources", "Sources and limits", _outline_sources(made)),
        ]
    return [
        ("foundations", "What stands and what is missing", _outline_ground(made)),
        ("timeline", "What is done when", _outline_timeline(made)),
        ("gains", "What each party gains", _outline_gains(made)),
        ("consents", "Consents", _outline_consents(made)),
        ("resources", "Resources", _outline_resources(made)),
        ("initiatives", "Initiatives", _outline_initiatives(made)),
        ("sources", "Sources and limits", _outline_sources(made)),
    ]


def outline_facts(made: Made) -> Facts:
    """State parties, span, objective and how sure the answer is."""
    heading = made["plan"]
    span = f"{render_date(heading['first_day'])} to {render_date(heading['last_day'])}, by {heading['period']}"
    pairs = [
        ("Parties", (Cell(", ".join(party["name"] for party in heading["parties"])),)),
        ("Span", (Cell(span),)),
        ("Sought", (Cell(f"{heading['objective']}: {heading['objective_text']}"),)),
        ("Answer", (Cell(describe_surety(made)),)),
    ]
    return Facts(tuple(pairs))


def _outline_timeline(made: Made) -> list[Block]:
    """Show the Gantt chart and the table behind it."""
    heading = made["plan"]
    groups = [
        Group(one["title"], [task for task in made["tasks"] if task["initiative"] == one["id"]])
        for one in made["initiatives"]
        if one["chosen"]
    ]
    text = (
        f"{_count(len(groups), 'initiative')} of {len(made['initiatives'])}; all is finished on "
        f"{render_date(made['finish'])}."
    )
    return [
        Text(text),
        *list_remarks(made),
        *_draw_charts(made, groups, (heading["first_day"], _find_last(made))),
        _tabulate_tasks(made),
    ]


def _draw_charts(made: Made, groups: Sequence[Group], span: tuple[str, str]) -> list[Figure]:
    """Return the timeline on as many charts as leave the axis of each in sight, and on one sheet of paper."""
    parts = _split_groups(groups)
    firm = any(task.get("chances") for task in made["tasks"])
    figures = []
    for number, part in enumerate(parts, start=1):
        count = sum(len(group.tasks) for group in part)
        words = (
            "Timeline of the plan" if len(parts) == 1 else f"Timeline of the plan, part {number} of {len(parts)}",
            f"{_count(len(part), 'initiative')} with {count} phases and consents from {render_date(span[0])} to "
            f"{render_date(span[1])}; each date stands in the table below.",
        )
        chart = Panel("", partial(render_gantt, part, span, words))
        key = render_gantt_key if number == 1 and (firm or _has_chain(made)) else None
        last = number == len(parts)
        figures.append(Figure(TIMELINE_CAPTION if last else f"Part {number} of {len(parts)}.", (chart,), key))
    return figures


def _split_groups(groups: Sequence[Group]) -> list[list[Group]]:
    """Return initiatives in parts of so many tasks each that their chart is no taller than a sheet."""
    parts: list[list[Group]] = [[]]
    for group in groups:
        held = sum(len(one.tasks) + 1 for one in parts[-1])
        if parts[-1] and held + len(group.tasks) + 1 > MOST_ROWS:
            parts.append([])
        parts[-1].append(group)
    return parts


def _count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _say_slack(task: Mapping[str, Any]) -> str:
    """Return the periods by which a task may slip; what has finished has none to give."""
    if task.get("slack") is None:
        return "finished"
    return "none" if task["critical"] else f"{task['slack']}"


def _has_chain(made: Made) -> bool:
    """Say whether it is known which tasks have no slack."""
    return any(task.get("critical") is not None for task in made["tasks"])


def _find_last(made: Made) -> str:
    """Return the last day that the timeline shows."""
    firm = [day for task in made["tasks"] for day in (task.get("chances") or {}).values() if day]
    days: list[str] = [made["finish"], *(task["finish"] for task in made["tasks"]), *firm]
    return max(days)


def _tabulate_tasks(made: Made) -> Table:
    """Return the dates of every phase and consent."""
    titles = {one["id"]: one["title"] for one in made["initiatives"]}
    firm = any(task.get("chances") for task in made["tasks"])
    rows = []
    for task in made["tasks"]:
        consent = task["kind"] == "consent"
        title = f"Consent {task['party']}: {task['title']}" if consent else task["title"]
        title += f" [{task['mode']}]" if task["mode"] else ""
        row = [Cell(title), Cell(titles[task["initiative"]]), Cell(render_date(task["start"])),
               Cell(render_date(task["finish"]))]  # fmt: skip
        if firm:
            chances = task.get("chances") or {}
            row += [Cell(render_date(chances[key]) if chances.get(key) else NOT_KNOWN) for key in ("50", "80", "90")]
        if _has_chain(made):
            row.append(Cell(_say_slack(task)))
        rows.append(row)
    labels = ["From", "To", *(["50 % by", "80 % by", "90 % by"] if firm else [])]
    columns = [Column("Phase or consent", "head", 22), Column("Initiative", "text", 100 - 22 - 10 * len(labels) - 9)]
    columns += [Column(label, "text", 10) for label in labels]
    if _has_chain(made):
        columns.append(Column(f"Slack ({made['plan']['period']}s)", "number", 9))
    return Table("Dates", columns, rows)


def _outline_gains(made: Made) -> list[Block]:
    """Show each party's gain with its interval, and how the joint gain could be shared."""
    unit = name_unit(made)
    reach = max((max(abs(row["low"]), abs(row["high"])) for row in made["parties"]), default=0.0) or 1.0
    signed = any(row["low"] < 0 for row in made["parties"])
    rows = [
        [
            Cell(row["name"]),
            Cell(_amount(row["likely"])),
            Cell(f"{_amount(row['low'])} to {_amount(row['high'])}"),
            Cell("", drawing=render_gain({**row, "low": row["low"] if not signed else min(row["low"], -1e-9)}, reach)),
        ]
        for row in made["parties"]
    ]
    columns = (Column("Party", "head", 34), Column(f"Likely gain ({unit})", "number", 22),
               Column("Interval", "number", 26), Column("From zero", "chart", 18))  # fmt: skip
    note = "Over the plan's span, costs taken off; the low end takes the least gain and the greatest cost."
    table = Table("Gain of each party beside having no plan", columns, rows, note)
    return [table, *_outline_shares(made, unit)]


def _amount(value: float) -> str:
    """Return an amount with two decimals and a true minus sign."""
    return f"{value:+,.2f}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _outline_shares(made: Made, unit: str) -> list[Block]:
    """Show Shapley and nucleolus shares, and the side arrangements that would bring them about."""
    shares = made["shares"]
    if shares is None:
        note = made.get("shares_note")
        return [Text(f"How the joint gain could be shared is not known: {note}.")] if note else []
    rows = [
        [Cell(row["name"]), Cell(_amount(row["shapley"])), Cell(_amount(row["nucleolus"]))] for row in shares["parties"]
    ]
    columns = (Column("Party", "head"), Column(f"Shapley value ({unit})", "number"), Column("Nucleolus", "number"))
    core = "No group of parties would gain more alone." if shares["stable"] else "Some group would gain more alone."
    note = f"Joint gain {_amount(shares['joint'])} {unit}. {core}"
    names = {party["id"]: party["name"] for party in made["plan"]["parties"]}
    entries = []
    for one in shares["arrangements"]:
        moves = [f"{names[move['giver']]} gives {names[move['taker']]} {render_size(move['amount'])} {unit}"
                 for move in one["transfers"]]  # fmt: skip
        text = "; ".join(moves) or "no transfer is needed"
        below = f" ({', '.join(names[party] for party in one['below'])} might still lose)" if one["below"] else ""
        entries.append([Cell(f"To reach the {SHARES.get(one['name'], one['name'])}: {text}{below}.")])
    blocks: list[Block] = [Table("How the joint gain could be shared", columns, rows, note)]
    if entries:
        blocks += [Text("Side arrangements, which hold only if every party named in them consents:"), Items(entries)]
    return blocks


def _outline_consents(made: Made) -> list[Block]:
    """Show who must approve what, and by when it is asked for."""
    names = {party["id"]: party["name"] for party in made["plan"]["parties"]}
    rows = [
        [
            Cell(one["title"]),
            Cell(names[consent["party"]]),
            Cell(consent["who"]),
            Cell(consent["status"]),
            Cell(render_date(consent["by"]) if consent["by"] else "n/a", missing=consent["by"] is None),
        ]
        for one in made["initiatives"]
        if one["chosen"]
        for consent in one["consents"]
    ]
    columns = (Column("Initiative", "head"), Column("Party"), Column("Who"), Column("Consent"), Column("Asked for by"))
    return [Table("Whose consent the plan rests on", columns, rows)]


def _outline_resources(made: Made) -> list[Block]:
    """Show what there is and what is taken of each resource."""
    resources = made["resources"]
    if not resources:
        return []
    span = (made["plan"]["first_day"], _find_last(made))
    words = (
        "Resources over time",
        f"{_count(len(resources), 'resource')}: the area is what the plan takes, the line what there is; the numbers "
        "stand in the table below.",
    )
    chart = Panel("", partial(render_lanes, resources, span, words))
    rows = [
        [
            Cell(one["id"]),
            Cell(one["unit"]),
            Cell(f"{render_date(run['from'])} to {render_date(run['until'])}"),
            Cell(f"{run['used']:g}"),
            Cell(f"{run['available']:g}"),
        ]
        for one in resources
        for run in one["profile"]
    ]
    columns = (Column("Resource", "head"), Column("Unit"), Column("When"), Column("Taken", "number"),
               Column("There", "number"))  # fmt: skip
    fold = Fold("The figures behind the profiles", (Table("Taken and there, by span", columns, rows),))
    return [Figure("The area is what the plan takes, the line what there is.", (chart,)), fold]


def _outline_initiatives(made: Made) -> list[Block]:
    """Show each initiative: in the plan or not, what each party gains by it, its precedent and its indicators."""
    names = {party["id"]: party["name"] for party in made["plan"]["parties"]}
    unit = name_unit(made)
    rows = [
        [
            Cell(one["title"]),
            Cell(one["field_title"]),
            Cell(f"{render_date(one['start'])} to {render_date(one['finish'])}" if one["chosen"] else "not in the plan",
                 missing=not one["chosen"]),
            Cell("; ".join(f"{names[worth['party']]} {_amount(worth['likely'])} ({_amount(worth['low'])} to "
                           f"{_amount(worth['high'])}) {_say_per(worth)}" for worth in one["gains"]) or "none"),
            Cell("; ".join(f"{names[worth['party']]} {render_size(worth['likely'])} {_say_per(worth)}"
                           for worth in one["costs"]) or "none"),
        ]
        for one in made["initiatives"]
    ]  # fmt: skip
    columns = (Column("Initiative", "head", 20), Column("Field", "text", 13), Column("When", "text", 17),
               Column(f"Gains ({unit})", "text", 30), Column(f"Costs ({unit})", "text", 20))  # fmt: skip
    entries = [
        [Cell(f"{one['title']}: {one['precedent']['title']}, {one['precedent']['parties']}, {one['precedent']['year']} "
              f"({one['precedent']['reference']}). To be measured by: {'; '.join(one['indicators'])}.")]
        for one in made["initiatives"]
        if one["precedent"]
    ]  # fmt: skip
    blocks: list[Block] = [Table("All initiatives of the file", columns, rows)]
    if entries:
        blocks.append(Fold("Precedents and indicators", (Items(entries),)))
    return blocks


def _say_per(worth: Mapping[str, Any]) -> str:
    """Say whether an amount comes once or each year."""
    return "once" if worth["per"] == "once" else "a year"


def _outline_ground(made: Made) -> list[Block]:
    """Show what stands between each pair of parties, what is missing, and what would move most."""
    blocks: list[Block] = []
    for pair in made.get("foundations") or ():
        name = f"{pair['a']['name']} and {pair['b']['name']}"
        blocks.append(Heading(name))
        for key, caption in (("openings", "What would move their integration most"), ("missing", "What is missing"),
                             ("stands", "What stands")):  # fmt: skip
            if pair[key]:
                table = _tabulate_figures(f"{caption}: {name}", pair[key][:MOST_FIGURES])
                count = _count(len(pair[key]), "figure")
                blocks.append(table if key == "openings" else Fold(f"{caption} ({count})", (table,)))
    return blocks


def _tabulate_figures(caption: str, figures: Sequence[Mapping[str, Any]]) -> Table:
    """Return figures with unit, year, source and note."""
    rows = []
    for figure in figures:
        value, unit = render_quantity(figure["value"], figure["unit"])
        rows.append(
            [
                Cell(figure["what"]),
                Cell(value, missing=figure["value"] is None),
                Cell(unit),
                Cell("" if figure["year"] is None else str(figure["year"])),
                Cell(figure["source"]),
                Cell(figure["note"]),
            ]
        )
    columns = (Column("What", "head", 26), Column("Value", "number", 12), Column("Unit", "text", 10),
               Column("When", "text", 8), Column("Source", "text", 20), Column("Note", "text", 24))  # fmt: skip
    return Table(caption, columns, rows)


def _outline_sources(made: Made) -> list[Block]:
    """Show the sources that the file names, and what a plan cannot say."""
    sources = Items([[Cell(text)] for text in made["sources"]], small=True)
    limits = Items([[Cell(text)] for text in made["limits"]], small=True)
    return [Heading("Sources named in the file"), sources, Heading("Limits"), limits]

"""What the brief rests on: foundations, what is missing, method, coverage, sources, references, citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.bars import render_coverage
from comity.brief.blocks import Block, Cell, Column, Facts, Figure, Fold, Heading, Items, Panel, Table, Text
from comity.brief.drawing import Canvas
from comity.brief.subject import Subject
from comity.brief.wording import (
    NO_COVERAGE,
    NO_ESTIMATE,
    NOT_APPLICABLE,
    NOT_KNOWN,
    render_count,
    render_date,
    render_quantity,
    render_share,
)

COVERAGE_HEIGHT = 104.0
SPELLINGS = (
    f"“{NOT_KNOWN}”: the figure exists, but not in these data. “{NOT_APPLICABLE}”: there is no figure to be had, such "
    f"as a score for a code to which the scale gives none. “{NO_COVERAGE}”: nothing was loaded for the period. "
    f"“{NO_ESTIMATE}”: too little was loaded to estimate. None of these is zero."
)
WORDS = (
    "A side is named only when the whole 90 % interval lies on it. By size of the estimate: slightly below 1, "
    "moderately below 3, clearly below 6, strongly from 6 on a scale from −10 (hostile acts) to +10 (close "
    "cooperation)."
)


def outline_foundations(subject: Subject) -> list[Block]:
    """Show the figures by theme, each with value, unit, year and source."""
    groups = [group for group in subject.document["foundations"] if group["figures"]]
    publishers = _name_publishers(subject)
    noted = any(figure["note"] for group in groups for figure in group["figures"])
    blocks: list[Block] = [_tabulate_figures(group, noted, publishers) for group in groups]
    return blocks or [Text("No figures on foundations are at hand.")]


def _name_publishers(subject: Subject) -> dict[str, str]:
    """Return publisher and id of each source, as a table of figures names it."""
    return {source["id"]: f"{source['publisher']} ({source['id']})" for source in subject.document["sources"]}


def _tabulate_figures(group: Mapping[str, Any], noted: bool, publishers: Mapping[str, str]) -> Table:
    """Return the figures of one theme; all themes have a column of notes, or none has."""
    rows = []
    for figure in group["figures"]:
        unknown = figure["value"] is None
        value, unit = render_quantity(figure["value"], figure["unit"] or "")
        row = [
            Cell(figure["measure"]),
            Cell(value, missing=unknown),
            Cell(unit),
            Cell(NOT_APPLICABLE if figure["year"] is None else str(figure["year"]), missing=figure["year"] is None),
            Cell(publishers.get(figure["source"], figure["source"]) or NOT_KNOWN, missing=not figure["source"]),
        ]
        rows.append([*row, Cell(figure["note"] or "")] if noted else row)
    columns = [
        Column("Measure", "head", 29),
        Column("Value", "number", 13),
        Column("Unit", "text", 10),
        Column("Year", "number", 9),
        Column("Source", "text", 19 if noted else 39),
    ]
    return Table(group["theme"], [*columns, Column("Note", "text", 20)] if noted else columns, rows)


def outline_missing(subject: Subject) -> list[Block]:
    """List what the brief does not have, and how missing values are spelt."""
    entries = [[Cell(text)] for text in subject.document["missing"]]
    head: list[Block] = [Items(entries)] if entries else [Text("Nothing is known to be missing.")]
    return [*head, Text(f"How missing values are written. {SPELLINGS}", quiet=True)]


def outline_method(subject: Subject) -> list[Block]:
    """Show scale, level, model and coverage, with a chart of what was loaded."""
    method, about = subject.document["method"], subject.document["about"]
    scale = method["scale"]
    facts = Facts(
        (
            ("Scale", (Cell(_name_scale(scale)),)),
            ("De-duplication", (Cell(f"{method['level']}: {method['level_text']}"),)),
            ("Version", (Cell(f"Comity {method['version']}"),)),
            ("Snapshot", (Cell(f"{method['snapshot']} of {about['store']}"),)),
        )
    )
    model: list[Block] = [Text(text) for text in method["model_text"]]
    return [
        facts,
        Heading("Model"),
        *model,
        Text(f"How the index is put into words. {WORDS}", quiet=True),
        Heading("Coverage"),
        Text(_describe_coverage(subject)),
        *([Text(method["coverage_text"])] if method["coverage_text"] else []),
        *_outline_days(subject),
    ]


def _name_scale(scale: Mapping[str, Any]) -> str:
    """Return title, id, version and reference; a reference that begins with the title says it all."""
    if scale["reference"].startswith(scale["title"]):
        return str(scale["reference"])
    return f"{scale['title']} ({scale['id']}, version {scale['version']}). {scale['reference']}"


def _describe_coverage(subject: Subject) -> str:
    """Say how much of the period was loaded."""
    coverage = subject.document["coverage"]
    if coverage["slots_expected"] is None:
        return f"{render_count(coverage['events_loaded'])} events between all actors; the source keeps no timetable."
    return (
        f"{render_count(coverage['slots_loaded'])} of {render_count(coverage['slots_expected'])} expected slots "
        f"were loaded ({render_share(coverage['share'])}), with {render_count(coverage['events_loaded'])} events "
        f"between all actors."
    )


def _outline_days(subject: Subject) -> list[Block]:
    """Draw the loaded slots of each day and list them."""
    days = subject.document["coverage"]["days"]
    if not any(day["slots_expected"] for day in days):
        return []
    empty = sum(day["slots_loaded"] == 0 for day in days)
    desc = f"{len(days)} days, {empty} without any slot. The numbers stand in the table after the chart."
    draw = partial(_draw_days, days, ("Slots loaded by day", desc))
    caption = "Slots loaded a day, of those expected (the height of the frame). Hatched: nothing was loaded."
    columns = (
        Column("Day", "date"),
        Column("Slots loaded", "number"),
        Column("Slots expected", "number"),
        Column("Events", "number"),
    )
    rows = [_list_day(day) for day in days]
    table = Table("Slots and events loaded by day", columns, rows)
    return [Figure(caption, (Panel("", draw),)), Fold("The numbers behind the chart of coverage", (table,))]


def _list_day(day: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return one day's slots and events; slots are n/a for a source without a timetable."""
    untimed, empty = day["slots_loaded"] is None, day["slots_loaded"] == 0
    slots = (NOT_APPLICABLE if untimed else render_count(day[name]) for name in ("slots_loaded", "slots_expected"))
    return (
        Cell(render_date(day["date"])),
        *(Cell(text, missing=untimed) for text in slots),
        Cell(NO_COVERAGE if empty else render_count(day["events"]), missing=empty),
    )


def _draw_days(days: Sequence[Mapping[str, Any]], words: tuple[str, str], uid: str, width: float) -> str:
    """Draw the coverage under an id at a width."""
    return render_coverage(days, Canvas(uid, width, COVERAGE_HEIGHT, *words))


def outline_sources(subject: Subject) -> list[Block]:
    """List the sources with publisher, terms, address and citation."""
    sources = subject.document["sources"]
    if not sources:
        return [Text("No source is named.")]
    rows = [
        (
            Cell(f"{source['title']} ({source['id']})"),
            Cell(source["publisher"] or NOT_KNOWN, missing=not source["publisher"]),
            Cell(NOT_APPLICABLE if source["year"] is None else str(source["year"]), missing=source["year"] is None),
            Cell(source["terms"] or NOT_KNOWN, missing=not source["terms"]),
            subject.link(source["url"]) if source["url"] else Cell(NOT_KNOWN, missing=True),
        )
        for source in sources
    ]
    columns = (
        Column("Source", "head", 26),
        Column("Publisher", "text", 18),
        Column("Year", "number", 6),
        Column("Terms", "text", 33),
        Column("Address", "text", 17),
    )
    cited = [[Cell(source["citation"])] for source in sources if source["citation"]]
    blocks: list[Block] = [Table("Sources of the data and the terms of their use", columns, rows)]
    return [*blocks, Heading("To cite the sources"), Items(cited, small=True)] if cited else blocks


def outline_references(subject: Subject) -> list[Block]:
    """List the literature with its DOIs."""
    entries = []
    for reference in subject.document["references"]:
        entry = [Cell(f"[{reference['key']}] {reference['text']} ")]
        entries.append([*entry, subject.link_doi(reference["doi"])] if reference["doi"] else entry)
    return [Items(entries, small=True)] if entries else []


def outline_citation(subject: Subject) -> list[Block]:
    """Say how the brief itself is cited."""
    return [Text(subject.document["citation"])]

"""Reading calendars and resources of a plan."""

from __future__ import annotations

from datetime import date

from comity.forms.document import Node
from comity.forms.fields import check_fields, list_texts, read_flag, read_number
from comity.plan.clock import Clock
from comity.plan.document import Rest, Supply
from comity.plan.forms import CALENDAR, KINDS, LAPSING, RENEWABLE, RESOURCE, SPAN, WEEKDAYS
from comity.plan.values import Reader, list_maps, list_unique, read_amounts


def read_calendars(top: Node, reader: Reader) -> tuple[Rest, ...]:
    """Read the calendars of a plan.

    Parameters
    ----------
    top : Node
        The plan.
    reader : Reader
        Takes the problems.

    Returns
    -------
    tuple of Rest
    """
    found = []
    for name, node in list_unique(reader, list_maps(top.get("calendars")), "id"):
        if not check_fields(node, CALENDAR, reader.findings):
            continue
        spans = [span for item in list_maps(node.get("spans")) if (span := _read_span(item, reader))]
        for item in list_texts(node.get("days")):
            day = reader.read_one_day(item)
            if day is not None:
                spans.append((day, day))
        weekdays = tuple(number for item in list_texts(node.get("weekdays")) for number in _read_weekday(item, reader))
        if not spans and not weekdays:
            reader.findings.add(node, f"the calendar {name!r} closes nothing", todo="give spans, days or weekdays")
        found.append(Rest(name, tuple(sorted(spans)), weekdays, node.read_text("source")))
    return tuple(found)


def _read_span(node: Node, reader: Reader) -> tuple[date, date] | None:
    """Return first and last day of a span."""
    if not check_fields(node, SPAN, reader.findings):
        return None
    first, last = reader.read_day(node, "from"), reader.read_day(node, "to")
    if first is None or last is None:
        return None
    if last < first:
        reader.findings.add(node, f"the span from {first} to {last} ends before it begins", todo="turn it round")
        return None
    return first, last


def _read_weekday(node: Node, reader: Reader) -> list[int]:
    """Return the number of a weekday, Monday 0."""
    name = node.text.strip().casefold()[:3]
    if name in WEEKDAYS:
        return [WEEKDAYS.index(name)]
    reader.findings.add(node, f"{node.text.strip()!r} is no weekday", todo=f"write one of {', '.join(WEEKDAYS)}")
    return []


def read_supplies(top: Node, clock: Clock | None, reader: Reader) -> tuple[Supply, ...]:
    """Read the resources of a plan.

    Parameters
    ----------
    top : Node
        The plan.
    clock : Clock or None
        Tells the years that a resource must speak of; None where the plan's own days are wrong.
    reader : Reader
        Takes the problems.

    Returns
    -------
    tuple of Supply
    """
    found = []
    for name, node in list_unique(reader, list_maps(top.get("resources")), "id"):
        if not check_fields(node, RESOURCE, reader.findings):
            continue
        reader.check_title(node.get("note"))
        kind = reader.choose(node, "kind", KINDS, "money")
        renewable = read_flag(node.get("renewable")) if node.get("renewable") else kind in RENEWABLE
        carries = read_flag(node.get("carries")) if node.get("carries") else kind not in LAPSING
        party = reader.read_party(node.get("party")) or None
        by_year = _read_years(node, clock, reader)
        for field in ("source", "note"):
            reader.check_text(node.get(field))
        source, note = node.read_text("source"), node.read_text("note")
        found.append(Supply(name, kind, party, by_year, renewable, carries, source, note))
    return tuple(found)


def _read_years(node: Node, clock: Clock | None, reader: Reader) -> dict[int, float]:
    """Return what there is in each year of the plan."""
    years = clock.list_years() if clock else []
    amount, table = read_number(node.get("amount")), node.get("by_year")
    if (amount is None) == (table is None):
        todo = "give amount (the same in every year) or by_year, and not both"
        reader.findings.add(node, "how much there is must be said once", "missing is not zero", todo)
        return {}
    if amount is not None:
        return dict.fromkeys(years, amount)
    given = read_amounts(reader, table)
    place = table or node
    wrong = [text for text in given if not text.isdigit() or (years and int(text) not in years)]
    if wrong:
        span = f"{years[0]} to {years[-1]}" if years else "the years of the plan"
        reader.findings.add(place, f"by_year names {', '.join(wrong)}", f"the plan touches {span}", "take it out")
    missing = [year for year in years if str(year) not in given]
    if missing and not wrong:
        what = f"by_year says nothing of {', '.join(map(str, missing))}"
        reader.findings.add(place, what, "missing is not zero", "write 0 where there is nothing")
    return {int(text): value for text, value in given.items() if text.isdigit()}

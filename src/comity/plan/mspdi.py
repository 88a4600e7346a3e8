"""A made plan as Microsoft Project's XML (MSPDI), which ProjectLibre and Microsoft Project open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as Tree

NAMESPACE = "http://schemas.microsoft.com/project"
DAY_HOURS = 8
MUST_START_ON = "2"
LINKS = {"finish-finish": "0", "finish-start": "1", "start-finish": "2", "start-start": "3"}
LAG_PARTS = 10 * 60 * DAY_HOURS
"""Tenths of a minute of work in a day, in which a lag is counted."""
DAYS_FORMAT = "7"
WORK, MATERIAL = "1", "0"
SHIFTS = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))


def render_mspdi(made: Mapping[str, Any]) -> bytes:
    """Return a made plan as MSPDI.

    Every day counts as a day of work, and every task must start on its day: the dates are the plan's and are not
    computed again. Initiatives are summary tasks, consents milestones with their length kept, dependencies links of the
    four kinds with their least lags (the form has no greatest lag), and the plan's dates are the baseline as well.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`.

    Returns
    -------
    bytes
        UTF-8; the same plan gives the same bytes.

    References
    ----------
    `mspdi`
    """
    heading = made["plan"]
    root = Tree.Element("Project", xmlns=NAMESPACE)
    _write(root, {
        "SaveVersion": "14",
        "Name": f"{heading['id']}.xml",
        "Title": heading["title"],
        "ScheduleFromStart": "1",
        "StartDate": _start(heading["first_day"]),
        "FinishDate": _finish(made["finish"] or heading["first_day"]),
        "CalendarUID": "1",
        "MinutesPerDay": str(60 * DAY_HOURS),
        "MinutesPerWeek": str(60 * DAY_HOURS * 7),
        "DaysPerMonth": "30",
    })  # fmt: skip
    _write_calendar(Tree.SubElement(root, "Calendars"))
    numbers = _write_tasks(Tree.SubElement(root, "Tasks"), made)
    held = _write_resources(Tree.SubElement(root, "Resources"), made["resources"])
    _write_assignments(Tree.SubElement(root, "Assignments"), made["tasks"], numbers, held)
    Tree.indent(root, " ")
    text = Tree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _write(parent: Tree.Element, values: Mapping[str, str]) -> None:
    """Add elements with text, in the order of the schema."""
    for name, text in values.items():
        Tree.SubElement(parent, name).text = _keep_legal(text)


def _keep_legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(mark for mark in text if mark in "\t\n\r" or mark >= " " and mark not in "\ufffe\uffff")


def _start(day: str) -> str:
    """Return the morning of a day."""
    return f"{day}T{SHIFTS[0][0]}"


def _finish(day: str) -> str:
    """Return the evening of a day."""
    return f"{day}T{SHIFTS[-1][1]}"


def _write_calendar(parent: Tree.Element) -> None:
    """Add the calendar in which every day is a day of work."""
    calendar = Tree.SubElement(parent, "Calendar")
    _write(calendar, {"UID": "1", "Name": "Every day", "IsBaseCalendar": "1", "BaseCalendarUID": "-1"})
    days = Tree.SubElement(calendar, "WeekDays")
    for number in range(1, 8):
        day = Tree.SubElement(days, "WeekDay")
        _write(day, {"DayType": str(number), "DayWorking": "1"})
        times = Tree.SubElement(day, "WorkingTimes")
        for first, last in SHIFTS:
            _write(Tree.SubElement(times, "WorkingTime"), {"FromTime": first, "ToTime": last})


def _write_tasks(parent: Tree.Element, made: Mapping[str, Any]) -> dict[str, int]:
    """Add a summary for each initiative that is done and its tasks under it; return their numbers."""
    chosen = [one for one in made["initiatives"] if one["chosen"]]
    names = {party["id"]: party["name"] for party in made["plan"]["parties"]}
    ordered: list[tuple[str, Mapping[str, Any], str]] = []
    for place, one in enumerate(chosen, start=1):
        ordered.append((str(place), one, one["id"]))
        own = [{**task, "asked": names.get(task["party"])} for task in made["tasks"] if task["initiative"] == one["id"]]
        ordered += [(f"{place}.{number}", task, task["id"]) for number, task in enumerate(own, start=1)]
    numbers = {name: number for number, (_, _, name) in enumerate(ordered, start=1)}
    for outline, row, name in ordered:
        _write_task(parent, outline, row, numbers, name)
    return numbers


def _write_task(
    parent: Tree.Element, outline: str, row: Mapping[str, Any], numbers: Mapping[str, int], name: str
) -> None:
    """Add one task or summary."""
    summary = "." not in outline
    consent = row.get("kind") == "consent"
    task = Tree.SubElement(parent, "Task")
    number = str(numbers[name])
    title = f"Consent: {row['title']} ({row['asked']})" if consent else row["title"]
    _write(task, {
        "UID": number,
        "ID": number,
        "Name": title,
        "Type": "1",
        "IsNull": "0",
        "WBS": outline,
        "OutlineNumber": outline,
        "OutlineLevel": str(outline.count(".") + 1),
        "Start": _start(row["start"]),
        "Finish": _finish(row["finish"]),
        "Duration": _measure(row["start"], row["finish"]),
        "DurationFormat": DAYS_FORMAT,
        "Milestone": "1" if consent else "0",
        "Summary": "1" if summary else "0",
    })  # fmt: skip
    if not summary:
        _write(task, {"ConstraintType": MUST_START_ON, "ConstraintDate": _start(row["start"])})
        _write_links(task, row["links"], numbers)
        baseline = {"Number": "0", "Start": _start(row["start"]), "Finish": _finish(row["finish"]),
                    "Duration": _measure(row["start"], row["finish"]), "DurationFormat": DAYS_FORMAT}  # fmt: skip
        _write(Tree.SubElement(task, "Baseline"), baseline)


def _measure(first: str, last: str, units: float = 1) -> str:
    """Return the length of a span of days in hours of work, of so many at once."""
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    minutes = round(60 * DAY_HOURS * days * units)
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _write_links(task: Tree.Element, links: Iterable[Mapping[str, Any]], numbers: Mapping[str, int]) -> None:
    """Add the dependencies on tasks that are done."""
    for link in links:
        _write(Tree.SubElement(task, "PredecessorLink"), {
            "PredecessorUID": str(numbers[link["task"]]),
            "Type": LINKS[link["kind"]],
            "CrossProject": "0",
            "LinkLag": str(link["days"] * LAG_PARTS),
            "LagFormat": DAYS_FORMAT,
        })  # fmt: skip


def _write_resources(parent: Tree.Element, resources: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, bool]]:
    """Add the resources; return number and whether each comes back."""
    found: dict[str, tuple[int, bool]] = {}
    for number, row in enumerate(resources, start=1):
        found[row["id"]] = (number, row["renewable"])
        values = {"UID": str(number), "ID": str(number), "Name": row["id"],
                  "Type": WORK if row["renewable"] else MATERIAL, "IsNull": "0"}  # fmt: skip
        if row["renewable"]:
            values["MaxUnits"] = f"{max((run['available'] for run in row['profile']), default=0):.2f}"
        else:
            values["MaterialLabel"] = row["unit"]
        _write(Tree.SubElement(parent, "Resource"), values)
    return found


def _write_assignments(
    parent: Tree.Element,
    tasks: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, int],
    held: Mapping[str, tuple[int, bool]],
) -> None:
    """Add which task takes how much of which resource; of one that comes back, with the hours that it works."""
    count = 0
    for task in tasks:
        for name, amount in task["uses"].items():
            count += 1
            number, renewable = held[name]
            values = {
                "UID": str(count),
                "TaskUID": str(numbers[task["id"]]),
                "ResourceUID": str(number),
                "Finish": _finish(task["finish"]),
                "Start": _start(task["start"]),
                "Units": f"{amount:g}",
            }
            if renewable:
                values["Work"] = _measure(task["start"], task["finish"], amount)
            _write(Tree.SubElement(parent, "Assignment"), values)

"""A made plan as a calendar and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.delivery.calendar import Entry, write_calendar
from comity.delivery.sheet import write_sheet

REMIND_DAYS = 14
COLUMNS = (
    "initiative", "initiative_title", "task", "kind", "title", "party", "mode", "start", "finish", "finish_50",
    "finish_80", "finish_90", "slack", "critical", "resources",
)  # fmt: skip


def render_calendar(made: Mapping[str, Any]) -> bytes:
    """Return a made plan as iCalendar: each phase as a span, each consent with a reminder two weeks ahead.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`.

    Returns
    -------
    bytes
        UTF-8; the same plan gives the same bytes.
    """
    heading = made["plan"]
    titles = {one["id"]: one["title"] for one in made["initiatives"]}
    names = {party["id"]: party["name"] for party in heading["parties"]}
    entries = []
    for task in made["tasks"]:
        consent = task["kind"] == "consent"
        title = f"Consent of {names[task['party']]}: {task['title']}" if consent else task["title"]
        asked = f" Asked of: {names[task['party']]} ({task['party']})." if consent else ""
        entries.append(
            Entry(
                uid=f"{heading['id']}.{task['id']}@comity",
                first=date.fromisoformat(task["start"]),
                last=date.fromisoformat(task["finish"]),
                title=f"{title} ({titles[task['initiative']]})",
                text=f"{heading['title']}. Initiative: {titles[task['initiative']]}.{asked}",
                categories=(task["initiative"], task["kind"]),
                remind_days=REMIND_DAYS if consent else None,
            )
        )
    return write_calendar(entries, heading["title"], date.fromisoformat(heading["as_of"] or heading["first_day"]))


def render_sheet(made: Mapping[str, Any]) -> bytes:
    """Return the tasks of a made plan as CSV, one row each; no cell is a formula.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`.

    Returns
    -------
    bytes
        UTF-8.
    """
    titles = {one["id"]: one["title"] for one in made["initiatives"]}
    rows = [
        {
            "initiative": task["initiative"],
            "initiative_title": titles[task["initiative"]],
            "task": task["id"],
            **{name: task[name] for name in ("kind", "title", "party", "mode", "start", "finish")},
            **{f"finish_{chance}": (task.get("chances") or {}).get(str(chance)) for chance in (50, 80, 90)},
            "slack": task.get("slack"),
            "critical": None if task.get("critical") is None else int(task["critical"]),
            "resources": "; ".join(f"{name} {amount:g}" for name, amount in task["uses"].items()),
        }
        for task in made["tasks"]
    ]
    return write_sheet(rows, COLUMNS)

"""An alert in the words of a message."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from comity.delivery import Message
from comity.lexicon import name_actor
from comity.watch.tables import Alert, Evidence

MOST_NUMBERS = 5
MOST_IDS = 50
EVENTS = "Events behind it, furthest from normal, as a program read them in news (reports, not verified facts):"


def write_message(alert: Alert, now: datetime) -> Message:
    """Write an alert as a message, with the alert's own key.

    Parameters
    ----------
    alert : Alert
        What was decided.
    now : datetime
        When [UTC].

    Returns
    -------
    Message
        `data` holds the alert as plain values, the events behind it among them, of each the first 50 numbers.
    """
    return Message(alert.key, now, _write_subject(alert), _write_body(alert), _write_data(alert))


def _write_subject(alert: Alert) -> str:
    """Return one line."""
    if alert.pair is None:
        return f"{alert.source}: {'nothing comes' if alert.direction == 'stale' else 'fresh again'}"
    directed = bool(alert.sender)
    names = [name_actor(actor) for actor in ((alert.sender, alert.receiver) if directed else alert.pair)]
    who = (" toward " if directed else " and ").join(names)
    return f"{alert.direction}: {who}, {alert.day}"


def _write_body(alert: Alert) -> str:
    """Return the text."""
    lines = [alert.text]
    if alert.probability is not None:
        expected = alert.rate if alert.reached is None else alert.reached
        rate = f"; {expected:.2g} false alarms per pair and year are expected" if expected else ""
        lines.append(f"Probability: {alert.probability:.0%}{rate}.")
    if alert.normal is not None:
        lines.append(f"Normal would have been: {alert.normal.text}")
    if alert.past is not None:
        past = alert.past
        lines.append(f"Of {past.alerts} such alerts since {past.since}, {past.borne_out} were borne out.")
    if alert.evidence:
        lines += [EVENTS, *map(_write_event, alert.evidence)]
    return "\n".join(line for line in lines if line)


def _write_event(event: Evidence) -> str:
    """Return one event as a line: what, how it is scored, how often it was reported, and where to read it."""
    who = f"{name_actor(event.sender)} to {name_actor(event.receiver)}"
    reports = f"{event.reports} report{'s' if event.reports != 1 else ''}"
    what = f"- {event.date}, {who}: {event.label} ({event.code}), score {event.score:+.1f}, {reports}"
    numbers = ", ".join(map(str, event.ids[:MOST_NUMBERS]))
    more = f" and {len(event.ids) - MOST_NUMBERS} more" if len(event.ids) > MOST_NUMBERS else ""
    return "; ".join([what, *([event.link] if event.link else []), *([f"GDELT {numbers}{more}"] if numbers else [])])


def _write_data(alert: Alert) -> dict[str, Any]:
    """Return the alert as plain values."""
    said = asdict(alert)
    said["day"] = alert.day.isoformat()
    said["slot"] = alert.slot.isoformat() if alert.slot else None
    said["since"] = alert.since.isoformat() if alert.since else None
    for event in said["evidence"]:
        event |= {"date": event["date"].isoformat(), "ids": list(event["ids"][:MOST_IDS])}
    if alert.past is not None:
        said["past"]["since"] = alert.past.since.isoformat()
    return said

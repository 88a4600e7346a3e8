"""What is reported of progress and does not go with the plan's own order: the facts stand, and are remarked on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from comity.plan.coherence import list_gate_orders
from comity.plan.document import Initiative, Link, PlanDocument, Progress
from comity.plan.work import GATE


def list_remarks(plan: PlanDocument, chosen: Collection[str]) -> list[dict[str, Any]]:
    """Return where a phase is reported without a consent that it waits for, or before a phase that comes before it.

    Only the order of days is looked at, and not how many periods lie between; a phase of another initiative counts
    where that is chosen.

    Parameters
    ----------
    plan : PlanDocument
    chosen : collection of str
        The initiatives that are done.

    Returns
    -------
    list of dict
        `task`, `kind` (consent or order), `subject` (the consent or the phase before), `text`; consents first, then in
        the order of the file.
    """
    told = {f"{one.id}.{entry.phase}": entry for one in plan.initiatives for entry in one.progress}
    found = []
    for one in plan.initiatives:
        for entry in one.progress:
            found += _list_consents(one, entry, plan.parties)
            found += _list_orders(one, entry, told, chosen)
    return sorted(found, key=lambda row: row["kind"] != "consent")


def _list_consents(one: Initiative, entry: Progress, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the consents without which a phase is reported."""
    task = f"{one.id}.{entry.phase}"
    awaited = {before for before, after in list_gate_orders(one) if after == task}
    found = []
    for consent in one.consents:
        gate = f"{one.id}.{GATE}{consent.party}"
        if gate in awaited:
            who = f"{names.get(consent.party, consent.party)} ({consent.who})"
            text = f"{_report(task, entry)}, without the consent of {who}, which is {consent.status}"
            found.append({"task": task, "kind": "consent", "subject": gate, "text": text})
    return found


def _list_orders(
    one: Initiative, entry: Progress, told: Mapping[str, Progress], chosen: Collection[str]
) -> list[dict[str, Any]]:
    """Return the phases before which a phase is reported though it waits for them."""
    task = f"{one.id}.{entry.phase}"
    links = [link for phase in one.phases if phase.id == entry.phase for link in phase.after]
    found = []
    for link in links:
        other = link.before.partition(".")[0]
        if link.least < 0 or (other != one.id and other not in chosen):
            continue
        missing = _find_missing(link, entry, told.get(link.before))
        if missing:
            text = f"{_report(task, entry)}; {link.before}, which comes before it, {missing}"
            found.append({"task": task, "kind": "order", "subject": link.before, "text": text})
    return found


def _report(task: str, entry: Progress) -> str:
    """Return what is reported of a phase."""
    until = f" and finished on {entry.finished}" if entry.finished else ""
    return f"{task} is reported to have begun on {entry.started}{until}"


def _find_missing(link: Link, entry: Progress, before: Progress | None) -> str:
    """Return what of the phase before is missing or later than the phase; nothing where the order is kept."""
    first, second = link.kind.split("-")
    due: date | None = entry.started if second == "start" else entry.finished
    if due is None:
        return ""
    word = "begun" if first == "start" else "finished"
    met = None if before is None else before.started if first == "start" else before.finished
    if met is None:
        return f"is not reported to have {word}"
    return f"is reported to have {word} on {met}" if met > due else ""

"""Whether the parts of a plan fit together: names that exist, no circle, windows that are long enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from comity.forms.choices import find_nearest
from comity.forms.document import Node
from comity.forms.findings import Findings
from comity.plan.clock import Clock
from comity.plan.document import Consent, Initiative, Phase, PlanDocument, Progress
from comity.plan.values import list_maps
from comity.plan.work import GATE

MOST_TASKS = 5000


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each initiative stands in the file, and where problems go."""

    nodes: Mapping[str, Node]
    findings: Findings

    def note(self, initiative: Initiative, what: str, why: str = "", todo: str = "") -> None:
        """Note a problem at an initiative."""
        self.findings.add(self.nodes[initiative.id], what, why, todo)


def check_coherence(plan: PlanDocument, top: Node, findings: Findings) -> None:
    """Note what does not fit together.

    Parameters
    ----------
    plan : PlanDocument
    top : Node
        Where it stands.
    findings : Findings
        Takes the problems.
    """
    nodes = {node.read_text("id"): node for node in reversed(list_maps(top.get("initiatives")))}
    places = _Places(nodes, findings)
    tasks = {f"{one.id}.{phase.id}" for one in plan.initiatives for phase in one.phases}
    if len(tasks) > MOST_TASKS:
        findings.add(top, f"the plan has {len(tasks):,} phases", todo=f"give at most {MOST_TASKS:,}")
        return
    for one in plan.initiatives:
        _check_references(one, plan, tasks, places)
        _check_windows(one, plan.clock, places)
        for entry in one.progress:
            _check_progress(one, entry, plan, places)
    if not findings.problems:
        _check_circles(plan, places)
    if not findings.problems:
        _check_lengths(plan, places)
    if not findings.problems:
        for one, what, why in list_short_windows(plan):
            places.note(one, what, why, SHORT)


def _check_references(one: Initiative, plan: PlanDocument, tasks: set[str], places: _Places) -> None:
    """Note names of initiatives and phases that there are not, and choices that contradict themselves."""
    _check_choices(one, {other.id for other in plan.initiatives}, places)
    for phase in one.phases:
        for link in phase.after:
            if link.before not in tasks:
                near = find_nearest(link.before, tasks)
                todo = f"there is {', '.join(near)}" if near else "name a phase, or initiative.phase"
                places.note(one, f"{phase.id!r} comes after {link.before!r}, which there is not", todo=todo)
    own = {phase.id for phase in one.phases}
    for consent in one.consents:
        for name in sorted(set(consent.after) - own):
            todo = f"there is {', '.join(sorted(own))}"
            places.note(one, f"the consent of {consent.party} comes after {name!r}, which there is not", todo=todo)


def _check_choices(one: Initiative, known: set[str], places: _Places) -> None:
    """Note what an initiative needs, excludes or asks and cannot have."""
    for name in (*one.needs, *one.excludes):
        if name not in known:
            near = find_nearest(name, known)
            places.note(one, f"there is no initiative {name!r}", todo=f"there is {', '.join(near or sorted(known))}")
        elif name == one.id:
            places.note(one, f"{name!r} names itself under needs or excludes", todo="take it out")
    both = sorted(set(one.needs) & set(one.excludes))
    if both:
        places.note(one, f"{one.id!r} needs and excludes {', '.join(both)}", "no plan can hold it", "keep one")
    if one.required and one.forbidden:
        places.note(one, f"{one.id!r} is required and forbidden", "no plan keeps both", "take one of them out")


def _check_windows(one: Initiative, clock: Clock, places: _Places) -> None:
    """Note windows that end before they begin or lie outside of the plan, and progress from the future."""
    windows: list[tuple[str, Initiative | Phase | Consent]] = [(one.id, one)]
    windows += [(part.id, part) for part in one.phases]
    windows += [(f"{GATE}{part.party}", part) for part in one.consents]
    for name, window in windows:
        first, last = window.earliest, window.latest
        if first and last and last < first:
            places.note(one, f"{name!r} has latest {last}, before earliest {first}", "no time is left",
                        "give latest after earliest")  # fmt: skip
        if last and last < clock.first_day:
            places.note(one, f"{name!r} has latest {last}, before the plan begins on {clock.first_day}",
                        todo="correct latest or first_day")  # fmt: skip
        if first and clock.count_from(first) >= clock.horizon:
            places.note(one, f"{name!r} has earliest {first}, after the plan ends on "
                        f"{clock.name_last_day(clock.horizon)}", todo="lengthen the horizon")  # fmt: skip


def _check_progress(one: Initiative, entry: Progress, plan: PlanDocument, places: _Places) -> None:
    """Note progress without a day on which it was told, or after that day."""
    told = plan.as_of
    if told is None:
        places.note(one, f"the progress of {entry.phase!r} is told, and not as of when", "what is left is counted from "
                    "there", "add as_of: to the plan")  # fmt: skip
        return
    late = [day for day in (entry.started, entry.finished) if day and day > told]
    if late:
        places.note(one, f"{entry.phase!r} has progress on {late[0]}, after {told}", "nobody knows it yet",
                    "correct the day, or as_of")  # fmt: skip
    if entry.finished is None and entry.left is None:
        places.note(one, f"{entry.phase!r} has begun, and nothing is said of what is left", "missing is not zero",
                    "add left: (periods) or finished:")  # fmt: skip


def _check_circles(plan: PlanDocument, places: _Places) -> None:
    """Note a circle of phases that wait for each other, with its members in order."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for before, after in list_orders(plan):
        sorter.add(after, before)
    try:
        sorter.prepare()
    except CycleError as error:
        circle: Sequence[str] = error.args[1]
        shown = " -> ".join(reversed(circle))
        first = plan.find_initiative(circle[0].partition(".")[0])
        if first is not None:
            places.note(first, f"phases wait for each other in a circle: {shown}", "none of them could ever start",
                        "take one dependency out")  # fmt: skip


def list_orders(plan: PlanDocument) -> list[tuple[str, str]]:
    """Return which task starts only after which has finished or started: lags of 0 or more, and consents.

    Parameters
    ----------
    plan : PlanDocument

    Returns
    -------
    list of (str, str)
        Before and after, as `initiative.phase`; a consent is `initiative.consent-PARTY`.
    """
    orders = []
    for one in plan.initiatives:
        for phase in one.phases:
            orders += [(link.before, f"{one.id}.{phase.id}") for link in phase.after if link.least >= 0]
        orders += list_gate_orders(one)
    return orders


def list_gate_orders(one: Initiative) -> list[tuple[str, str]]:
    """Return what each pending consent follows, and what waits for it: every phase that does not come before it."""
    orders = []
    for consent in one.consents:
        if consent.status == "given":
            continue
        gate = f"{one.id}.{GATE}{consent.party}"
        before = _find_before(one, consent.after)
        orders += [(f"{one.id}.{name}", gate) for name in consent.after]
        orders += [(gate, f"{one.id}.{phase.id}") for phase in one.phases if phase.id not in before]
    return orders


def _find_before(one: Initiative, after: Sequence[str]) -> set[str]:
    """Return phases and all phases of the same initiative that come before them."""
    parents = {
        phase.id: [link.before.partition(".")[2] for link in phase.after if link.before.partition(".")[0] == one.id]
        for phase in one.phases
    }
    found: set[str] = set()
    waiting = list(after)
    while waiting:
        name = waiting.pop()
        if name not in found and name in parents:
            found.add(name)
            waiting += parents[name]
    return found


def _check_lengths(plan: PlanDocument, places: _Places) -> None:
    """Note initiatives whose shortest way, at likely durations, is longer than their window or the plan."""
    likely = {f"{one.id}.{phase.id}": min(way.duration.likely for way in phase.ways) for one in plan.initiatives
            for phase in one.phases}  # fmt: skip
    for one in plan.initiatives:
        likely |= {f"{one.id}.{GATE}{part.party}": part.duration.likely for part in one.consents}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    before: dict[str, list[str]] = {}
    for first, second in _list_finish_orders(plan):
        sorter.add(second, first)
        before.setdefault(second, []).append(first)
    ends: dict[str, int] = {}
    begins = {one.id: plan.clock.count_from(one.earliest) if one.earliest else 0 for one in plan.initiatives}
    for task in [*sorter.static_order(), *likely]:
        if task not in ends:
            start = max([begins[task.partition(".")[0]], *(ends[name] for name in before.get(task, ()))])
            ends[task] = start + likely[task]
    for one in plan.initiatives:
        until = plan.clock.count_until(one.latest) if one.latest else plan.clock.horizon
        last = max(end for task, end in ends.items() if task.partition(".")[0] == one.id)
        if last > min(until, plan.clock.horizon) and not one.progress:
            places.note(one, f"{one.id!r} takes {last} periods from the plan's beginning, and {until} are there",
                        "no timetable is short enough", "move latest, or shorten phases")  # fmt: skip


SHORT = "move latest, tell what was done of it, or take the initiative out"


def list_short_windows(plan: PlanDocument) -> list[tuple[Initiative, str, str]]:
    """Return the phases and consents to come that cannot both start and finish within their days.

    Parameters
    ----------
    plan : PlanDocument

    Returns
    -------
    list of (Initiative, str, str)
        Whose it is, what is too short, and why.
    """
    found = []
    for one in plan.initiatives:
        told = {entry.phase for entry in one.progress}
        parts: list[tuple[str, int, Phase | Consent]] = [
            (f"{one.id}.{part.id}", min(way.duration.likely for way in part.ways), part)
            for part in one.phases if part.id not in told
        ]  # fmt: skip
        parts += [(f"{one.id}.{GATE}{part.party}", part.duration.likely, part) for part in one.consents
                  if part.status != "given"]  # fmt: skip
        found += [(one, *said) for name, length, part in parts if (said := _say_short(plan, one, part, name, length))]
    return found


def _say_short(
    plan: PlanDocument, one: Initiative, part: Phase | Consent, name: str, length: int
) -> tuple[str, str] | None:
    """Return why a part cannot start and finish within its days; None where it can."""
    clock = plan.clock
    first = max((clock.count_from(day) for day in (one.earliest, part.earliest, plan.as_of) if day), default=0)
    lasts = [day for day in (one.latest, part.latest) if day]
    if not lasts or clock.count_until(min(lasts)) >= first + length:
        return None
    time = f"{length} {clock.period}{'' if length == 1 else 's'}"
    start = clock.name_day(first)
    what = f"{name} is to be finished by {min(lasts)}, takes {time}, and starts on {start} at the earliest"
    late = plan.as_of is not None and first == clock.count_from(plan.as_of)
    return what, f"it had not begun by {plan.as_of}" if late else "no time is left"


def _list_finish_orders(plan: PlanDocument) -> list[tuple[str, str]]:
    """Return which task starts after which has finished, without lags below 0."""
    orders = []
    for one in plan.initiatives:
        for phase in one.phases:
            links = [link for link in phase.after if link.kind == "finish-start" and link.least >= 0]
            orders += [(link.before, f"{one.id}.{phase.id}") for link in links]
        orders += list_gate_orders(one)
    return orders

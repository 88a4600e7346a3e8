"""What if: an initiative fixed or forbidden, a start delayed, a resource cut, progress told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from comity.forms.choices import find_nearest
from comity.plan.clock import Clock
from comity.plan.document import Initiative, PlanDocument, Progress, Supply
from comity.plan.errors import PlanError
from comity.plan.forms import MOST_PERIODS

CUT = re.compile(r"(?P<name>[a-z][a-z0-9-]*)(@(?P<year>\d{4}))?=(?P<amount>\d+(\.\d+)?)(?P<percent>%)?")
DELAY = re.compile(r"(?P<name>[a-z][a-z0-9.-]*)=((?P<day>\d{4}-\d{2}-\d{2})|\+(?P<periods>\d{1,4}))")
PROGRESS = re.compile(
    r"(?P<name>[a-z][a-z0-9.-]*)=(?P<started>\d{4}-\d{2}-\d{2})(\.\.(?P<finished>\d{4}-\d{2}-\d{2})|\+(?P<left>\d{1,4}))"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different.

    Parameters
    ----------
    fix, forbid : tuple of str
        Initiatives that the plan must hold, or must not.
    delay : tuple of str
        `initiative=2028-01-01`, `initiative.phase=2028-01-01`, or `=+3` for so many periods after the plan's beginning.
    cut : tuple of str
        `resource=20%` (so much less of it in every year), `resource@2028=20%`, or `resource@2028=5` (that is left).
    progress : tuple of str
        `initiative.phase=2027-01-10..2027-03-20` (it finished) or `initiative.phase=2027-01-10+3` (periods are left).
    as_of : str, optional
        The day on which the progress was told.
    """

    fix: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    delay: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    as_of: str | None = None

    def describe(self) -> dict[str, Any]:
        """Return the changes as plain values."""
        names = ("fix", "forbid", "delay", "cut", "progress")
        return {**{name: list(getattr(self, name)) for name in names}, "as_of": self.as_of}


def change_plan(plan: PlanDocument, changes: Changes) -> PlanDocument:
    """Return the plan with the changes made.

    Parameters
    ----------
    plan : PlanDocument
    changes : Changes

    Returns
    -------
    PlanDocument

    Raises
    ------
    PlanError
        A change names nothing of the plan, or is not of its form.
    """
    changed = plan
    for name in changes.fix:
        changed = _change_initiative(changed, name, lambda one: replace(one, required=True, forbidden=False))
    for name in changes.forbid:
        changed = _change_initiative(changed, name, lambda one: replace(one, forbidden=True, required=False))
    for text in changes.delay:
        changed = _delay(changed, _match(DELAY, text, "delay", "initiative.phase=2028-01-01, or =+3 periods"))
    for text in changes.cut:
        changed = _cut(changed, _match(CUT, text, "cut", "resource=20%, resource@2028=20%, or resource@2028=5"))
    if changes.progress and not changes.as_of:
        raise PlanError("progress is told, and not as of when", todo="add as_of: the day on which it was told")
    if changes.as_of:
        changed = replace(changed, as_of=_read_day(changes.as_of))
    for text in changes.progress:
        found = _match(PROGRESS, text, "progress", "initiative.phase=2027-01-10..2027-03-20, or =2027-01-10+3")
        changed = _tell(changed, found)
    return changed


def _match(pattern: re.Pattern[str], text: str, what: str, form: str) -> Mapping[str, str | None]:
    """Return the parts of a change."""
    found = pattern.fullmatch(text.strip())
    if found is None:
        raise PlanError(f"the {what} {text!r} cannot be read", todo=f"write {form}")
    return found.groupdict()


def _read_day(text: str) -> date:
    """Return a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlanError(f"{text!r} is no day", todo="write it as 2028-01-31") from error


def _refuse(name: str, known: Sequence[str], what: str) -> PlanError:
    """Return the error for a name that nothing bears."""
    near = find_nearest(name, known) or list(known)[:8]
    return PlanError(f"the plan has no {what} {name!r}", todo=f"there is {', '.join(near)}")


def _change_initiative(plan: PlanDocument, name: str, change: Callable[[Initiative], Initiative]) -> PlanDocument:
    """Return the plan with one initiative changed."""
    if plan.find_initiative(name) is None:
        raise _refuse(name, [one.id for one in plan.initiatives], "initiative")
    found = tuple(change(one) if one.id == name else one for one in plan.initiatives)
    return replace(plan, initiatives=found)


def _find_phase(plan: PlanDocument, name: str) -> tuple[str, str]:
    """Return initiative and phase of a name such as `visa.negotiate`."""
    initiative, _, phase = name.partition(".")
    names = [f"{one.id}.{part.id}" for one in plan.initiatives for part in one.phases]
    if name not in names:
        raise _refuse(name, names, "phase")
    return initiative, phase


def _delay(plan: PlanDocument, found: Mapping[str, str | None]) -> PlanDocument:
    """Return the plan with a later earliest day of an initiative or of a phase."""
    name, day = str(found["name"]), _find_day(plan.clock, found)
    if "." not in name:
        return _change_initiative(plan, name, lambda one: replace(one, earliest=_later(one.earliest, day)))
    initiative, phase = _find_phase(plan, name)

    def delay(one: Initiative) -> Initiative:
        phases = tuple(
            replace(part, earliest=_later(part.earliest, day)) if part.id == phase else part for part in one.phases
        )
        return replace(one, phases=phases)

    return _change_initiative(plan, initiative, delay)


def _find_day(clock: Clock, found: Mapping[str, str | None]) -> date:
    """Return the day that a delay names."""
    if found["day"]:
        return _read_day(found["day"])
    return clock.name_day(min(int(found["periods"] or 0), MOST_PERIODS))


def _later(one: date | None, other: date) -> date:
    """Return the later of two days."""
    return other if one is None else max(one, other)


def _cut(plan: PlanDocument, found: Mapping[str, str | None]) -> PlanDocument:
    """Return the plan with less of a resource."""
    name = str(found["name"])
    if name not in {supply.id for supply in plan.supplies}:
        raise _refuse(name, [supply.id for supply in plan.supplies], "resource")
    year = int(found["year"]) if found["year"] else None
    amount = float(found["amount"] or 0.0)
    if found["percent"] and amount > 100:
        raise PlanError(f"{amount:g} % cannot be cut", todo="cut 0 to 100 %")

    def cut(supply: Supply) -> Supply:
        if year is not None and year not in supply.by_year:
            raise _refuse(f"{name}@{year}", [f"{name}@{known}" for known in supply.by_year], "year")
        left = {
            known: (value * (1 - amount / 100) if found["percent"] else amount) if year in (None, known) else value
            for known, value in supply.by_year.items()
        }
        return replace(supply, by_year={known: round(value, 3) for known, value in left.items()})

    return replace(plan, supplies=tuple(cut(one) if one.id == name else one for one in plan.supplies))


def _tell(plan: PlanDocument, found: Mapping[str, str | None]) -> PlanDocument:
    """Return the plan with the progress of a phase."""
    initiative, phase = _find_phase(plan, str(found["name"]))
    started = _read_day(str(found["started"]))
    finished = _read_day(found["finished"]) if found["finished"] else None
    late = [day for day in (started, finished) if day and plan.as_of and day > plan.as_of]
    if late or (finished and finished < started):
        what = f"the progress of {found['name']!r} does not fit: {started} to {finished}, told on {plan.as_of}"
        raise PlanError(what, todo="correct the days")
    entry = Progress(phase, started, finished, int(found["left"]) if found["left"] else None)

    def tell(one: Initiative) -> Initiative:
        kept = tuple(known for known in one.progress if known.phase != phase)
        return replace(one, progress=(*kept, entry))

    return _change_initiative(plan, initiative, tell)


def compare_made(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is different between two made plans.

    Parameters
    ----------
    before, after : mapping
        From `comity.plan.result.describe_made`; the second may have no plan.

    Returns
    -------
    dict
        `added` and `dropped` (initiatives), `moved` (tasks with their dates before and after), `gains` (by party,
        before and after), `finish` (before and after).
    """
    if not (before["exists"] and after["exists"]):
        return {
            "added": [],
            "dropped": [],
            "moved": [],
            "gains": [],
            "finish": [before.get("finish"), after.get("finish")],
        }
    chosen = [{one["id"] for one in made["initiatives"] if one["chosen"]} for made in (before, after)]
    was = {task["id"]: task for task in before["tasks"]}
    moved = [
        {
            "id": task["id"],
            "before": [was[task["id"]]["start"], was[task["id"]]["finish"]],
            "after": [task["start"], task["finish"]],
        }
        for task in after["tasks"]
        if task["id"] in was and was[task["id"]]["periods"] != task["periods"]
    ]
    return {
        "added": sorted(chosen[1] - chosen[0]),
        "dropped": sorted(chosen[0] - chosen[1]),
        "moved": moved,
        "gains": [
            {"id": new["id"], "name": new["name"], "before": old["likely"], "after": new["likely"]}
            for old, new in zip(before["parties"], after["parties"], strict=True)
        ],
        "finish": [before["finish"], after["finish"]],
    }

"""What if: an initiative required or forbidden, a date fixed or delayed, a resource cut, progress told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from comity.forms.choices import find_nearest
from comity.plan.clock import Clock
from comity.plan.coherence import SHORT, list_short_windows
from comity.plan.document import Consent, Initiative, Phase, PlanDocument, Progress, Supply
from comity.plan.errors import PlanError
from comity.plan.forms import MOST_PERIODS
from comity.plan.project import Steps
from comity.plan.work import GATE

CUT = re.compile(r"(?P<name>[a-z][a-z0-9-]*)(@(?P<year>\d{4}))?=(?P<amount>\d+(\.\d+)?)(?P<percent>%)?")
FIX = re.compile(r"(?P<name>[a-z][A-Za-z0-9.-]*)=((?P<day>\d{4}-\d{2}-\d{2})|\+(?P<periods>\d{1,4}))")
DELAY = re.compile(r"(?P<name>[a-z][A-Za-z0-9.-]*)=((?P<day>\d{4}-\d{2}-\d{2})|\+(?P<periods>\d{1,4}))")
PROGRESS = re.compile(
    r"(?P<name>[a-z][A-Za-z0-9.-]*)=(?P<started>\d{4}-\d{2}-\d{2})(\.\.(?P<finished>\d{4}-\d{2}-\d{2})|\+(?P<left>\d{1,4}))"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different.

    Parameters
    ----------
    require, forbid : tuple of str
        Initiatives that the plan must hold, or must not.
    fix : tuple of str
        `initiative.phase=2028-01-01`: it starts in the period of that day, neither earlier nor later; or `=+3` for so
        many periods after the plan's beginning. Its initiative is then required.
    delay : tuple of str
        `initiative=2028-01-01`, `initiative.phase=2028-01-01` or `initiative.consent-URY=2028-01-01`, or `=+3` for so
        many periods after the plan's beginning.
    cut : tuple of str
        `resource=20%` (so much less of it in every year), `resource@2028=20%`, or `resource@2028=5` (that is left).
    progress : tuple of str
        `initiative.phase=2027-01-10..2027-03-20` (it finished; a consent was given) or `initiative.phase=2027-01-10+3`
        (periods are left).
    as_of : str, optional
        The day on which the progress was told.
    """

    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    delay: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    as_of: str | None = None

    def describe(self) -> dict[str, Any]:
        """Return the changes as plain values."""
        names = ("require", "forbid", "fix", "delay", "cut", "progress")
        return {**{name: list(getattr(self, name)) for name in names}, "as_of": self.as_of}


def change_plan(plan: PlanDocument, changes: Changes, ways: Mapping[str, str] | None = None) -> PlanDocument:
    """Return the plan with the changes made.

    Parameters
    ----------
    plan : PlanDocument
    changes : Changes
    ways : mapping of str to str, optional
        By phase, the way in which it is done; a phase that is fixed keeps it.

    Returns
    -------
    PlanDocument

    Raises
    ------
    PlanError
        A change names nothing of the plan, or is not of its form.
    """
    _check_contradictions(changes)
    changed = plan
    for name in changes.require:
        changed = _change_initiative(changed, name, lambda one: replace(one, required=True, forbidden=False))
    for name in changes.forbid:
        changed = _change_initiative(changed, name, lambda one: replace(one, forbidden=True, required=False))
    for text in changes.fix:
        found = _match(FIX, text, "fixed date", "initiative.phase=2028-01-01, or =+3 periods")
        changed = _fix(changed, found, ways or {})
    for text in changes.delay:
        changed = _delay(changed, _match(DELAY, text, "delay", "initiative.phase=2028-01-01, or =+3 periods"))
    for text in changes.cut:
        changed = _cut(changed, _match(CUT, text, "cut", "resource=20%, resource@2028=20%, or resource@2028=5"))
    changed = _tell_all(changed, changes)
    for _, what, why in list_short_windows(changed):
        raise PlanError(what, why=why, todo=SHORT)
    return changed


def _check_contradictions(changes: Changes) -> None:
    """Refuse changes that ask for one thing twice, each time another."""
    both = sorted(set(changes.require) & set(changes.forbid))
    if both:
        raise PlanError(f"{both[0]!r} is to be required and forbidden", todo="leave one of the two out")
    for what, texts in (("fixed", changes.fix), ("told of", changes.progress)):
        names = [text.partition("=")[0].strip() for text in texts]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise PlanError(f"{twice!r} is {what} twice", todo="leave one of the two out")
    fixed = {text.partition(".")[0].strip() for text in changes.fix} & set(changes.forbid)
    if fixed:
        raise PlanError(f"{min(fixed)!r} is forbidden, and a part of it fixed", todo="leave one of the two out")


def _tell_all(plan: PlanDocument, changes: Changes) -> PlanDocument:
    """Return the plan with the progress that is told."""
    if changes.progress and not changes.as_of:
        raise PlanError("progress is told, and not as of when", todo="add as_of: the day on which it was told")
    told = replace(plan, as_of=_read_day(changes.as_of)) if changes.as_of else plan
    for text in changes.progress:
        found = _match(PROGRESS, text, "progress", "initiative.phase=2027-01-10..2027-03-20, or =2027-01-10+3")
        told = _tell(told, found)
    _check_known(told)
    return told


def _check_known(plan: PlanDocument) -> None:
    """Refuse a day before which the file tells of progress that is later: what was not known yet cannot be counted."""
    for one in plan.initiatives:
        for entry in one.progress:
            days = [day for day in (entry.started, entry.finished) if day and plan.as_of and day > plan.as_of]
            if days:
                what = f"the file tells of {one.id}.{entry.phase} on {max(days)}, after {plan.as_of}"
                todo = f"give as_of {max(days)} or later, or leave it out to take the file's"
                raise PlanError(what, why="nobody knew it yet", todo=todo)


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
    """Return the plan with a later earliest day of an initiative, a phase or a consent."""
    name, day = str(found["name"]), _find_day(plan.clock, found)
    if "." not in name:
        return _change_initiative(plan, name, lambda one: replace(one, earliest=_later(one.earliest, day)))
    return _change_part(plan, name, lambda part: replace(part, earliest=_later(part.earliest, day)))


def _fix(plan: PlanDocument, found: Mapping[str, str | None], ways: Mapping[str, str]) -> PlanDocument:
    """Return the plan with one phase or consent that starts in one period, in the way in which it is done."""
    name, clock = str(found["name"]), plan.clock
    at = min(int(found["periods"]), MOST_PERIODS) if found["periods"] else clock.count_whole(_find_day(clock, found))
    if not 0 <= at < clock.horizon:
        what = f"{name} cannot be fixed to {clock.name_day(at)}: the plan goes from {clock.first_day} to "
        raise PlanError(f"{what}{clock.name_last_day(clock.horizon)}", todo="name a day within the plan")
    rests = {rest.id: clock.close_periods(rest.spans, rest.weekdays) for rest in plan.calendars}

    def fix(part: Phase | Consent) -> Phase | Consent:
        if isinstance(part, Phase):
            way = next((way for way in part.ways if way.name == ways.get(name)), part.ways[0])
            part, duration = replace(part, ways=(way,)), way.duration
        else:
            duration = part.duration
        finish = _count_on(at, duration.likely, rests.get(part.calendar or "", ()))
        last = clock.name_last_day(finish)
        return replace(part, earliest=_later(part.earliest, clock.name_day(at)), latest=min(part.latest or last, last))

    initiative, _, phase = name.partition(".")
    one = plan.find_initiative(initiative)
    if one is not None and phase in {entry.phase for entry in one.progress}:
        raise PlanError(f"{name} has begun, and cannot be fixed to another day", todo="change its progress")
    changed = _change_part(plan, name, fix)
    return _change_initiative(changed, initiative, lambda one: replace(one, required=True, forbidden=False))


def _count_on(at: int, duration: int, closed: Steps) -> int:
    """Return the period by whose beginning so much work is done from a start on."""
    while duration and at < MOST_PERIODS:
        duration -= not any(first <= at < last for first, last in closed)
        at += 1
    return at


def _change_part(plan: PlanDocument, name: str, change: Callable[[Any], Any]) -> PlanDocument:
    """Return the plan with one phase or consent changed; one with progress stays as it was."""
    initiative, phase = _find_part(plan, name)

    def change_one(one: Initiative) -> Initiative:
        phases = tuple(change(part) if part.id == phase else part for part in one.phases)
        consents = tuple(change(part) if f"{GATE}{part.party}" == phase else part for part in one.consents)
        return replace(one, phases=phases, consents=consents)

    return _change_initiative(plan, initiative, change_one)


def _find_part(plan: PlanDocument, name: str) -> tuple[str, str]:
    """Return initiative and phase or pending consent of a name such as `visa.negotiate` or `visa.consent-URY`."""
    gates = [f"{one.id}.{GATE}{part.party}" for one in plan.initiatives for part in one.consents
             if part.status != "given"]  # fmt: skip
    if name in gates:
        initiative, _, gate = name.partition(".")
        return initiative, gate
    return _find_phase(plan, name)


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
        most = max(value for known, value in supply.by_year.items() if year in (None, known))
        if not found["percent"] and amount > most:
            what = f"{name} cannot be cut to {amount:g}: there is {most:g}{f' in {year}' if year else ' at most'}"
            raise PlanError(what, why="a cut leaves less", todo="give less, or write more of it into the file")

        def leave(value: float) -> float:
            return round(value * (1 - amount / 100) if found["percent"] else min(value, amount), 3)

        left = {known: leave(value) if year in (None, known) else value for known, value in supply.by_year.items()}
        return replace(supply, by_year=left)

    return replace(plan, supplies=tuple(cut(one) if one.id == name else one for one in plan.supplies))


def _tell(plan: PlanDocument, found: Mapping[str, str | None]) -> PlanDocument:
    """Return the plan with the progress of a phase."""
    initiative, phase = _find_part(plan, str(found["name"]))
    started = _read_day(str(found["started"]))
    finished = _read_day(found["finished"]) if found["finished"] else None
    late = [day for day in (started, finished) if day and plan.as_of and day > plan.as_of]
    if late or (finished and finished < started):
        what = f"the progress of {found['name']!r} does not fit: {started} to {finished}, told on {plan.as_of}"
        raise PlanError(what, todo="correct the days")
    if phase.startswith(GATE):
        return _give_consent(plan, str(found["name"]), finished)
    entry = Progress(phase, started, finished, int(found["left"]) if found["left"] else None)

    def tell(one: Initiative) -> Initiative:
        kept = tuple(known for known in one.progress if known.phase != phase)
        return replace(one, progress=(*kept, entry))

    return _change_initiative(plan, initiative, tell)


def _give_consent(plan: PlanDocument, name: str, finished: date | None) -> PlanDocument:
    """Return the plan with a consent that was given."""
    if finished is None:
        todo = f"write {name}=2027-01-10..2027-03-20 once it is given"
        raise PlanError(f"{name} is a consent: it is given, or not yet", todo=todo)
    return _change_part(plan, name, lambda part: replace(part, status="given"))

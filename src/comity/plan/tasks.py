"""The phases and consents of an initiative as tasks of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from comity.plan.clock import Clock
from comity.plan.document import Consent, Initiative, Phase, Progress, Use
from comity.plan.project import Mode, Task
from comity.plan.work import GATE

Spread = tuple[int, int, int]


@dataclass(frozen=True)
class TaskLayer:
    """What laying out the tasks of an initiative needs.

    Parameters
    ----------
    clock : Clock
    factors : mapping of str to int
        By resource: parts of its unit that are counted.
    renewable : frozenset of str
        Resources that come back.
    as_of : datetime.date, optional
        The day of the progress.
    """

    clock: Clock
    factors: Mapping[str, int]
    renewable: frozenset[str]
    as_of: date | None

    def list_tasks(self, one: Initiative) -> list[tuple[Task, dict[str, Spread]]]:
        """Return the phases and the pending consents of an initiative as tasks, each with the spread of its modes."""
        told = {entry.phase: entry for entry in one.progress}
        found = []
        for phase in one.phases:
            entry = told.get(phase.id)
            found.append(self._lay_past(one, phase, entry) if entry else self._lay_phase(one, phase))
        found += [self._lay_consent(one, consent) for consent in one.consents if consent.status != "given"]
        return found

    def _lay_phase(self, one: Initiative, phase: Phase) -> tuple[Task, dict[str, Spread]]:
        """Return a phase as a task."""
        modes = tuple(self._lay_mode(way.name, way.duration.likely, way.uses) for way in phase.ways)
        earliest, latest = self._find_window(one, phase)
        task = Task(f"{one.id}.{phase.id}", modes, one.id, earliest, latest, phase.calendar)
        return task, {way.name: (way.duration.best, way.duration.likely, way.duration.worst) for way in phase.ways}

    def _lay_consent(self, one: Initiative, consent: Consent) -> tuple[Task, dict[str, Spread]]:
        """Return a consent as a task; one that is withheld keeps its task, and the option cannot be chosen."""
        span = consent.duration
        mode = self._lay_mode("only", span.likely, consent.uses)
        earliest, latest = self._find_window(one, consent)
        name = f"{one.id}.{GATE}{consent.party}"
        task = Task(name, (mode,), one.id, earliest, latest, consent.calendar, consent.party)
        return task, {"only": (span.best, span.likely, span.worst)}

    def _lay_past(self, one: Initiative, phase: Phase, entry: Progress) -> tuple[Task, dict[str, Spread]]:
        """Return a phase that has begun: it stands where it was, and ends when it did or will."""
        start = max(0, self.clock.count_whole(entry.started))
        if entry.finished is not None:
            until = self.clock.count_whole(entry.finished) + 1
        else:
            until = self.clock.count_from(self.as_of or entry.started) + (entry.left or 0)
        until = min(max(until, start), self.clock.horizon)
        way = phase.ways[0]
        mode = self._lay_mode(way.name, until - start, way.uses)
        task = Task(f"{one.id}.{phase.id}", (mode,), one.id, min(start, until), until)
        return task, {way.name: (until - start,) * 3}

    def _find_window(self, one: Initiative, part: Phase | Consent) -> tuple[int, int | None]:
        """Return the first period in which a task may start, and the one by which it must be finished."""
        firsts = [self.clock.count_from(day) for day in (one.earliest, part.earliest, self.as_of) if day]
        lasts = [self.clock.count_until(day) for day in (one.latest, part.latest) if day]
        return max(firsts, default=0), min(lasts, default=None)

    def _lay_mode(self, name: str, duration: int, uses: Iterable[Use]) -> Mode:
        """Return a mode with what it holds while it works and what it uses up."""
        amounts: dict[str, int] = {}
        for use in uses:
            amounts[use.resource] = amounts.get(use.resource, 0) + round(use.amount * self.factors[use.resource])
        held = {key: amount for key, amount in amounts.items() if key in self.renewable}
        spent = {key: amount for key, amount in amounts.items() if key not in self.renewable}
        return Mode(duration, held, spent, name)

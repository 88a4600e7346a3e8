"""Parts of a question that have nothing to do with each other, each asked once for all coalitions that share it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from comity.plan.choice.model import weigh_project
from comity.plan.choice.question import Question
from comity.plan.choice.search import Clock, Search
from comity.plan.choice.tables import Effort
from comity.plan.choice.ties import hold_most
from comity.plan.errors import NoPlan, NoTimetable
from comity.plan.project import Mode, Project, Resource


@dataclass(frozen=True, slots=True)
class Worth:
    """The most that a part is worth together, and by the low ends; whether both are proven [units]."""

    likely: int
    low: int
    proven: bool


@dataclass
class Parts:
    """The worth of every part that was asked so far.

    Parameters
    ----------
    known : dict of Hashable to Worth
        By what the worth of a part depends on.
    """

    known: dict[Hashable, Worth] = field(default_factory=dict)

    def value(self, own: Question, effort: Effort) -> tuple[int, bool] | None:
        """Return what a coalition gains on its own, as the sum of its parts, and whether that is proven.

        None where the parts cannot be told: a task belongs to no option, a part has no plan of its own, or by the low
        ends the sum leaves the coalition worse off, so that all must be asked together.
        """
        if any(task.initiative is None for task in own.project.tasks):
            return None
        found = []
        for part in split_question(own):
            name = name_part(part)
            if name not in self.known:
                worth = weigh_part(part, effort)
                if worth is None:
                    return None
                self.known[name] = worth
            found.append(self.known[name])
        floor = sum(own.find_floor(party) for party in own.parties)
        if sum(one.low for one in found) < floor:
            return None
        return max(0, sum(one.likely for one in found) - floor), all(one.proven for one in found)


def name_part(part: Question) -> Hashable:
    """Return what the worth of a part depends on."""
    ways = tuple((task.id, *(mode.name for mode in task.modes)) for task in part.project.tasks)
    return tuple(option.id for option in part.project.options), ways, part.stakes


def weigh_part(part: Question, effort: Effort) -> Worth | None:
    """Return the most that a part is worth, and the most by the low ends among plans of that worth."""
    search = Search(weigh_project(part, bearing=()), Clock(effort))
    try:
        first = hold_most(search, sum(search.weighed.likely.values()))
        second = search.maximise(sum(search.weighed.low.values()))
    except (NoPlan, NoTimetable):
        return None
    return Worth(int(first.value), int(second.value), first.proven and second.proven)


def split_question(own: Question) -> Iterator[Question]:
    """Yield the parts of a question: options that need, exclude, precede or could hinder each other stay together."""
    project = own.project
    for names in group_options(project):
        tasks = tuple(task for task in project.tasks if task.initiative in names)
        held = {task.id for task in tasks}
        stakes = tuple(stake for stake in own.stakes if stake.option in names)
        touched = tuple(party for party in own.parties if any(stake.party == party for stake in stakes))
        yield replace(
            own,
            project=replace(
                project,
                tasks=tasks,
                lags=tuple(lag for lag in project.lags if lag.before in held and lag.after in held),
                options=tuple(option for option in project.options if option.id in names),
            ),
            stakes=stakes,
            parties=touched or own.parties[:1],
        )


def group_options(project: Project) -> list[set[str]]:
    """Return the options in groups that do not touch each other, in the project's order."""
    groups = [{option.id} for option in project.options]
    for tie in list_ties(project):
        touched = [group for group in groups if group & tie]
        if len(touched) > 1:
            touched[0].update(*touched[1:])
            groups = [group for group in groups if group not in touched[1:]]
    return groups


def list_ties(project: Project) -> Iterator[set[str]]:
    """Yield sets of options that cannot be planned apart."""
    known = {option.id for option in project.options}
    owner = {task.id: str(task.initiative) for task in project.tasks}
    for option in project.options:
        yield {option.id, *(known.intersection(option.needs)), *(known.intersection(option.excludes))}
    for lag in project.lags:
        yield {owner[lag.before], owner[lag.after]}
    for resource in project.resources:
        asked = {task.id: max(measure_asking(resource, task.modes)) for task in project.tasks}
        if sum(asked.values()) > find_least(resource):
            yield {owner[name] for name, units in asked.items() if units}


def measure_asking(resource: Resource, modes: Iterable[Mode]) -> list[int]:
    """Return what each mode asks of a resource."""
    return [(mode.demands if resource.renewable else mode.uses).get(resource.id, 0) for mode in modes]


def find_least(resource: Resource) -> int:
    """Return how much of a resource there is whatever the dates: as long as less is asked, nobody hinders anybody."""
    if not resource.capacity or resource.capacity[0][0] > 0:
        return 0
    if resource.carries and not resource.renewable:
        return resource.capacity[0][1]
    return min(units for _, units in resource.capacity)

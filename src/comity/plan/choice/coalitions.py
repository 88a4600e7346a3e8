"""What parties can do together on their own: the game behind the shares."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from comity.plan.choice.model import Expression, weigh_project
from comity.plan.choice.parts import Parts
from comity.plan.choice.question import Question, sum_payoffs
from comity.plan.choice.search import Clock, Search
from comity.plan.choice.tables import Effort, Payoff, Stage
from comity.plan.choice.ties import break_ties, hold_least, hold_most, settle_dates
from comity.plan.errors import BadTerms, NoPlan, NoTimetable, OutOfTime
from comity.plan.project import Mode, Project, Task, Timetable

MOST_PARTIES = 12
"""Parties among which a gain is divided: 4,095 coalitions."""
LARGEST_SHARE = 0.05
"""Part of the time left that the question of one coalition may take: most take far less, or are known already."""
LEAST_SECONDS = 0.1
"""Time for the question of one coalition, where little is left."""


@dataclass(frozen=True, slots=True)
class Joint:
    """The plan with the largest joint gain, whoever has it.

    Parameters
    ----------
    timetable : Timetable
    payoffs : tuple of Payoff
        Before any transfer.
    stage : Stage
        The joint gain over the disagreement values, with its bound [units].
    """

    timetable: Timetable
    payoffs: tuple[Payoff, ...]
    stage: Stage


def find_joint(asked: Question, clock: Clock) -> Joint:
    """Return the plan of all parties with the largest joint gain that leaves them together no worse off.

    By the low ends of all stakes the parties' disagreement values are reached in sum, so that transfers can make the
    plan good for each. Among equally good plans the one with the least shortfall of single parties comes first, then
    the ties of every plan are broken as they always are.

    Raises
    ------
    NoPlan, NoTimetable
        Where there is none, or none was found in time.
    """
    search = pose_joint(asked, clock)
    model, weighed = search.weighed.model, search.weighed
    stage = hold_most(search, sum_gain(search), "joint gain")
    short = []
    for party in asked.parties:
        gap = asked.find_floor(party) - weighed.low[party]
        short.append(model.new_int_var(0, 2**52, f"shortfall {party}"))
        model.add(short[-1] >= gap)
    hold_least(search, sum(short), "shortfall")
    makespan = break_ties(search)[0]
    timetable = settle_dates(search, makespan, bearing=())
    return Joint(timetable, sum_payoffs(asked, timetable), stage)


def value_coalitions(asked: Question, clock: Clock) -> tuple[dict[int, int], Joint, bool]:
    """Return what each coalition gains together on its own, by the bits of its members' places.

    A coalition does only initiatives whose parties are all members, with its members' resources and those that are
    nobody's, and counts only its members' stakes. It may do nothing, which gives 0. What the document requires of the
    plan binds all parties together, not a part of them.

    Parameters
    ----------
    asked : Question
    clock : Clock

    Returns
    -------
    values : dict of int to int
        By coalition [units over its disagreement values].
    joint : Joint
        The plan of all.
    exact : bool
        Whether every value is proven.

    Raises
    ------
    BadTerms
        Where there are more than 12 parties.
    NoPlan, NoTimetable
        Where the parties have no plan together; where time ran out before every coalition was asked.
    """
    players = len(asked.parties)
    if players > MOST_PARTIES:
        raise BadTerms(
            f"{players} parties",
            where="parties",
            why=f"a gain is divided by what each of {2**players - 1} coalitions could do alone",
            todo=f"divide it among {MOST_PARTIES} at most, or take some together",
        )
    joint = find_joint(asked, Clock(replace(clock.effort, seconds=clock.effort.seconds / 2)))
    values, exact = {0: 0}, joint.stage.proven
    whole = 2**players - 1
    known: dict[Hashable, tuple[int, bool]] = {}
    parts = Parts()
    for coalition in range(1, whole):
        own = narrow_question(asked, coalition)
        name = name_question(own)
        if name not in known:
            if clock.over:
                raise OutOfTime(
                    f"what {whole - coalition} of {whole} coalitions could do alone was not found out in time",
                    why="a gain is divided by what each coalition could do without the others",
                    todo=f"give {estimate_seconds(clock, coalition, whole)} seconds, or take some parties together",
                )
            seconds = max(clock.left * LARGEST_SHARE, LEAST_SECONDS)
            effort = replace(clock.effort, seconds=seconds)
            known[name] = parts.value(own, effort) or value_question(own, effort)
        values[coalition], proven = known[name]
        exact = exact and proven
    values[whole] = int(joint.stage.value)
    return values, joint, exact


def estimate_seconds(clock: Clock, asked: int, whole: int) -> int:
    """Return about how many seconds all coalitions would take, in round figures, from those that were asked."""
    most = 1.5 * clock.effort.seconds * whole / asked
    step = 10 ** max(0, len(str(int(most))) - 1)
    return int(-(-most // step) * step)


def narrow_question(asked: Question, coalition: int) -> Question:
    """Return the question of what a coalition can do on its own."""
    members = tuple(party for place, party in enumerate(asked.parties) if coalition >> place & 1)
    project = narrow_project(asked.project, members)
    kept = {option.id for option in project.options}
    return replace(
        asked,
        project=project,
        stakes=tuple(stake for stake in asked.stakes if stake.option in kept and stake.party in members),
        parties=members,
        terms=replace(asked.terms, weights=None, disagreement={party: asked.find_floor(party) for party in members}),
    )


def name_question(own: Question) -> Hashable:
    """Return what the value of a coalition depends on; coalitions that share it share their value."""
    ways = tuple((task.id, *(mode.name for mode in task.modes)) for task in own.project.tasks)
    options = tuple(option.id for option in own.project.options)
    return options, ways, own.stakes, sum(own.find_floor(party) for party in own.parties)


def value_question(own: Question, effort: Effort) -> tuple[int, bool]:
    """Return the most that a coalition gains on its own, and whether that is proven."""
    if not own.project.options:
        return max(0, -sum(own.find_floor(party) for party in own.parties)), True
    search = pose_joint(own, Clock(effort))
    search.share = 1.0
    try:
        stage = search.maximise(sum_gain(search))
    except NoPlan:
        return 0, True
    except NoTimetable:
        return 0, False
    return max(0, int(stage.value)), stage.proven


def pose_joint(asked: Question, clock: Clock) -> Search:
    """Return a search for plans that leave the parties together no worse off by the low ends of their stakes."""
    weighed = weigh_project(asked, bearing=())
    floor = sum(asked.find_floor(party) for party in asked.parties)
    search = Search(weighed, clock)
    weighed.model.add(search.pose(sum(weighed.low.values())) >= floor)
    return search


def sum_gain(search: Search) -> Expression:
    """Return the joint likely gain over the disagreement values as an expression."""
    asked = search.weighed.asked
    floor = sum(asked.find_floor(party) for party in asked.parties)
    return sum(search.weighed.likely.values()) - floor


def narrow_project(project: Project, members: tuple[str, ...]) -> Project:
    """Return the part of a project that some parties can do on their own, with nothing required."""
    owned = {resource.id: resource.party for resource in project.resources if resource.party is not None}
    tasks: list[Task] = []
    undoable = set()
    for task in project.tasks:
        modes = tuple(mode for mode in task.modes if has_means(mode, owned, members))
        if task.initiative is None:
            tasks.append(task)
        elif modes:
            tasks.append(replace(task, modes=modes))
        else:
            undoable.add(task.initiative)
    options = {
        option.id: option
        for option in project.options
        if set(option.parties) <= set(members) and option.id not in undoable and not option.forbidden
    }
    while lost := [name for name, option in options.items() if not set(option.needs) <= set(options)]:
        for name in lost:
            del options[name]
    held = tuple(
        replace(option, required=False, excludes=tuple(name for name in option.excludes if name in options))
        for option in options.values()
    )
    tasks = [task for task in tasks if task.initiative is None or task.initiative in options]
    names = {task.id for task in tasks}
    lags = tuple(lag for lag in project.lags if {lag.before, lag.after} <= names)
    return replace(project, tasks=tuple(tasks), lags=lags, options=held)


def has_means(mode: Mode, owned: Mapping[str, str], members: tuple[str, ...]) -> bool:
    """Tell whether a mode asks for no resource of an outsider."""
    asked = {name for name, units in (*mode.demands.items(), *mode.uses.items()) if units}
    return all(owned.get(name, members[0]) in members for name in asked)

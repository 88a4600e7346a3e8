"""Made-up choices among initiatives, and their solutions by brute force: every subset, where need be every date.

Nothing here uses the solver or the room's own arithmetic; subsets are rows of numpy arrays.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

import numpy as np
from scipy.optimize import linprog

from comity.plan.project import Lag, Mode, Option, Project, Resource, Stake, Task

PARTIES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True)
class Case:
    """A question of choice."""

    project: Project
    stakes: tuple[Stake, ...]
    parties: tuple[str, ...]
    floors: dict[str, int]
    weights: dict[str, int]


@dataclass(frozen=True)
class Field:
    """Every feasible plan of a case, one a row: choice, makespan, low and likely payoffs by party."""

    chosen: np.ndarray
    makespan: np.ndarray
    low: np.ndarray
    likely: np.ndarray


def make_case(seed: int, *, dated: bool) -> Case:
    """Make a case; `dated` ones are small, and their payoffs depend on the dates."""
    draw = np.random.default_rng([seed, dated])
    parties = PARTIES[: int(draw.integers(2, 4 if dated else 6))]
    count = int(draw.integers(1, 4 if dated else 13))
    names = [f"i{number}" for number in range(count)]
    options = tuple(make_option(draw, names, place, parties) for place in range(count))
    stakes = tuple(
        make_stake(draw, option, party, dated)
        for option in options
        for party in parties
        if party in option.parties or draw.random() < 0.2
    )
    horizon = int(draw.integers(4, 7 if dated else 13))
    tasks = tuple(make_task(draw, name, horizon) for name in names)
    total = sum(task.modes[0].uses["money"] for task in tasks)
    later = int(draw.integers(1, horizon))
    money = ((0, int(total * draw.uniform(0.2, 0.7))), (later, int(total * draw.uniform(0, 0.4))))
    resources = [Resource("money", money, renewable=False, party=parties[0] if draw.random() < 0.5 else None)]
    lags: tuple[Lag, ...] = ()
    if dated:
        resources.append(Resource("team", ((0, 2),)))
        if count > 1 and draw.random() < 0.5:
            lags = (Lag("i0.work", "i1.work", int(draw.integers(0, 2))),)
    else:
        tasks = tuple(replace(t, modes=(replace(t.modes[0], demands={}),)) for t in tasks)
    floors = {party: int(draw.integers(-4, 4)) for party in parties if draw.random() < 0.2}
    weights = {party: int(draw.integers(0, 4)) for party in parties}
    weights[parties[0]] += 1
    return Case(Project(horizon, tasks, lags, tuple(resources), options), stakes, parties, floors, weights)


def make_option(draw: np.random.Generator, names: list[str], place: int, parties: tuple[str, ...]) -> Option:
    others = [name for number, name in enumerate(names) if number != place]
    size = int(draw.integers(1, len(parties) + 1))
    held = tuple(parties[i] for i in sorted(draw.choice(len(parties), size, replace=False)))
    return Option(
        names[place],
        held,
        required=bool(draw.random() < 0.015),
        forbidden=bool(draw.random() < 0.04),
        needs=(str(draw.choice(others)),) if others and draw.random() < 0.2 else (),
        excludes=(str(draw.choice(others)),) if others and draw.random() < 0.15 else (),
        withheld=held[:1] if draw.random() < 0.05 else (),
    )


def make_stake(draw: np.random.Generator, option: Option, party: str, dated: bool) -> Stake:
    likely = int(draw.integers(-5, 15))
    recurring = bool(dated and draw.random() < 0.5)
    spread = 2 if recurring else 5
    return Stake(
        option.id, party, likely - int(draw.integers(0, spread)), likely, likely + int(draw.integers(0, 6)), recurring
    )


def make_task(draw: np.random.Generator, name: str, horizon: int) -> Task:
    duration = int(draw.integers(1, 4))
    earliest = int(draw.integers(0, max(1, horizon - duration)))
    earliest = earliest if draw.random() < 0.4 else 0
    latest = int(draw.integers(earliest + duration, horizon + 1)) if draw.random() < 0.4 else None
    mode = Mode(duration, demands={"team": int(draw.integers(1, 3))}, uses={"money": int(draw.integers(1, 8))})
    return Task(f"{name}.work", (mode,), name, earliest, latest)


# --- every feasible plan ----------------------------------------------------------------------------------------------
def list_plans(case: Case) -> Field:
    """Give every plan that keeps the project's rules, whoever loses by it."""
    return list_dated(case) if any(r.renewable for r in case.project.resources) else list_undated(case)


def list_subsets(case: Case) -> np.ndarray:
    """Give every subset that keeps what options ask of each other."""
    options = case.project.options
    place = {option.id: number for number, option in enumerate(options)}
    sets = (np.arange(2 ** len(options))[:, None] >> np.arange(len(options)) & 1).astype(bool)
    right = np.ones(len(sets), bool)
    for number, option in enumerate(options):
        if option.required:
            right &= sets[:, number]
        if option.forbidden or option.withheld:
            right &= ~sets[:, number]
        for other in option.needs:
            right &= ~sets[:, number] | sets[:, place[other]]
        for other in option.excludes:
            right &= ~(sets[:, number] & sets[:, place[other]])
    return sets[right]


def weigh_stakes(case: Case, end: str, recurring: bool) -> np.ndarray:
    """Give the stakes as an array (options, parties)."""
    found = np.zeros((len(case.project.options), len(case.parties)), dtype=np.int64)
    names = [option.id for option in case.project.options]
    for stake in case.stakes:
        if stake.recurring == recurring:
            found[names.index(stake.option), case.parties.index(stake.party)] += getattr(stake, end)
    return found


def list_undated(case: Case) -> Field:
    """Give each subset with its earliest finish: money is the only tie, so every task starts as late as it may."""
    sets = list_subsets(case)
    horizon, tasks = case.project.horizon, case.project.tasks
    money = case.project.resources[0].capacity
    makespan = np.full(len(sets), -1)
    for finish in range(horizon + 1):
        last = np.array([min(task.latest or horizon, finish) - task.modes[0].duration for task in tasks])
        fits = ~(sets & (last < [task.earliest for task in tasks])).any(1)
        uses = np.array([task.modes[0].uses["money"] for task in tasks])
        early = (sets * np.where(last < money[1][0], uses, 0)).sum(1)
        fits &= (early <= money[0][1]) & ((sets * uses).sum(1) <= money[0][1] + money[1][1])
        makespan[(makespan < 0) & fits] = finish
    sets, makespan = sets[makespan >= 0], makespan[makespan >= 0]
    return Field(sets, makespan, sets @ weigh_stakes(case, "low", False), sets @ weigh_stakes(case, "likely", False))


def list_dated(case: Case) -> Field:
    """Give each subset with every possible set of starts."""
    rows = []
    for held in list_subsets(case):
        tasks = [task for task, done in zip(case.project.tasks, held, strict=True) if done]
        windows = [
            range(task.earliest, min(task.latest or 99, case.project.horizon) - task.modes[0].duration + 1)
            for task in tasks
        ]
        rows.extend((held, starts) for starts in itertools.product(*windows) if keeps_rules(case, tasks, starts))
    chosen = np.array([held for held, _ in rows], dtype=bool).reshape(len(rows), len(case.project.options))
    spans = np.zeros(chosen.shape, dtype=np.int64)
    durations = np.array([task.modes[0].duration for task in case.project.tasks])
    for row, (held, starts) in enumerate(rows):
        spans[row, held] = case.project.horizon - (np.array(starts, dtype=np.int64) + durations[held])
    makespan = np.where(chosen, case.project.horizon - spans, 0).max(1, initial=0)
    low, likely = (
        chosen @ weigh_stakes(case, end, False) + spans @ weigh_stakes(case, end, True) for end in ("low", "likely")
    )
    return Field(chosen, makespan, low, likely)


def keeps_rules(case: Case, tasks: list[Task], starts: tuple[int, ...]) -> bool:
    """Tell whether starts keep lag, team and money."""
    at = dict(zip([task.id for task in tasks], starts, strict=True))
    length = {task.id: task.modes[0].duration for task in tasks}
    for lag in case.project.lags:
        if lag.before in at and lag.after in at and at[lag.after] < at[lag.before] + length[lag.before] + lag.least:
            return False
    for period in range(case.project.horizon):
        busy = [t for t in tasks if at[t.id] <= period < at[t.id] + length[t.id]]
        if sum(task.modes[0].demands["team"] for task in busy) > 2:
            return False
        spent = sum(task.modes[0].uses["money"] for task in tasks if at[task.id] <= period)
        if spent > sum(units for arrival, units in case.project.resources[0].capacity if arrival <= period):
            return False
    return True


# --- the best of them -------------------------------------------------------------------------------------------------
def find_floors(case: Case) -> np.ndarray:
    return np.array([case.floors.get(party, 0) for party in case.parties])


def find_best(case: Case, field: Field, objective: str) -> tuple[object, int] | None:
    """Give the best value of an objective over all plans that leave nobody worse off, and its earliest finish."""
    floors = find_floors(case)
    safe = (field.low >= floors).all(1)
    if not safe.any():
        return None
    gains = (field.likely - floors)[safe]
    values = [rank_gains(case, objective, row, gains.max(0)) for row in np.unique(gains, axis=0)]
    best = max(values)
    equal = [row for row, value in zip(np.unique(gains, axis=0), values, strict=True) if value == best]
    at_best = (gains[:, None, :] == np.array(equal)[None]).all(2).any(1)
    return best, int(field.makespan[safe][at_best].min())


def rank_gains(case: Case, objective: str, gains: np.ndarray, ideals: np.ndarray) -> object:
    """Give what an objective compares: exact, larger is better."""
    whole = [int(gain) for gain in gains]
    weights = [case.weights[party] for party in case.parties]
    if objective == "weighted":
        return sum(weight * gain for weight, gain in zip(weights, whole, strict=True))
    if objective == "nash":
        held = [(weight, gain) for weight, gain in zip(weights, whole, strict=True) if weight and gain > 0]
        return sum(weight for weight, _ in held), prod(gain**weight for weight, gain in held)
    if objective == "leximin":
        return sorted(whole)
    return sorted(Fraction(gain, int(most)) for gain, most in zip(whole, ideals, strict=True) if most)


def find_worths(case: Case) -> list[int]:
    """Give what each coalition gains on its own, by the bits of its members' places; undated cases only."""
    field = list_undated(Case(free_project(case.project), case.stakes, case.parties, case.floors, case.weights))
    floors, owner = find_floors(case), case.project.resources[0].party
    low, likely = weigh_stakes(case, "low", False), weigh_stakes(case, "likely", False)
    worths = []
    for coalition in range(2 ** len(case.parties)):
        members = np.array([coalition >> place & 1 for place in range(len(case.parties))], dtype=bool)
        names = {party for party, held in zip(case.parties, members, strict=True) if held}
        outside = [
            not set(option.parties) <= names or (owner is not None and owner not in names)
            for option in case.project.options
        ]
        own = field.chosen[~(field.chosen & outside).any(1)]
        safe = (own @ low)[:, members].sum(1) >= floors[members].sum()
        sums = (own @ likely)[:, members].sum(1)[safe] - floors[members].sum()
        worths.append(max(0, int(sums.max(initial=0))))
    return worths


def find_joint(case: Case) -> int | None:
    """Give the largest joint gain of all parties under every rule; None where they have no plan."""
    field, floors = list_plans(case), find_floors(case)
    safe = field.low.sum(1) >= floors.sum()
    return int((field.likely.sum(1)[safe] - floors.sum()).max()) if safe.any() else None


def share_by_orders(worths: list[int]) -> list[Fraction]:
    """Give the Shapley value by its definition: what a party adds, over every order."""
    parties = len(worths).bit_length() - 1
    added = [0] * parties
    orders = list(itertools.permutations(range(parties)))
    for order in orders:
        before = 0
        for party in order:
            added[party] += worths[before | 1 << party] - worths[before]
            before |= 1 << party
    return [Fraction(total, len(orders)) for total in added]


def is_nucleolus(worths: list[int], shares: list[Fraction], imputation: bool) -> bool:
    """Tell by Kohlberg's criterion: no shift of shares helps the coalitions that complain most, at any level."""
    parties = len(shares)
    members = np.array([[c >> place & 1 for place in range(parties)] for c in range(1, len(worths) - 1)], dtype=float)
    complaints = [
        worths[c] - sum((shares[p] for p in range(parties) if c >> p & 1), Fraction(0))
        for c in range(1, len(worths) - 1)
    ]
    held = [p for p in range(parties) if imputation and shares[p] == worths[1 << p]]
    if sum(shares) != worths[-1] or (imputation and any(shares[p] < worths[1 << p] for p in range(parties))):
        return False
    for level in sorted(set(complaints), reverse=True):
        loud = members[[complaint >= level for complaint in complaints]]
        found = linprog(
            -loud.sum(0),
            A_ub=-np.vstack([loud, np.eye(parties)[held]]),
            b_ub=np.zeros(len(loud) + len(held)),
            A_eq=np.ones((1, parties)),
            b_eq=[0.0],
            bounds=[(-1, 1)] * parties,
        )
        if found.status != 0 or -found.fun > 1e-7:
            return False
    return True


def free_project(project: Project) -> Project:
    """Give a project with nothing required."""
    options = tuple(
        Option(o.id, o.parties, False, o.forbidden, o.needs, o.excludes, o.withheld) for o in project.options
    )
    return Project(project.horizon, project.tasks, project.lags, project.resources, options)

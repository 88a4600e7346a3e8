"""Two searches on one plain network: one for shorter timetables, one for proofs that there are none.

Each tells the other of what it found. With two workers they run side by side; with one, or where an answer must be
reproducible, one after the other.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.plan.schedule.decision import Classic, answer_question, mirror_classic, pose_question, prepare_asker
from comity.plan.schedule.neighbourhood import free_tasks, keep_chains, sort_starts
from comity.plan.schedule.population import PATIENCE, Pool, load_placement, open_pool

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

ELITE = 24
"""Timetables from which parts are set free."""
GLANCE = 0.012
"""Share of the work that one question on the way up from the lower bound may take."""
SLICE = 0.15
"""Work of one question about a part of the tasks, on the solver's deterministic clock."""
EVEN = 0.3
"""Share of these questions that ask for another timetable of the same length instead of a shorter one."""
TURNS = (0.15, 0.35, 0.5)
"""Shares of the work of the search, the proof and the search again, where they take turns."""
SMALL = 40
"""Tasks of a network whose proof both searches turn to."""
POPULATION = 400
"""Individuals of the first population."""
DOUBLINGS = 3
"""Times that a population after one that stands still is twice as large."""
LARGE = 300
"""Tasks of a network of which a quarter as many individuals are bred."""
BROAD = 90
"""Tasks of a network from which the last proof rarely ends: both searches breed, and the proof is asked in between."""
ROUND = 1.5e-5
"""Work that a child, or a step of a walk, stands for where work is counted."""
WALK = 2.0
"""Times as long as a population was bred that the best of it walks."""
STEPS = 500
"""Steps of a walk between two looks at what the others found."""


@dataclass
class Race:
    """What both searches know.

    Parameters
    ----------
    classic : Classic
        The network.
    bound : int
        No timetable is shorter [periods].
    seed : int
        Of every chance.
    budget : float
        Time of the whole [s]; of the solver's deterministic clock where work is counted.
    counted : bool
        Whether work is counted instead of time.
    starts : list of int
        Of the best timetable so far.
    length : int
        Its makespan [periods].
    elite : list of list of int
        The last timetables of that makespan, the newest last.
    askers : list of (cp_model.CpSolver, int)
        Solvers at work on a proof, and the makespan that each asks for.
    """

    classic: Classic
    bound: int
    seed: int
    budget: float
    counted: bool
    starts: list[int] = field(default_factory=list)
    length: int = 1 << 60
    elite: list[list[int]] = field(default_factory=list)
    askers: list[tuple[cp_model.CpSolver, int]] = field(default_factory=list)
    begun: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def settled(self) -> bool:
        """Whether bound and makespan meet."""
        return self.bound >= self.length

    @property
    def left(self) -> float:
        """Seconds that are left; any number where work is counted."""
        return math.inf if self.counted else self.begun + self.budget - time.perf_counter()

    def goes_on(self) -> bool:
        """Tell whether there is something left to find, and time to find it."""
        return self.bound < self.length and self.left > 0

    def offer(self, starts: Sequence[int]) -> bool:
        """Take a valid timetable into account; tell whether it is the shortest so far."""
        length = max((start + size for start, size in zip(starts, self.classic.durations, strict=True)), default=0)
        with self.lock:
            shorter = length < self.length
            if shorter:
                self.starts, self.length = list(starts), length
            if length == self.length:
                self.elite = [*self.elite, list(starts)][-ELITE:]
        self.stop_idle()
        return shorter

    def raise_bound(self, bound: int) -> None:
        """Take a proof into account."""
        with self.lock:
            self.bound = max(self.bound, bound)
        self.stop_idle()

    def stop_idle(self) -> None:
        """Stop the solvers whose question is answered."""
        with self.lock:
            for solver, goal in self.askers:
                if goal >= self.length or goal < self.bound:
                    solver.stop_search()


def run_race(race: Race, *, abreast: bool) -> None:
    """Search for shorter timetables and for proofs until the two meet or the time is over.

    Parameters
    ----------
    race : Race
        What is known; holds the answer afterwards.
    abreast : bool
        Whether the two searches run side by side.

    References
    ----------
    `valls-2005`, `bouleimen-2003`, `godard-2005`, `klein-1999`
    """
    load_placement()
    race.begun = time.perf_counter()
    pool = open_pool(race.classic.network, count_individuals(race, 0), race.seed)
    offer_pool(race, pool)
    if race.settled:
        return
    if abreast:
        with ThreadPoolExecutor(1) as executor:
            broad = len(race.classic.durations) >= BROAD
            proof = executor.submit(breed_and_prove, race) if broad else executor.submit(prove_length, race, None)
            improve_length(race, pool, race.budget, SMALL)
            proof.result()
    else:
        improve_length(race, pool, TURNS[0] * race.budget, 0)
        prove_length(race, TURNS[1] * race.budget)
        improve_length(race, pool, TURNS[2] * race.budget, 0)


def offer_pool(race: Race, pool: Pool) -> None:
    """Take the best individuals of a population into account."""
    shortest = pool.shortest
    if shortest <= race.length:
        for row in (pool.flock.lengths == shortest).nonzero()[0][: ELITE // 2].tolist():
            race.offer(pool.flock.starts[row].tolist())


def prove_length(race: Race, work: float | None) -> None:
    """Halve the way between bound and makespan by short questions, then ask for one period less until that is settled.

    Parameters
    ----------
    race : Race
        What is known.
    work : float, optional
        Of the last question, on the solver's deterministic clock; None: all the time there is.
    """
    close_in(race)
    descend(race, race.classic, work)


def breed_and_prove(race: Race) -> None:
    """Halve the way between bound and makespan; then breed, let the best walk, ask for one period less, and so on."""
    close_in(race)
    rounds = 0
    while race.goes_on():
        rounds += 1
        pool = open_pool(race.classic.network, count_individuals(race, rounds - 1), race.seed + 500 + 1000 * rounds)
        offer_pool(race, pool)
        walk_pool(race, pool, WALK * breed_pool(race, pool, race.budget))
        descend(race, race.classic, GLANCE * race.budget)


def close_in(race: Race) -> None:
    """Halve the way between bound and makespan by short questions."""
    low, high = race.bound, race.length - 1
    while low <= high and race.goes_on():
        goal = (low + high) // 2
        verdict = ask_length(race, race.classic, goal, GLANCE * race.budget)
        low = goal + 1 if verdict == "no" else low
        high = high if verdict == "no" else goal - 1


def descend(race: Race, classic: Classic, work: float | None) -> None:
    """Ask for a timetable that is one period shorter, until there is none or the time is over."""
    while race.goes_on():
        verdict = ask_length(race, classic, race.length - 1, work)
        if verdict == "open" and work is not None:
            return


def ask_length(race: Race, classic: Classic, goal: int, work: float | None) -> str:
    """Ask whether there is a timetable of a makespan, and take the answer into account."""
    question = pose_question(classic, goal, range(len(classic.durations)))
    solver = prepare_asker(race.seed, seconds=None if race.counted else race.left, work=work)
    with race.lock:
        race.askers.append((solver, goal))
    verdict, starts = answer_question(question, solver)
    with race.lock:
        race.askers.remove((solver, goal))
    if verdict == "yes":
        if classic is not race.classic:
            ends = [start + length for start, length in zip(starts, classic.durations, strict=True)]
            starts = [max(ends) - end for end in reversed(ends)]
        race.offer(starts)
    elif verdict == "no":
        race.raise_bound(goal + 1)
    return verdict


def improve_length(race: Race, pool: Pool, work: float, small: int) -> None:
    """Breed, let the best walk, set parts free as long as the breeding took, then breed anew, and so on.

    Of a small network the best is known by then; the rest of the time goes into its proof, in mirrored time.

    Parameters
    ----------
    race : Race
        What is known.
    pool : Pool
        The first population.
    work : float
        Time that it may take [s], or work where that is counted.
    small : int
        Tasks up to which a network is small.
    """
    state = (random.Random(race.seed), {"size": max(10, len(race.classic.durations) // 3)})
    rounds = 0
    while race.goes_on() and work > 0:
        if rounds:
            pool = open_pool(race.classic.network, count_individuals(race, rounds), race.seed + 1000 * rounds)
            offer_pool(race, pool)
        spent = breed_pool(race, pool, work)
        walked = walk_pool(race, pool, min(WALK * spent, work - spent))
        work -= spent + walked + free_parts(race, pool, state, min(spent, work))
        rounds += 1
        if len(race.classic.durations) <= small:
            descend(race, mirror_classic(race.classic), None)


def count_individuals(race: Race, rounds: int) -> int:
    """Return the size of a population: more after each that stood still, fewer where each timetable takes long."""
    first = POPULATION if len(race.classic.durations) <= LARGE else POPULATION // 4
    return int(first * 2 ** min(rounds, DOUBLINGS))


def breed_pool(race: Race, pool: Pool, effort: float) -> float:
    """Breed a population until it stands still or an effort is spent; return what was spent."""
    begun, spent = time.perf_counter(), 0.0
    best, still, size = pool.shortest, 0, len(pool.flock.lengths)
    while still < PATIENCE and spent < effort and race.goes_on():
        pool.breed()
        offer_pool(race, pool)
        shortest = pool.shortest
        best, still = shortest, 0 if shortest < best else still + 1
        spent = spent + ROUND * size if race.counted else time.perf_counter() - begun
    return spent


def walk_pool(race: Race, pool: Pool, effort: float) -> float:
    """Let the best of a population walk until an effort is spent; return what was spent."""
    begun, spent = time.perf_counter(), 0.0
    row = int(pool.flock.lengths.argmin())
    while spent < effort and race.goes_on():
        pool.walk(row, STEPS)
        offer_pool(race, pool)
        spent = spent + ROUND * STEPS if race.counted else time.perf_counter() - begun
    return spent


def free_parts(race: Race, pool: Pool, state: tuple[random.Random, dict[str, int]], effort: float) -> float:
    """Set parts of the best timetables free, one after the other, until an effort is spent; return what was spent."""
    begun, spent = time.perf_counter(), 0.0
    while spent < effort and race.goes_on():
        free_part(race, pool, state)
        spent = spent + SLICE if race.counted else time.perf_counter() - begun
    return spent


def free_part(race: Race, pool: Pool, state: tuple[random.Random, dict[str, int]]) -> None:
    """Set one part free and ask for a shorter timetable, or for another of the same length."""
    rng, sizes = state
    with race.lock:
        starts, length = rng.choice(race.elite), race.length
    even = rng.random() < EVEN
    free = free_tasks(race.classic, starts, sizes["size"], rng)
    kept = keep_chains(race.classic, starts, free, rng)
    order = sort_starts(race.classic, starts, rng)
    question = pose_question(race.classic, length - (not even), order, kept)
    solver = prepare_asker(rng.randrange(1 << 30), seconds=None if race.counted else race.left, work=SLICE)
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    verdict, found = answer_question(question, solver)
    if verdict == "yes":
        race.offer(pool.improve(sort_starts(race.classic, found, rng)))
    elif not even:
        step = 1 if verdict == "no" else -1
        sizes["size"] = min(len(starts), max(8, sizes["size"] + step))

"""What the schedule engine is worth: plain CP-SAT, PyJobShop and ours on the same instances in one run.

Usage: python bench/schedule.py FOLDER [--sets j30 j60 made120 modes60] [--every 10] [--first 1] [--seconds 10]
       [--only ours] [--processor] [--names j60_9_5] [--long 30] [--each] [--short]

FOLDER holds folders of PSPLIB, j30, j60 or j120, and `best_known.csv` (`bench/instances.py` tells the forms). `made120`
are 60 networks of 120 tasks made here with the published parameters of j120 (`bench/progen.py`), for who has not got
the library's own; `modes60` are such networks of 60 tasks with three ways to do each. For both the mean excess over
the longest chain and over the best of the run is printed, with `--long` also over ours after so many seconds. `--only
ours "ours, seed 2" "ours, seed 3"` tells what the seed does. `--processor` counts 2 CPU seconds of this process for one
second of two workers, so that a busy machine does not decide. `--each` prints every instance. Prints proofs, mean gaps
and CPU seconds; then, without `--short`, what a bred timetable, a step of a walk and compiling cost, the what-if times
and the table of robust dates (`--sets` with no name for these alone).
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
from instances import Case, read_cases
from ortools.sat.python.cp_model import CpSolver
from progen import add_modes, list_grid, make_project

from comity.plan.project import Project, Timetable
from comity.plan.schedule import (
    Cut,
    Delay,
    Effort,
    Progress,
    Spread,
    check_timetable,
    compose_model,
    race,
    revise_timetable,
    schedule_dates,
    schedule_tasks,
    simulate_finishes,
    solve,
    ways,
)
from comity.plan.schedule.bounds import bound_chain
from comity.plan.schedule.network import draw_network, measure_project
from comity.plan.schedule.population import load_placement, open_pool

Answer = tuple[int, int]


def make_case(number: int, count: int = 120) -> Case:
    """Return a made network of the cell with this number (from 1 on, round and round), and its longest chain."""
    grid = list_grid()
    project = make_project(1000 + number - 1, grid[(number - 1) % len(grid)], count)
    return f"made{count}_{number}", project, bound_chain(project, list(project.tasks))


def make_modes(number: int) -> Case:
    """Return a made network of 60 tasks of which each can be done in three ways, and its longest chain."""
    label, project, _ = make_case(number, 60)
    project = add_modes(project)
    return f"modes{label[4:]}", project, bound_chain(project, list(project.tasks))


WALKED = 20_000
"""Steps of a walk of which the mean time is taken."""
FRESH = 20
"""Thousands of fresh scenarios that tell what a stated hit rate is worth."""
MADE: dict[str, Callable[[int], Case]] = {"made120": make_case, "modes60": make_modes}
PREPARE = solve.prepare_solver
COUNTED: list[bool] = []
"""Holds something where CPU seconds are counted."""


def count_processor() -> None:
    """Let the engine's clock count CPU seconds of this process, two for one second of two workers."""
    COUNTED.append(True)
    for module in (race, solve, ways):
        module.time = SimpleNamespace(perf_counter=lambda: time.process_time() / 2)  # type: ignore[attr-defined]
    solve.prepare_solver = prepare_counted  # type: ignore[assignment]
    prepare = race.prepare_asker

    def prepare_patiently(seed: int, *, seconds: float | None = None, work: float | None = None) -> CpSolver:
        solver = prepare(seed, work=work)
        if seconds is not None:
            limit_solver(solver, seconds)
        return solver

    race.prepare_asker = prepare_patiently


def prepare_counted(effort: Effort) -> CpSolver:
    """Return the engine's own solver for a whole model, stopped when its CPU seconds are spent."""
    solver = PREPARE(replace(effort, seconds=100 * effort.seconds))
    limit_solver(solver, effort.seconds)
    return solver


def limit_solver(solver: CpSolver, seconds: float) -> None:
    """Give a solver so many seconds, by the clock or of two workers' CPU time."""
    if COUNTED:
        ends = time.process_time() / 2 + seconds
        threading.Thread(target=stop_late, args=(solver, ends), daemon=True).start()
    else:
        solver.parameters.max_time_in_seconds = seconds


def stop_late(solver: CpSolver, ends: float) -> None:
    """Stop a solver when the CPU seconds are spent."""
    alive = weakref.ref(solver)
    del solver
    while time.process_time() / 2 < ends:
        time.sleep(0.05)
        if alive() is None:
            return
    found = alive()
    if found is not None:
        found.stop_search()


def solve_ours(project: Project, seconds: float, seed: int = 1) -> Answer:
    """Return makespan and bound of Comity's engine."""
    found = schedule_tasks(project, seconds=seconds, seed=seed)
    return found.makespan, found.bound


def solve_plainly(project: Project, seconds: float) -> Answer:
    """Return makespan and bound of CP-SAT on the bare model."""
    from ortools.sat.python import cp_model

    composed = compose_model(project)
    composed.model.minimize(composed.makespan)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    limit_solver(solver, seconds)
    if solver.solve(composed.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return project.horizon, 0
    return round(solver.objective_value), math.ceil(solver.best_objective_bound - 1e-6)


def solve_with_peer(project: Project, seconds: float) -> Answer:
    """Return makespan and bound of PyJobShop."""
    from pyjobshop import Model

    beneath = import_module("pyjobshop.solvers.ortools.CPModel")
    beneath.CpSolver = partial(prepare_peer, seconds) if COUNTED else CpSolver  # type: ignore[attr-defined]
    model = Model()
    kinds = {one.id: model.add_renewable(one.capacity[0][1]) for one in project.resources}
    tasks = {}
    for task in project.tasks:
        tasks[task.id] = model.add_task()
        for mode in task.modes:
            held = list(mode.demands)
            needs = [mode.demands[name] for name in held]
            model.add_mode(tasks[task.id], [kinds[name] for name in held], mode.duration, needs)
    for lag in project.lags:
        model.add_end_before_start(tasks[lag.before], tasks[lag.after], lag.least)
    limit = 100 * seconds if COUNTED else seconds
    result = model.solve(solver="ortools", time_limit=limit, display=False, num_workers=2)
    return round(result.objective), math.ceil(result.lower_bound - 1e-6)


def prepare_peer(seconds: float) -> CpSolver:
    """Return a solver for the peer that is stopped when its CPU seconds are spent."""
    solver = CpSolver()
    limit_solver(solver, seconds)
    return solver


SOLVERS: dict[str, Callable[[Project, float], Answer]] = {
    "plain CP-SAT": solve_plainly,
    "PyJobShop": solve_with_peer,
    "ours": solve_ours,
    "ours, seed 2": partial(solve_ours, seed=2),
    "ours, seed 3": partial(solve_ours, seed=3),
}


def compare_solvers(cases: list[Case], given: argparse.Namespace, made: bool) -> None:
    """Print for each solver the proofs, the mean gaps to the references and the CPU seconds."""
    rows: dict[str, list[tuple[float, float, bool, float, float]]] = {name: [] for name in given.only}
    for label, project, reference in cases:
        answers = {}
        best = solve_ours(project, given.long)[0] if made and given.long else 0
        for name in given.only:
            cpu, wall = time.process_time(), time.perf_counter()
            answers[name] = (
                *SOLVERS[name](project, given.seconds),
                time.process_time() - cpu,
                time.perf_counter() - wall,
            )
        found = min(answer[0] for answer in answers.values())
        best = min(best or found, found) if made else reference
        for name, (makespan, bound, *spent) in answers.items():
            rows[name].append((makespan / best - 1, makespan / reference - 1, bound >= makespan, *spent))
            if given.each:
                print(f"    {label:12} {name:13} {makespan} best {best} bound {bound} CPU {spent[0]:.2f} s", flush=True)
    for name, lines in rows.items():
        gaps, over, proofs, cpus, walls = zip(*lines, strict=True)
        chain = f"over the longest chain {100 * statistics.mean(over):6.2f} %   " if made else ""
        error = 100 * statistics.stdev(gaps) / math.sqrt(len(gaps)) if len(gaps) > 1 else math.nan
        print(
            f"  {name:13} proved {sum(proofs):4} of {len(lines):4}   mean gap {100 * statistics.mean(gaps):6.3f} % "
            f"(standard error {error:.3f})   "
            f"{chain}best found {sum(gap <= 0 for gap in gaps):4}   CPU {statistics.mean(cpus):5.1f} s "
            f"(median {statistics.median(cpus):5.2f}, most {max(cpus):5.2f})   longest {max(walls):5.1f} s"
        )


LOAD = """
import time
from comity.plan.schedule.population import load_placement
begun = time.process_time()
load_placement()
print(time.process_time() - begun)
"""


def measure_breeding() -> None:
    """Print what one timetable costs, and what the compiler costs once and then at each start."""
    load_placement()
    for count in (120, 60):
        _, project, _ = make_case(6, count)
        modes = {task.id: task.modes[0].name for task in project.tasks}
        pool = open_pool(draw_network(project, modes, measure_project(project)), race.POPULATION, 1)
        tried, begun = pool.tried, time.process_time()
        for _ in range(25):
            pool.breed()
        spent = (time.process_time() - begun) / (pool.tried - tried)
        row, begun = int(pool.flock.lengths.argmin()), time.process_time()
        pool.walk(row, WALKED)
        step = (time.process_time() - begun) / WALKED
        print(
            f"  {count} tasks: {1e6 * spent:.1f} microseconds of CPU for a timetable, of which "
            f"a child takes three; {1e6 * step:.1f} for a step of a walk"
        )
    with TemporaryDirectory() as folder:
        held = {**os.environ, "NUMBA_CACHE_DIR": folder}
        command = [sys.executable, "-c", LOAD]
        runs = [subprocess.run(command, env=held, capture_output=True, text=True, check=True) for _ in range(2)]
    first, later = (float(run.stdout) for run in runs)
    print(f"  compiled in {first:.1f} CPU s; read from the cache, with numba itself, in {later:.2f} CPU s")


def measure_revisions(seconds: float) -> None:
    """Print how soon a first answer to a change comes for 120 tasks, and how much it and the polished one move."""
    _, project, _ = make_case(1)
    timetable = schedule_tasks(project, seconds=seconds, seed=1)
    middle = timetable.makespan // 2
    late = sorted(timetable.starts, key=lambda name: timetable.starts[name])[60]
    finished = {n: (timetable.starts[n], f) for n, f in timetable.finishes.items() if f <= middle}
    started = {n: (s, timetable.finishes[n] - middle + 2) for n, s in timetable.starts.items() if s < middle}
    progress = Progress(middle, finished, {name: pair for name, pair in started.items() if name not in finished})
    changes = {
        "a task delayed by 10": Delay(late, timetable.starts[late] + 10),
        "a team cut by 2 from the middle on": Cut("R0", 2, middle),
        "today's progress, 2 periods late": progress,
    }
    for label, change in changes.items():
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            first = revise_timetable(project, timetable, [change])
            times.append(time.perf_counter() - begun)
        best = revise_timetable(project, timetable, [change], effort=Effort(seconds, seed=1))
        few, fewer = first.fewest, best.fewest
        print(
            f"  {label:36} first answer {statistics.median(times):5.2f} s, {few.tasks:3} tasks changed (at least "
            f"{few.least_tasks}); after at most {seconds:g} s {fewer.tasks:3} (at least {fewer.least_tasks}), "
            f"{fewer.verdict}, by {best.shift} periods{', the least' if best.proved else ''}"
        )


def measure_dates(projects: int) -> None:
    """Print how far stated hit rates lie from those realised in fresh scenarios drawn independently.

    A thousand of them are themselves a sample; what twenty thousand realise is all but the rate itself.
    """
    gaps: dict[tuple[float, int], list[float]] = {}
    spent = []
    for seed in range(1, projects + 1):
        _, project, _ = make_case(100 + seed, 60)
        timetable: Timetable = schedule_tasks(project, seconds=2, seed=seed)
        assert not check_timetable(project, timetable)
        spreads = [
            Spread(
                task.id, "only", max(1, task.modes[0].duration - 2), task.modes[0].duration, 2 * task.modes[0].duration
            )
            for task in project.tasks
        ]
        begun = time.process_time()
        dates = schedule_dates(project, timetable, spreads, seed=seed)
        spent.append(time.process_time() - begun)
        draws = [
            simulate_finishes(project, timetable, spreads, seed=9000 + 100 * seed + part, even=False)
            for part in range(FRESH)
        ]
        for date in dates:
            kept = [float((fresh[date.task] <= date.date).mean()) for fresh in draws]
            gaps.setdefault((date.asked, 1), []).append(kept[0] - date.rate)
            gaps.setdefault((date.asked, FRESH), []).append(statistics.mean(kept) - date.rate)
    for (rate, parts), found in gaps.items():
        off = np.abs(found)
        print(
            f"  asked {rate:.0%}: {len(found)} milestones, {1000 * parts:6} fresh scenarios: realised minus stated "
            f"{100 * statistics.mean(found):+.2f} points, absolute mean {100 * off.mean():.2f}, most "
            f"{100 * off.max():.2f}, within 3 points {(off <= 0.03).mean():.1%}"
        )
    print(f"  CPU {statistics.median(spent):.2f} s for the dates of one project of 60 tasks")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="*", default=["j30", "j60", "made120"])
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--only", nargs="*", default=list(SOLVERS)[:3])
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--names", nargs="*", default=[])
    parser.add_argument("--long", type=float, default=0.0)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    if given.processor:
        count_processor()
    for name in given.sets:
        made = name in MADE
        cases = [MADE[name](number) for number in range(given.first, 61, given.every)] if made else []
        cases = cases or list(read_cases(given.folder, name, given.every, given.first))
        cases = [case for case in cases if not given.names or case[0] in given.names]
        reference = "the best of this run" if made else "the best known"
        print(f"{name}: {len(cases)} instances, {given.seconds:g} s each on two workers, gap to {reference}")
        compare_solvers(cases, given, made)
    if given.short:
        return
    print("breeding, of a population of 400")
    measure_breeding()
    print("what-if, 120 tasks")
    measure_revisions(min(given.seconds, 5.0))
    print("robust dates")
    measure_dates(60)


if __name__ == "__main__":
    main()

"""The engine's answers: the same bytes, the same under other names; what was tampered with is refused."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.plan.drawing import draw_project, list_timetables

from comity.plan.errors import BadProject, MissingSolver, WrongTimetable
from comity.plan.project import Lag, Mode, Project, Resource, Task, Timetable
from comity.plan.schedule import check_timetable, compose_model, confirm_timetable, read_psplib, schedule_tasks
from comity.plan.schedule.bounds import bound_makespan
from comity.plan.schedule.decision import answer_question, mirror_classic, pose_question, prepare_asker, read_network
from comity.plan.schedule.network import Network, draw_network, measure_project
from comity.plan.schedule.population import Pool, open_pool
from comity.plan.schedule.ways import open_modes

cp_model = pytest.importorskip("ortools.sat.python.cp_model")
numba = pytest.importorskip("numba")


def draw_plain(seed: int, count: int = 20, longest: int = 6) -> Project:
    rng = random.Random(seed)
    tasks = tuple(
        Task(f"t{place}", (Mode(rng.randint(1, longest), {"a": rng.randint(0, 3), "b": rng.randint(0, 3)}),))
        for place in range(count)
    )
    lags = tuple(Lag(f"t{rng.randrange(place)}", f"t{place}", rng.randint(0, 1)) for place in range(3, count))
    return Project(200 * longest, tasks, lags, (Resource("a", ((0, 4),)), Resource("b", ((0, 5),))))


def test_the_same_seed_gives_the_same_bytes():
    project = draw_plain(4)
    first, second = (schedule_tasks(project, seconds=4, seed=3, reproducible=True) for _ in range(2))
    assert first == second
    assert first.optimal


def test_other_names_rename_the_answer_and_nothing_else():
    project = draw_plain(5)
    names = {task.id: f"other {task.id}" for task in project.tasks}
    renamed = replace(
        project,
        tasks=tuple(replace(task, id=names[task.id]) for task in project.tasks),
        lags=tuple(replace(lag, before=names[lag.before], after=names[lag.after]) for lag in project.lags),
    )
    here, there = (schedule_tasks(one, seconds=4, reproducible=True) for one in (project, renamed))
    assert {names[name]: start for name, start in here.starts.items()} == there.starts


@pytest.mark.parametrize(("seed", "longest", "workers"), [(21, 6, 1), (22, 6, 2), (23, 6, 2), (24, 90, 2)])
def test_the_answer_is_as_short_as_the_bare_model_says(seed: int, longest: int, workers: int):
    project = draw_plain(seed, 14, longest)
    composed = compose_model(project)
    composed.model.minimize(composed.makespan)
    solver = cp_model.CpSolver()
    assert solver.solve(composed.model) == cp_model.OPTIMAL
    answer = schedule_tasks(project, seconds=20, seed=seed, workers=workers)
    assert (answer.makespan, answer.bound) == (solver.objective_value, solver.objective_value)


def test_a_proof_in_mirrored_time_is_a_proof():
    project = draw_plain(9)
    network = draw_network(project, {task.id: "only" for task in project.tasks}, measure_project(project))
    shortest = schedule_tasks(project, seconds=4).makespan
    for classic in (read_network(network), mirror_classic(read_network(network))):
        questions = [pose_question(classic, shortest - step, range(20)) for step in (0, 1)]
        assert [answer_question(one, prepare_asker(1))[0] for one in questions] == ["yes", "no"]


def test_many_orders_are_placed_as_one_after_the_other():
    project = draw_plain(2)
    network = draw_network(project, {task.id: "only" for task in project.tasks}, measure_project(project))
    pool = open_pool(network, 8, 3)
    pool.breed()
    flock = pool.flock
    for order, starts, length in zip(flock.orders, flock.starts, flock.lengths, strict=True):
        finishes = {
            task.id: int(start) + task.modes[0].duration for task, start in zip(network.tasks, starts, strict=True)
        }
        found = {task.id: int(start) for task, start in zip(network.tasks, starts, strict=True)}
        modes = {name: "only" for name in found}
        assert not check_timetable(project, Timetable(found, finishes, modes, (), 0))
        assert max(finishes.values()) == length
        assert sorted(order.tolist()) == list(range(20))


def open_walk(seed: int, count: int) -> tuple[Project, Network, Pool]:
    project = draw_plain(seed, count)
    network = draw_network(project, {task.id: "only" for task in project.tasks}, measure_project(project))
    return project, network, open_pool(network, 8, 3)


def test_a_walk_keeps_every_link_and_changes_nobody_else():
    project, network, pool = open_walk(2, 20)
    before = pool.flock.orders.copy()
    pool.walk(3, 300)
    order, starts = pool.flock.orders[3].tolist(), pool.flock.starts[3].tolist()
    found = {task.id: start for task, start in zip(network.tasks, starts, strict=True)}
    finishes = {task.id: found[task.id] + task.modes[0].duration for task in network.tasks}
    assert not check_timetable(project, Timetable(found, finishes, dict.fromkeys(found, "only"), (), 0))
    assert (pool.flock.lengths[3], pool.flock.sums[3]) == (max(finishes.values()), sum(starts))
    places = {network.tasks[task].id: place for place, task in enumerate(order)}
    assert all(places[one.before] < places[one.after] for one in project.lags)
    assert order != before[3].tolist()
    assert [row for row in range(8) if (pool.flock.orders[row] != before[row]).any()] == [3]


def test_a_walk_leads_to_shorter_timetables():
    lengths = []
    for seed in (31, 32, 33, 34):
        _, _, pool = open_walk(seed, 60)
        row = int(pool.flock.lengths.argmin())
        begun = pool.shortest
        pool.walk(row, 4000)
        lengths.append((begun, int(pool.flock.lengths[row])))
    assert all(length <= begun + 1 for begun, length in lengths)
    assert sum(begun - length for begun, length in lengths) >= 3, lengths


BRED = """
from tests.rooms.plan.test_schedule_answers import draw_plain
from comity.plan.schedule.network import Network, draw_network, measure_project
from comity.plan.schedule.population import open_pool

project = draw_plain(2)
pool = open_pool(draw_network(project, {task.id: "only" for task in project.tasks}, measure_project(project)), 8, 3)
pool.breed()
pool.walk(0, 40)
print(pool.flock.orders.tolist(), pool.flock.lengths.tolist(), pool.desk.chance.tolist())
"""


def test_what_is_compiled_breeds_what_the_written_arithmetic_says(repository: Path):
    told = []
    for plainly in ("0", "1"):
        held = {**os.environ, "NUMBA_DISABLE_JIT": plainly, "PYTHONPATH": os.pathsep.join([str(repository), *sys.path])}
        run = [sys.executable, "-W", "ignore", "-c", BRED]
        told.append(subprocess.run(run, env=held, capture_output=True, text=True, check=True, cwd=repository).stdout)
    assert told[0] == told[1]
    assert told[0].count("[") > 8


def test_without_a_folder_for_the_cache_functions_are_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch):
    compile_freely = numba.njit

    def refuse_cache(*, nogil: bool, cache: bool = False) -> object:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_freely(nogil=nogil)

    monkeypatch.setattr(numba, "njit", refuse_cache)
    from comity.plan.schedule.placement import compile_function

    double = compile_function(lambda number: 2 * number)
    assert double(21) == 42
    assert double.stats.cache_path is None


def test_without_the_compiler_a_plan_says_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "comity.plan.schedule.placement", None)
    with pytest.raises(MissingSolver, match="numba"):
        schedule_tasks(draw_plain(4), seconds=1)


def test_a_network_that_asks_for_more_than_there_is_is_not_bred():
    project = draw_plain(2)
    greedy = replace(project, resources=(replace(project.resources[0], capacity=((0, 1),)), project.resources[1]))
    network = draw_network(greedy, {task.id: "only" for task in project.tasks}, measure_project(greedy))
    with pytest.raises(BadProject, match="more than there is"):
        open_pool(network, 8, 3)


def test_more_of_a_resource_never_makes_a_plan_longer():
    project = draw_plain(6)
    richer = replace(project, resources=tuple(replace(one, capacity=((0, 9),)) for one in project.resources))
    assert schedule_tasks(richer, seconds=4).makespan <= schedule_tasks(project, seconds=4).makespan


def tamper(timetable: Timetable) -> Iterator[Timetable]:
    """Yield timetables with one value made wrong whatever the project."""
    for name in timetable.starts:
        yield replace(timetable, finishes={**timetable.finishes, name: timetable.starts[name] - 1})
        yield replace(timetable, starts={**timetable.starts, name: -1})
        yield replace(timetable, modes={**timetable.modes, name: "unheard of"})
        yield replace(timetable, starts={key: start for key, start in timetable.starts.items() if key != name})
    yield replace(timetable, chosen=(*timetable.chosen, "unheard of"))
    yield replace(timetable, starts={**timetable.starts, "stranger": 0})
    yield replace(timetable, bound=timetable.makespan + 1)


@pytest.mark.parametrize("seed", [4, 5, 7, 11])
def test_the_verifier_refuses_a_timetable_that_was_tampered_with(seed: int):
    project = draw_project(seed)
    timetable = next(list_timetables(project))
    for wrong in tamper(timetable):
        assert check_timetable(project, wrong), wrong


def test_the_verifier_names_each_rule_that_is_broken():
    tasks = (Task("a", (Mode(2, {"team": 1}, {"money": 2}),), earliest=1), Task("b", (Mode(2, {"team": 1}),), latest=3))
    resources = (Resource("team", ((0, 1),)), Resource("money", ((0, 1),), renewable=False))
    project = Project(9, tasks, (Lag("a", "b"),), resources)
    wrong = Timetable({"a": 0, "b": 1}, {"a": 2, "b": 4}, {"a": "only", "b": "only"}, (), 9)
    rules = {(item.rule, item.subject) for item in check_timetable(project, wrong)}
    assert rules == {
        ("window", "a"), ("window", "b"), ("work", "b"), ("lag", "a b"), ("resource", "team"), ("resource", "money"),
        ("bound", "timetable"),
    }  # fmt: skip
    with pytest.raises(WrongTimetable, match="held in period 1"):
        confirm_timetable(project, wrong)


BAD = {
    "twice": Project(5, (Task("a", (Mode(1),)), Task("a", (Mode(1),)))),
    "no mode": Project(5, (Task("a", ()),)),
    "duration is -1": Project(5, (Task("a", (Mode(-1),)),)),
    "unknown": Project(5, (Task("a", (Mode(1),)),), (Lag("a", "b"),)),
    "no renewable resource": Project(5, (Task("a", (Mode(1, {"team": 1}),)),)),
    "cannot start from 3": Project(9, (Task("a", (Mode(2),), earliest=3, latest=4),)),
    "circle: .*a": Project(9, (Task("a", (Mode(1),)), Task("b", (Mode(1),))), (Lag("a", "b"), Lag("b", "a"))),
    "itself": Project(9, (Task("a", (Mode(1),)),), (Lag("a", "a"),)),
    "horizon is": Project(10**9, ()),
    "amount is": Project(9, (), (), (Resource("team", ((0, 10**15),)),)),
    "a step begins": Project(9, (), (), (Resource("team", ((3, 1), (1, 2))),)),
    "initiative 'x' is unknown": Project(9, (Task("a", (Mode(1),), initiative="x"),)),
    "calendar 'x' is unknown": Project(9, (Task("a", (Mode(1),), calendar="x"),)),
    "at least 4 and at most 2": Project(9, (Task("a", (Mode(1),)), Task("b", (Mode(1),))), (Lag("a", "b", 4, 2),)),
}


@pytest.mark.parametrize("what", BAD)
def test_a_project_that_contradicts_its_form_is_refused_by_name(what: str):
    with pytest.raises(BadProject, match=what):
        schedule_tasks(BAD[what])


@pytest.mark.parametrize(("seconds", "workers", "seed"), [(0, 1, 0), (float("nan"), 1, 0), (1, 0, 0), (1, 1, -1)])
def test_an_effort_that_cannot_be_made_is_refused(seconds: float, workers: int, seed: int):
    with pytest.raises(BadProject):
        schedule_tasks(draw_plain(1), seconds=seconds, workers=workers, seed=seed)


def test_a_project_without_tasks_is_finished_before_it_begins():
    assert schedule_tasks(Project(5, ())).makespan == 0


@pytest.mark.parametrize("text", ["", "3 x", "1 0 4 0 0 7", "9 1 1 1"])
def test_a_text_that_is_no_instance_is_refused(text: str):
    with pytest.raises(BadProject):
        read_psplib(text)


def draw_ways(seed: int, count: int, budget: int) -> Project:
    rng = random.Random(seed)
    project = draw_plain(seed, count)
    tasks = tuple(
        replace(
            task,
            modes=(
                replace(task.modes[0], uses={"money": 3}, name="quick"),
                Mode(task.modes[0].duration + rng.randint(1, 4), {"a": 1, "b": 9}, {"money": 1}, "too much"),
                Mode(task.modes[0].duration + rng.randint(1, 4), {"a": 1}, {"money": 1}, "slow"),
            ),
        )
        for task in project.tasks
    )
    return replace(project, tasks=tasks, resources=(*project.resources, Resource("money", ((0, budget),), False)))


@pytest.mark.parametrize("seed", [31])
def test_an_opening_of_several_modes_is_valid_and_the_answer_no_longer(seed: int):
    project = draw_ways(seed, 12, 24)
    opening = open_modes(project, 1, seed, bound=0, counted=True)
    assert opening is not None and not check_timetable(project, opening)
    assert "too much" not in opening.modes.values()
    answer = schedule_tasks(project, seconds=4, seed=seed, reproducible=True)
    assert answer.bound <= answer.makespan <= opening.makespan
    assert answer == schedule_tasks(project, seconds=4, seed=seed, reproducible=True)


def test_what_all_must_bring_to_a_scarce_team_bounds_the_end_from_both_sides():
    builds = [Task(f"build{n}", (Mode(4, {"team": 1}),)) for n in range(5)]
    tasks = (Task("plan", (Mode(3),)), *builds, Task("open", (Mode(2),)))
    lags = tuple(lag for n in range(5) for lag in (Lag("plan", f"build{n}"), Lag(f"build{n}", "open", 1)))
    project = Project(40, tasks, lags, (Resource("team", ((0, 2),)),))
    assert bound_makespan(project) == 3 + 10 + 1 + 2
    assert schedule_tasks(project, seconds=4).makespan == 3 + 12 + 1 + 2


def test_an_opening_never_overdraws_and_leaves_what_it_does_not_know_to_the_model():
    assert open_modes(draw_ways(33, 6, 5), 1, 0, bound=0, counted=True) is None
    dated = replace(draw_ways(33, 6, 18), tasks=tuple(replace(t, earliest=1) for t in draw_ways(33, 6, 18).tasks))
    assert open_modes(dated, 1, 0, bound=0, counted=True) is None
    assert open_modes(draw_plain(33), 1, 0, bound=0, counted=True) is None

"""The model, the verifier and every start tried out agree on small projects with every feature."""

import pytest
from tests.rooms.plan.drawing import draw_project, list_timetables

from comity.plan.errors import NoTimetable
from comity.plan.project import Calendar, Lag, Mode, Option, Project, Resource, Task, Timetable
from comity.plan.schedule import Composed, compose_model, read_timetable, schedule_tasks

cp_model = pytest.importorskip("ortools.sat.python.cp_model")
Row = tuple[object, ...]


def name_timetable(timetable: Timetable) -> Row:
    return (
        *(tuple(given.items()) for given in (timetable.starts, timetable.finishes, timetable.modes)),
        timetable.chosen,
    )


class Collector(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Keeps every solution of a model as a row."""

    def __init__(self, composed: Composed) -> None:
        super().__init__()
        self.composed = composed
        self.rows: set[Row] = set()

    def on_solution_callback(self) -> None:
        self.rows.add(name_timetable(read_timetable(self.composed, self)))


@pytest.mark.parametrize("seed", [1, 2, 3, 7, 8, 11, 13, 21, 23, 34])
def test_the_models_solutions_are_the_valid_timetables_each_one(seed: int):
    project = draw_project(seed)
    composed = compose_model(project)
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    found = Collector(composed)
    solver.solve(composed.model, found)
    assert found.rows == {name_timetable(timetable) for timetable in list_timetables(project)}


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8, 11, 13, 21, 23, 34])
def test_the_engines_makespan_is_the_shortest_of_all(seed: int):
    project = draw_project(seed)
    lengths = [timetable.makespan for timetable in list_timetables(project)]
    if not lengths:
        with pytest.raises(NoTimetable):
            schedule_tasks(project, workers=1)
        return
    answer = schedule_tasks(project, workers=1)
    assert (answer.makespan, answer.bound) == (min(lengths), min(lengths))


def test_work_rests_in_closed_periods_and_holds_nobody_there():
    tasks = (Task("survey", (Mode(3, {"team": 1}),), calendar="week"), Task("visit", (Mode(2, {"team": 1}),)))
    project = Project(6, tasks, (), (Resource("team", ((0, 1),)),), (), (Calendar("week", ((2, 4),)),))
    answer = schedule_tasks(project, workers=1)
    assert (answer.starts["survey"], answer.finishes["survey"]) == (0, 5)
    assert (answer.starts["visit"], answer.finishes["visit"]) == (2, 4)


@pytest.mark.parametrize(("carries", "start"), [(True, 4), (False, None)])
def test_money_that_lapses_is_not_saved_up(carries: bool, start: int | None):
    resources = (Resource("grant", ((0, 3), (4, 3)), renewable=False, carries=carries),)
    project = Project(9, (Task("works", (Mode(1, uses={"grant": 5}),)),), (), resources)
    if start is None:
        with pytest.raises(NoTimetable, match="no timetable respects"):
            schedule_tasks(project, workers=1)
    else:
        assert schedule_tasks(project, workers=1).starts["works"] == start


def test_an_option_brings_what_it_needs_and_only_that():
    options = (
        Option("link", ("A", "B"), required=True, needs=("standard",)),
        Option("standard", ("A", "B")),
        Option("fair", ("A",)),
    )
    tasks = tuple(Task(f"{one.id} work", (Mode(2),), initiative=one.id) for one in options)
    answer = schedule_tasks(Project(5, tasks, (), (), options), workers=1)
    assert answer.chosen[:2] == ("link", "standard")
    assert answer.makespan == 2


def test_an_option_without_consent_that_must_be_done_leaves_no_timetable():
    option = Option("link", ("A", "B"), required=True, withheld=("B",))
    with pytest.raises(NoTimetable):
        schedule_tasks(Project(5, (), (), (), (option,)), workers=1)


@pytest.mark.parametrize("kind", ["finish-start", "start-start", "finish-finish", "start-finish"])
def test_a_lag_holds_the_two_moments_that_it_names_apart(kind: str):
    tasks = (Task("first", (Mode(3),)), Task("second", (Mode(2),)))
    answer = schedule_tasks(Project(20, tasks, (Lag("first", "second", 4, 4, kind),)), workers=1)  # type: ignore[arg-type]
    moments = {"start": answer.starts, "finish": answer.finishes}
    before, after = kind.split("-")
    assert moments[after]["second"] - moments[before]["first"] == 4

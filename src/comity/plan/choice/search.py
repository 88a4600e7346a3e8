"""Asking the solver again and again about one model, within one stretch of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.plan.choice.model import Expression, Weighed
from comity.plan.choice.tables import Effort, Stage
from comity.plan.errors import BadTerms, NoPlan, OutOfTime
from comity.plan.project import Timetable
from comity.plan.schedule.model import load_solver, read_timetable

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

SMALL = 400
"""Models with fewer variables than this are solved on one core: starting a second takes longer than it saves."""
SHARE = 0.5
"""Part of the time left that one question may take, where nothing else is said."""
LEAST = 0.05
"""Seconds that every question is given, whatever is left."""
STEADY = 0.25
"""Part of the whole time that the last question may take, counted in the solver's own deterministic time."""


@dataclass(slots=True)
class Clock:
    """What is left of the time."""

    effort: Effort
    start: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds left, at least what every question is given."""
        return max(LEAST, self.effort.seconds - (time.monotonic() - self.start))

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self.start >= self.effort.seconds


@dataclass(slots=True)
class Search:
    """One model, asked in turn for the most of one expression after the other.

    Parameters
    ----------
    weighed : Weighed
    clock : Clock
    keep : callable, optional
        Told of each solution; where it gives False, it has added a rule that this solution breaks, and the question is
        put again.
    solver : cp_model.CpSolver, optional
        Holds the last solution that was kept.
    share : float
        Part of the time left that the next question may take.
    """

    weighed: Weighed
    clock: Clock
    keep: Callable[[Search], bool] | None = None
    solver: cp_model.CpSolver | None = None
    share: float = SHARE

    def value(self, expression: Expression) -> int:
        """Return the value of an expression in the last solution that was kept."""
        return 0 if self.solver is None else int(self.solver.value(self.pose(expression)))

    def pose(self, expression: Expression) -> Expression:
        """Return an expression of the solver, where a sum over nothing gave a mere number."""
        return expression + 0 * self.weighed.composed.makespan if isinstance(expression, int) else expression

    def read_gains(self) -> dict[str, int]:
        """Return the gain of each party in the last solution that was kept [units]."""
        return {party: self.value(gain) for party, gain in self.weighed.gains.items()}

    def maximise(self, expression: Expression, name: str = "") -> Stage:
        """Return the most of an expression, and keep the solution that has it.

        Raises
        ------
        NoPlan
            Where the model has no solution.
        OutOfTime
            Where none was found in the time given.
        """
        model = self.weighed.model
        model.maximize(self.pose(expression))
        found = self.ask()
        if found is None:
            if self.solver is None:
                raise make_absence(self.clock)
            value = self.value(expression)
            return Stage(name, value, None, False)
        value, bound = self.value(expression), round(found.best_objective_bound)
        return Stage(name, value, bound, bound <= value)

    def minimise(self, expression: Expression, name: str = "") -> Stage:
        """Return the least of an expression, and keep the solution that has it."""
        stage = self.maximise(-expression, name)
        return Stage(name, -stage.value, None if stage.bound is None else -stage.bound, stage.proven)

    def ask(self) -> cp_model.CpSolver | None:
        """Solve until a solution is kept; None where none was found in time.

        Raises
        ------
        NoPlan
            Where the model has no solution, and never had one.
        """
        while True:
            last, self.solver = self.solver, self.run()
            if self.solver is None:
                self.solver = last
                return None
            if self.keep is None or self.keep(self):
                return self.solver
            self.solver = last
            if self.clock.over:
                return None

    def run(self, steady: float = 0.0) -> cp_model.CpSolver | None:
        """Solve once, from the last solution where there is one; `steady` [s] asks for the same answer each time."""
        cp_model = load_solver()
        model = self.weighed.model
        solver = cp_model.CpSolver()
        given = solver.parameters
        given.random_seed = self.clock.effort.seed % 2**31
        given.max_time_in_seconds = max(LEAST, self.clock.left * self.share)
        given.num_workers = 1 if len(model.proto.variables) < SMALL else self.clock.effort.workers
        model.clear_hints()  # type: ignore[no-untyped-call]
        if steady:
            given.num_workers, given.max_deterministic_time = 1, steady
            given.max_time_in_seconds = max(self.clock.left, steady)
        elif self.solver is not None:
            hint = list(self.solver.response_proto.solution)
            model.proto.solution_hint.vars.extend(range(len(hint)))
            model.proto.solution_hint.values.extend(hint)
        status = solver.solve(model)
        if status == cp_model.MODEL_INVALID:
            raise BadTerms(
                "the numbers of the plan leave the range in which the solver is exact",
                where="stakes",
                todo="choose a larger unit",
            )
        if status == cp_model.INFEASIBLE and self.solver is None:
            raise NoPlan(
                "no choice of initiatives meets every requirement",
                why="what is required, the resources, the dates and nobody being worse off clash",
                todo="ask which requirements clash, and ease or drop one of them",
            )
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def settle(self, bound: int) -> Timetable | None:
        """Return the earliest dates, the same whenever the model is the same; None where none were found in time."""
        composed = self.weighed.composed
        composed.model.minimize(sum(composed.ends.values()))
        self.solver = self.run(max(LEAST, self.clock.effort.seconds * STEADY))
        return self.read(bound) if self.solver is not None else None

    def read(self, bound: int) -> Timetable:
        """Return the timetable of the last solution that was kept."""
        if self.solver is None:
            raise make_absence(self.clock)
        return read_timetable(self.weighed.composed, self.solver, bound=bound)


def make_absence(clock: Clock) -> OutOfTime:
    """Return the error for time that ran out before anything was found."""
    return OutOfTime(
        f"no plan was found in {clock.effort.seconds:g} seconds",
        why="whether there is one was not shown either",
        todo="give more seconds, or fewer initiatives",
    )

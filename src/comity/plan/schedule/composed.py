"""A composed model and its variables by the project's own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.plan.project import Mode, Project, Task

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class Work:
    """A mode of a task in the model: held while its literal is true.

    Parameters
    ----------
    task : Task
        Whose mode it is.
    mode : Mode
        What it takes.
    used : cp_model.IntVar
        Literal: the task is done, in this mode.
    interval : cp_model.IntervalVar
        From start to finish, resting periods included; absent where the mode is not used.
    calendar : str or None
        The calendar in whose closed periods the work rests; None where there is none.
    """

    task: Task
    mode: Mode
    used: cp_model.IntVar
    interval: cp_model.IntervalVar
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A project as a model of CP-SAT, and its variables by the project's own names.

    Parameters
    ----------
    project : Project
        What was composed.
    model : cp_model.CpModel
        All rules, without an objective; callers add one.
    starts, ends : mapping of str to cp_model.IntVar
        By task [periods]. Of a task that is not done both lie at the lower end of their domains.
    done : mapping of str to cp_model.IntVar
        Literal by task: whether it is done.
    chosen : mapping of str to cp_model.IntVar
        Literal by option: whether it is chosen.
    modes : mapping of str to mapping of str to cp_model.IntVar
        By task and name of the mode: whether the task is done in it; exactly one holds where the task is done.
    works : tuple of Work
        Every mode of every task with its interval.
    makespan : cp_model.IntVar
        Not before any finish of a task that is done [periods]; equal to the last finish when it is minimised.
    """

    project: Project
    model: cp_model.CpModel
    starts: Mapping[str, cp_model.IntVar]
    ends: Mapping[str, cp_model.IntVar]
    done: Mapping[str, cp_model.IntVar]
    chosen: Mapping[str, cp_model.IntVar]
    modes: Mapping[str, Mapping[str, cp_model.IntVar]]
    works: tuple[Work, ...]
    makespan: cp_model.IntVar

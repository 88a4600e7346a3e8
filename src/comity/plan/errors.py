"""What can be wrong with a plan's question, or with an answer to it."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class PlanError(ComityError):
    """A question about a plan cannot be answered as it was put."""


class BadProject(PlanError):
    """A project contradicts its own form: an unknown id, a negative duration, a task without a mode."""


class NoTimetable(PlanError):
    """No timetable respects everything that the project asks, or none was found in the time given."""


class WrongTimetable(PlanError):
    """A timetable breaks the project that it is said to answer; every broken rule is named."""


class MissingSolver(PlanError):
    """The solver beneath choice and timeline is not installed."""


class PlanFileError(PlanError):
    """A plan breaks the rules of its form; every problem is listed.

    Parameters
    ----------
    problems : sequence of Problem
        At least one.
    file : str
        Name of the file.
    """

    def __init__(self, problems: Sequence[Problem], file: str) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__(
            list_problems(self.problems, file),
            why="a plan that can be misread binds nobody",
            todo="correct the lines named; `comity plan check FILE` looks again",
        )

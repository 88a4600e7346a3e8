"""A plan's file that breaks the rules of its form, with every problem at its place."""

from __future__ import annotations

from collections.abc import Sequence

from comity.conduct.errors import Problem, list_problems
from comity.plan.errors import PlanError


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

"""What can be wrong with a watch, or with its file of rules."""

from __future__ import annotations

from collections.abc import Sequence

from comity.conduct.errors import Problem, list_problems
from comity.lexicon.errors import ComityError


class WatchError(ComityError):
    """A watch cannot be run as it was asked for."""


class WatchFileError(WatchError):
    """A file of rules breaks its form; every problem is listed.

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
            why="a pair that is not watched as meant would be silent",
            todo="correct the lines named; `comity watch check FILE` looks again",
        )

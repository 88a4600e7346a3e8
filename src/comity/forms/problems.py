"""What can be wrong with a checked file, each problem at its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from comity.lexicon.errors import ComityError

MOST_SHOWN = 20
"""Problems that one message prints."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a file.

    Parameters
    ----------
    line, column : int
        Where the value begins, counted from 1.
    field : str
        Path of the field, such as `default.rules.thank.answer.deadline_days`.
    what, why, todo : str
        As in `ComityError`.
    """

    line: int
    column: int
    field: str
    what: str
    why: str = ""
    todo: str = ""

    def describe(self, file: str) -> str:
        """Return one line: file, line, field, what, why and what to do."""
        parts = [self.what, *(text for text in (self.why, self.todo) if text)]
        return f"{file}:{self.line}:{self.column}: {self.field or 'file'}: {'; '.join(parts)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the parts, for `--json`."""
        return asdict(self)


def list_problems(problems: Sequence[Problem], file: str) -> str:
    """Return the first problems of a file, one a line, and how many more there are."""
    shown = [problem.describe(file) for problem in problems[:MOST_SHOWN]]
    more = len(problems) - len(shown)
    return "\n".join([*shown, *([f"and {more} more"] if more else [])])


class FormError(ComityError):
    """A file breaks the rules of its form; every problem is listed.

    Parameters
    ----------
    problems : sequence of Problem
        At least one.
    file : str
        Name of the file.
    """

    matters: ClassVar[str] = ""
    remedy: ClassVar[str] = "correct the lines named"

    def __init__(self, problems: Sequence[Problem], file: str) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__(list_problems(self.problems, file), why=self.matters, todo=self.remedy)

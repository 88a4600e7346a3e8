"""What can go wrong between a user and a register, in words that say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from comity.lexicon.errors import ComityError

MOST_SHOWN = 20
"""Problems that one message prints."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a record.

    Parameters
    ----------
    row : int
        Where the record begins, counted from 1: the line of a CSV file, the number of a record in any other list.
    field : str
        Kind and field, such as `commitment.due`.
    what, why, todo : str
        As in `ComityError`.
    file : str
        The file, or the member of an archive, where there are several.
    """

    row: int
    field: str
    what: str
    why: str = ""
    todo: str = ""
    file: str = ""

    def describe(self, file: str) -> str:
        """Return one line: file, row, field, what, why and what to do."""
        parts = [self.what, *(text for text in (self.why, self.todo) if text)]
        return f"{self.file or file}:{self.row}: {self.field or 'file'}: {'; '.join(parts)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the parts, for `--json`."""
        return asdict(self)


class RegisterError(ComityError):
    """A register cannot be opened, read or written."""


class RegisterMissing(RegisterError):
    """There is no register where one was named."""


class RegisterOlder(RegisterError):
    """The register was written by an older revision and has to be upgraded first."""


class RegisterNewer(RegisterError):
    """The register was written by a revision that this version does not know."""


class RegisterBusy(RegisterError):
    """Somebody else is writing and did not end in time."""


class RegisterDamaged(RegisterError):
    """What the register holds is not what was recorded."""


class Conflict(RegisterError):
    """An edit rests on a version that is no longer the last one; both are shown and nothing was written."""


class RecordsRefused(RegisterError):
    """Records break the rules of the register; every problem is listed and nothing was written.

    Parameters
    ----------
    problems : sequence of Problem
        At least one.
    file : str
        Name of the file, or what the records are called.
    """

    def __init__(self, problems: Sequence[Problem], file: str) -> None:
        self.problems = tuple(problems)
        self.file = file
        shown = [problem.describe(file) for problem in self.problems[:MOST_SHOWN]]
        more = len(self.problems) - len(shown)
        super().__init__(
            "\n".join([*shown, *([f"and {more:,} more"] if more else [])]),
            why="a register that holds one wrong record cannot be trusted with the others, so nothing was written",
            todo="correct the rows named and give them again",
        )

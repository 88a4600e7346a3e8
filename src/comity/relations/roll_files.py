"""Files of roll calls, in the layout of the package unvotes: which columns they must have, and what may be in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from comity.relations.series import RelationsError

if TYPE_CHECKING:
    import pyarrow as pa

VOTE_COLUMNS = ("rcid", "country_code", "vote")
CALL_COLUMNS = ("rcid", "date", "short")
ANSWERS = ("yes", "abstain", "no")


def check_roll_calls(votes: pa.Table, rollcalls: pa.Table, names: tuple[str, str]) -> None:
    """Stop at a file of votes or of roll calls that cannot be used.

    Parameters
    ----------
    votes : pyarrow.Table
        Columns rcid, country_code (may be blank), vote.
    rollcalls : pyarrow.Table
        Columns rcid, date, short (may be blank).
    names : tuple of str
        What the two are called in messages.

    Raises
    ------
    RelationsError
        A column is missing; a cell is empty that must not be; a vote is another word; a day is none; a roll call stands
        twice, or has votes and no day. The message names row (1 is the first after the names) and column.
    """
    for table, columns, name in ((votes, VOTE_COLUMNS, names[0]), (rollcalls, CALL_COLUMNS, names[1])):
        missing = [column for column in columns if column not in table.column_names]
        if missing:
            raise _refuse(f"the column {missing[0]!r} is missing", name, f"give {', '.join(columns)}")
        if table.num_rows == 0:
            raise _refuse("there is no row", name, "give at least one roll call on which states differ")
    calls = _list_full(rollcalls, "rcid", names[1])
    _check_once(calls, names[1])
    _check_days(_list_full(rollcalls, "date", names[1]), names[1])
    known = set(calls)
    for row, (call, vote) in enumerate(
        zip(_list_full(votes, "rcid", names[0]), _list_full(votes, "vote", names[0]), strict=True), start=1
    ):
        if call not in known:
            raise _refuse(
                f"the roll call {call!r} is not among the roll calls", f"{names[0]}, row {row}, column 'rcid'"
            )
        if vote not in ANSWERS:
            todo = f"write {', '.join(ANSWERS)}; leave out a state that was absent"
            raise _refuse(f"{vote!r} is no vote", f"{names[0]}, row {row}, column 'vote'", todo)


def _list_full(table: pa.Table, column: str, name: str) -> list[Any]:
    """Return the cells of a column, or say which is empty."""
    cells: list[Any] = table[column].to_pylist()
    if None in cells:
        raise _refuse("the cell is empty", f"{name}, row {cells.index(None) + 1}, column {column!r}", "fill it")
    return cells


def _check_once(calls: Sequence[Any], name: str) -> None:
    """Stop at a roll call that stands twice."""
    first: dict[Any, int] = {}
    for row, call in enumerate(calls, start=1):
        if call in first:
            where = f"{name}, row {row}, column 'rcid'"
            raise _refuse(f"the roll call {call!r} stands twice, first in row {first[call]}", where, "keep one")
        first[call] = row


def _check_days(days: Sequence[Any], name: str) -> None:
    """Stop at a day that is none."""
    for row, day in enumerate(days, start=1):
        try:
            date.fromisoformat(str(day)[:10])
        except ValueError as error:
            where = f"{name}, row {row}, column 'date'"
            raise _refuse(f"{day!r} is no day", where, "write it as 1990-11-20") from error


def _refuse(what: str, where: str, todo: str = "") -> RelationsError:
    """Build the error for a file of votes."""
    return RelationsError(what, where=where, why="positions would rest on answers that nobody gave", todo=todo)

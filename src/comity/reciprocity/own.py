"""Series of one's own: a table of periods and named series, checked cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from typing import Any

import numpy as np

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.var import FEW_ACTS, Numbers

PERIOD_NAMES = ("date", "day", "week", "month", "year", "period")
MISSING = ("", "na", "nan", "n/a", "null", "none", ".")
STEPS = {1: "day", 7: "week"}
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class OwnSeries:
    """Named series without gaps.

    Parameters
    ----------
    names : tuple of str
        One for each column.
    values : array (periods, columns)
        [the user's unit].
    starts : tuple of date, or None
        Period of each row, in the order of time; None where the table names no periods.
    by : str
        `day`, `week`, `month`, `year`, `step of N days`, or `row` without periods.
    where : str
        The file, for messages.
    """

    names: tuple[str, ...]
    values: Numbers
    starts: tuple[date, ...] | None
    by: str
    where: str

    def choose(self, names: Sequence[str]) -> OwnSeries:
        """Return the named series in this order; all of them, of a table that has two, where none is named.

        Raises
        ------
        ReciprocityError
            A name that the table does not have, the same one twice, or none where the table has more than two.
        TooLittle
            A chosen series varies too little.
        """
        wanted = tuple(names) or self.names
        listed = ", ".join(self.names)
        if not names and len(self.names) != 2:
            raise ReciprocityError(f"{len(self.names)} series", where=self.where, todo=f"name two of: {listed}")
        for name in wanted:
            if name not in self.names:
                raise ReciprocityError(f"there is no series {name!r}", where=self.where, todo=f"name one of: {listed}")
            if wanted.count(name) > 1:
                raise ReciprocityError(f"the series {name!r} is named twice", where=self.where, todo="name two")
        chosen = replace(self, names=wanted, values=self.values[:, [self.names.index(name) for name in wanted]])
        check_variation(chosen.names, chosen.values, self.where)
        return chosen

    def list_labels(self) -> list[str]:
        """Return how each period is called: its first day, or the number of its row from 1."""
        if self.starts is None:
            return [str(n + 1) for n in range(len(self.values))]
        return [start.isoformat() for start in self.starts]


def check_variation(names: Sequence[str], values: Numbers, where: str = "") -> None:
    """Stop, by the name of the series, at one that says nothing because it hardly ever varies.

    Parameters
    ----------
    names : sequence of str
    values : array (periods, columns)
    where : str

    Raises
    ------
    TooLittle
        All values but fewer than 5 are the same.
    """
    for name, column in zip(names, np.asarray(values).T, strict=True):
        usual, counts = np.unique(column, return_counts=True)
        others = int(counts.sum() - counts.max()) if len(counts) else 0
        if len(counts) == 1:
            raise TooLittle(
                f"the series {name!r} is {usual[0]:g} in all {len(column)} periods",
                where=where,
                why="what never varies has no cause",
            )
        if 0 < others < FEW_ACTS:
            raise TooLittle(
                f"the series {name!r} departs from {usual[counts.argmax()]:g} in {others} of {len(column)} periods",
                where=where,
                why=f"fewer than {FEW_ACTS} say too little",
                todo="a longer period",
            )


def read_csv(text: str, where: str) -> OwnSeries:
    """Read series from the text of a CSV file.

    Parameters
    ----------
    text : str
        A line of names, then one line for each period: its first day (column `date`, `day`, `week`, `month`, `year` or
        `period`), then a number for each series.
    where : str
        The file, for messages.

    Returns
    -------
    OwnSeries

    Raises
    ------
    ReciprocityError
        No column of periods; a cell that is empty, no number, not finite or no day; a period twice, out of order or
        left out; a line of another length. The message names line and column.
    TooLittle
        There is no line of values.
    """
    reader = csv.reader(text.removeprefix("\ufeff").splitlines())
    lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    if not lines:
        raise TooLittle("the file is empty", where=where, todo="give a line of names and a line for each period")
    header, body = [name.strip() for name in lines[0][1]], lines[1:]
    for number, row in body:
        if len(row) != len(header):
            raise ReciprocityError(
                f"{len(row)} cells where the first line names {len(header)}", where=f"{where}, line {number}"
            )
    if not any(name.lower() in PERIOD_NAMES for name in header):
        raise ReciprocityError(
            f"no column of periods among {', '.join(map(repr, header))}",
            where=f"{where}, line {lines[0][0]}",
            why="without days a missing period cannot be seen",
            todo=f"name one column {', '.join(PERIOD_NAMES[:-1])} or {PERIOD_NAMES[-1]}",
        )
    numbers = [number for number, _ in body]
    return lay_series(header, [row for _, row in body], where, lambda n: f"line {numbers[n]}")


def read_table(table: Any, where: str = "series") -> OwnSeries:
    """Read series from a table or array.

    Parameters
    ----------
    table : pyarrow.Table, data frame, mapping of name to sequence, or array-like (periods, series)
        A column called `date`, `day`, `week`, `month`, `year` or `period` holds the periods. The series of an array are
        called `1`, `2`, ...
    where : str
        What it is, for messages.

    Returns
    -------
    OwnSeries

    Raises
    ------
    ReciprocityError, TooLittle
        As `read_csv`, naming row (from 1) and column.
    """
    names = getattr(table, "column_names", None)
    if names is None:
        names = table if isinstance(table, Mapping) else getattr(table, "columns", None)
    if names is None:
        rows = _list_rows(table, where)
        header = [str(n + 1) for n in range(len(rows[0]))] if rows else []
        return lay_series(header, rows, where, lambda n: f"row {n + 1}")
    columns = [_list_cells(table[name]) for name in names]
    if len({len(column) for column in columns}) > 1:
        told = ", ".join(f"{name!r}: {len(column)}" for name, column in zip(names, columns, strict=True))
        raise ReciprocityError(f"columns of different lengths ({told})", where=where)
    header = [str(name) for name in names]
    return lay_series(header, list(zip(*columns, strict=True)), where, lambda n: f"row {n + 1}")


def _list_rows(table: Any, where: str) -> Rows:
    """Return the rows of an array, all of one length."""
    try:
        rows = [list(row) for row in table]
    except TypeError as error:
        raise ReciprocityError(
            f"{type(table).__name__} is no table of series", where=where, todo="give one row for each period"
        ) from error
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ReciprocityError(f"{len(row)} cells, not {len(rows[0])}", where=f"{where}, row {number}")
    return rows


def _list_cells(column: Any) -> list[Any]:
    """Return the cells of a column of any kind of table."""
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, name):
            return list(getattr(column, name)())
    return list(column)


def lay_series(header: Sequence[str], rows: Rows, where: str, place: Callable[[int], str]) -> OwnSeries:
    """Return a table of cells as series.

    Parameters
    ----------
    header : sequence of str
        Name of each column; at most one of them of periods.
    rows : sequence of sequences
        Cells.
    where : str
        The file, for messages.
    place : callable
        How the message calls the n-th row.

    Returns
    -------
    OwnSeries

    Raises
    ------
    ReciprocityError, TooLittle
        See `read_csv`.
    """
    _check_header(header, where)
    if not rows:
        raise TooLittle("there is no period", where=where, todo="give a row for each period")
    timed = next((n for n, name in enumerate(header) if name.lower() in PERIOD_NAMES), None)
    starts, by = None, "row"
    if timed is not None:
        spots = [f"{where}, {place(n)}, column {header[timed]!r}" for n in range(len(rows))]
        starts = tuple(_read_day(row[timed], spot) for row, spot in zip(rows, spots, strict=True))
        by = name_step(starts, spots)
    columns = [n for n in range(len(header)) if n != timed]
    if not columns:
        raise ReciprocityError("there is no series beside the periods", where=where, todo="add a column for each")
    values = [
        [_read_number(row[n], f"{where}, {place(number)}, column {header[n]!r}") for n in columns]
        for number, row in enumerate(rows)
    ]
    return OwnSeries(tuple(header[n] for n in columns), np.array(values), starts, by, where)


def _check_header(header: Sequence[str], where: str) -> None:
    """Stop at a column without a name, a name given twice, or two columns of periods."""
    for number, name in enumerate(header, start=1):
        if not name:
            raise ReciprocityError(f"column {number} has no name", where=where, todo="name each series")
        if list(header).count(name) > 1:
            raise ReciprocityError(f"the name {name!r} stands over two columns", where=where, todo="name each its own")
    timed = [name for name in header if name.lower() in PERIOD_NAMES]
    if len(timed) > 1:
        raise ReciprocityError(f"two columns of periods: {', '.join(timed)}", where=where, todo="leave one out")


def _read_number(cell: Any, spot: str) -> float:
    """Return a cell as a number, or say what it holds."""
    text = "" if cell is None else str(cell).strip()
    if text.lower() in MISSING:
        raise ReciprocityError(
            f"the value is missing ({text or 'empty'})",
            where=spot,
            why="a missing period is not a period without acts",
            todo="give the longest run of periods without a gap, or 0 where nothing was done",
        )
    try:
        value = float(text)
    except ValueError as error:
        raise ReciprocityError(f"{text!r} is no number", where=spot, todo="write it as -3.5") from error
    if not isfinite(value):
        raise ReciprocityError(f"the value is {text}", where=spot, todo="give a finite number")
    return value


def _read_day(cell: Any, spot: str) -> date:
    """Return a cell as a day; a year or a month is its first day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = "" if cell is None else str(cell).strip()
    try:
        return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text[:10]))
    except ValueError as error:
        raise ReciprocityError(f"{text!r} is no day", where=spot, todo="write it as 2025-05-31") from error


def name_step(starts: Sequence[date], spots: Sequence[str]) -> str:
    """Return the step of periods: `day`, `week`, `month`, `year` or `step of N days`.

    Parameters
    ----------
    starts : sequence of date
    spots : sequence of str
        Where each stands, for the message.

    Returns
    -------
    str

    Raises
    ------
    ReciprocityError
        A period twice, out of order, or left out.

    Examples
    --------
    >>> name_step([date(2001, 1, 1), date(2001, 1, 8), date(2001, 1, 15)], ["", "", ""])
    'week'
    """
    for n in range(1, len(starts)):
        if starts[n] > starts[n - 1]:
            continue
        first = starts.index(starts[n])
        if first < n:
            raise ReciprocityError(f"{starts[n]} stands twice, first in {spots[first]}", where=spots[n])
        raise ReciprocityError(
            f"{starts[n]} stands after {starts[n - 1]}", where=spots[n], todo="put the periods in the order of time"
        )
    for months, name in ((1, "month"), (12, "year")):
        if len(starts) > 1 and all(_add_months(a, months) == b for a, b in _follow(starts)):
            return name
    steps = [(b - a).days for a, b in _follow(starts)]
    usual = max(sorted(set(steps)), key=steps.count) if steps else 1
    for n, step in enumerate(steps, start=1):
        if step != usual:
            raise ReciprocityError(
                f"{starts[n]} follows {starts[n - 1]} after {step} days, where most follow after {usual}",
                where=spots[n],
                why="a period that is left out is not a period without acts",
                todo="give each period one row; 0 where nothing was done",
            )
    return STEPS.get(usual, f"step of {usual} days")


def _follow(starts: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Return each day with the one after it."""
    return zip(starts, starts[1:], strict=False)


def _add_months(day: date, months: int) -> date | None:
    """Return the same day some months later, None where there is none."""
    place = day.year * 12 + day.month - 1 + months
    try:
        return day.replace(year=place // 12, month=place % 12 + 1)
    except ValueError:
        return None


def pair_columns(own: OwnSeries) -> dict[tuple[str, str], Numbers]:
    """Return the pairs of a table whose series are called `A>B` and `B>A`.

    Parameters
    ----------
    own : OwnSeries

    Returns
    -------
    dict of (a, b) to array (periods, 2)
        Acts of a toward b and of b toward a, a before b in the alphabet.

    Raises
    ------
    ReciprocityError
        A name of another form, or a direction without the other.
    """
    found: dict[tuple[str, str], Numbers] = {}
    for name in own.names:
        sender, sign, receiver = (part.strip() for part in name.partition(">"))
        back = next((n for n, other in enumerate(own.names) if _turn(other) == (sender, receiver)), None)
        if not sign or not sender or not receiver or back is None:
            raise ReciprocityError(
                f"the series {name!r} has no counterpart", where=own.where, todo="call the two of a pair A>B and B>A"
            )
        if sender < receiver:
            found[sender, receiver] = own.values[:, [own.names.index(name), back]]
    return found


def _turn(name: str) -> tuple[str, str]:
    """Return receiver and sender of a series called `A>B`."""
    sender, _, receiver = (part.strip() for part in name.partition(">"))
    return receiver, sender

"""A table of indicators: one row a unit, one column an indicator, what is missing kept as missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comity.integration.indices.errors import IndicatorError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """Indicators of units; a blank (NaN) is an unknown, never a zero.

    Parameters
    ----------
    units : tuple of str
        Names of the rows, each once.
    columns : tuple of str
        Names of the indicators.
    values : array of float, shape (units, columns)
        [unit of each indicator]; NaN is unknown.
    sizes : mapping of str to array, shape (units,)
        Denominators by name.
    groups : mapping of str to tuple of str
        For each grouping: the group of each unit.
    low, high : array of float, shape (units, columns), or None
        What is known of an unknown: its bounds; NaN where nothing is known.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    sizes: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None

    def find_missing(self) -> NDArray[np.bool_]:
        """Return where a value is unknown, shape (units, columns)."""
        import numpy as np

        return np.isnan(self.values)

    def find_bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what is known of each value from below and above; NaN where nothing is."""
        low = self.values if self.low is None else self.low
        high = self.values if self.high is None else self.high
        return low, high

    def as_arrow(self) -> pa.Table:
        """Return the units and their indicators as an Arrow table; unknowns are null."""
        import pyarrow as pa

        arrays = [pa.array(self.values[:, place], from_pandas=True) for place in range(len(self.columns))]
        return pa.table([pa.array(self.units), *arrays], names=["unit", *self.columns])


def read_panel(
    data: Any, unit: str, columns: Sequence[str], sizes: Iterable[str] = (), groups: Iterable[str] = ()
) -> Panel:
    """Read a table of indicators and refuse what cannot be right.

    Parameters
    ----------
    data : Arrow table, data frame with the Arrow interface, mapping of columns, or list of rows
        One row for each unit. Null, NaN, "NA" and empty text are unknown.
    unit : str
        Column with the names of the units.
    columns, sizes, groups : sequence of str
        Columns of indicators, of denominators, and of groupings.

    Returns
    -------
    Panel

    Raises
    ------
    IndicatorError
        A column is not there; a unit stands twice or has no name; a value is no finite number.
    """
    table = read_columns(data)
    wanted = [unit, *columns, *sizes, *groups]
    lacking = [name for name in wanted if name not in table]
    if lacking:
        raise IndicatorError(
            f"the table has no column {', '.join(repr(name) for name in lacking[:SHOWN])}",
            where=f"columns: {', '.join(list(table)[:12])} ...",
            todo="add the column, or take the indicator out of the specification",
        )
    units = _read_units(table[unit], unit)
    import numpy as np

    values = [_read_numbers(table[name], name, units) for name in columns]
    return Panel(
        units,
        tuple(columns),
        np.array(values).T.reshape(len(units), len(columns)).copy(),
        {name: _read_numbers(table[name], name, units) for name in sizes},
        {name: tuple(str(value) for value in table[name]) for name in groups},
    )


def read_columns(data: Any) -> dict[str, list[Any]]:
    """Return the columns of a table as lists, from Arrow, a data frame, a mapping or rows.

    Parameters
    ----------
    data : Arrow table, data frame with the Arrow interface, mapping of columns, or list of rows

    Returns
    -------
    dict of str to list

    Raises
    ------
    IndicatorError
        It is none of these, or has no row.
    """
    import pyarrow as pa

    if isinstance(data, list | tuple):
        names = dict.fromkeys(name for row in data for name in row)
        table = {str(name): [row.get(name) for row in data] for name in names}
    elif isinstance(data, Mapping):
        table = {str(name): list(column) for name, column in data.items()}
    elif isinstance(data, pa.Table) or hasattr(data, "__arrow_c_stream__"):
        table = pa.table(data).to_pydict()
    else:
        raise IndicatorError(
            f"{type(data).__name__} is no table",
            todo="give an Arrow table, a data frame, a mapping of columns, or a list of rows",
        )
    lengths = {name: len(column) for name, column in table.items()}
    if len(set(lengths.values())) != 1 or not next(iter(lengths.values())):
        raise IndicatorError(
            "the table has no rows, or columns of different length", where=str(dict(list(lengths.items())[:SHOWN]))
        )
    return table


def _read_units(names: Sequence[Any], column: str) -> tuple[str, ...]:
    """Return the names of the rows; each must be there, and once."""
    seen: dict[str, int] = {}
    for row, name in enumerate(names, start=1):
        text = "" if name is None else str(name).strip()
        if not text:
            raise IndicatorError("a row has no unit", where=f"row {row}, column {column!r}", todo="name the unit")
        if text in seen:
            raise IndicatorError(
                f"{text!r} stands twice",
                where=f"rows {seen[text]} and {row}, column {column!r}",
                why="the unit would count twice in every mean and rank",
                todo="keep one row for each unit",
            )
        seen[text] = row
    return tuple(seen)


def _read_numbers(column: Sequence[Any], name: str, units: Sequence[str]) -> NDArray[np.float64]:
    """Return a column as numbers; unknowns become NaN, anything else that is no finite number stops."""
    import numpy as np

    pairs = enumerate(zip(column, units, strict=True), 1)
    return np.array([_read_number(value, name, unit, row) for row, (value, unit) in pairs])


def _read_number(value: Any, name: str, unit: str, row: int) -> float:
    """Return a value as a number, NaN where it is unknown."""
    if value is None or (isinstance(value, str) and value.strip() in ("", "NA", "NaN", "nan")):
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.inf
    if math.isinf(number):
        raise IndicatorError(
            f"{value!r} is no finite number",
            where=f"row {row} ({unit}), column {name!r}",
            why="one such value would set the scale for all",
            todo="correct it, or leave it blank where it is unknown",
        )
    return number

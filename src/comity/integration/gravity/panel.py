"""A table of flows, checked: what it holds, what was dropped, and why.

Missing is not zero: a row that is not there is counted as missing, a row with a value of 0 as a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comity.integration.errors import PanelError, SpecificationError
from comity.integration.gravity.specification import Specification

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Flows by exporter, importer and year.

    Parameters
    ----------
    actors : tuple of str
        Every exporter and importer, in alphabetical order.
    years : array (years,)
    exporter, importer, year : array (rows,)
        Places in `actors` and `years`.
    values : array (rows,)
        [the table's unit]
    places : array (rows,)
        Row of the table as it was given, from 0.
    table : pyarrow.Table
        As it was given.
    """

    actors: tuple[str, ...]
    years: NDArray[np.int64]
    exporter: Codes
    importer: Codes
    year: Codes
    values: Numbers
    places: Codes
    table: Any

    @property
    def domestic(self) -> NDArray[np.bool_]:
        """Which rows are domestic sales."""
        return np.asarray(self.exporter == self.importer)

    @property
    def pair(self) -> Codes:
        """Number of the directed pair of each row."""
        return self.exporter * len(self.actors) + self.importer

    @property
    def pair_symmetric(self) -> Codes:
        """Number of the pair of each row, whichever way the flow goes."""
        low, high = np.minimum(self.exporter, self.importer), np.maximum(self.exporter, self.importer)
        return np.asarray(low * len(self.actors) + high)

    def keep(self, rows: NDArray[np.bool_]) -> Panel:
        """Return the panel with some of its rows."""
        if rows.all():
            return self
        return Panel(
            self.actors, self.years, self.exporter[rows], self.importer[rows], self.year[rows], self.values[rows],
            self.places[rows], self.table,
        )  # fmt: skip

    def read_column(self, name: str) -> Numbers:
        """Return a column of the table as numbers, NaN where it is missing.

        Raises
        ------
        SpecificationError
            No such column, or one that holds no numbers.
        """
        values = read_numbers(self.table, name)
        _refuse(np.isinf(values), f"column {name!r} holds infinite values", values)
        return values if len(values) == len(self.places) else values[self.places]


MOST, LEAST = 1e100, 1e-100
LAST_YEAR = 100_000
BLANK = ("", ".", "..", "na", "n/a", "nan")
WORDS = {"yes": 1.0, "y": 1.0, "true": 1.0, "no": 0.0, "n": 0.0, "false": 0.0}


def find_column(table: Any, name: str) -> Any:
    """Return a column of a table, in one piece, or say which there are."""
    if name not in table.column_names:
        raise SpecificationError(f"no column {name!r}", todo=f"columns: {', '.join(table.column_names)}")
    return table[name].combine_chunks()


def read_numbers(table: Any, name: str) -> Numbers:
    """Return a column of a table as numbers, NaN where it is missing, or say that it holds none."""
    column = find_column(table, name)
    try:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowNotImplementedError as error:
        raise SpecificationError(f"column {name!r} holds no numbers: {error}") from error
    except pa.ArrowInvalid:
        return _read_words(column, name)


def _read_words(column: Any, name: str) -> Numbers:
    """Return texts as numbers, yes and no as 1 and 0, blanks as missing; or say in which rows a text is none."""
    texts = [(text or "").strip() for text in _read_texts(column, name).to_pylist()]
    known = {text: np.nan for text in set(texts) if text.lower() in BLANK}
    words = {text: WORDS[text.lower()] for text in set(texts) if text.lower() in WORDS}
    known |= words or {text: float(text) for text in set(texts) - set(known) if _is_number(text)}
    bad = [row for row, text in enumerate(texts) if text not in known]
    if not bad:
        return np.array([known[text] for text in texts])
    raise PanelError(
        f"column {name!r} holds no numbers: {texts[bad[0]]!r}",
        rows=bad,
        todo="give numbers without marks of thousands (yes and no stand for 1 and 0); kinds may stand as effects",
    )


def _is_number(text: str) -> bool:
    """Say whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _read_texts(column: Any, name: str) -> Any:
    """Return a column as texts, or say that they are in another encoding."""
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid as error:
        raise PanelError(
            f"column {name!r} holds texts that are not UTF-8", rows=[], todo="save the table as UTF-8"
        ) from error


def read_table(given: Any) -> Any:
    """Return anything that speaks Arrow, or columns by name, as an Arrow table.

    Parameters
    ----------
    given : pyarrow.Table, mapping of str to array, or a frame with ``__arrow_c_stream__`` (pandas, Polars, DuckDB)

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    SpecificationError
        Nothing of the kind.
    """
    if not isinstance(given, Mapping | pa.Table) and not hasattr(given, "__arrow_c_stream__"):
        raise SpecificationError(f"a table of flows cannot be read from {type(given).__name__}")
    table = pa.table(dict(given) if isinstance(given, Mapping) else given)
    twice = sorted({name for name in table.column_names if table.column_names.count(name) > 1})
    if twice:
        raise SpecificationError(f"the table has two columns {twice[0]!r}", todo="give each column a name of its own")
    if not table.num_rows:
        raise SpecificationError("the table of flows has no rows", todo="give one row for each flow")
    return table


def read_panel(given: Any, specification: Specification) -> Panel:
    """Read a table of flows and refuse what would give a wrong number.

    Parameters
    ----------
    given : anything that `read_table` takes
    specification : Specification

    Returns
    -------
    Panel
        Every row with a value; rows where it is missing are left out.

    Raises
    ------
    PanelError
        Rows without exporter, importer or year, negative or infinite values, or a flow given twice; rows are named.
    """
    table = read_table(given)
    texts = [_encode(table, specification.name_column(role)) for role in ("exporter", "importer")]
    actors = np.unique(np.concatenate([names for _, names in texts]))
    exporter, importer = (np.searchsorted(actors, names)[codes] for codes, names in texts)
    years, year = _read_years(table, specification.name_column("year"))
    name = specification.name_column("value")
    values = read_numbers(table, name)
    _refuse(values < 0, f"column {name!r} holds negative flows", values)
    _refuse(np.isinf(values), f"column {name!r} holds infinite flows", values)
    _refuse(values > MOST, f"column {name!r} holds flows that are too large to be added up", values)
    _refuse((values > 0) & (values < LEAST), f"column {name!r} holds flows that are too small to be added up", values)
    panel = Panel(tuple(actors.tolist()), years, exporter, importer, year, values, np.arange(len(values)), table)
    _refuse_duplicates(panel)
    return panel


def _encode(table: Any, name: str) -> tuple[Codes, NDArray[Any]]:
    """Return the codes of a column of names, and the names."""
    encoded = _read_texts(find_column(table, name), name).dictionary_encode()
    blank = pc.equal(pc.utf8_trim_whitespace(encoded.dictionary), "")
    if encoded.null_count or pc.any(blank).as_py():
        empty = blank.take(encoded.indices).fill_null(True)
        rows = np.flatnonzero(empty.to_numpy(zero_copy_only=False))
        raise PanelError(f"column {name!r} is empty", rows=rows.tolist(), todo="name both sides of each flow")
    return encoded.indices.to_numpy().astype(np.int64), np.asarray(encoded.dictionary.to_pylist(), dtype=str)


def _read_years(table: Any, name: str) -> tuple[NDArray[np.int64], Codes]:
    """Return the years, and the place of each row's among them; a table without years has one."""
    if name not in table.column_names and name == "year":
        return np.zeros(1, dtype=np.int64), np.zeros(table.num_rows, dtype=np.int64)
    if pa.types.is_temporal(find_column(table, name).type):
        table = table.set_column(table.column_names.index(name), name, pc.year(find_column(table, name)))
    numbers = read_numbers(table, name)
    _refuse(~(np.floor(numbers) == numbers), f"column {name!r} holds no whole years", numbers)
    _refuse(np.abs(numbers) > LAST_YEAR, f"column {name!r} holds no years", numbers)
    whole = numbers.astype(np.int64)
    first = whole.min(initial=0 if not len(whole) else int(whole[0]))
    present = np.bincount(whole - first) > 0
    return np.flatnonzero(present) + first, (np.cumsum(present) - 1)[whole - first]


def _refuse(bad: NDArray[np.bool_], what: str, values: Numbers) -> None:
    """Stop at rows that cannot be used."""
    if bad.any():
        rows = np.flatnonzero(bad)
        raise PanelError(f"{what}: {values[rows[0]]:g}", rows=rows.tolist(), todo="correct these rows or take them out")


def _refuse_duplicates(panel: Panel) -> None:
    """Stop where a flow is given twice."""
    cell = (panel.year * len(panel.actors) + panel.exporter) * len(panel.actors) + panel.importer
    cells = len(panel.years) * len(panel.actors) ** 2
    if np.bincount(cell, minlength=1).max(initial=0) < 2 if cells < 10**8 else len(np.unique(cell)) == len(cell):
        return
    order = np.argsort(cell, kind="stable")
    twice = np.flatnonzero(cell[order][1:] == cell[order][:-1])
    rows = np.unique(np.concatenate([order[twice], order[twice + 1]]))
    first = rows[0]
    where = (panel.actors[panel.exporter[first]], panel.actors[panel.importer[first]], panel.years[panel.year[first]])
    raise PanelError(
        f"{len(twice)} flows are given twice, such as {where[0]} to {where[1]} in {where[2]}",
        rows=rows.tolist(),
        why="the same flow would count twice",
        todo="keep one row for each exporter, importer and year",
    )

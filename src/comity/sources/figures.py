"""The border to publishers of figures: what every reader of a table behind the foundations gives."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.sources.catalogue import Source
from comity.sources.headed import decode_text, read_commas
from comity.sources.lines import LINE, Lines

Row = dict[str, Any]
LINES = "lines"
"""Of a row that stands for many lines: how many; other rows have the number of their line under `LINE`."""
MISSING = ("", ".", "NA")
"""How publishers write that a value is not known."""


@dataclass(frozen=True)
class Figures:
    """A file of figures as its reader gives it, actors not yet placed.

    Parameters
    ----------
    rows : list of dict
        In the words of the room `foundations`, see each reader; and `line`, the number of the line that a row is of, or
        `lines`, of how many lines it is the sum.
    lines_read : int
        Lines met: used + set aside + passed over.
    aside : tuple of (int, str)
        Line number and reason of those that cannot be read.
    passed_over : dict of str to int
        Reason to count of lines that are not asked for, such as an earlier year.
    """

    rows: list[Row]
    lines_read: int
    aside: tuple[tuple[int, str], ...] = ()
    passed_over: dict[str, int] = field(default_factory=dict)

    @property
    def lines_used(self) -> int:
        """Return how many lines went into the rows."""
        return self.lines_read - len(self.aside) - sum(self.passed_over.values())


def read_columns(data: bytes, source: Source, wanted: Sequence[str], name: str) -> Lines:
    """Read comma-separated text by a source's layout."""
    return read_commas(decode_text(data, name), source.layout, wanted, name)


def convert_lines(lines: Lines, kinds: Mapping[str, type]) -> tuple[list[Row], tuple[tuple[int, str], ...]]:
    """Turn lines into rows of numbers and texts; those with a value that is none are set aside.

    Parameters
    ----------
    lines : Lines
        Binary columns.
    kinds : mapping of str to type
        Column to `int`, `float` or `str`; a column that is not named stays out.

    Returns
    -------
    rows : list of dict
        With `line`.
    aside : tuple of (int, str)
        Line number, and `bad_` with the column.
    """
    rows: list[Row] = []
    aside = list(lines.bad)
    for line in lines.table.to_pylist():
        row: Row = {LINE: line[LINE]}
        for column, kind in kinds.items():
            row[column] = read_value(line[column], kind)
        bad = next((column for column, value in row.items() if value is None), "")
        if bad:
            aside.append((line[LINE], f"bad_{bad}"))
        else:
            rows.append(row)
    return rows, tuple(sorted(aside))


def read_value(text: bytes, kind: type) -> Any:
    """Return a whole number, a finite number or a text that is not empty; None where it is none of it."""
    try:
        plain = text.decode().strip()
        if kind is str:
            return plain or None
        number = float(plain)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    if kind is float:
        return number
    return int(number) if number.is_integer() and abs(number) < 2**53 else None

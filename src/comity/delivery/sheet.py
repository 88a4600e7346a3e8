"""Rows as a CSV file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

STARTERS = ("=", "+", "-", "@", "\t", "\r")


def defuse_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a text that begins like one is quoted with an apostrophe.

    Numbers stay numbers.

    References
    ----------
    `owasp-csv-injection`

    Examples
    --------
    >>> defuse_cell("=1+1"), defuse_cell(-1.5), defuse_cell(None)
    ("'=1+1", -1.5, '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(STARTERS) else value
    return value


def write_sheet(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    r"""Return rows as CSV in UTF-8, a header first.

    Parameters
    ----------
    rows : iterable of mapping
    columns : sequence of str
        Keys of the rows, in order.

    Returns
    -------
    bytes
        Lines end with a line feed.

    Examples
    --------
    >>> write_sheet([{"a": "=x", "b": None}], ("a", "b"))
    b"a,b\n'=x,\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([defuse_cell(row[name]) for name in columns])
    return text.getvalue().encode()

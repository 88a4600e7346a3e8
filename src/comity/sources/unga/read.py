"""Ideal points of states from votes of the UN General Assembly, one row for each state and year."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.figures import MISSING, Figures, Row, read_columns, read_value
from comity.sources.lines import LINE

FIRST_YEAR, LAST_YEAR = 1946, 2100
_ESTIMATE = ("idealpointfp", "q5fp", "q95fp")


def read_figures(data: bytes, name: str) -> Figures:
    """Read the table of estimates.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows of `ccode` (Correlates of War number), `year`, `idealpointfp`, `q5fp`, `q95fp` [points] and `nvotesfp`;
        None where there is no estimate. An interval that does not hold its point sets the line aside, as does a year
        in which no Assembly votes.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    wanted = ("ccode", "year", *_ESTIMATE, "nvotesfp")
    lines = read_columns(data, read_source("unga"), wanted, name)
    rows: list[Row] = []
    aside = list(lines.bad)
    for line in lines.table.to_pylist():
        row: Row = {column: read_value(line[column], int) for column in ("ccode", "year", "nvotesfp")}
        row |= {column: read_value(line[column], float) for column in _ESTIMATE}
        bad = _find_fault(row) or _find_text(line, row)
        if bad:
            aside.append((line[LINE], bad))
        else:
            rows.append({**row, LINE: line[LINE]})
    return Figures(rows, lines.rows_read, tuple(sorted(aside)))


def _find_fault(row: Row) -> str:
    """Return what is wrong with the numbers of a line, or nothing."""
    if row["ccode"] is None or row["ccode"] < 1:
        return "bad_ccode"
    if row["year"] is None or not FIRST_YEAR <= row["year"] <= LAST_YEAR:
        return "bad_year"
    missing = [row[column] is None for column in (*_ESTIMATE, "nvotesfp")]
    if any(missing) != all(missing):
        return "bad_estimate"
    if all(missing):
        return ""
    whole = row["q5fp"] <= row["idealpointfp"] <= row["q95fp"] and row["nvotesfp"] >= 0
    return "" if whole else "bad_estimate"


def _find_text(line: dict[str, bytes], row: Row) -> str:
    """Return what is wrong where something stands in the place of a number, which is not the same as none."""
    odd = [line[column] for column in (*_ESTIMATE, "nvotesfp") if row[column] is None]
    return "bad_estimate" if any(text.strip().decode("utf-8", "replace") not in MISSING for text in odd) else ""

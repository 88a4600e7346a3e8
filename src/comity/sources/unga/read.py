"""Ideal points of states from votes of the UN General Assembly, one row for each state and year."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.figures import Figures, Row, read_columns, read_value
from comity.sources.lines import LINE

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
        None where there is no estimate.

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
        missing = [row[column] is None for column in (*_ESTIMATE, "nvotesfp")]
        if row["ccode"] is None or row["year"] is None or any(missing) != all(missing):
            aside.append((line[LINE], "bad_estimate"))
        else:
            rows.append(row)
    return Figures(rows, lines.rows_read, tuple(sorted(aside)))

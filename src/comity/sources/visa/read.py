"""Passport Index dataset: what the holder of one passport needs to enter another state."""

from __future__ import annotations

from comity.sources.catalogue import read_source
from comity.sources.figures import Figures, Row, read_columns
from comity.sources.lines import LINE

REQUIREMENTS = ("visa free", "visa on arrival", "eta", "e-visa", "visa required", "no admission")
ITSELF = "-1"


def read_figures(data: bytes, name: str) -> Figures:
    """Read the tidy table.

    Parameters
    ----------
    data : bytes
        Unpacked comma-separated text with a header.
    name : str
        File name, for messages.

    Returns
    -------
    Figures
        Rows of `Passport`, `Destination` (ISO alpha-3) and `Requirement`, as in the file. A requirement that is in no
        list is set aside.

    Raises
    ------
    FileRefused
        The header is not the layout; the difference is said.
    """
    source = read_source("visa")
    lines = read_columns(data, source, source.layout, name)
    rows: list[Row] = []
    aside = list(lines.bad)
    for line in lines.table.to_pylist():
        row: Row = {column: line[column].decode("utf-8", "replace").strip() for column in source.layout}
        requirement = row["Requirement"].lower()
        if requirement.isdigit() or requirement == ITSELF or requirement in REQUIREMENTS:
            rows.append({**row, "Requirement": requirement, LINE: line[LINE]})
        else:
            aside.append((line[LINE], "unknown_requirement"))
    return Figures(rows, lines.rows_read, tuple(sorted(aside)))

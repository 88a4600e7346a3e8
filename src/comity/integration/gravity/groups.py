"""Which rows share a fixed effect or a cluster, and which rows an effect explains alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comity.integration.errors import SpecificationError
from comity.integration.gravity.panel import Panel, find_column

Codes = NDArray[np.int64]
Rows = NDArray[np.bool_]


def number_groups(panel: Panel, name: str) -> Codes:
    """Return the number of the group in which each row is, from 0 without gaps.

    Parameters
    ----------
    panel : Panel
    name : str
        `exporter_year`, `importer_year`, `pair`, `pair_symmetric`, `exporter`, `importer`, `year`, or a column.

    Returns
    -------
    array (rows,) of int

    Raises
    ------
    SpecificationError
        Neither an effect nor a column, or a column with empty values.
    """
    years = len(panel.years)
    if name in ("pair", "pair_symmetric", "exporter", "importer", "year"):
        return close_gaps(getattr(panel, name))
    if name == "exporter_year":
        return close_gaps(panel.exporter * years + panel.year)
    if name == "importer_year":
        return close_gaps(panel.importer * years + panel.year)
    column = find_column(panel.table, name)
    if column.null_count:
        raise SpecificationError(f"column {name!r} has {column.null_count} empty values, and is a group")
    codes = column.cast(pa.string()).dictionary_encode().indices.to_numpy().astype(np.int64)
    return close_gaps(codes[panel.places])


def close_gaps(numbers: Codes) -> Codes:
    """Return numbers from 0 without gaps, in the same order."""
    present = np.bincount(numbers) > 0
    return numbers if present.all() else np.asarray((np.cumsum(present) - 1)[numbers])


def find_alone(groups: Sequence[Codes]) -> Rows:
    """Find the rows that are alone in a group, again and again until none is.

    Parameters
    ----------
    groups : sequence of array (rows,) of int

    Returns
    -------
    array (rows,) of bool

    Examples
    --------
    >>> find_alone([np.array([0, 0, 1]), np.array([0, 1, 1])]).tolist()
    [True, True, True]
    """
    rows = len(groups[0]) if groups else 0
    alone = np.zeros(rows, dtype=bool)
    while True:
        fresh = np.zeros(rows, dtype=bool)
        for group in groups:
            kept = np.bincount(group[~alone] if alone.any() else group, minlength=int(group.max(initial=0)) + 1)
            fresh |= (kept == 1)[group] & ~alone if (kept == 1).any() else False
        if not fresh.any():
            return alone
        alone |= fresh


def is_nested(inner: Codes, outer: Codes) -> bool:
    """Tell whether each group of one kind lies within one group of another."""
    if inner is outer or not len(inner):
        return True
    same = inner == inner[0]
    if (outer[same] != outer[0]).any():
        return False
    last = np.zeros(int(inner.max(initial=0)) + 1, dtype=np.int64)
    last[inner] = outer
    return bool((last[inner] == outer).all())

"""How far apart the two states of a pair stood in votes of the General Assembly, year by year."""

from __future__ import annotations

from typing import Any

from comity.foundations import read_foundation
from comity.relations.positions import score_distances
from comity.relations.series import Pair

NAMES = {"ideal_point": "estimate"}


def describe_votes(pair: Pair) -> list[dict[str, Any]]:
    """Return the distance of the published ideal points with its interval, by year.

    Parameters
    ----------
    pair : tuple of str
        Actor ids.

    Returns
    -------
    list of dict
        See `comity.relations.positions.score_distances`; empty where no year has both.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_foundation("voting")
    mine = table.filter(pc.is_in(table["state"], value_set=pa.array(pair, pa.string())))
    rows = mine.rename_columns([NAMES.get(name, name) for name in mine.column_names]).to_pylist()
    return score_distances(rows, *pair)

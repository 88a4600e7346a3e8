"""Measures of the literature, by name, beside the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.api.relations import identify_pair
from comity.api.view import View

if TYPE_CHECKING:
    import pyarrow as pa


def score_alternatives(
    a: str, b: str, *, by: str = "week", measures: Sequence[str] | None = None, view: View | None = None
) -> pa.Table:
    """Score a pair, both directions, by period with measures of the literature.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    by : str
        `day`, `week` (from Monday) or `month`.
    measures : sequence of str, optional
        Of `net`, `share`, `plover`, `tsinghua`; all where left out.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    pyarrow.Table
        `period`, `until`, `sender`, `receiver`, `measure`, `scale` (of `net`; null for the others), `events` [count]
        and `value`, null where there is none; see `comity.relations.alternatives.score_alternative`.

    Raises
    ------
    comity.relations.series.RelationsError
        There is no such measure or period.

    Examples
    --------
    >>> sorted(set(score_alternatives("DEU", "POL")["measure"].to_pylist()))
    ['net', 'plover', 'share', 'tsinghua']
    """
    import pyarrow as pa

    from comity.relations.alternatives import ALTERNATIVES, score_alternative

    first, second = (actor.id for actor in identify_pair(a, b))
    pairs = [(first, second), (second, first)]
    names = ALTERNATIVES if measures is None else tuple(dict.fromkeys(measures))
    with (view or View()).open() as (con, _, scale):
        rows = [row for name in names for row in score_alternative(con, pairs, by, scale, name)]
    texts = ("period", "until", "sender", "receiver", "measure", "scale")
    schema = pa.schema([*((n, pa.string()) for n in texts), ("events", pa.int64()), ("value", pa.float64())])
    return pa.Table.from_pylist(rows, schema=schema)


def compare_alternatives(
    *, by: str = "day", least: int = 50, seed: int = 0, view: View | None = None
) -> dict[str, Any]:
    """Say how far the index and the measures of the literature order pairs, and periods, alike.

    Parameters
    ----------
    by : str
        `day`, `week` or `month`: the periods of the order over time.
    least : int
        Fewest events of a directed pair; those with few agree by their ties.
    seed : int
        Of the intervals.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `pairs` (how many), `by`, `scale`, and `agreement`: see `comity.relations.agreement.compare_alternatives`.

    Raises
    ------
    comity.relations.series.RelationsError
        Fewer than ten pairs have as many events.
    """
    from comity.relations import agreement

    with (view or View()).open() as (con, _, scale):
        pairs = agreement.list_busy_pairs(con, least)
        found = agreement.compare_alternatives(con, pairs, by, scale, seed=seed)
    return {"pairs": len(pairs), "by": by, "least": least, "scale": scale.id, "agreement": found}

"""The integration index of every pair of states, and of any group of states by the same formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.integration.indices.composite import Index, estimate_index
from comity.integration.indices.errors import IndicatorError, TooLittleKnown
from comity.integration.indices.intervals import AT_ONCE, Sampler
from comity.integration.indices.pairs import SEPARATOR, Sources, States, list_pairs, measure_pairs, name_pair
from comity.integration.indices.panel import Panel, read_columns, read_panel
from comity.integration.indices.specification import Specification, read_specification

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

DRAWS = 1000
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class PairIndex:
    """The index of every pair.

    Parameters
    ----------
    index : Index
        Units are pairs, named by both ids in alphabetical order.
    states : States
        All states; also of pairs of which too little is known.
    measured : Panel
        What is known of every pair, also of those screened out.
    conditions : mapping of str to array, shape (pairs of the index,)
        What makes pairs alike.
    """

    index: Index
    states: States
    measured: Panel
    conditions: Mapping[str, NDArray[np.float64]]

    @cached_property
    def sampler(self) -> Sampler:
        """Draws of scores, made once."""
        return Sampler(self.index, DRAWS, self.index.seed)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Row of each pair."""
        return {unit: row for row, unit in enumerate(self.index.units)}

    def as_arrow(self) -> pa.Table:
        """Return one row a pair: both states, the index with its 90 % interval and bounds, and the dimensions.

        Returns
        -------
        pyarrow.Table
            `a`, `b`, then `score`, `low`, `high`, `low_bound`, `high_bound`, `rank` [points of the index; places],
            `unknown` [indicators] and one column a dimension.
        """
        import numpy as np
        import pyarrow as pa

        top = self.index.specification.aggregates[-1].id
        table = self.index.as_arrow()
        scores = np.array(table[top])
        low, high = np.concatenate(
            [
                np.quantile(self.sampler.draw_scores(rows)[-1], INTERVAL, axis=1)
                for rows in np.array_split(np.arange(len(scores)), max(1, len(scores) // AT_ONCE))
            ],
            axis=1,
        )
        names = [split_pair(unit) for unit in self.index.units]
        columns: dict[str, Any] = {"a": [a for a, _ in names], "b": [b for _, b in names], "score": scores}
        columns |= {"low": np.minimum(low, scores), "high": np.maximum(high, scores)}
        columns |= {name: table[name] for name in ("low_bound", "high_bound", "rank", "unknown")}
        return pa.table(columns | {node.id: table[node.id] for node in self.index.specification.aggregates[:-1]})

    def check_state(self, state: str) -> None:
        """Stop at a state that the index does not have."""
        if state not in self.states.ids:
            raise IndicatorError(f"the index has no state {state!r}", todo="name a state of today by its id")

    def find_row(self, a: str, b: str) -> int:
        """Return the row of a pair.

        Raises
        ------
        IndicatorError
            A state that the index does not have.
        TooLittleKnown
            The pair was screened out.
        """
        for state in (a, b):
            self.check_state(state)
        name = name_pair(a, b)
        if name not in self.rows:
            whole = [item.id for item in self.index.specification.indicators]
            row = self.measured.units.index(name)
            missing = self.measured.find_missing()[row]
            known = [column for column, lost in zip(self.measured.columns, missing, strict=True) if not lost]
            raise TooLittleKnown(
                f"{len(known)} of {len(whole)} indicators are known for {a} and {b}",
                where=f"known: {', '.join(known) or 'none'}",
                why="an index of so few would say more about the gaps than about the pair",
                todo="see the figures that are known with `comity foundations show`",
            )
        return self.rows[name]


def estimate_pairs(
    ids: Sequence[str],
    sources: Sources,
    specification: Specification | Path | str | Mapping[str, Any],
    further: Any = None,
    seed: int = 0,
) -> PairIndex:
    """Estimate the integration index of every pair of states.

    Parameters
    ----------
    ids : sequence of str
        Actor ids of the states.
    sources : Sources
        The foundations tables and conventions.
    specification : Specification, path or mapping
        Its indicators are columns of the foundations or of `further`.
    further : table, optional
        Columns `a`, `b` (ids, in any order) and indicators of one's own, such as finance or infrastructure.
    seed : int
        Of the draws for unknowns.

    Returns
    -------
    PairIndex

    Raises
    ------
    SpecificationError, IndicatorError
        Named with place, row and column.

    References
    ----------
    oecd-jrc-2008, park-claveria-2018, huh-park-2018
    """
    import numpy as np

    if not isinstance(specification, Specification):
        specification = read_specification(specification)
    states = list_pairs(ids)
    measured, conditions = measure_pairs(states, sources)
    if further is not None:
        measured = _join(measured, states, further)
    panel = _choose_columns(measured, specification)
    index = estimate_index(panel, specification, seed=seed)
    place = {unit: row for row, unit in enumerate(panel.units)}
    kept = np.array([place[unit] for unit in index.units])
    return PairIndex(index, states, panel, {name: values[kept] for name, values in conditions.items()})


def _choose_columns(panel: Panel, specification: Specification) -> Panel:
    """Return the columns that the specification names, in its order."""
    wanted = [item.id for item in specification.indicators]
    lacking = [name for name in wanted if name not in panel.columns]
    if lacking:
        raise IndicatorError(
            f"there is no indicator {lacking[0]!r} of pairs",
            where=f"at hand: {', '.join(panel.columns)}",
            todo="give a table with the columns a, b and this one, or take it out of the specification",
        )
    places = [panel.columns.index(name) for name in wanted]
    low, high = panel.find_bounds()
    return replace(
        panel, columns=tuple(wanted), values=panel.values[:, places], low=low[:, places], high=high[:, places]
    )


def _join(panel: Panel, states: States, further: Any) -> Panel:
    """Return the panel with the columns of a user's table; pairs that it does not name are unknown."""
    import numpy as np

    table = read_columns(further)
    lacking = [name for name in ("a", "b") if name not in table]
    if lacking:
        raise IndicatorError(f"the further table has no column {lacking[0]!r}", todo="name both states by their ids")
    names = []
    for row, (a, b) in enumerate(zip(table.pop("a"), table.pop("b"), strict=True), start=1):
        unknown = [state for state in (a, b) if state not in states.ids]
        if unknown:
            raise IndicatorError(f"{unknown[0]!r} is no state of today", where=f"further table, row {row}")
        names.append(name_pair(a, b))
    given = read_panel({"pair": names, **table}, "pair", list(table))
    place = {unit: row for row, unit in enumerate(panel.units)}
    rows = [place[unit] for unit in given.units]
    wide = np.full((len(panel.units), len(given.columns)), np.nan)
    wide[rows] = given.values
    both = [name for name in given.columns if name in panel.columns]
    if both:
        raise IndicatorError(f"the column {both[0]!r} is already there", where="further table", todo="rename it")
    low, high = panel.find_bounds()
    return replace(
        panel,
        columns=(*panel.columns, *given.columns),
        values=np.column_stack([panel.values, wide]),
        low=np.column_stack([low, wide]),
        high=np.column_stack([high, wide]),
    )


def weigh_pairs(
    members: Sequence[str], sizes: Mapping[str, float] | None = None
) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Return every pair within a group and its share: equal, or by the product of both sizes.

    Parameters
    ----------
    members : sequence of str
        At least two, each once.
    sizes : mapping of str to float, optional
        Such as population or output.

    Returns
    -------
    pairs : list of tuple of str
    shares : array of float, shape (pairs,)
        Summing to one.
    """
    import numpy as np

    twice = sorted({member for member in members if list(members).count(member) > 1})
    if len(members) < 2 or twice:
        what = f"{twice[0]!r} stands twice" if twice else f"the group has {len(members)} members"
        raise IndicatorError(what, where="group", todo="name at least two different states")
    order = sorted(members)
    pairs = [(a, b) for place, a in enumerate(order) for b in order[place + 1 :]]
    if sizes is None:
        return pairs, np.full(len(pairs), 1 / len(pairs))
    lacking = [member for member in order if not sizes.get(member, 0) > 0]
    if lacking:
        raise IndicatorError(f"the size of {lacking[0]} is unknown", where="group", todo="weigh the pairs equally")
    products = np.array([sizes[a] * sizes[b] for a, b in pairs])
    return pairs, products / products.sum()


def split_pair(name: str) -> tuple[str, str]:
    """Return both states of a pair's name."""
    a, _, b = name.partition(SEPARATOR)
    return a, b

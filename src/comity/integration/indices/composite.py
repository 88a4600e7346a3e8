"""An index from a table and a specification: every stage's output kept, unknowns carried into bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.integration.indices.aggregation import aggregate_values
from comity.integration.indices.errors import SpecificationError
from comity.integration.indices.panel import Panel, read_panel
from comity.integration.indices.specification import Specification, read_specification
from comity.integration.indices.stages import STAGE_FUNCTIONS, Stage, Work

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Index:
    """An index with all that led to it.

    Parameters
    ----------
    specification : Specification
    works : mapping of str to Work
        By stage: what it left, with its account.
    base : Panel
        The table as it was read.
    seed : int
    """

    specification: Specification
    works: Mapping[str, Work]
    base: Panel
    seed: int

    @property
    def units(self) -> tuple[str, ...]:
        """The units that were not screened out."""
        return self.works["aggregate"].panel.units

    @property
    def scores(self) -> NDArray[np.float64]:
        """Every aggregate of each unit, shape (units, aggregates) [points of the index]; the last is the index."""
        scores = self.works["aggregate"].scores
        assert scores is not None  # the stage that aggregates sets them, `estimate_index` has checked it
        return scores

    @property
    def weights(self) -> Mapping[str, float]:
        """Weights that sum to one under each parent."""
        return self.works["weight"].weights

    def inspect(self, stage: str) -> pa.Table:
        """Return what a stage left as an Arrow table: indicators, after the last stage the aggregates as well."""
        import pyarrow as pa

        work = self.works[stage]
        table = work.panel.as_arrow()
        if work.scores is not None:
            for place, node in enumerate(self.specification.aggregates):
                table = table.append_column(node.id, pa.array(work.scores[:, place], from_pandas=True))
        return table

    def find_bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each aggregate with every unknown at the bottom and at the top of what the indicator ever takes.

        Returns
        -------
        low, high : arrays of float, shape (units, aggregates)
            [points of the index]; equal to the score where nothing is unknown.
        """
        import numpy as np

        values = self.works["normalise"].panel.values
        missing = self.works["denominate"].panel.find_missing()
        method = self.specification.choose("aggregate")["method"]
        filled = (np.where(missing, end, values) for end in self._find_ends())
        low, high = (aggregate_values(self.specification, table, self.weights, method) for table in filled)
        return low, high

    def _find_ends(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least and the most points that each cell may have, by what is known of it."""
        import numpy as np

        panel, scale = self.works["denominate"].panel, self.works["normalise"].panel.values
        values = self.works["impute"].panel.values
        least, most = (np.broadcast_to(end(scale, axis=0), scale.shape).copy() for end in (np.nanmin, np.nanmax))
        low, high = panel.find_bounds()
        bounded = panel.find_missing() & ~np.isnan(low) & ~np.isnan(high)
        for place in np.flatnonzero(bounded.any(axis=0)):
            rows, order = bounded[:, place], np.argsort(values[:, place], kind="stable")
            line = values[order, place], scale[order, place]
            ends = np.array([np.interp(bound[rows, place], *line) for bound in (low, high)])
            least[rows, place], most[rows, place] = ends.min(axis=0), ends.max(axis=0)
        return least, most

    def rank(self) -> NDArray[np.float64]:
        """Return the place of each unit, 1 the highest, equal scores sharing their mean place; NaN without a score."""
        import numpy as np

        scores = self.scores[:, -1]
        known = scores[~np.isnan(scores)]
        above = (known[None, :] > scores[:, None]).sum(axis=1)
        same = (known[None, :] == scores[:, None]).sum(axis=1)
        return np.where(np.isnan(scores), np.nan, above + (same + 1) / 2)

    def as_arrow(self) -> pa.Table:
        """Return units, scores, bounds, ranks and unknowns as an Arrow table."""
        import pyarrow as pa

        low, high = self.find_bounds()
        unknown = self.works["denominate"].panel.find_missing().sum(axis=1)
        columns: dict[str, Any] = {"unit": pa.array(self.units)}
        for place, node in enumerate(self.specification.aggregates):
            columns[node.id] = pa.array(self.scores[:, place], from_pandas=True)
        columns |= {
            "low_bound": pa.array(low[:, -1], from_pandas=True),
            "high_bound": pa.array(high[:, -1], from_pandas=True),
            "rank": pa.array(self.rank(), from_pandas=True),
            "unknown": pa.array(unknown),
        }
        return pa.table(columns)

    def describe(self) -> dict[str, Any]:
        """Return the index as plain values: units in order of rank, weights, and each stage's account.

        Returns
        -------
        dict
            `id`, `title`, `units` (each with `unit`, `rank`, `score`, `low_bound`, `high_bound` [points of the index],
            `unknown` [indicators] and `aggregates`), `weights`, and `stages` (each with `stage`, `method`, `account`).
        """
        top = self.specification.aggregates[-1].id
        names = ("unit", "rank", "low_bound", "high_bound", "unknown")
        units = [
            {name: row.pop(name) for name in names} | {"score": row[top], "aggregates": row}
            for row in self.as_arrow().to_pylist()
        ]
        stages = [
            {"stage": name, "method": self.specification.choose(name)["method"], "account": list(work.account)}
            for name, work in self.works.items()
        ]
        return {
            "id": self.specification.id,
            "title": self.specification.title,
            "units": sorted(units, key=lambda row: (row["rank"] is None, row["rank"])),
            "weights": dict(self.weights),
            "stages": stages,
        }


def estimate_index(
    data: Any,
    specification: Specification | Path | str | Mapping[str, Any],
    *,
    stages: Mapping[str, Stage] | None = None,
    seed: int = 0,
) -> Index:
    """Estimate a composite index stage by stage.

    Parameters
    ----------
    data : Panel, Arrow table, data frame with the Arrow interface, mapping of columns, or list of rows
        One row for each unit; blanks are unknown.
    specification : Specification, path or mapping
        See `docs/methods/indices.md`.
    stages : mapping of str to callable, optional
        Stages of one's own by the name of the stage that they replace; each takes and returns a `Work`.
    seed : int
        Of the draws for unknowns.

    Returns
    -------
    Index
        Scores, bounds and the output of every stage.

    Raises
    ------
    SpecificationError, IndicatorError
        Named with place, row and column.

    References
    ----------
    oecd-jrc-2008, becker-2022

    Examples
    --------
    >>> spec = {"comity_index": 1, "id": "two", "indicators": [{"id": "x", "parent": "all"},
    ...         {"id": "y", "parent": "all"}], "aggregates": [{"id": "all"}]}
    >>> index = estimate_index({"unit": ["a", "b", "c"], "x": [0, 1, 2], "y": [4, 8, 6]}, spec)
    >>> index.scores[:, -1].tolist()
    [0.0, 75.0, 75.0]
    """
    if not isinstance(specification, Specification):
        specification = read_specification(specification)
    functions = dict(STAGE_FUNCTIONS)
    for name, function in (stages or {}).items():
        if name not in functions:
            raise SpecificationError(f"there is no stage {name!r}", todo=f"stages: {', '.join(functions)}")
        functions[name] = function
    base = data if isinstance(data, Panel) else _read(data, specification)
    work, works = Work(specification, base, seed), {}
    for name, function in functions.items():
        work = works[name] = function(work)
    if work.scores is None or not works["weight"].weights:
        raise SpecificationError("a stage of one's own left no weights or scores", todo="set Work.weights, Work.scores")
    return Index(specification, works, base, seed)


def _read(data: Any, specification: Specification) -> Panel:
    """Read the columns that a specification names."""
    return read_panel(
        data,
        specification.unit,
        [item.id for item in specification.indicators],
        dict.fromkeys(item.denominator for item in specification.indicators if item.denominator),
        specification.list_groupings(),
    )

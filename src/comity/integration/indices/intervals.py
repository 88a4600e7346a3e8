"""Intervals of some units of a large index, under other weights, scales, means and fillings; goalposts stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.integration.indices.aggregation import bend, unbend
from comity.integration.indices.composite import Index
from comity.integration.indices.goalposts import find_treatment
from comity.integration.indices.imputation import draw_unknowns
from comity.integration.indices.normalisation import normalise_values
from comity.integration.indices.stages import choose_scale, list_directions
from comity.integration.indices.uncertainty import SCALES, draw_nodes, lift, lower

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_ONCE = 256


@dataclass(frozen=True)
class Choices:
    """One sample of all choices, shared by every unit.

    Parameters
    ----------
    weights : array of float, shape (aggregates, draws, indicators)
        Of each indicator in each aggregate.
    scale, mean, filling : array of int, shape (draws,)
        Numbers of the scale, the kind of mean and the filling.
    """

    weights: NDArray[np.float64]
    scale: NDArray[np.int_]
    mean: NDArray[np.int_]
    filling: NDArray[np.int_]


class Sampler:
    """Draws the scores of chosen units; the same choices for all, so that differences and means are right.

    Parameters
    ----------
    index : Index
        Made by the stages that the specification names.
    draws : int
    seed : int
    """

    def __init__(self, index: Index, draws: int, seed: int) -> None:
        import numpy as np

        self.index = index
        self.treatment = find_treatment(index)
        panel, specification = index.works["denominate"].panel, index.specification
        self.vary = specification.choose("vary")
        rng = np.random.default_rng([seed, 3])
        self.reference = self.treatment.treat(index.works["impute"].panel.values)
        self.missing = panel.find_missing()
        count = self.vary["imputations"]
        group = specification.choose("impute").get("group", "")
        self.drawn = draw_unknowns(panel, group, count, rng)
        self.spots = np.cumsum(self.missing.ravel()).reshape(self.missing.shape) - 1
        nodes = draw_nodes(specification, index.weights, draws, rng)
        self.choices = Choices(
            np.array([nodes[node.id] for node in specification.aggregates]),
            rng.integers(0, len(self.vary["normalise"]), draws),
            rng.integers(0, len(self.vary["aggregate"]), draws),
            rng.integers(0, count, draws),
        )

    def draw_scores(self, rows: NDArray[np.int_]) -> NDArray[np.float64]:
        """Return the scores of some units, shape (aggregates, units, draws) [points of the index, from 0 to 100]."""
        import numpy as np

        tables = self._place_rows(rows)
        scores = np.empty((len(self.choices.weights), len(rows), len(self.choices.scale)))
        choices = self.choices
        for which, method in enumerate(self.vary["aggregate"]):
            picked = np.flatnonzero(choices.mean == which)
            values = bend(tables[choices.scale[picked], choices.filling[picked]], method)
            sums = np.einsum("ndk,dmk->nmd", choices.weights[:, picked], values, optimize=True)
            scores[:, :, picked] = unbend(sums, method)
        return lower(scores)

    def average_scores(self, rows: NDArray[np.int_], shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted mean of some units' scores in every draw, shape (aggregates, draws)."""
        import numpy as np

        total = np.zeros((len(self.choices.weights), len(self.choices.scale)))
        for start in range(0, len(rows), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            total += np.einsum("nmd,m->nd", self.draw_scores(rows[part]), shares[part])
        return total

    def _place_rows(self, rows: NDArray[np.int_]) -> NDArray[np.float64]:
        """Return the indicators of some units on every scale, shape (scales, fillings, units, indicators)."""
        import numpy as np

        panel = self.index.works["denominate"].panel
        values = np.repeat(panel.values[rows][None], len(self.drawn), axis=0)
        missing = self.missing[rows]
        values[:, missing] = self.drawn[:, self.spots[rows][missing]]
        flat = self.treatment.treat(values.reshape(-1, values.shape[2]))
        directions = list_directions(self.index.specification)
        chosen = choose_scale(self.index.specification)
        own = {"tail": chosen.get("tail", 0.0), "fixed": chosen["fixed"]}
        scales = [{**SCALES[name], **own} for name in self.vary["normalise"]]
        placed = [normalise_values(flat, directions, scale, self.reference).reshape(values.shape) for scale in scales]
        return lift(np.array(placed))

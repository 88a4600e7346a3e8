"""What the index would be under other weights, scales, means and fillings: intervals, ranks, and whose doing it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from comity.integration.indices.aggregation import bend, unbend
from comity.integration.indices.composite import Index
from comity.integration.indices.errors import SpecificationError
from comity.integration.indices.imputation import draw_unknowns
from comity.integration.indices.normalisation import normalise_values
from comity.integration.indices.sobol import Shares, estimate_shares
from comity.integration.indices.specification import Specification
from comity.integration.indices.stages import choose_scale, list_directions, treat_values

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

FACTORS = ("weights", "normalise", "aggregate", "impute")
SCALES: Mapping[str, Mapping[str, Any]] = {
    "minmax": {"method": "minmax", "low": 0.0, "high": 100.0, "tail": 0.0},
    "zscore": {"method": "zscore", "mean": 50.0, "deviation": 50.0 / 3.0},
    "rank": {"method": "rank", "low": 0.0, "high": 100.0},
}
FLOOR, TOP = 1.0, 100.0
MOST = 20_000_000
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Spread:
    """Intervals of scores and ranks under all choices, and Sobol indices of the ranks.

    Parameters
    ----------
    units : tuple of str
    factors : tuple of str
        The choices that vary: weights, normalise, aggregate, impute.
    draws : int
        Evaluations of the whole index.
    scores, ranks : array of float, shape (units, 3)
        5 % quantile, median and 95 % quantile [points of the index, on a scale from 0 to 100; places].
    shares : Shares
        Of the variance of each unit's rank; shape (factors, units).
    shift : Shares
        The same for the mean absolute shift of all ranks from the median ranks; shape (factors, 1).
    """

    units: tuple[str, ...]
    factors: tuple[str, ...]
    draws: int
    scores: NDArray[np.float64]
    ranks: NDArray[np.float64]
    shares: Shares
    shift: Shares

    def as_arrow(self) -> pa.Table:
        """Return one row a unit: quantiles of score and rank, Sobol indices by factor."""
        import pyarrow as pa

        columns: dict[str, Any] = {"unit": list(self.units)}
        for name, values in (("score", self.scores), ("rank", self.ranks)):
            for place, level in enumerate(LEVELS):
                columns[f"{name}_{round(100 * level)}"] = values[:, place]
        for name, shares in (("first", self.shares.first), ("total", self.shares.total)):
            for place, factor in enumerate(self.factors):
                columns[f"{name}_{factor}"] = pa.array(shares[place], from_pandas=True)
        return pa.table(columns)

    def describe(self) -> dict[str, Any]:
        """Return the spread as plain values: `draws`, `units` in order of their median rank, `shift` by factor."""
        rows = sorted(self.as_arrow().to_pylist(), key=lambda row: (row["rank_50"], row["unit"]))
        parts = ("first", "first_error", "total", "total_error")
        shift = [
            {"factor": factor, **{part: float(getattr(self.shift, part)[place, 0]) for part in parts}}
            for place, factor in enumerate(self.factors)
        ]
        return {"draws": self.draws, "units": rows, "shift": shift}


@dataclass(frozen=True)
class _Design:
    """One sample of all choices: weights (draws, indicators) and the numbers of the others (draws,)."""

    weights: NDArray[np.float64]
    chosen: Mapping[str, NDArray[np.int_]]


def estimate_spread(index: Index, draws: int = 100_000, seed: int | None = None) -> Spread:
    """Estimate intervals of scores and ranks and the Sobol indices of every choice.

    Each draw takes weights, a scale, a kind of mean and a filling of the unknowns at random; the design is radial, so
    that the same draws serve the intervals and the indices.

    Parameters
    ----------
    index : Index
        With the stage functions of its own specification; what `vary` says may differ.
    draws : int
        Evaluations of the whole index; used are the nearest multiple of factors + 2 below.
    seed : int, optional
        That of the index where left out.

    Returns
    -------
    Spread

    Raises
    ------
    SpecificationError
        Nothing varies, or too few or too many draws.

    References
    ----------
    saisana-2005, saltelli-2010, oecd-jrc-2008
    """
    import numpy as np

    if draws * len(index.units) > MOST:
        raise SpecificationError(
            f"{draws:,} draws of {len(index.units):,} units are more than fit into memory at once",
            todo=f"take at most {MOST // len(index.units):,} draws",
        )
    rng = np.random.default_rng([index.seed if seed is None else seed, 2])
    tables = _make_tables(index, rng)
    factors = _list_factors(index, tables)
    base = draws // (len(factors) + 2)
    if base < 2:
        raise SpecificationError(f"{draws} draws are too few", todo=f"take at least {2 * (len(factors) + 2)}")
    one, other = (_draw_design(index, tables, base, rng) for _ in range(2))
    samples = [one, other, *(_mix(one, other, factor) for factor in factors)]
    scores = [_evaluate(index, tables, sample) for sample in samples]
    ranks = [_rank_columns(values) for values in scores]
    together = np.concatenate(ranks, axis=1)
    middle = np.quantile(together[:, : 2 * base], 0.5, axis=1)[:, None]
    shifts = [np.abs(values - middle).mean(axis=0)[None, :] for values in ranks]
    return Spread(
        index.units,
        factors,
        base * len(samples),
        np.quantile(np.concatenate(scores, axis=1), LEVELS, axis=1, overwrite_input=True).T,
        _find_rank_quantiles(together),
        estimate_shares(ranks[0], ranks[1], np.array(ranks[2:])),
        estimate_shares(shifts[0], shifts[1], np.array(shifts[2:])),
    )


def _make_tables(index: Index, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the normalised table for each scale and each filling, shape (scales, fillings, units, indicators)."""
    import numpy as np

    specification, panel = index.specification, index.works["denominate"].panel
    choice, vary = specification.choose("impute"), specification.choose("vary")
    missing = panel.find_missing()
    count = vary["imputations"] if missing.any() else 1
    filled = np.repeat(panel.values[None], count, axis=0)
    if missing.any():
        filled[:, missing] = draw_unknowns(panel, choice.get("group", ""), count, rng)
    side_by_side = np.concatenate(list(filled), axis=1)
    treated, _ = treat_values(specification, side_by_side)
    directions = np.tile(list_directions(specification), count)
    fixed = choose_scale(specification)["fixed"]
    scales = [{**SCALES[name], "fixed": fixed} for name in vary["normalise"]]
    tables = [lift(normalise_values(treated, directions, scale)) for scale in scales]
    return np.array([np.split(table, count, axis=1) for table in tables])


def lift(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values of a scale from 0 to 100 on one from 1 to 100, so that every kind of mean can take them."""
    import numpy as np

    return FLOOR + (TOP - FLOOR) / TOP * np.clip(values, 0.0, TOP)


def lower(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo `lift`."""
    return (values - FLOOR) * TOP / (TOP - FLOOR)


def _list_factors(index: Index, tables: NDArray[np.float64]) -> tuple[str, ...]:
    """Return the choices that have more than one value."""
    vary = index.specification.choose("vary")
    many = (vary["weights"] > 0, tables.shape[0] > 1, len(vary["aggregate"]) > 1, tables.shape[1] > 1)
    factors = tuple(factor for factor, varies in zip(FACTORS, many, strict=True) if varies)
    if not factors:
        raise SpecificationError("nothing varies", where="stages.vary", todo="name several scales or means, or weights")
    return factors


def _draw_design(index: Index, tables: NDArray[np.float64], count: int, rng: np.random.Generator) -> _Design:
    """Draw one sample of all choices."""
    vary = index.specification.choose("vary")
    sizes = {"normalise": tables.shape[0], "aggregate": len(vary["aggregate"]), "impute": tables.shape[1]}
    chosen = {name: rng.integers(0, size, count) for name, size in sizes.items()}
    nodes = draw_nodes(index.specification, index.weights, count, rng)
    return _Design(nodes[index.specification.aggregates[-1].id], chosen)


def draw_nodes(
    specification: Specification, weights: Mapping[str, float], count: int, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Draw each indicator's weight in each aggregate, every weight on the branch varied and shared anew.

    Parameters
    ----------
    specification : Specification
    weights : mapping of str to float
    count : int
    rng : numpy.random.Generator

    Returns
    -------
    dict of str to array, shape (count, indicators)
        By aggregate, summing to one over its indicators.
    """
    import numpy as np

    reach = specification.choose("vary")["weights"]
    leaves = {item.id: place for place, item in enumerate(specification.indicators)}
    nodes: dict[str, NDArray[np.float64]] = {}
    for parent in specification.aggregates:
        children = specification.list_children(parent.id)
        shares = rng.uniform(1 - reach, 1 + reach, (len(children), count))
        shares *= np.array([weights[child] for child in children])[:, None]
        shares /= np.maximum(shares.sum(axis=0), np.finfo(float).tiny)
        whole = np.zeros((count, len(leaves)))
        for child, share in zip(children, shares, strict=True):
            if child in leaves:
                whole[:, leaves[child]] = share
            else:
                whole += nodes[child] * share[:, None]
        nodes[parent.id] = whole
    return nodes


def _mix(one: _Design, other: _Design, factor: str) -> _Design:
    """Return the first sample with one choice taken from the other."""
    if factor == "weights":
        return replace(one, weights=other.weights)
    return replace(one, chosen={**one.chosen, factor: other.chosen[factor]})


def _evaluate(index: Index, tables: NDArray[np.float64], sample: _Design) -> NDArray[np.float64]:
    """Return the index of every unit under every draw, shape (units, draws)."""
    import numpy as np

    methods = index.specification.choose("vary")["aggregate"]
    scores = np.empty((tables.shape[2], len(sample.weights)))
    bent = [bend(tables, method) for method in methods]
    scale, mean, filling = (sample.chosen[name] for name in ("normalise", "aggregate", "impute"))
    code = (mean * tables.shape[0] + scale) * tables.shape[1] + filling
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(len(methods) * tables.shape[0] * tables.shape[1] + 1))
    for number, (start, end) in enumerate(zip(starts[:-1], starts[1:], strict=True)):
        if start == end:
            continue
        rest, fill = divmod(number, tables.shape[1])
        which, kind = divmod(rest, tables.shape[0])
        rows = order[start:end]
        scores[:, rows] = unbend(bent[which][kind, fill] @ sample.weights[rows].T, methods[which])
    return lower(scores)


def _rank_columns(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place of each unit in each draw, 1 the highest, shape (units, draws)."""
    import numpy as np

    by_draw = np.ascontiguousarray(-scores.T)
    order = np.argsort(by_draw, axis=1)
    ranks = np.empty(by_draw.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, by_draw.shape[1] + 1), axis=1)
    return np.ascontiguousarray(ranks.T)


def _find_rank_quantiles(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quantiles of each unit's places, shape (units, levels)."""
    import numpy as np

    count = len(ranks)
    found = []
    for row in ranks:
        share = np.cumsum(np.bincount(row.astype(np.int64), minlength=count + 1)) / len(row)
        found.append(np.searchsorted(share, np.array(LEVELS) - 1e-12))
    return np.array(found, dtype=float)

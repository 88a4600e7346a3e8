"""Made-up flows between made-up states, from a gravity equation that is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

SLOPE = 0.5


def make_flows(actors: int = 12, years: int = 4, *, seed: int = 1, zeros: float = 0.2, kept: float = 1.0) -> Any:
    """Give a table of flows: `exporter`, `importer`, `year`, `value`, `rta` (a step in time), `x` (a noise)."""
    random = np.random.default_rng(seed)
    shape = (years, actors, actors)
    out, into = random.normal(size=(years, actors, 1)), random.normal(size=(years, 1, actors))
    pair = random.normal(size=(1, actors, actors))
    rta = (np.arange(years)[:, None, None] >= random.integers(0, 2 * years, (actors, actors))) * 1.0
    x = random.normal(size=shape)
    means = np.exp(out + into + pair + SLOPE * rta + 0.1 * x)
    values = means * random.exponential(size=shape)
    values[random.random(shape) < zeros] = 0.0
    year, exporter, importer = np.indices(shape).reshape(3, -1)
    names = np.array([f"S{number:02d}" for number in range(actors)])
    table = pa.table(
        {
            "exporter": names[exporter],
            "importer": names[importer],
            "year": 2000 + year,
            "value": values.ravel(),
            "rta": rta.ravel(),
            "x": x.ravel(),
        }
    )
    return table if kept == 1.0 else table.filter(pa.array(random.random(table.num_rows) < kept))


def fit_by_dummies(table: Any, effects: list[tuple[str, ...]], regressors: list[str]) -> tuple[Any, Any]:
    """Give coefficients of regressors, and fitted values, of a Poisson regression on a dummy for every effect."""
    values = table["value"].to_numpy()
    columns = [table[name].to_numpy() for name in regressors]
    for effect in effects:
        keys = list(zip(*(table[name].to_pylist() for name in effect), strict=True))
        columns += [np.array([key == one for key in keys], dtype=float) for one in sorted(set(keys))]
    design = np.stack(columns, axis=1).astype(float)
    means = values + values.mean()
    for _ in range(60):
        working = np.log(means) + (values - means) / means
        root = np.sqrt(means)
        solution = np.linalg.lstsq(design * root[:, None], working * root, rcond=1e-12)[0]
        means = np.exp(design @ solution)
    return solution[: len(regressors)], means

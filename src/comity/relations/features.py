"""The figures of pairs of states by which they are alike, from the tables of foundations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from math import log, nan
from typing import TYPE_CHECKING

from comity.foundations import read_foundation
from comity.relations.likeness import FEATURES
from comity.relations.series import Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@cache
def _read_geography() -> dict[Pair, tuple[float, float]]:
    """Return log distance and border of each pair, the id that comes first in the alphabet first."""
    columns = read_foundation("geography").select(["a", "b", "distance", "contiguous"]).to_pydict()
    return {(a, b): (log(max(d, 1.0)), float(c)) for a, b, d, c in zip(*columns.values(), strict=True)}


@cache
def _read_trade() -> dict[Pair, float]:
    """Return the exports of both ways together [USD]."""
    columns = read_foundation("trade").select(["exporter", "importer", "value"]).to_pydict()
    found: dict[Pair, float] = {}
    for exporter, importer, value in zip(*columns.values(), strict=True):
        pair = (exporter, importer) if exporter < importer else (importer, exporter)
        found[pair] = found.get(pair, 0.0) + float(value)
    return found


@cache
def _read_economies() -> dict[str, float]:
    """Return the log of each state's last known gross domestic product [log of USD]."""
    columns = read_foundation("economy").select(["state", "year", "gdp"]).to_pydict()
    known = sorted((year, state, gdp) for state, year, gdp in zip(*columns.values(), strict=True) if gdp)
    return {state: log(gdp) for _, state, gdp in known}


def _list_features(pairs: Iterable[Pair]) -> list[list[float]]:
    """Return the features of pairs, nan where not known."""
    geography, trade, economies = _read_geography(), _read_trade(), _read_economies()
    rows = []
    for a, b in pairs:
        pair = (a, b) if a < b else (b, a)
        distance, border = geography.get(pair, (nan, nan))
        sold = trade.get(pair, 0.0)
        first, second = economies.get(a, nan), economies.get(b, nan)
        rows.append([distance, border, log(sold) if sold > 0 else nan, first + second, abs(first - second)])
    return rows


def read_features(pairs: Sequence[Pair]) -> Numbers:
    """Read the features of pairs.

    Parameters
    ----------
    pairs : sequence of (actor, actor)

    Returns
    -------
    array (pairs, features)
        In the order of `comity.relations.likeness.FEATURES`; nan where not known. Organisations have none.
    """
    import numpy as np

    return np.array(_list_features(pairs)).reshape(len(pairs), len(FEATURES))


@cache
def measure_ranges() -> tuple[float, ...]:
    """Return the range of each feature over all pairs of states that the tables have."""
    import numpy as np

    features = np.array(_list_features(_read_geography()))
    return tuple(float(x) for x in np.nanmax(features, axis=0) - np.nanmin(features, axis=0))

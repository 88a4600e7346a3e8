"""The one impure module of the indices: reads the foundations tables and the shipped specification."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from comity.foundations import read_foundation
from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.pairindex import PairIndex, estimate_pairs
from comity.integration.indices.pairs import Sources
from comity.lexicon import read_actors
from comity.lexicon.published import read_published

HERE = Path(__file__).parent
SPECIFICATION = HERE / "pairs.yml"
CONVENTIONS = HERE / "conventions.yml"
TABLES = ("trade", "trade_totals", "economy", "geography", "voting", "visa", "migrants", "missions", "coverage",
          "air_routes")  # fmt: skip


@cache
def read_sources() -> Sources:
    """Read the foundations tables and the conventions once.

    Returns
    -------
    Sources
    """
    conventions: Mapping[str, Any] = read_published(CONVENTIONS)
    return Sources({name: read_foundation(name).to_pydict() for name in TABLES}, conventions)


def read_data_year() -> int:
    """Return the last year that any of the foundations tables of the index has a figure for.

    Returns
    -------
    int
    """
    return max(int(year) for table in read_sources().tables.values() for year in table.get("year", ()))


def list_states() -> tuple[str, ...]:
    """Return the ids of the states of today, in alphabetical order."""
    return tuple(sorted(actor.id for actor in read_actors() if actor.kind == "state" and actor.valid_to is None))


@cache
def read_pair_index(seed: int = 0) -> PairIndex:
    """Estimate the shipped index of every pair of states once.

    Parameters
    ----------
    seed : int

    Returns
    -------
    PairIndex
    """
    return estimate_pairs(list_states(), read_sources(), SPECIFICATION, seed=seed)


def read_sizes(measure: str) -> dict[str, float]:
    """Read the latest known population or output of each state.

    Parameters
    ----------
    measure : {"population", "gdp"}

    Returns
    -------
    dict of str to float
        [persons] or [USD]; states without a figure are left out.

    Raises
    ------
    IndicatorError
        Neither of both.
    """
    if measure not in ("population", "gdp"):
        raise IndicatorError(f"there is no size {measure!r}", todo="name population or gdp")
    table = read_sources().tables["economy"]
    return {state: float(value) for state, value in zip(table["state"], table[measure], strict=True) if value}

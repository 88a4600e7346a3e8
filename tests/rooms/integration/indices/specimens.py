"""Small specifications and tables, and a small world of states, made from fixed formulas."""

from __future__ import annotations

from typing import Any

import numpy as np

from comity.integration.indices.pairs import Sources

IDS = ("AUT", "BEL", "BWA", "CHL", "DNK", "FJI", "GHA")


def make_specification(**stages: Any) -> dict[str, Any]:
    """Give an index of two dimensions and five indicators."""
    return {
        "comity_index": 1,
        "id": "small",
        "indicators": [
            {"id": "a", "parent": "left"},
            {"id": "b", "parent": "left", "direction": -1, "weight": 2},
            {"id": "c", "parent": "right"},
            {"id": "d", "parent": "right"},
            {"id": "e", "parent": "right", "denominator": "size"},
        ],
        "aggregates": [{"id": "all"}, {"id": "left", "parent": "all"}, {"id": "right", "parent": "all", "weight": 3}],
        "stages": stages,
    }


def make_table(units: int = 12, holes: int = 0, seed: int = 7) -> dict[str, Any]:
    """Give a table of that many units, some cells unknown."""
    rng = np.random.default_rng(seed)
    table: dict[str, Any] = {"unit": [f"u{number}" for number in range(units)]}
    for name in "abcde":
        table[name] = rng.gamma(2.0, 3.0, units).tolist()
    table["size"] = rng.uniform(1, 5, units).tolist()
    for number in range(holes):
        table["abcde"[number % 5]][3 * number % units] = None
    return table


def make_sources(ids: tuple[str, ...] = IDS) -> Sources:
    """Give a world in which each list is silent somewhere; every state is covered by every list."""
    rng = np.random.default_rng(3)
    ways = [(a, b) for a in ids for b in ids if a != b]
    pairs = [(a, b) for number, a in enumerate(ids) for b in ids[number + 1 :]]
    traded = [way for number, way in enumerate(ways) if number % 4]
    lived = [way for number, way in enumerate(ways) if number % 3]
    flown = [way for number, way in enumerate(ways) if number % 5]
    sent = [way for number, way in enumerate(ways) if number % 2]
    votes = [(state, year) for year in (2023, 2024) for state in ids]
    size = len(ids)
    tables = {
        "trade": {
            "exporter": [a for a, _ in traded],
            "importer": [b for _, b in traded],
            "value": rng.integers(1_000, 10_000_000, len(traded)).tolist(),
        },
        "trade_totals": {
            "state": list(ids),
            "exports": rng.integers(10_000_000, 90_000_000, size).tolist(),
            "imports": rng.integers(10_000_000, 90_000_000, size).tolist(),
        },
        "economy": {
            "state": list(ids),
            "year": [2023] * size,
            "gdp": rng.integers(10**9, 10**11, size).tolist(),
            "population": rng.integers(10**6, 10**8, size).tolist(),
        },
        "geography": {
            "a": [a for a, _ in pairs],
            "b": [b for _, b in pairs],
            "distance": rng.uniform(200, 9000, len(pairs)).tolist(),
            "contiguous": [number % 5 == 0 for number in range(len(pairs))],
            "common_language": [number % 4 == 0 for number in range(len(pairs))],
        },
        "voting": {
            "state": [state for state, _ in votes],
            "year": [year for _, year in votes],
            "ideal_point": rng.normal(size=len(votes)).tolist(),
        },
        "visa": {
            "passport": [a for a, _ in ways],
            "destination": [b for _, b in ways],
            "requirement": [("visa free", "e-visa", "visa required")[number % 3] for number in range(len(ways))],
        },
        "migrants": {
            "origin": [a for a, _ in lived],
            "residence": [b for _, b in lived],
            "year": [2019] * len(lived),
            "persons": rng.integers(10, 100_000, len(lived)).tolist(),
        },
        "air_routes": {
            "origin": [a for a, _ in flown],
            "destination": [b for _, b in flown],
            "routes": rng.integers(1, 60, len(flown)).tolist(),
        },
        "missions": {
            "sender": [a for a, _ in sent],
            "receiver": [b for _, b in sent],
            "rank": [("embassy", "consulate")[number % 2] for number in range(len(sent))],
        },
        "coverage": {
            "source": [source for source in ("baci", "undesa", "wikidata") for _ in ids],
            "actor": [state for _ in range(3) for state in ids],
        },
    }
    levels = {"visa free": 1.0, "e-visa": 0.5, "visa required": 0.2}
    ranks = {"embassy": 1.0, "consulate": 0.5}
    silence = {"trade": 0.1, "migrants": 0.1, "air_routes": 0.1}
    conventions = {"entry": levels, "missions": ranks, "silence": silence, "sessions": 10}
    return Sources(tables, conventions)


def rename_sources(sources: Sources, names: dict[str, str]) -> Sources:
    """Give the same world under other ids."""
    keys = {"a", "b", "state", "exporter", "importer", "passport", "destination", "origin", "residence"}
    keys |= {"sender", "receiver", "actor"}
    tables = {
        table: {
            column: [names.get(value, value) for value in values] if column in keys else values
            for column, values in columns.items()
        }
        for table, columns in sources.tables.items()
    }
    return Sources(tables, sources.conventions)

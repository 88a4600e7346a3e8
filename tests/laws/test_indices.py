"""Laws of composite indices: names do not matter, nor units, nor order; more of what counts never lowers the index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.integration.indices.specimens import (
    IDS,
    make_sources,
    make_specification,
    make_table,
    rename_sources,
)

from comity.integration.indices.composite import estimate_index
from comity.integration.indices.movement import estimate_movement
from comity.integration.indices.pairindex import estimate_pairs
from comity.integration.indices.profile import describe_pair
from comity.integration.indices.step import SPECIFICATION
from comity.integration.indices.uncertainty import estimate_spread

TREATMENTS = st.sampled_from(["none", "winsorise", "log", "ratio"])
SCALES = st.sampled_from(["minmax", "zscore", "rank"])
IMPUTERS = st.sampled_from(["mean", "median", "draws"])
NAMES = {"AUT": "ZMB", "BEL": "MLI", "BWA": "AFG", "CHL": "NPL", "DNK": "TUV", "FJI": "KEN", "GHA": "DEU"}


def estimate(table: dict[str, Any], treat: str = "none", scale: str = "minmax", impute: str = "mean"):
    stages = {"treat": {"method": treat}, "normalise": {"method": scale}, "impute": {"method": impute}}
    return estimate_index(table, make_specification(**stages))


@given(seed=st.integers(0, 10_000), treat=TREATMENTS, scale=SCALES, impute=IMPUTERS)
def test_renaming_and_reordering_units_only_renames_and_reorders(seed: int, treat: str, scale: str, impute: str):
    table = make_table(holes=4, seed=seed)
    order = np.random.default_rng(seed).permutation(12)
    other = {name: [values[place] for place in order] for name, values in table.items()}
    other["unit"] = [f"other {name}" for name in other["unit"]]
    one, two = estimate(table, treat, scale, impute), estimate(other, treat, scale, impute)
    assert two.scores == pytest.approx(one.scores[order], abs=1e-9)
    assert two.units == tuple(other["unit"])


@given(seed=st.integers(0, 10_000), factor=st.floats(1e-6, 1e6), treat=TREATMENTS, scale=SCALES)
def test_the_unit_of_an_indicator_does_not_matter(seed: int, factor: float, treat: str, scale: str):
    table = make_table(holes=2, seed=seed)
    other = {**table, "b": [None if value is None else value * factor for value in table["b"]]}
    assert estimate(other, treat, scale).scores == pytest.approx(estimate(table, treat, scale).scores, abs=1e-6)


@given(seed=st.integers(0, 10_000), shift=st.floats(-1e3, 1e3), scale=SCALES)
def test_the_zero_of_an_indicator_does_not_matter(seed: int, shift: float, scale: str):
    table = make_table(seed=seed)
    other = {**table, "a": [round(value, 6) + round(shift, 3) for value in table["a"]]}
    plain = {**table, "a": [round(value, 6) for value in table["a"]]}
    assert estimate(other, scale=scale).scores == pytest.approx(estimate(plain, scale=scale).scores, abs=1e-6)


@given(
    seed=st.integers(0, 10_000),
    unit=st.integers(0, 11),
    name=st.sampled_from("abcde"),
    more=st.floats(0.01, 30),
    scale=SCALES,
)
def test_more_of_what_counts_never_lowers_the_index_of_the_unit(
    seed: int, unit: int, name: str, more: float, scale: str
):
    table = make_table(seed=seed)
    raised = {**table, name: list(table[name])}
    raised[name][unit] += -more if name == "b" else more
    before, after = estimate(table, scale=scale), estimate(raised, scale=scale)
    assert after.scores[unit, -1] >= before.scores[unit, -1] - 1e-9
    if scale != "zscore":
        assert after.rank()[unit] <= before.rank()[unit]


@given(seed=st.integers(0, 10_000), treat=st.sampled_from(["none", "log", "ratio"]))
def test_slopes_point_where_the_directions_point(seed: int, treat: str):
    index = estimate(make_table(seed=seed), treat)
    for move in estimate_movement(index, "u3").to_pylist():
        assert (move["slope"] <= 0) if move["indicator"] == "b" else (move["slope"] >= 0)
        assert move["gain"] >= -1e-9


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    table = make_table(holes=3)
    found = [estimate_spread(estimate(table, impute="draws"), 600, seed=seed) for seed in (5, 5, 6)]
    texts = [repr(one.as_arrow().to_pylist()) for one in found]
    assert texts[0] == texts[1] != texts[2]


def test_renaming_states_only_renames_pairs():
    sources = make_sources()
    one = estimate_pairs(IDS, sources, SPECIFICATION)
    two = estimate_pairs(tuple(NAMES.values()), rename_sources(sources, NAMES), SPECIFICATION)
    for unit in one.index.units:
        a, b = unit.split("-")
        before, after = describe_pair(one, a, b), describe_pair(two, NAMES[a], NAMES[b])
        assert sorted(after["pair"]) == sorted([NAMES[a], NAMES[b]])
        for name in ("index", "dimensions", "indicators", "below"):
            assert after[name] == before[name]

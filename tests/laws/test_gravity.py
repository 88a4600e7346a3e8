"""Gravity: names, units, directions and the order of rows change what they should, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.flows import make_flows

from comity import estimate_gravity

PLAIN = {"regressors": ["rta", "x"], "actors": "as_given", "correct_bias": True}


def replace(table: Any, name: str, values: Any) -> Any:
    return table.set_column(table.column_names.index(name), name, pa.array(values))


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(8)), st.integers(0, 3))
def test_renaming_the_states_changes_nothing(order: list[int], seed: int):
    table = make_flows(8, 3, seed=seed)
    names = {f"S{number:02d}": f"T{place:02d}" for number, place in enumerate(order)}
    renamed = table
    for side in ("exporter", "importer"):
        renamed = replace(renamed, side, [names[name] for name in table[side].to_pylist()])
    one, other = estimate_gravity(table, **PLAIN), estimate_gravity(renamed, **PLAIN)
    assert np.allclose(one.coefficients, other.coefficients, atol=1e-8)
    assert np.allclose(one.errors, other.errors, rtol=1e-6)


@settings(max_examples=5, deadline=None)
@given(st.floats(1e-6, 1e6))
def test_the_unit_of_the_flows_does_not_matter(unit: float):
    table = make_flows(8, 3)
    scaled = replace(table, "value", table["value"].to_numpy() * unit)
    one, other = estimate_gravity(table, **PLAIN), estimate_gravity(scaled, **PLAIN)
    assert np.allclose(one.coefficients, other.coefficients, atol=1e-8)
    assert np.allclose(one.errors, other.errors, rtol=1e-6)
    assert np.allclose(one.fitted * unit, other.fitted, rtol=1e-6)


def test_exchanging_exporters_and_importers_changes_nothing():
    table = make_flows(8, 3)
    turned = table.rename_columns(["importer", "exporter", *table.column_names[2:]])
    one, other = estimate_gravity(table, **PLAIN), estimate_gravity(turned, **PLAIN)
    assert np.allclose(one.coefficients, other.coefficients, atol=1e-8)
    assert np.allclose(one.errors, other.errors, rtol=1e-6)


def test_the_same_table_gives_the_same_bytes():
    table = make_flows(8, 3)
    one, other = (estimate_gravity(table, **PLAIN) for _ in range(2))
    assert one.to_table().equals(other.to_table())
    assert one.fitted.tobytes() == other.fitted.tobytes()


def test_a_missing_flow_is_not_a_zero():
    table = make_flows(8, 3)
    zeros = table["value"].to_numpy() == 0
    missing = replace(table, "value", np.where(zeros, np.nan, table["value"].to_numpy()))
    zero, unknown = estimate_gravity(table, **PLAIN), estimate_gravity(missing, **PLAIN)
    absent = estimate_gravity(table.filter(pa.array(~zeros)), **PLAIN)
    assert not np.allclose(zero.coefficients, unknown.coefficients, atol=1e-3)
    assert np.array_equal(unknown.coefficients, absent.coefficients)

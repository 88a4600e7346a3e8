"""Each stage does what its method says, tells what it did, and can be replaced."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.rooms.integration.indices.specimens import make_specification, make_table

from comity.integration.errors import SpecificationError
from comity.integration.indices.composite import estimate_index
from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.stages import Work
from comity.integration.indices.treatment import measure_tails, winsorise
from comity.integration.indices.weighting import weigh_components


def test_a_small_index_by_hand():
    table = {"unit": ["x", "y", "z"], "a": [0, 5, 10], "b": [4, 2, 0], "c": [1, 2, 3], "d": [3, 2, 1]}
    table |= {"e": [2, 8, 6], "size": [1, 2, 3]}
    index = estimate_index(table, make_specification())
    left = [(0 + 2 * 0) / 3, (50 + 2 * 50) / 3, 100]
    right = [(0 + 100 + 0) / 3, (50 + 50 + 100) / 3, (100 + 0 + 0) / 3]
    assert index.scores[:, -1].tolist() == pytest.approx([(a + 3 * b) / 4 for a, b in zip(left, right, strict=True)])
    assert index.rank().tolist() == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("method", ["mean", "median"])
def test_an_imputed_cell_is_in_the_account_and_never_silent(method: str):
    table = make_table(holes=3)
    index = estimate_index(table, make_specification(impute={"method": method}))
    account = index.works["impute"].account
    assert [(row["unit"], row["indicator"]) for row in account] == [("u0", "a"), ("u3", "b"), ("u6", "c")]
    assert all(row["what"].startswith(method) for row in account)
    low, high = index.find_bounds()
    rows = [0, 3, 6]
    assert (low[rows, -1] < index.scores[rows, -1]).all() and (index.scores[rows, -1] < high[rows, -1]).all()
    whole = [row for row in range(12) if row not in rows]
    assert (low[whole] == high[whole]).all()


def test_without_imputing_an_unknown_leaves_no_score_but_bounds():
    index = estimate_index(make_table(holes=1), make_specification(impute={"method": "none"}))
    table = index.as_arrow().to_pylist()[0]
    assert table["all"] is None and table["rank"] is None and table["unknown"] == 1
    assert table["low_bound"] < table["high_bound"]


def test_units_of_which_too_little_is_known_are_left_out_by_name():
    table = make_table()
    for name in "abc":
        table[name][4] = math.nan
    index = estimate_index(table, make_specification(screen={"method": "known_share", "least": 0.6}))
    assert "u4" not in index.units
    assert index.works["screen"].account == ({"unit": "u4", "indicator": "", "what": "left out: 40% known"},)


def test_winsorising_moves_the_furthest_values_to_the_next_one():
    values = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 90, 90]]).T
    treated, failed = winsorise(values, most=5)
    assert not failed.any() and treated[-2:, 0].tolist() == [12.0, 12.0]
    assert winsorise(-values, most=5)[0][-1, 0] == -12.0


def test_a_column_that_winsorising_cannot_help_is_given_back_for_the_logarithm():
    table = {"unit": [f"u{row}" for row in range(40)], "x": np.exp(np.linspace(0, 18, 40)).tolist()}
    table["y"] = list(range(40))
    specification = {
        "comity_index": 1,
        "id": "heavy",
        "indicators": [{"id": "x", "parent": "all"}, {"id": "y", "parent": "all"}],
        "aggregates": [{"id": "all"}],
        "stages": {"treat": {"method": "winsorise", "most": 2}},
    }
    index = estimate_index(table, specification)
    assert index.works["treat"].account == ({"unit": "", "indicator": "x", "what": "logarithm (log)"},)
    treated = index.works["treat"].panel.values[:, 0]
    assert (np.diff(treated) > 0).all() and abs(measure_tails(treated[:, None])[0][0]) < 2


def test_a_logarithm_of_a_tail_below_keeps_the_order():
    table = make_table()
    table["a"] = [-value for value in table["a"]]
    treated = estimate_index(table, make_specification(treat={"method": "log"})).works["treat"].panel.values[:, 0]
    assert np.argsort(treated).tolist() == np.argsort(table["a"]).tolist()


def test_components_give_a_column_of_noise_less_weight_than_columns_that_move_together():
    rng = np.random.default_rng(1)
    common = rng.normal(size=400)
    columns = [common + 0.3 * rng.normal(size=400) for _ in range(3)] + [rng.normal(size=400)]
    weights = weigh_components(np.column_stack(columns))
    assert weights.sum() == pytest.approx(1) and weights[3] < 0.5 * weights[:3].min()
    assert weigh_components(-np.column_stack(columns)) == pytest.approx(weights)


@pytest.mark.parametrize("stages", [1, 2])
def test_weights_by_components_sum_to_one_at_each_level(stages: int):
    index = estimate_index(make_table(), make_specification(weight={"method": "pca", "stages": stages}))
    weights = index.weights
    assert weights["left"] + weights["right"] == pytest.approx(1) and weights["a"] + weights["b"] == pytest.approx(1)
    assert (weights["left"] == 0.25) is (stages == 1)


def test_experts_count_the_same_however_many_points_they_give():
    one = {"left": 1, "right": 1, "a": 1, "b": 1, "c": 1, "d": 1, "e": 0}
    other = {"left": 30, "right": 10, "a": 10, "b": 0, "c": 0, "d": 0, "e": 10}
    choice = {"method": "expert", "allocations": [{"points": one}, {"points": other}]}
    weights = estimate_index(make_table(), make_specification(weight=choice)).weights
    assert weights["left"] == pytest.approx(0.625) and weights["e"] == pytest.approx(0.5)


def test_a_stage_of_ones_own_takes_the_place_of_the_named_one():
    def halve(work: Work) -> Work:
        return replace(work, panel=replace(work.panel, values=work.panel.values / 2))

    index = estimate_index(make_table(), make_specification(), stages={"treat": halve})
    assert (index.works["treat"].panel.values == index.works["impute"].panel.values / 2).all()
    with pytest.raises(SpecificationError, match="no stage 'paint'"):
        estimate_index(make_table(), make_specification(), stages={"paint": halve})


def test_each_stage_can_be_inspected_as_a_table():
    index = estimate_index(make_table(), make_specification())
    assert index.inspect("normalise").column_names == ["unit", "a", "b", "c", "d", "e"]
    assert index.inspect("aggregate").column_names[-3:] == ["left", "right", "all"]


def test_rows_columns_arrow_and_frames_give_the_same():
    table = make_table(holes=2)
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    found = [estimate_index(data, make_specification()).scores for data in (table, rows, pa.table(table))]
    assert (found[0] == found[1]).all() and (found[0] == found[2]).all()


def spoil(column: str, row: int, value: Any) -> dict[str, Any]:
    table = make_table()
    table[column][row] = value
    return table


@pytest.mark.parametrize(
    ("table", "what", "where"),
    [
        (spoil("b", 2, "high"), "'high' is no finite number", "row 3 (u2), column 'b'"),
        (spoil("b", 2, math.inf), "inf is no finite number", "row 3 (u2), column 'b'"),
        (spoil("unit", 3, "u1"), "'u1' stands twice", "rows 2 and 4, column 'unit'"),
        (spoil("unit", 3, None), "a row has no unit", "row 4, column 'unit'"),
        (spoil("size", 5, 0.0), "the denominator 'size' is 0", "unit u5, indicator 'e'"),
        ({**make_table(), "c": [2.0] * 12}, "an indicator is 2 for every unit that has it", "column 'c'"),
        ({**make_table(), "c": [None] * 12}, "an indicator is unknown for every unit", "column 'c'"),
        ({key: value for key, value in make_table().items() if key != "d"}, "the table has no column 'd'", ""),
        ({**make_table(), "d": [1.0]}, "the table has no rows, or columns of different length", ""),
        (3.5, "float is no table", ""),
    ],
)
def test_bad_input_names_row_and_column(table: Any, what: str, where: str):
    with pytest.raises(IndicatorError) as caught:
        estimate_index(table, make_specification())
    assert caught.value.what == what and where in caught.value.where


def test_a_geometric_mean_of_nothing_is_refused_by_name():
    with pytest.raises(IndicatorError) as caught:
        estimate_index(make_table(), make_specification(aggregate={"method": "geometric"}))
    assert "a geometric mean cannot take 0" in caught.value.what
    scale = {"method": "minmax", "low": 1.0, "high": 100.0}
    index = estimate_index(make_table(), make_specification(aggregate={"method": "geometric"}, normalise=scale))
    plain = estimate_index(make_table(), make_specification(normalise=scale))
    assert (index.scores <= plain.scores + 1e-9).all()


@pytest.mark.parametrize(("direction", "points"), [(1, [20.0, 50.0, 100.0]), (-1, [80.0, 50.0, 0.0])])
def test_ends_of_ones_own_take_the_place_of_those_of_the_data(direction: int, points: list[float]):
    specification = {
        "comity_index": 1,
        "id": "ends",
        "indicators": [{"id": "x", "parent": "all", "direction": direction, "bottom": 0.0, "top": 10.0}],
        "aggregates": [{"id": "all"}],
        "stages": {"normalise": {"method": "minmax", "tail": 0.1}},
    }
    index = estimate_index({"unit": ["a", "b", "c"], "x": [2, 5, 12]}, specification)
    assert index.scores[:, -1].tolist() == points

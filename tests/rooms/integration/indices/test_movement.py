"""What would move the index: slopes are those of finite differences, gains those of the best place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.rooms.integration.indices.specimens import make_specification, make_table

from comity.integration.errors import SpecificationError
from comity.integration.indices.aggregation import aggregate_values
from comity.integration.indices.composite import estimate_index
from comity.integration.indices.errors import IndicatorError
from comity.integration.indices.goalposts import find_goalposts
from comity.integration.indices.movement import estimate_movement

UP = {"method": "minmax", "low": 1.0, "high": 100.0}


@pytest.mark.parametrize(
    "stages",
    [
        {},
        {"normalise": {"method": "zscore", "mean": 50.0, "deviation": 10.0}},
        {"normalise": {**UP, "tail": 0.1}, "aggregate": {"method": "geometric"}},
        {"normalise": UP, "treat": {"method": "log"}, "aggregate": {"method": "harmonic"}},
        {"treat": {"method": "ratio"}},
        {"treat": {"method": "winsorise", "skewness": 0.3, "kurtosis": -2.0, "most": 3}},
    ],
)
def test_a_slope_is_that_of_a_finite_difference(stages: dict[str, Any]):
    index = estimate_index(make_table(units=15, holes=2), make_specification(**stages))
    posts, method = find_goalposts(index), index.specification.choose("aggregate")["method"]
    checked = 0
    for row, unit in enumerate(index.units):
        slopes = {move["indicator"]: move["slope"] for move in estimate_movement(index, unit).to_pylist()}
        values = index.works["impute"].panel.values[row]
        for place, name in enumerate(index.base.columns):
            step = np.zeros(5)
            step[place] = 1e-6 * abs(values[place])
            ends = [posts.place((values + side * step)[None]) for side in (-1, 0, 1)]
            score = [aggregate_values(index.specification, end, index.weights, method)[0, -1] for end in ends]
            below, above = (score[1] - score[0]) / step[place], (score[2] - score[1]) / step[place]
            if abs(above - below) > 1e-3 * max(abs(above), abs(below)):
                continue  # at a goalpost the line bends
            assert slopes[name] == pytest.approx((above + below) / 2, rel=1e-4, abs=1e-6)
            checked += 1
    assert checked > 50


def test_a_gain_is_what_the_best_place_would_give():
    table = make_table()
    index = estimate_index(table, make_specification())
    moves = {move["indicator"]: move for move in estimate_movement(index, "u0").to_pylist()}
    placed = index.works["normalise"].panel.values[0]
    assert moves["d"]["gain"] == pytest.approx(0.25 * (100 - placed[3]))
    assert list(moves)[0] == max(moves, key=lambda name: moves[name]["gain"])


def test_a_scale_of_ranks_has_gains_and_no_slopes():
    ranked = estimate_index(make_table(), make_specification(normalise={"method": "rank"}))
    moves = estimate_movement(ranked, "u0").to_pylist()
    assert {move["slope"] for move in moves} == {None} and moves[0]["gain"] > 0


@pytest.mark.parametrize("stage", ["treat", "normalise"])
def test_a_stage_of_ones_own_has_no_slope(stage: str):
    own = {stage: lambda work: work.change(work.panel.values**2)}
    with pytest.raises(SpecificationError, match="one's own"):
        estimate_movement(estimate_index(make_table(), make_specification(), stages=own), "u0")


def test_an_unknown_unit_is_named():
    with pytest.raises(IndicatorError, match="no unit 'u99'"):
        estimate_movement(estimate_index(make_table(), make_specification()), "u99")

"""Distances of positions: symmetric, bounded by the positions' intervals, only where both have one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.positions import score_distances

PLACE = st.floats(-5, 5)
WIDTH = st.floats(0, 3)


def lay_point(state: str, place: float, below: float, above: float, year: int = 2000) -> dict[str, object]:
    return {"state": state, "year": year, "estimate": place, "low": place - below, "high": place + above}


POINT = st.tuples(PLACE, WIDTH, WIDTH)


@given(POINT, POINT)
def test_a_distance_is_the_same_from_both_ends(one, other):
    points = [lay_point("A", *one), lay_point("B", *other)]
    (here,), (there,) = score_distances(points, "A", "B"), score_distances(points, "B", "A")
    assert [here[k] for k in ("distance", "low", "high")] == [there[k] for k in ("distance", "low", "high")]
    assert (here["first"], here["second"]) == (there["second"], there["first"])
    assert 0 <= here["low"] <= here["distance"] + 1e-6 <= here["high"] + 2e-6


@given(POINT, PLACE)
def test_beside_a_position_known_for_sure_the_interval_is_that_of_the_other(one, place):
    (found,) = score_distances([lay_point("A", *one), lay_point("B", place, 0, 0)], "A", "B")
    ends = sorted((abs(one[0] - one[1] - place), abs(one[0] + one[2] - place)))
    assert found["high"] == pytest.approx(ends[1], abs=2e-6)


def test_only_years_that_have_both_are_given_in_order():
    points = [lay_point("A", 1, 1, 1, year) for year in (2002, 2000, 2001)] + [lay_point("B", 0, 1, 1, 2001)]
    assert [row["year"] for row in score_distances(points, "A", "B")] == [2001]
    assert score_distances(points, "A", "C") == []

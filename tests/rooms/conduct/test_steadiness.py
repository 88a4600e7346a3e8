"""Intervals and differences agree with published figures, exact results and simulation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.conduct.steadiness import bound_difference, bound_share, pool_shares, weigh_difference

Z95 = 1.959963984540054
counts = st.integers(0, 60).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known)))
known_counts = st.integers(1, 60).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known)))


@pytest.mark.parametrize(
    ("kept", "known", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_equal_those_that_newcombe_published(kept: int, known: int, low: float, high: float) -> None:
    found = bound_share(kept, known, Z95)
    assert found.low == pytest.approx(low, abs=5e-5) and found.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_differences_equal_those_that_newcombe_published(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = bound_difference(first, second, Z95)
    assert found.low == pytest.approx(low, abs=5e-5) and found.high == pytest.approx(high, abs=5e-5)


@given(known_counts)
def test_an_interval_holds_its_share_and_mirrors(count: tuple[int, int]) -> None:
    kept, known = count
    found, mirror = bound_share(kept, known), bound_share(known - kept, known)
    assert found.value is not None and found.low is not None and found.high is not None and mirror.low is not None
    assert 0 <= found.low <= found.value + 1e-12 and found.value <= found.high + 1e-12 <= 1 + 2e-12
    assert mirror.low == pytest.approx(1 - found.high)


@given(counts, counts)
def test_a_probability_and_its_opposite_sum_to_one(first: tuple[int, int], second: tuple[int, int]) -> None:
    assert weigh_difference(first, second) + weigh_difference(second, first) == pytest.approx(1, abs=1e-9)


@given(known_counts)
def test_equal_counts_say_nothing_of_a_direction(count: tuple[int, int]) -> None:
    assert weigh_difference(count, count) == pytest.approx(0.5, abs=1e-9)


def test_the_exact_sum_agrees_with_draws() -> None:
    import numpy as np

    random = np.random.default_rng(7)
    first, second = random.beta(8, 4, 400_000), random.beta(4, 7, 400_000)
    assert weigh_difference((7, 10), (3, 9)) == pytest.approx(float(np.mean(first > second)), abs=0.003)


def test_single_cases_pool_to_the_posterior_of_one_share() -> None:
    found = pool_shares([(1, 1)] * 8 + [(0, 1)] * 2)
    assert found.value == pytest.approx(9 / 12, abs=1e-3)
    assert found.low == pytest.approx(0.5299, abs=2e-3) and found.high == pytest.approx(0.9212, abs=2e-3)


def test_cells_that_differ_widen_the_interval() -> None:
    alike = pool_shares([(5, 10)] * 6)
    apart = pool_shares([(0, 10), (10, 10)] * 3)
    assert alike.low is not None and alike.high is not None and apart.low is not None and apart.high is not None
    assert apart.high - apart.low > 1.5 * (alike.high - alike.low)


@given(st.lists(counts, max_size=12))
def test_a_pooled_share_lies_in_its_interval_and_an_empty_one_is_missing(cells: list[tuple[int, int]]) -> None:
    found = pool_shares(cells)
    if not any(known for _, known in cells):
        assert found == (None, None, None)
    else:
        assert found.low is not None and found.value is not None and found.high is not None
        assert 0 <= found.low <= found.high <= 1 and found.low - 0.1 < found.value < found.high + 0.1


def test_nothing_known_is_missing_and_not_zero() -> None:
    assert bound_share(0, 0) == (None, None, None)
    assert bound_difference((0, 0), (1, 2)) == (None, None, None)
    assert math.isclose(weigh_difference((0, 0), (0, 0)), 0.5)

"""Machines: tables of states, merged where nothing tells them apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.reciprocity.naive_matches import make_machine

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import Machine, lay_machine, reduce_machine, same_behaviour


def act_along(machine: Machine, acts: list[tuple[int, int]]) -> list[float]:
    """Give the chances to cooperate along a sequence of both sides' acts."""
    state, chances = machine.opening, []
    for own, other in acts:
        chances.append(float(machine.cooperate[state]))
        state = int(machine.follow[state, own, other])
    return chances


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(0, 10_000))
def test_a_reduced_machine_behaves_as_before(seed, states, path):
    machine = make_machine(seed, states)
    small = reduce_machine(machine)
    acts = [tuple(map(int, pair)) for pair in np.random.default_rng(path).integers(0, 2, (30, 2))]
    assert act_along(machine, acts) == act_along(small, acts)
    assert small.states <= machine.states and small.opening == 0
    assert same_behaviour(machine, small)


@given(st.integers(0, 10_000), st.integers(2, 8))
def test_shuffling_the_states_changes_nothing_that_can_be_seen(seed, states):
    machine = make_machine(seed, states)
    order = np.random.default_rng(seed + 1).permutation(states)
    place = np.argsort(order)
    shuffled = Machine("other", int(place[machine.opening]), machine.cooperate[order], place[machine.follow[order]])
    small, other = reduce_machine(machine), reduce_machine(shuffled)
    assert np.array_equal(small.follow, other.follow) and np.array_equal(small.cooperate, other.cooperate)
    assert small.digest == other.digest


def test_machines_that_differ_are_told_apart():
    one = lay_machine("a", 0, lambda seen: 1.0 - seen, lambda _, own, other: other)
    two = lay_machine("a", 1, lambda seen: 1.0 - seen, lambda _, own, other: other)
    assert not same_behaviour(one, two)
    assert one.digest != two.digest


def test_a_description_without_an_end_is_laid_out_for_the_rounds_asked_for():
    counter = lay_machine("count", 0, lambda n: float(n >= 0), lambda n, own, other: n + 1 - 2 * other, 5)
    assert counter.states == 11
    with pytest.raises(ReciprocityError, match="states"):
        lay_machine("count", 0, lambda n: float(n >= 0), lambda n, own, other: n + 1 - 2 * other)


@pytest.mark.parametrize(
    ("opening", "cooperate", "follow"),
    [
        (0, [1.0], np.zeros((2, 2, 2), dtype=int)),
        (1, [1.0], np.zeros((1, 2, 2), dtype=int)),
        (0, [1.2], np.zeros((1, 2, 2), dtype=int)),
        (0, [np.nan], np.zeros((1, 2, 2), dtype=int)),
        (0, [0.5], np.ones((1, 2, 2), dtype=int)),
    ],
)
def test_tables_that_do_not_fit_are_refused(opening, cooperate, follow):
    with pytest.raises(ReciprocityError):
        Machine("bad", opening, np.array(cooperate), follow)

"""The forward algorithm: the chance of a record is the sum over everything that may truly have been done."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.reciprocity.naive_matches import make_machine

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.evidence import UNSEEN, weigh_pairs
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import Noise
from comity.reciprocity.strategies import find_strategy

BINARY = (0, 1)


def chance_of(meant: float, act: int, noise: Noise) -> float:
    """Give the chance of an act, where `meant` is the chance that C is meant."""
    friendly = meant * (1 - noise.action) + (1 - meant) * noise.action
    return friendly if act == 0 else 1 - friendly


def chance_of_report(told: int, act: int, noise: Noise) -> float:
    """Give the chance of a report."""
    if told == UNSEEN:
        return 1.0
    return 1 - noise.report if told == act else noise.report


def add_up(first: Machine, second: Machine, record: list[tuple[int, int]], noise: Noise, start: str) -> float:
    """Give the chance of a record, by adding up every course of true acts and every misunderstanding."""
    starts = [range(one.states) if start == "anywhere" else [one.opening] for one in (first, second)]
    total = 0.0
    for here, there in product(*starts):
        total += follow(first, second, (here, there), record, noise)
    return total / (len(starts[0]) * len(starts[1]))


def follow(first: Machine, second: Machine, states: tuple[int, int], record: list, noise: Noise) -> float:
    """Give the chance of a record from a pair of states on."""
    if not record:
        return 1.0
    (told_a, told_b), rest, total = record[0], record[1:], 0.0
    for a, b, wrong_a, wrong_b in product(BINARY, repeat=4):
        chance = chance_of(first.cooperate[states[0]], a, noise) * chance_of(second.cooperate[states[1]], b, noise)
        chance *= chance_of_report(told_a, a, noise) * chance_of_report(told_b, b, noise)
        chance *= noise.sight if wrong_a else 1 - noise.sight
        chance *= noise.sight if wrong_b else 1 - noise.sight
        if chance > 0:
            after = int(first.follow[states[0], a, b ^ wrong_a]), int(second.follow[states[1], b, a ^ wrong_b])
            total += chance * follow(first, second, after, rest, noise)
    return total


@settings(max_examples=10)
@given(
    st.integers(0, 1000),
    st.lists(st.tuples(st.sampled_from([0, 1, UNSEEN]), st.sampled_from([0, 1, UNSEEN])), min_size=1, max_size=3),
    st.sampled_from(["opening", "anywhere"]),
)
def test_the_likelihood_is_the_sum_over_all_courses(seed, record, start):
    machines = [make_machine(seed, 2, certain=False), make_machine(seed + 1, 3, certain=False)]
    noises = [Noise(0.05, 0.1, 0.2), Noise(0.3, 0.0, 0.0)]
    found = weigh_pairs(machines, record, noises, start=start)
    for n, noise in enumerate(noises):
        for a, b in product(range(2), repeat=2):
            expected = add_up(machines[a], machines[b], record, noise, start)
            assert np.exp(found.likelihood[n, a, b]) == pytest.approx(expected, rel=1e-10)


def test_all_records_of_a_length_sum_to_one():
    machines = [make_machine(n, 3, certain=False) for n in range(2)]
    pairs = list(product(BINARY, repeat=2))
    total = sum(
        np.exp(weigh_pairs(machines, record, [Noise(0.05, 0.02, 0.1)]).likelihood)
        for record in product(pairs, repeat=3)
    )
    assert np.allclose(total, 1.0)


def test_what_is_foreseen_is_the_chance_of_the_next_report():
    machines = [find_strategy(name).compile(1) for name in ("TFT", "grim", "random")]
    noise, record = [Noise(0.05, 0.0, 0.1)], [(0, 1), (1, 1), (0, 0)]
    found = weigh_pairs(machines, record, noise)
    before = weigh_pairs(machines, record[:-1], noise).likelihood[0]
    wrong = weigh_pairs(machines, [*record[:-1], (1, UNSEEN)], noise).likelihood[0]
    expected = np.exp(wrong).sum(1) / np.exp(before).sum(1)
    assert np.allclose(found.foreseen[-1, 0], expected)


def test_swapping_the_sides_transposes_the_evidence():
    machines = [make_machine(n, 3, certain=False) for n in range(3)]
    record = np.random.default_rng(1).integers(-1, 2, (40, 2))
    here, there = (weigh_pairs(machines, r, [Noise(0.05, 0.02, 0.1)]) for r in (record, record[:, ::-1]))
    assert np.allclose(here.likelihood, there.likelihood.transpose(0, 2, 1))
    assert np.allclose(here.foreseen, there.foreseen[:, ::-1])


def test_a_long_record_does_not_vanish():
    machines = [find_strategy(name).compile(1) for name in ("TFT", "always defect")]
    found = weigh_pairs(machines, np.zeros((1500, 2)), [Noise(0.02, 0.0, 0.05)])
    assert np.all(np.isfinite(found.likelihood))


@pytest.mark.parametrize(
    ("reports", "words"),
    [([[0, 2]], "report 2"), ([[0, float("nan")]], "report nan"), ([0, 1], "shape"), ([[0, 1, 0]], "shape")],
)
def test_reports_that_are_none_are_refused(reports, words):
    with pytest.raises(ReciprocityError, match=words):
        weigh_pairs([make_machine(0, 2)], reports, [Noise()])


def test_a_start_that_is_none_is_refused():
    with pytest.raises(ReciprocityError, match="middle"):
        weigh_pairs([make_machine(0, 2)], [[0, 1]], [Noise()], start="middle")

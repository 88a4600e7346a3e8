"""The kernel: what it plays is what the tables say, by chance where they say so, and nothing else decides it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.reciprocity.naive_matches import make_machine, play_naively

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import CHUNK, Noise, play_matches
from comity.reciprocity.strategies import find_strategy, list_strategies
from comity.reciprocity.tournaments import Rules, play_tournament

NOISE = Noise(0.05, 0.03, 0.1)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 150))
def test_the_kernel_plays_what_a_plain_loop_plays(seed, states, rounds):
    machines = [make_machine(seed + n, states) for n in range(3)]
    seats = [(a, b) for a in range(3) for b in range(3)]
    played = play_matches(machines, seats, rounds, keep=True)
    for n, (a, b) in enumerate(seats):
        acts = play_naively(machines[a], machines[b], rounds)
        assert [tuple(pair) for pair in played.acts[n].tolist()] == acts
        counted = [acts.count(pair) for pair in ((0, 0), (0, 1), (1, 0), (1, 1))]
        assert played.outcomes[n].tolist() == counted


def test_acts_outcomes_and_payoffs_agree():
    machines = [make_machine(n, 4, certain=False) for n in range(4)]
    seats = [(a, b, c) for a in range(4) for b in range(4) for c in range(3)]
    played = play_matches(machines, seats, 130, noise=NOISE, seed=3, keep=True)
    assert played.outcomes.sum(1).tolist() == [130] * len(seats)
    table = np.array([[3.0, 0.0], [5.0, 1.0]])
    own, other = played.acts[..., 0], played.acts[..., 1]
    sums = np.stack([table[own, other].sum(1), table[other, own].sum(1)], axis=1)
    assert np.allclose(played.score(), sums)
    apart = played.score([[[3, 0], [5, 1]], [[1, 2], [3, 4]]])
    assert np.allclose(apart[:, 0], sums[:, 0])
    assert np.allclose(apart[:, 1], np.array([[1, 2], [3, 4]])[other, own].sum(1))


def test_noise_is_as_frequent_as_asked_for():
    kind = Machine("kind", 0, np.ones(1), np.zeros((1, 2, 2), dtype=int))
    played = play_matches([kind], [(0, 0, n) for n in range(200)], 500, noise=Noise(0.05, 0.0, 0.1), seed=1, keep=True)
    assert played.acts.mean() == pytest.approx(0.05, abs=0.002)
    assert (played.acts != played.reports).mean() == pytest.approx(0.1, abs=0.003)
    echo = find_strategy("tit for tat").compile(1)
    seen = play_matches([echo, kind], [(0, 1, n) for n in range(200)], 500, noise=Noise(sight=0.2), seed=1)
    assert seen.outcomes[:, 2].sum() / (200 * 499) == pytest.approx(0.2, abs=0.005)


def test_a_third_eye_changes_no_act():
    machines = [make_machine(n, 3, certain=False) for n in range(2)]
    with_reports, without = (
        play_matches(machines, [(0, 1)], 100, noise=Noise(0.05, 0.02, report), seed=4, keep=True).acts
        for report in (0.2, 0.0)
    )
    assert np.array_equal(with_reports, without)


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_a_match_does_not_depend_on_what_is_played_beside_it(random):
    machines = [make_machine(n, 3, certain=False) for n in range(3)]
    seats = [(a, b, c) for a in range(3) for b in range(3) for c in range(2)]
    whole = play_matches(machines, seats, 90, noise=NOISE, seed=5, keep=True)
    order = random.sample(range(len(seats)), 7)
    part = play_matches(machines, [seats[n] for n in order], 90, noise=NOISE, seed=5, keep=True)
    assert np.array_equal(part.acts, whole.acts[order]) and np.array_equal(part.reports, whole.reports[order])


def test_more_matches_than_fit_into_one_chunk_are_the_same_matches():
    machines = [make_machine(n, 3, certain=False) for n in range(2)]
    seats = [(0, 1, n) for n in range(CHUNK + 3)]
    many = play_matches(machines, seats, 5, noise=NOISE)
    last = play_matches(machines, seats[-3:], 5, noise=NOISE)
    assert np.array_equal(many.outcomes[-3:], last.outcomes)


def test_swapping_the_seats_mirrors_the_match():
    machines = [make_machine(n, 4, certain=False) for n in range(3)]
    seats = np.array([(0, 1), (1, 2), (2, 0)])
    here = play_matches(machines, seats, 80, noise=NOISE, seed=6, keep=True)
    there = play_matches(machines, seats[:, ::-1], 80, noise=NOISE, seed=6, keep=True)
    assert np.array_equal(here.acts, there.acts[..., ::-1]) and np.array_equal(here.reports, there.reports[..., ::-1])


def test_renaming_a_machine_changes_no_act():
    tables = [make_machine(n, 4, certain=False) for n in range(2)]
    renamed = [Machine(f"new {n}", one.opening, one.cooperate, one.follow) for n, one in enumerate(tables)]
    here, there = (play_matches(some, [(0, 1)], 60, noise=NOISE, seed=7).outcomes for some in (tables, renamed))
    assert np.array_equal(here, there)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    machines = [one.compile(50) for one in list_strategies()]
    seats = [(a, (a * 7 + 3) % len(machines)) for a in range(len(machines))]
    one, same, other = (play_matches(machines, seats, 50, noise=NOISE, seed=s, keep=True) for s in (1, 1, 2))
    assert one.acts.tobytes() == same.acts.tobytes() and one.reports.tobytes() == same.reports.tobytes()
    assert one.acts.tobytes() != other.acts.tobytes()


def test_copies_against_its_like_differ_between_the_seats():
    chance = find_strategy("random").compile(1)
    acts = play_matches([chance], [(0, 0)], 200, keep=True).acts[0]
    assert 60 < (acts[:, 0] != acts[:, 1]).sum() < 140


def test_a_tournament_counts_every_pair_from_both_sides():
    machines = [one.compile(40) for one in list_strategies()]
    found = play_tournament(machines, Rules(rounds=40, copies=2, noise=Noise(0.05), seed=2))
    assert np.allclose(found.outcomes.sum(-1), 80)
    assert np.allclose(found.outcomes, found.outcomes.transpose(1, 0, 2)[..., [0, 2, 1, 3]])
    assert np.allclose(found.score, found.received.T)


@pytest.mark.parametrize(
    ("seats", "rounds"),
    [([], 5), ([(0, 2)], 5), ([(0, -1)], 5), ([(0, 1)], 0), ([(0, 1, -1)], 5), ([(0.5, 1.0)], 5), ([0, 1], 5)],
)
def test_matches_that_cannot_be_played_are_refused(seats, rounds):
    machines = [make_machine(n, 2) for n in range(2)]
    with pytest.raises(ReciprocityError):
        play_matches(machines, seats, rounds)


@pytest.mark.parametrize("chance", [-0.1, 0.6, float("nan")])
def test_noise_that_is_no_chance_is_refused(chance):
    with pytest.raises(ReciprocityError, match="noise"):
        Noise(action=chance)


@pytest.mark.parametrize("payoffs", [[1, 2], [[1, 2], [3, float("nan")]], [[1, 2, 3], [4, 5, 6]]])
def test_payoffs_that_are_no_table_are_refused(payoffs):
    played = play_matches([make_machine(0, 2)], [(0, 0)], 5)
    with pytest.raises(ReciprocityError, match="payoffs"):
        played.score(payoffs)


def test_a_tournament_of_nobody_is_refused():
    with pytest.raises(ReciprocityError, match="0 machines"):
        play_tournament([])
    with pytest.raises(ReciprocityError, match="0 copies"):
        play_tournament([make_machine(0, 2)], Rules(copies=0))

"""Jumps of a hidden level: the exact sums against all paths gone through one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from comity.relations.chain import Chain, Motion, lay_chain
from comity.relations.jumps import (
    Blend,
    draw_courses,
    follow_course,
    join_window,
    list_silent,
    soften_evidence,
    weigh_jumps,
    weigh_lately,
)

MOTION = Motion(mean=0.3, spread=1.4, pull=0.03, jumps=0.08, reach=2.0)
CHAIN = lay_chain(-2.0, 2.0, 5, MOTION)
DAYS = np.array([0.0, 1.0, 3.0, 4.0, 6.0])


def weigh(seed: int, pairs: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 1.5, (pairs, len(DAYS), 5))


def follow(evidence: np.ndarray, chain: Chain = CHAIN, motion: Motion = MOTION) -> Blend:
    course = follow_course(evidence, DAYS[: evidence.shape[1]], chain, motion)
    return Blend((course,), np.ones((1, *evidence.shape[:2])))


def list_paths(evidence: np.ndarray) -> dict[tuple[tuple[int, ...], tuple[bool, ...]], float]:
    """Return the posterior of every path, with whether it jumped on the way into each period."""
    course = follow(np.zeros((1, *evidence.shape))).courses[0]
    periods, found = len(evidence), {}
    for places in product(range(5), repeat=periods):
        for jumped in product((False, True), repeat=periods - 1):
            mass = CHAIN.start[places[0]] * np.exp(evidence[0, places[0]])
            for t, loud in enumerate(jumped, start=1):
                step = (places[t - 1], places[t])
                silent = course.silent[t][step]
                mass *= (course.moves[t][step] - silent if loud else silent) * np.exp(evidence[t, places[t]])
            found[places, jumped] = mass
    whole = sum(found.values())
    return {path: mass / whole for path, mass in found.items()}


def test_moves_without_a_jump_are_part_of_all_moves():
    silent = list_silent(CHAIN, MOTION, np.array([0.0, 1.0, 30.0]))
    for days, part in zip((0.0, 1.0, 30.0), silent, strict=True):
        assert (part >= 0).all() and (part <= CHAIN.move(days) + 1e-12).all()
    np.testing.assert_allclose(silent[0], np.eye(5))
    leaving = np.diag(lay_chain(-2.0, 2.0, 5, replace(MOTION, jumps=0.0)).generator - CHAIN.generator)
    assert (silent[2].sum(1) <= np.exp(-30 * leaving.min()) + 1e-9).all()
    assert (silent[2].sum(1) >= np.exp(-30 * leaving.max()) - 1e-9).all()


def test_a_motion_without_jumps_has_silent_moves_only():
    calm = replace(MOTION, jumps=0.0)
    chain = lay_chain(-2.0, 2.0, 5, calm)
    np.testing.assert_allclose(list_silent(chain, calm, np.array([7.0]))[0], chain.move(7.0), atol=1e-12)


@pytest.mark.parametrize("least", [0.5, 1.0, 3.0])
def test_probabilities_of_a_jump_are_those_of_all_paths(least: float):
    evidence = weigh(3, pairs=1)[:, :4]
    blend, paths = follow(evidence), list_paths(evidence[0])
    up, down = weigh_jumps(blend, 0, least)
    for t in (1, 2, 3):
        far = {path: CHAIN.points[path[0][t]] - CHAIN.points[path[0][t - 1]] for path in paths}
        assert up[t] == pytest.approx(sum(m for p, m in paths.items() if p[1][t - 1] and far[p] >= least - 1e-9))
        assert down[t] == pytest.approx(sum(m for p, m in paths.items() if p[1][t - 1] and far[p] <= 1e-9 - least))
    assert (up[0], down[0]) == (0.0, 0.0)


def test_a_window_and_the_last_periods_are_those_of_all_paths():
    evidence = weigh(5, pairs=1)[:, :4]
    blend, paths = follow(evidence), list_paths(evidence[0])
    joint = join_window(blend, 0, 2, 3)
    for i, j in product(range(5), repeat=2):
        inside = sum(m for (s, jumped), m in paths.items() if (s[1], s[3]) == (i, j) and any(jumped[1:]))
        assert joint[i, j] == pytest.approx(inside, abs=1e-12)
    up, down = weigh_lately(blend, 0, np.array([3]), 1.0, 2)
    assert up[0] == pytest.approx(np.triu(joint, 1).sum())
    assert down[0] == pytest.approx(np.tril(joint, -1).sum())


def test_what_was_known_then_does_not_change_with_what_comes_later():
    evidence, other = weigh(7), weigh(8)
    other[:, :3] = evidence[:, :3]
    ends = np.array([1, 2])
    for pair in (0, 1):
        one = weigh_lately(follow(evidence), pair, ends, 1.0, 2)
        np.testing.assert_array_equal(one, weigh_lately(follow(other), pair, ends, 1.0, 2))
        np.testing.assert_allclose(one, weigh_lately(follow(evidence[:, :3]), pair, ends, 1.0, 2), rtol=1e-12)


def test_mirrored_observations_of_a_mirrored_motion_exchange_up_and_down():
    mirrored = replace(MOTION, mean=-MOTION.mean)
    chain = lay_chain(-2.0, 2.0, 5, mirrored)
    evidence = weigh(9)
    here, there = follow(evidence), follow(evidence[..., ::-1], chain, mirrored)
    np.testing.assert_allclose(weigh_jumps(here, 1, 1.0), weigh_jumps(there, 1, 1.0)[::-1], atol=1e-12)
    ends = np.arange(1, 5)
    np.testing.assert_allclose(
        weigh_lately(here, 1, ends, 1.0, 2), weigh_lately(there, 1, ends, 1.0, 2)[::-1], atol=1e-12
    )


def test_pairs_do_not_hear_of_each_other():
    evidence = weigh(11)
    both, alone = follow(evidence), follow(evidence[1:])
    np.testing.assert_allclose(weigh_jumps(both, 1, 1.0), weigh_jumps(alone, 0, 1.0), atol=1e-12)


def test_an_episode_bounds_what_one_period_can_say():
    sharp = np.array([[[0.0, -500.0, -500.0, -500.0, -500.0]]])
    soft = soften_evidence(sharp, CHAIN.start, 0.2)[0, 0]
    assert soft[0] - soft[4] == pytest.approx(np.log((0.8 + 0.2 * CHAIN.start[0]) / (0.2 * CHAIN.start[0])))
    np.testing.assert_array_equal(soften_evidence(np.zeros((1, 1, 5)), CHAIN.start, 0.2), np.zeros((1, 1, 5)))


def test_kinds_count_by_how_likely_they_are():
    one, other = (follow(weigh(seed)).courses[0] for seed in (13, 14))
    weights = np.stack([np.full((2, 5), 0.3), np.full((2, 5), 0.7)])
    blend = Blend((one, other), weights)
    alone = [Blend((course,), np.ones((1, 2, 5))) for course in (one, other)]
    ends = np.array([2, 4])
    for ask in (
        lambda known: np.array(weigh_jumps(known, 1, 1.0)),
        lambda known: np.array(weigh_lately(known, 1, ends, 1.0, 2)),
        lambda known: join_window(known, 1, 2, 4),
    ):
        np.testing.assert_allclose(ask(blend), 0.3 * ask(alone[0]) + 0.7 * ask(alone[1]), atol=1e-12)


def test_drawn_courses_have_the_smoothed_levels_and_the_same_seed_gives_the_same():
    courses = [follow(weigh(seed)).courses[0] for seed in (13, 14)]
    passages, weights = [course.passage for course in courses], np.stack([np.full((2, 5), w) for w in (0.25, 0.75)])
    drawn = draw_courses(passages, weights, 1, 8000, seed=4)
    shares = np.stack([(drawn == place).mean(0) for place in range(5)], axis=1)
    mixed = 0.25 * courses[0].smoothed[1] + 0.75 * courses[1].smoothed[1]
    np.testing.assert_allclose(shares, mixed, atol=0.025)
    np.testing.assert_array_equal(drawn, draw_courses(passages, weights, 1, 8000, seed=4))

"""Rules against named strategies: paths that are known beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.rooms.conduct.worlds import HOSTILE, KIND, plan, repertoire

from comity.conduct.contests import (
    Contest,
    blur_sight,
    lay_policy,
    learn_habit,
    name_weeks,
    open_unfriendly,
    play_strategies,
    write_rules,
)
from comity.conduct.parameters import Noise
from comity.reciprocity.machines import Machine
from comity.reciprocity.matches import play_matches
from comity.reciprocity.strategies import find_strategy, list_strategies

IN_KIND = np.array([[0.0, 1.0], [0.0, 1.0]])
PATIENT = np.zeros((2, 2))
CONTEST = Contest((1, 3), 40, 1, 0.0, 3, 4, 12, 0.95, np.array([[3.0, -3.0], [3.0, -3.0]]))


def play_one(chances: np.ndarray, name: str, contest: Contest = CONTEST) -> dict:
    """Give the result of one strategy, the state as now always friendly."""
    policies = (lay_policy("as now", PATIENT, 0.0), lay_policy("rules", chances, 0.0))
    return next(row for row in play_strategies(policies, contest) if row["strategy"] == name)


def test_in_kind_against_tit_for_tat_is_friendly_for_ever_and_echoes_a_shock_for_ever() -> None:
    found = play_one(IN_KIND, "tit for tat")
    assert [row["rules"] for row in found["relations"]] == [3.0, 3.0]
    assert found["spirals"]["rules"]["risk"] == 0.0 and not found["escalates"]
    assert found["recovery"]["rules"]["not_recovered"] == 1.0  # the echo of Axelrod: D and C in turn, never both C
    assert found["recovery"]["now"] == {"low": 1.0, "median": 1.0, "high": 1.0, "not_recovered": 0.0}


def test_the_echo_of_a_shock_is_unfriendly_half_the_time() -> None:
    machines = [lay_policy("rules", IN_KIND, 0.0), open_unfriendly(find_strategy("tit for tat").compile(1))]
    acts = play_matches(machines, [(0, 1)], 9, keep=True).acts
    assert acts is not None
    np.testing.assert_array_equal(acts[0], [[n % 2, 1 - n % 2] for n in range(9)])


def test_in_kind_with_misperception_spirals_with_grim_and_patience_does_not() -> None:
    found = play_one(IN_KIND, "grim", replace(CONTEST, sight=0.05, months=(12,), copies=100))
    assert found["spirals"]["rules"]["risk"] > 0.5 and found["spirals"]["now"]["risk"] == 0.0
    assert found["escalates"]


def test_the_same_policy_twice_escalates_with_nobody() -> None:
    policies = (lay_policy("as now", IN_KIND, 0.1), lay_policy("rules", IN_KIND, 0.1))
    rows = play_strategies(policies, replace(CONTEST, sight=0.06))
    assert len(rows) == len(list_strategies()) >= 16
    assert not any(row["escalates"] for row in rows)
    assert all(row["spirals"]["now"] == row["spirals"]["rules"] for row in rows)


def test_a_shocked_strategy_is_unfriendly_once_and_then_itself() -> None:
    plain = find_strategy("always cooperate").compile(1)
    shocked = open_unfriendly(plain)
    acts = play_matches([shocked, plain], [(0, 1)], 5, keep=True).acts
    assert acts is not None and acts[0, :, 0].tolist() == [1, 0, 0, 0, 0]
    assert isinstance(shocked, Machine) and shocked.states == plain.states + 1


def test_a_habit_is_learnt_from_the_weeks_and_drawn_toward_how_it_is_at_large() -> None:
    acts = np.array([[n % 2, (n + 1) % 2] for n in range(400)])
    habit = learn_habit(acts)
    assert habit[0, 1] > 0.98 and habit[1, 0] < 0.02
    assert habit[0, 0] == pytest.approx(habit[1, 1]) == pytest.approx(0.5, abs=0.01)  # never seen
    assert learn_habit(np.zeros((0, 2), dtype=int)).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_rules_take_the_place_of_habit_where_they_cover_and_leave_it_elsewhere() -> None:
    habit, often = np.full((2, 2), 0.3), np.ones(6)
    only = np.zeros(6)
    only[[HOSTILE, KIND]] = 1.0
    soft = write_rules(habit, (plan(HOSTILE, KIND),), repertoire(), only, 0.0)
    np.testing.assert_allclose(soft, [[0.3, 0.0], [0.3, 0.0]], atol=1e-6)
    hard = write_rules(habit, (plan(HOSTILE, HOSTILE),), repertoire(), only, 0.2)
    np.testing.assert_allclose(hard, [[0.3, 0.8], [0.3, 0.8]], atol=1e-6)
    np.testing.assert_allclose(write_rules(habit, (), repertoire(), often, 0.0), habit)


def test_a_week_has_the_sign_of_its_points_and_a_quiet_one_is_friendly() -> None:
    weeks = np.array([[1.0, 2.0, 0.0, 0.0, 3], [2.0, 1.0, 0.0, 1.0, 3]])
    assert name_weeks(weeks).tolist() == [[1, 0], [0, 1]]


def test_sight_is_blurred_by_what_is_missed_or_taken_for_the_other_side() -> None:
    assert blur_sight(Noise(0.1, 0.5, 0.05)) == pytest.approx(0.15)
    assert blur_sight(Noise(0.9, 0.0, 0.1)) == 0.5

"""The search finds the set that looking at every set finds."""

from itertools import combinations

import numpy as np
import pytest
from tests.specimens.economies import draw_flows

from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.packages import judge_package, rank_package, solve_package
from comity.integration.equilibrium.parameters import Effect
from comity.integration.equilibrium.scenario import Scenario, Step
from comity.integration.equilibrium.simulate import Chance
from comity.integration.equilibrium.world import World, wrap_economy

EFFECT = Effect(0.5, 0.1, "a test")


def make_world(seed: int, count: int) -> World:
    flows = draw_flows(np.random.default_rng(seed), count)
    return wrap_economy(Economy(tuple(f"E{i:02}" for i in range(count)), flows))


def make_scenario(world: World, seed: int, count: int) -> Scenario:
    """Give a scenario in which two drift apart and others, or the two with others, may come closer."""
    names = world.economy.names
    rng = np.random.default_rng(seed)
    pairs = [names[:2], *(tuple(sorted(rng.choice(names, 2, replace=False))) for _ in range(40))]
    pairs = list(dict.fromkeys(pairs))[1 : count + 1]
    candidates = {f"c{i:02}": Step("agreement", {"parties": pair}, effect=EFFECT) for i, pair in enumerate(pairs)}
    away = Step("dissolution", {"parties": names[:2]}, effect=Effect(0.1, 0.02, "another"))
    return Scenario("s", "s", (away,), candidates=candidates, side=("c00", "c03"), closure="multiplicative")


def look_at_every_set(scenario: Scenario, world: World, chance: Chance) -> tuple[str, ...] | None:
    """Give the best of all sets that hold, by judging each in full."""
    names = sorted(scenario.candidates)
    sets = [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]
    holding = [verdict for chosen in sets if (verdict := judge_package(scenario, chosen, world, chance)).holds]
    return min(holding, key=lambda verdict: rank_package(scenario, verdict)).chosen if holding else None


@pytest.mark.parametrize("seed", range(6))
def test_the_search_equals_looking_at_every_set(seed: int):
    world, chance = make_world(seed, 6), Chance(draws=20)
    scenario = make_scenario(world, seed, 6)
    found = solve_package(scenario, world, chance)
    every = look_at_every_set(scenario, world, chance)
    assert found["found"] == (every is not None)
    assert tuple(found["package"]) == (every or ())
    assert all(member["low"] >= 0 for member in found["members"])


def test_the_search_equals_looking_at_every_set_between_twelve_members():
    world, chance = make_world(11, 12), Chance(draws=8)
    names = world.economy.names
    candidates = {
        f"c{i:02}": Step("agreement", {"parties": (names[i], names[(i + 5) % 12])}, effect=EFFECT) for i in range(8)
    }
    away = Step("dissolution", {"parties": names[:2]}, effect=Effect(0.1, 0.02, "another"))
    scenario = Scenario("s", "s", (away,), candidates=candidates, closure="multiplicative")
    found = solve_package(scenario, world, chance)
    assert tuple(found["package"]) == look_at_every_set(scenario, world, chance)


def test_a_set_is_given_up_early_only_where_it_would_be_in_full():
    world = make_world(3, 6)
    scenario = make_scenario(world, 3, 6)
    many, few = Chance(draws=200), Chance(draws=60)
    for chosen in ((), ("c00",), ("c01", "c02")):
        whole = judge_package(scenario, chosen, world, many)
        full = judge_package(scenario, chosen, world, few)
        assert whole.holds == full.holds


def test_where_no_set_holds_it_says_so():
    world = make_world(4, 6)
    scenario = make_scenario(world, 4, 2)
    apart = {"x": Step("dissolution", {"parties": world.economy.names[2:4]}, effect=EFFECT)}
    found = solve_package(Scenario("s", "s", scenario.steps, candidates=apart), world, Chance(draws=10))
    assert not found["found"]
    assert found["judged"] == 2


def test_nothing_is_added_where_nobody_loses():
    world = make_world(5, 6)
    both = Step("agreement", {"parties": world.economy.names[:2]}, effect=EFFECT)
    scenario = Scenario(
        "s", "s", (both,), candidates={"x": Step("agreement", {"parties": world.economy.names[2:4]}, effect=EFFECT)}
    )
    found = solve_package(scenario, world, Chance(draws=10))
    assert found["found"]
    assert found["package"] == []

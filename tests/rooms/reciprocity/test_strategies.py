"""The named strategies: a battery over all of them, and the acts that their definitions ask for."""

import numpy as np
import pytest

from comity.reciprocity.errors import ReciprocityError
from comity.reciprocity.machines import same_behaviour
from comity.reciprocity.strategies import find_strategy, list_strategies

EVERY = list_strategies()
ASKED = [  # those that the issue names
    "tit for tat", "generous tit for tat", "suspicious tit for tat", "two tits for tat", "win-stay lose-shift", "grim",
    "GRIT", "inertia", "always cooperate", "always defect", "random",
]  # fmt: skip


def answer_acts(name: str, others: str, owns: str = "") -> str:
    """Give what a strategy means to do, when the other does `others` and it does what it means (or `owns`)."""
    machine = find_strategy(name).compile(len(others) + 1)
    state, meant = machine.opening, ""
    for n, other in enumerate(others):
        meant += "C" if machine.cooperate[state] == 1 else "D"
        own = owns[n] if owns else meant[-1]
        state = int(machine.follow[state, "CD".index(own), "CD".index(other)])
    return meant


def test_there_are_the_strategies_that_were_asked_for_and_more():
    assert len(EVERY) >= 40
    assert {find_strategy(name).name for name in ASKED} == set(ASKED)


@pytest.mark.parametrize("strategy", EVERY, ids=lambda one: one.name)
def test_every_strategy_is_defined_and_laid_out(strategy):
    machine = strategy.compile(30)
    assert machine.states >= 1 and strategy.definition.endswith(".") and strategy.reference
    assert strategy.deterministic == machine.deterministic
    for word in (strategy.name, *strategy.aliases, strategy.name.upper()):
        assert find_strategy(word) is strategy


def test_no_two_names_stand_for_one_behaviour_unless_noise_alone_tells_them_apart():
    machines = [one.compile(20) for one in EVERY if not one.counts]
    same = {(a.name, b.name) for n, a in enumerate(machines) for b in machines[n + 1 :] if same_behaviour(a, b)}
    assert same == set()


@pytest.mark.parametrize(
    ("name", "others", "expected"),
    [
        ("tit for tat", "CDDCC", "CCDDC"),
        ("tit for two tats", "DCDDDC", "CCCCDD"),
        ("two tits for tat", "DCCCC", "CDDCC"),
        ("grim", "CDCCC", "CCDDD"),
        ("win-stay lose-shift", "DDDCC", "CDCDD"),
        ("GRIT", "DDDDDDDD", "CCCDCCCD"),
        ("GRIT", "CCCCDCCC", "CCCCCDCC"),
        ("gradual", "DCCCDCCCCC", "CDCCCDDCCC"),
        ("soft majority", "DCDDCC", "CDCDDD"),
        ("hard majority", "CDCCD", "DCDCC"),
        ("Davis", "DCCCCCCCCCCC", "CCCCCCCCCCDD"),
        ("forgiver", "CCCCCCCCCCDC", "CCCCCCCCCCCC"),
        ("alternator", "CCCC", "CDCD"),
    ],
)
def test_a_strategy_does_what_its_definition_says(name, others, expected):
    assert answer_acts(name, others) == expected


def test_contrition_takes_a_justified_answer_without_answering_back():
    # An accident of its own in the second round, answered in the third: it stays friendly, tit for tat does not.
    assert answer_acts("contrite tit for tat", "CCDCC", owns="CDCCC") == "CCCCC"
    assert answer_acts("tit for tat", "CCDCC", owns="CDCCC") == "CCCDC"


def test_contrition_is_tit_for_tat_where_nothing_goes_wrong():
    for seed in range(20):
        others = "".join(np.random.default_rng(seed).choice(list("CD"), 40))
        assert answer_acts("contrite tit for tat", others) == answer_acts("tit for tat", others)


def test_an_unknown_name_is_refused_with_those_nearest():
    with pytest.raises(ReciprocityError, match="tit for tatt") as caught:
        find_strategy("tit for tatt")
    assert "tit for tat" in caught.value.todo
    with pytest.raises(ReciprocityError, match="0 rounds"):
        find_strategy("TFT").compile(0)

"""Which strategies fit, with what probability, and when that cannot be told."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.reciprocity.errors import ReciprocityError, TooLittle
from comity.reciprocity.identification import (
    IDENTIFIABLE,
    NOT,
    Beliefs,
    Identification,
    identify_strategies,
    name_candidates,
)
from comity.reciprocity.matches import Noise, play_matches
from comity.reciprocity.separation import learn_freely, share_set
from comity.reciprocity.strategies import find_strategy

NOISE = Noise(action=0.05, report=0.1)
KNOWN = Beliefs(action=(0.05,), report=(0.1,), start="opening")
STANDARD = name_candidates(Beliefs())


@cache
def identify(first: str, second: str, seed: int = 0, rounds: int = 200, beliefs: int = 0) -> Identification:
    """Give what is found in a made pair; rates known, or (1) the published grid and a record begun in the middle."""
    pair = [find_strategy(name).compile(rounds) for name in (first, second)]
    reports = play_matches(pair, [(0, 1)], rounds, noise=NOISE, seed=seed, keep=True).reports[0]
    return identify_strategies(reports, Beliefs() if beliefs else KNOWN)


def test_the_standard_set_has_the_strategies_that_were_asked_for():
    asked = {
        "tit for tat", "generous tit for tat", "suspicious tit for tat", "two tits for tat", "win-stay lose-shift",
        "grim", "GRIT", "inertia", "always cooperate", "always defect", "random",
    }  # fmt: skip
    assert asked <= set(STANDARD) and len(STANDARD) >= 16


@pytest.mark.parametrize("name", STANDARD)
def test_a_strategy_that_meets_every_act_is_found(name):
    sides = [identify(name, "random", seed).sides[0] for seed in range(2)]
    ranks = [[one.strategy for one in side.candidates].index(name) for side in sides]
    assert min(ranks) == 0 and max(ranks) <= 2
    assert any(side.candidates[0].in_90 for side in sides)


def test_right_strategies_come_first_and_are_held_as_often_as_stated():
    rng = np.random.default_rng(11)
    drawn = rng.integers(0, len(STANDARD), (40, 2))
    right, held, expected = [], [], []
    for n, (a, b) in enumerate(drawn):
        found = identify(STANDARD[a], STANDARD[b], n)
        for truth, side in ((a, found.sides[0]), (b, found.sides[1])):
            right.append(side.candidates[0].strategy == STANDARD[truth])
            held.append(next(one.share_in_90 for one in side.candidates if one.strategy == STANDARD[truth]))
            expected.append(side.candidates[0].probability)
    assert np.mean(right) > 0.85 and abs(np.mean(right) - np.mean(expected)) < 0.08
    assert 0.83 < np.mean(held) < 0.97


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_probabilities_sum_to_one_and_every_strategy_has_its_group(seed, periods):
    reports = np.random.default_rng(seed).integers(-1, 2, (periods, 2))
    for side in identify_strategies(reports, KNOWN).sides:
        assert sum(one.probability for one in side.candidates) == pytest.approx(1.0)
        assert sum(group.probability for group in side.groups) == pytest.approx(1.0)
        assert sum(one.share_in_90 * one.probability for one in side.candidates) == pytest.approx(0.9, abs=1e-6)
        assert sum(one.probability for one in side.candidates if one.in_90) >= 0.9 - 1e-9
        named = [name for group in side.groups for name in group.strategies]
        assert sorted(named) == sorted(STANDARD)
        assert side.friendly + side.unfriendly + side.unseen == periods


def test_swapping_the_sides_swaps_the_result():
    reports = np.random.default_rng(2).integers(0, 2, (60, 2))
    here, there = identify_strategies(reports), identify_strategies(reports[:, ::-1])
    for one, other in zip(here.sides, there.sides[::-1], strict=True):
        assert one.reason == other.reason
        shares = [{c.strategy: c.probability for c in side.candidates} for side in (one, other)]
        assert shares[0] == pytest.approx(shares[1], abs=1e-10)


def test_the_order_of_the_strategies_and_their_aliases_change_no_probability():
    reports = np.random.default_rng(3).integers(0, 2, (50, 2))
    names = ("TFT", "Pavlov", "ALLD", "inertia")
    here = identify_strategies(reports, Beliefs(names))
    there = identify_strategies(reports, Beliefs(("routine", "always defect", "tit for tat", "WSLS")))
    shares = [{c.strategy: c.probability for c in one.sides[0].candidates} for one in (here, there)]
    assert shares[0] == pytest.approx(shares[1], abs=1e-10)


def test_where_the_other_never_varies_nothing_is_told_apart():
    side = identify("always cooperate", "always cooperate", beliefs=1).sides[0]
    assert side.result == NOT
    quiet = identify_strategies(np.zeros((60, 2))).sides[0]
    assert quiet.result == NOT and "does not tell apart" in quiet.reason
    assert {"always cooperate", "tit for tat", "grim"} <= set(quiet.groups[0].strategies)


def test_a_grudge_set_off_at_once_is_not_told_from_defection():
    side = identify("grim", "always defect", beliefs=1).sides[0]
    assert side.result == NOT and {"grim", "always defect"} <= set(side.groups[0].strategies)


def test_names_that_differ_in_the_opening_only_count_as_one_in_the_middle():
    side = identify("tit for tat", "random", beliefs=1).sides[0]
    assert side.result == IDENTIFIABLE
    assert set(side.leading) == {"tit for tat", "suspicious tit for tat"}


@pytest.mark.parametrize("reports", [[[0, 1]], [[-1, -1]] * 50, [[0, -1]] * 19])
def test_few_acts_are_too_few(reports):
    side = identify_strategies(reports).sides[0]
    assert side.result == NOT and side.reason.startswith("acts of this side seen:")
    if reports[0][0] == -1:
        assert [one.probability for one in side.candidates] == pytest.approx([1 / len(STANDARD)] * len(STANDARD))


def test_a_side_that_follows_none_of_them_is_given_none():
    rng = np.random.default_rng(4)
    slow = np.repeat([0, 1, 0, 1, 0, 1], 50)
    reports = np.column_stack([slow, rng.integers(0, 2, 300)])
    side = identify_strategies(reports, Beliefs(("TFT", "ALLC", "ALLD", "random"))).sides[0]
    assert side.result == NOT and side.reason.startswith("no named strategy fits")
    assert side.beside_free < 0


def test_noise_is_learned_from_the_record():
    found = identify("tit for tat", "random", beliefs=1)
    assert sum(found.action.values()) == pytest.approx(1.0) and sum(found.report.values()) == pytest.approx(1.0)
    assert max(found.report, key=found.report.get) == 0.1


def test_a_prior_moves_the_posterior():
    reports = np.zeros((5, 2))
    weighted = identify_strategies(reports, Beliefs(("TFT", "ALLC"), weights={"TFT": 9.0}))
    even = identify_strategies(reports, Beliefs(("TFT", "ALLC")))
    share = [{c.strategy: c.probability for c in one.sides[0].candidates}["tit for tat"] for one in (weighted, even)]
    assert share[0] > 0.8 > 0.6 > share[1]
    assert (weighted.prior, even.prior) == ("weighted", "uniform")


@pytest.mark.parametrize(
    ("beliefs", "words"),
    [
        (Beliefs(("TFT", "gradual")), "counts without an end"),
        (Beliefs(("TFT",)), "1 strategies"),
        (Beliefs(("TFT", "tit for tatt")), "tit for tatt"),
        (Beliefs(("TFT", "ALLC"), weights={"ALLD": 2.0}), "always defect"),
        (Beliefs(("TFT", "ALLC"), weights={"TFT": -1.0}), "prior weights"),
        (Beliefs(("TFT", "ALLC"), weights={"TFT": 0.0, "ALLC": 0.0}), "prior weights"),
        (Beliefs(action=(0.7,)), "action noise"),
        (Beliefs(start="end"), "'end'"),
        (Beliefs(("TFT", "ALLC"), action=(0.0,), report=(0.0,), start="opening"), "no pair"),
    ],
)
def test_beliefs_that_cannot_be_held_are_refused(beliefs, words):
    with pytest.raises(ReciprocityError, match=words):
        identify_strategies([[1, 1], [0, 0]], beliefs)


def test_no_period_is_too_little():
    with pytest.raises(TooLittle, match="no period"):
        identify_strategies(np.zeros((0, 2)))


def test_equals_share_the_edge_of_a_set():
    assert share_set(np.array([0.45, 0.45, 0.1])).tolist() == [1.0, 1.0, 0.0]
    assert share_set(np.array([0.8, 0.1, 0.1])).tolist() == [1.0, 0.5, 0.5]


def test_free_descriptions_weigh_every_record():
    records = np.array(np.meshgrid(*[[0, 1]] * 3)).reshape(3, -1).T
    total = sum(np.exp(learn_freely(np.column_stack([record, [0, 1, 0]]))) for record in records)
    assert total == pytest.approx(1.0)

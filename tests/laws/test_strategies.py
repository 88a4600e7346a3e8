"""The laws of the house for strategies: names change nothing, sides mirror, the past does not see the future."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.reciprocity.acts import read_acts
from comity.reciprocity.coding import code_acts
from comity.reciprocity.evidence import weigh_pairs
from comity.reciprocity.identification import Beliefs, Identification, identify_strategies
from comity.reciprocity.matches import Noise, play_matches
from comity.reciprocity.strategies import find_strategy, list_strategies

FIRST = date(2025, 1, 1)
DAYS = 60
FEW = Beliefs(("TFT", "ALLC", "ALLD", "random", "WSLS"), action=(0.05,), report=(0.1,))
NOISES = [Noise(0.02, 0.0, 0.05), Noise(0.1, 0.05, 0.2)]


def make_events(seed: int, names: tuple[str, str]) -> dict[str, list[Any]]:
    """Give a table of events between two parties."""
    rng = np.random.default_rng(seed)
    sender = rng.integers(0, 2, 150)
    return {
        "date": [FIRST + timedelta(days=int(n)) for n in rng.integers(0, DAYS, 150)],
        "sender": [names[n] for n in sender],
        "receiver": [names[1 - n] for n in sender],
        "type": ["AGREE"] * 150,
        "score": rng.uniform(-10, 10, 150).round(1).tolist(),
    }


def work_out(table: dict[str, list[Any]], parties: tuple[str, str]) -> Identification:
    """Give what is found in a table of events."""
    days = [(FIRST + timedelta(days=n), True) for n in range(DAYS)]
    coded = code_acts(read_acts(table, parties, days), lambda day: day).drop_empty()
    return identify_strategies(coded.acts, FEW)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_renaming_the_parties_changes_nothing(seed: int):
    here = work_out(make_events(seed, ("AAA", "BBB")), ("AAA", "BBB"))
    there = work_out(make_events(seed, ("ZZZ", "CCC")), ("ZZZ", "CCC"))
    assert here == there


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_naming_the_pair_the_other_way_round_mirrors_the_result(seed: int):
    table = make_events(seed, ("AAA", "BBB"))
    here, there = work_out(table, ("AAA", "BBB")), work_out(table, ("BBB", "AAA"))
    for one, other in zip(here.sides, there.sides[::-1], strict=True):
        assert (one.result, one.reason, one.friendly, one.unseen) == (
            other.result,
            other.reason,
            other.friendly,
            other.unseen,
        )
        shares = [{c.strategy: c.probability for c in side.candidates} for side in (one, other)]
        assert all(abs(shares[0][name] - shares[1][name]) < 1e-9 for name in shares[0])


@settings(max_examples=10)
@given(st.integers(0, 1000), st.integers(1, 39))
def test_what_was_foreseen_does_not_change_when_more_is_known(seed: int, known: int):
    reports = np.random.default_rng(seed).integers(-1, 2, (40, 2))
    machines = [find_strategy(name).compile(1) for name in FEW.strategies]
    part, whole = (weigh_pairs(machines, record, NOISES).foreseen for record in (reports[:known], reports))
    assert np.array_equal(part, whole[:known])


@settings(max_examples=10)
@given(st.integers(0, 1000), st.integers(1, 60))
def test_a_longer_match_begins_like_the_shorter_one(seed: int, rounds: int):
    machines = [one.compile(1) for one in list_strategies() if not one.counts]
    seats = [(a, (a + seed) % len(machines)) for a in range(len(machines))]
    short, long = (
        play_matches(machines, seats, length, noise=NOISES[1], seed=seed, keep=True).reports for length in (rounds, 90)
    )
    assert np.array_equal(short, long[:, :rounds])


def test_the_same_record_gives_the_same_bytes():
    table = make_events(7, ("AAA", "BBB"))
    assert repr(work_out(table, ("AAA", "BBB"))) == repr(work_out(table, ("AAA", "BBB")))

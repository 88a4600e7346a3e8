"""The least first, then the second least, and so on: leximin of gains, or of the parts of an ideal that are reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from comity.plan.choice.nash import ROOM
from comity.plan.choice.search import SHARE, Search
from comity.plan.choice.tables import Stage


def rank_least(gains: Mapping[str, int], scales: Mapping[str, int]) -> tuple[Fraction, ...]:
    """Return the gains in parts of their scale, the least first: the larger tuple is the better one.

    Parameters
    ----------
    gains : mapping of str to int
        By party [units].
    scales : mapping of str to int
        1 for leximin, the ideal gain for Kalai and Smorodinsky; a party with scale 0 is left out.

    Returns
    -------
    tuple of Fraction

    Examples
    --------
    >>> rank_least({"a": 2, "b": 9}, {"a": 4, "b": 9})
    (Fraction(1, 2), Fraction(1, 1))
    """
    return tuple(sorted(Fraction(gains[party], scale) for party, scale in scales.items() if scale))


def seek_leximin(search: Search) -> list[Stage]:
    """Hold the model to the plans whose least gain is largest, then the second least, and so on.

    Parameters
    ----------
    search : Search

    Returns
    -------
    list of Stage
        One for each rank [units].

    References
    ----------
    `sen-1970`, `bouveret-lemaitre-2009`
    """
    return raise_ranks(search, dict.fromkeys(search.weighed.gains, 1), "gain")


def seek_kalai(search: Search) -> tuple[list[Stage], dict[str, int]]:
    """Hold the model to the plans that bring the least served party nearest to its ideal, then the next, and so on.

    The ideal of a party is the most that it gains in any plan under the same constraints. A party whose ideal is 0
    cannot gain, and is left out of the comparison.

    Parameters
    ----------
    search : Search

    Returns
    -------
    stages : list of Stage
        One for each rank [fraction of the ideal].
    ideals : dict of str to int
        By party [units].

    References
    ----------
    `kalai-smorodinsky-1975`, `imai-1983`
    """
    search.share = 1 / (2 * len(search.weighed.gains))
    found = {party: search.maximise(gain) for party, gain in search.weighed.gains.items()}
    search.share = SHARE
    ideals = {party: int(stage.value) for party, stage in found.items()}
    stages = raise_ranks(search, {party: most for party, most in ideals.items() if most}, "fraction of the ideal")
    known = all(stage.proven for stage in found.values())
    return [replace(stage, proven=stage.proven and known) for stage in stages], ideals


def raise_ranks(search: Search, scales: Mapping[str, int], name: str) -> list[Stage]:
    """Raise the least, then the second least, and so on, of the gains in parts of their scale.

    At rank k all but k - 1 parties must reach a level; which of them do not is left to the solver, so that plans are
    found in which the parties change places (a choice among whole plans is not convex).
    """
    model, gains = search.weighed.model, search.weighed.gains
    tops = {party: max(gains[party].proto.domain) for party in scales}
    unit = find_unit(scales, tops)
    most = max((unit * tops[party] // scale for party, scale in scales.items()), default=0)
    stages = []
    for rank in range(len(scales)):
        level = model.new_int_var(0, most, f"level {rank}")
        reached = {party: model.new_bool_var(f"reached {party} {rank}") for party in scales}
        model.add(sum(reached.values()) >= len(scales) - rank)
        for party, scale in scales.items():
            model.add(unit * gains[party] >= scale * level).only_enforce_if(reached[party])
        stage = search.maximise(level)
        value = rank_least(search.read_gains(), scales)[rank]
        for party, scale in scales.items():
            model.add(gains[party] >= math.ceil(value * scale)).only_enforce_if(reached[party])
        bound = float(value) if stage.proven else None if stage.bound is None else stage.bound / unit
        stages.append(Stage(f"{name}, {name_rank(rank)}", float(value), bound, stage.proven))
    return stages


def find_unit(scales: Mapping[str, int], tops: Mapping[str, int]) -> int:
    """Return how finely levels are told apart: finer than any two fractions differ, where the solver's range allows."""
    if all(scale == 1 for scale in scales.values()):
        return 1
    return max(1, min(max(scales.values()) ** 2 + 1, ROOM // max(tops.values())))


def name_rank(rank: int) -> str:
    """Return a rank in words."""
    return "least" if rank == 0 else f"{rank + 1}. least"

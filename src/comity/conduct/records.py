"""Gestures of many pairs as the arrays that a rehearsal fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.conduct.rehearsal import Pair
from comity.conduct.repertoire import HALF, Item, gather_items
from comity.conduct.simulation import FIELDS, WEEK
from comity.events.scale import Scale
from comity.reciprocity.exchange import MARKS, Design, Exchange, Pool, fit_pool, lay_design, split_days
from comity.reciprocity.var import Numbers


class Act(NamedTuple):
    """The strongest act of a day, sender, receiver and mark; the day is counted from the first of the record."""

    sender: str
    receiver: str
    day: int
    mark: int
    code: str
    reports: int
    score: float


@dataclass(frozen=True)
class Records:
    """The acts of pairs over one span of days.

    Parameters
    ----------
    first : date
    covered : array (days,)
    acts : mapping of (sender, receiver) to sequence of Act
    items : tuple of Item
        What the gestures of all pairs of the pool are made of.
    pool : Pool or None
    """

    first: date
    covered: NDArray[np.bool_]
    acts: Mapping[tuple[str, str], Sequence[Act]]
    items: tuple[Item, ...]
    pool: Pool | None

    def pick_pair(self, state: str, partner: str, scale: Scale, worth: float) -> Pair:
        """Return what is known of two sides, the state first."""
        ways = ((state, partner), (partner, state))
        own = [[Item(a.mark, a.code, a.reports, a.score, 1.0) for a in self.acts.get(way, ())] for way in ways]
        return Pair(
            exchange=lay_exchange(self.acts, (state, partner), self.covered),
            repertoires=(
                gather_items(own[0], self.items, scale, worth),
                gather_items(own[1], self.items, scale, worth),
            ),
            weeks=sum_weeks([self.acts.get(way, ()) for way in ways], self.covered),
            first=self.first,
            last=self.first + timedelta(days=max(len(self.covered) - 1, 0)),
        )


def lay_exchange(
    acts: Mapping[tuple[str, str], Sequence[Act]], parties: tuple[str, str], covered: NDArray[np.bool_]
) -> Exchange:
    """Return the gestures of two sides by day."""
    gestures = np.zeros((2, len(covered), len(MARKS)), dtype=bool)
    for side, way in enumerate((parties, parties[::-1])):
        held = acts.get(way, ())
        gestures[side, [act.day for act in held], [act.mark for act in held]] = True
    gestures[:, ~covered] = False
    return Exchange(covered, gestures)


def sum_weeks(ways: Sequence[Sequence[Act]], covered: NDArray[np.bool_]) -> Numbers:
    """Return points and gestures of each whole week, counted back from the last day, that is covered throughout."""
    days = np.zeros((len(covered), FIELDS))
    for side, acts in enumerate(ways):
        for act in acts:
            if covered[act.day]:
                days[act.day, 2 * side + (act.mark >= HALF)] += abs(act.score)
                days[act.day, FIELDS - 1] += 1
    weeks = len(covered) // WEEK
    cut = len(covered) - weeks * WEEK
    whole = covered[cut:].reshape(weeks, WEEK).all(1)
    return np.asarray(days[cut:].reshape(weeks, WEEK, FIELDS).sum(1)[whole])


def pool_pairs(
    acts: Mapping[tuple[str, str], Sequence[Act]], pairs: Sequence[tuple[str, str]], covered: NDArray[np.bool_]
) -> Pool | None:
    """Estimate what the answers of pairs have in common, from the first part of the days.

    The pairs are taken in an order that only their gestures decide, so that no name moves a digit.

    Parameters
    ----------
    acts : mapping
    pairs : sequence of (str, str)
    covered : array (days,)

    Returns
    -------
    Pool or None
        None where there is no pair.
    """
    exchanges = [lay_exchange(acts, pair, covered) for pair in pairs]
    designs: list[tuple[bytes, Design]] = []
    for exchange in exchanges:
        end = split_days(exchange)
        for side in (0, 1):
            content = exchange.gestures[side].tobytes() + exchange.gestures[1 - side].tobytes()
            designs.append((content, lay_design(exchange, side, end)))
    ordered = [design for _, design in sorted(designs, key=lambda found: found[0])]
    return fit_pool(ordered, len(pairs)) if ordered else None


def spread_choice(count: int, most: int) -> list[int]:
    """Return at most so many places, spread evenly over all.

    Examples
    --------
    >>> spread_choice(5, 3)
    [0, 2, 4]
    >>> spread_choice(2, 3)
    [0, 1]
    """
    if count <= most:
        return list(range(count))
    return sorted({round(n * (count - 1) / (most - 1)) for n in range(most)})


def rank_partners(records: Records, state: str, partners: Sequence[str]) -> list[str]:
    """Return partners with gestures, those with the most on both sides first.

    Parameters
    ----------
    records : Records
    state : str
    partners : sequence of str

    Returns
    -------
    list of str
        Equals are told apart by their gestures and not by their names.
    """

    def weigh(partner: str) -> tuple[int, list[tuple[int, int]]]:
        ways = [records.acts.get(way, ()) for way in ((state, partner), (partner, state))]
        return -sum(map(len, ways)), sorted((act.day, act.mark) for way in ways for act in way)

    return [partner for partner in sorted(partners, key=weigh) if weigh(partner)[0]]

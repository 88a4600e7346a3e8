"""The Nash bargaining solution in whole numbers: the largest product of gains, by cuts until bound and value meet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.plan.choice.question import find_weights
from comity.plan.choice.search import Search
from comity.plan.choice.tables import Stage

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

FINE = 10**5
"""Steps of a natural logarithm of 1: finer ones make the solver slow, coarser ones leave more to compare exactly."""
ROOM = 2**56
"""Largest number in a rule, so that no sum leaves the solver's range."""
FAR = 500
"""Logarithm of the ratio of bound and value from which a bound says nothing."""
NEAR = 200
"""Combinations of gains that rounding cannot tell from the best one and that are compared exactly, at most."""


@dataclass(slots=True)
class Logarithms:
    """Logarithms of gains in the model, bounded from above by chords through neighbouring whole numbers.

    Parameters
    ----------
    search : Search
    weights : mapping of str to int
        Above 0, of the parties whose gains are multiplied.
    gaining : mapping of str to cp_model.IntVar
        Literal by party: its gain is above 0, and its logarithm counts.
    """

    search: Search
    weights: Mapping[str, int]
    gaining: Mapping[str, cp_model.IntVar]
    step: int = 0
    tops: dict[str, int] = field(default_factory=dict)
    logs: dict[str, cp_model.IntVar] = field(default_factory=dict)
    cuts: set[tuple[str, int]] = field(default_factory=set)
    best: dict[str, int] = field(default_factory=dict)
    fresh: cp_model.IntVar = field(init=False)

    def __post_init__(self) -> None:
        """Add a logarithm for each party, with chords at the powers of 2."""
        model = self.search.weighed.model
        self.tops = {party: max(self.find_top(party), 2) for party in self.weights}
        most = max(self.tops.values())
        self.step = max(1, min(FINE, 2**50 // (36 * self.total), 2**58 // most))
        self.fresh = model.new_bool_var("fresh")
        for party, top in self.tops.items():
            log = self.logs[party] = model.new_int_var(0, math.ceil(self.step * math.log(top)) + 1, f"log {party}")
            model.add(log == 0).only_enforce_if(~self.gaining[party])
            for power in range(top.bit_length()):
                self.add_chord(party, 2**power)

    @property
    def total(self) -> int:
        """Sum of the weights."""
        return sum(self.weights.values())

    @property
    def slack(self) -> int:
        """What rounding can make of the weighted sum of logarithms."""
        return 4 * self.total + 4

    def find_top(self, party: str) -> int:
        """Return the largest gain that the variable of a party allows."""
        return int(max(self.search.weighed.gains[party].proto.domain))

    def add_chord(self, party: str, place: int) -> None:
        """Bound a logarithm by the line through it at `place` and at the next whole number, rounded outwards."""
        place = min(max(place, 1), self.tops[party])
        if (party, place) in self.cuts:
            return
        self.cuts.add((party, place))
        steep, high = self.step * math.log1p(1 / place), self.step * math.log(place)
        scale = max(1, int(ROOM / (high + steep * self.tops[party] + 2 * self.step)))
        slope, base = math.ceil(scale * steep), math.ceil(scale * high) + place
        gain = self.search.weighed.gains[party]
        cut = scale * self.logs[party] <= slope * (gain - place) + base
        self.search.weighed.model.add(cut).only_enforce_if(self.gaining[party])

    def tighten(self, gains: Mapping[str, int]) -> None:
        """Make the logarithms exact, but for rounding, at these gains."""
        for party in self.weights:
            if gains[party] > 0:
                self.add_chord(party, gains[party])

    def sum_logs(self, gains: Mapping[str, int]) -> float:
        """Return the weighted sum of logarithms of gains in the model's steps."""
        held = {party: weight for party, weight in self.weights.items() if gains[party] > 0}
        return self.step * sum(weight * math.log(gains[party]) for party, weight in held.items())

    def find_level(self) -> int:
        """Return a weighted sum of logarithms that every choice as good as the best one reaches in the model."""
        return math.floor(self.sum_logs(self.best)) - self.total - 1

    def keep(self, search: Search) -> bool:
        """Tell whether a solution is as good as the best one; where it is not, make the model see it."""
        gains = search.read_gains()
        if rank_product(gains, self.weights) >= rank_product(self.best, self.weights):
            self.best = gains
            return True
        self.tighten(gains)
        if self.sum_logs(gains) >= self.find_level() - self.slack:
            self.exclude(gains, (0, 1))
        return False

    def exclude(self, gains: Mapping[str, int], fresh: Iterable[int]) -> None:
        """Exclude these gains from the solutions that are fresh (1), or not (0), or from both."""
        held = [*(self.search.weighed.gains[party] for party in self.weights), self.fresh]
        rows = [(*(gains[party] for party in self.weights), kind) for kind in fresh]
        self.search.weighed.model.add_forbidden_assignments(held, rows)


def rank_product(gains: Mapping[str, int], weights: Mapping[str, int]) -> tuple[int, int]:
    """Return the weight of the parties that gain and the exact product of their gains: more is better.

    Where not all can gain together the product over all is zero, and says nothing. Then as much weight of parties as
    can gains, and the product is taken over these: the limit of the solutions where every gain counts from a hair below
    its disagreement value (`caragiannis-2019` for equal weights).

    Parameters
    ----------
    gains, weights : mapping of str to int
        By party; a weight of 0 leaves a party out.

    Returns
    -------
    (int, int)

    Examples
    --------
    >>> rank_product({"a": 3, "b": 4}, {"a": 1, "b": 2})
    (3, 48)
    >>> rank_product({"a": 3, "b": 0}, {"a": 1, "b": 2}) < rank_product({"a": 0, "b": 1}, {"a": 1, "b": 2})
    True

    References
    ----------
    `nash-1950`, `kalai-1977`, `caragiannis-2019`
    """
    held = [party for party, weight in weights.items() if weight and gains[party] > 0]
    return sum(weights[party] for party in held), math.prod(gains[party] ** weights[party] for party in held)


def seek_nash(search: Search) -> list[Stage]:
    """Hold the model to the largest product of gains, and return what was reached.

    First the weight of the parties that gain is made as large as possible, then the weighted product of their gains.
    The product's logarithm is bounded by chords that touch it at two neighbouring whole numbers; after each answer a
    chord is added where the answer lies, until the bound meets the value up to rounding. What rounding cannot tell
    apart (about 4e-5 of a logarithm) is listed and compared exactly, as whole numbers.

    Parameters
    ----------
    search : Search

    Returns
    -------
    list of Stage
        Weight of those who gain; weighted geometric mean of their gains [units].
    """
    weights = {party: weight for party, weight in find_weights(search.weighed.asked).items() if weight}
    model = search.weighed.model
    gaining = {party: model.new_bool_var(f"gains {party}") for party in weights}
    for party, literal in gaining.items():
        model.add(search.weighed.gains[party] >= 1).only_enforce_if(literal)
    share = sum(weight * gaining[party] for party, weight in weights.items())
    first = search.maximise(share, "weight of those who gain")
    model.add(share >= int(first.value))
    if first.value == 0:
        return [first, Stage("geometric mean of gains", 0, 0, first.proven)]
    logs = Logarithms(search, weights, gaining)
    bound = raise_product(search, logs)
    model.add(sum(weight * logs.logs[party] for party, weight in weights.items()) >= logs.find_level())
    known = bound <= logs.sum_logs(logs.best) + logs.slack and compare_near(search, logs)
    search.keep = logs.keep
    value = math.exp(logs.sum_logs(logs.best) / logs.step / first.value)
    over = max(bound - logs.sum_logs(logs.best), logs.slack) / logs.step / first.value
    most = value if known else value * math.exp(over) if over < FAR else None
    return [first, Stage("geometric mean of gains", value, most, first.proven and known)]


def compare_near(search: Search, logs: Logarithms) -> bool:
    """Compare exactly what rounding cannot tell from the best product; tell whether nothing was left."""
    best, seen = search.solver, search.read_gains()
    for _ in range(NEAR):
        logs.exclude(seen, (1,))
        stage = search.maximise(logs.fresh)
        if stage.value < 1:
            search.solver = best
            return stage.proven
        seen = search.read_gains()
        logs.tighten(seen)
        if rank_product(seen, logs.weights) > rank_product(logs.best, logs.weights):
            logs.best, best = seen, search.solver
    search.solver = best
    return False


def raise_product(search: Search, logs: Logarithms) -> float:
    """Answer and tighten until the bound meets the best product; return the bound in steps."""
    whole = sum(weight * logs.logs[party] for party, weight in logs.weights.items())
    logs.best, kept, bound = search.read_gains(), search.solver, math.inf
    while True:
        logs.tighten(logs.best)
        stage = search.maximise(whole)
        bound = min(bound, math.inf if stage.bound is None else stage.bound)
        gains = search.read_gains()
        logs.tighten(gains)
        if rank_product(gains, logs.weights) >= rank_product(logs.best, logs.weights):
            logs.best, kept = gains, search.solver
        if not stage.proven or bound <= logs.sum_logs(logs.best) + logs.slack or search.clock.over:
            search.solver = kept
            return bound

"""A scenario: which costs or tariffs change between whom, when, and from what source."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.forms import KINDS
from comity.integration.equilibrium.parameters import Effect, Elasticity, read_elasticity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from comity.integration.equilibrium.draws import Draws
    from comity.integration.equilibrium.economy import Economy

    Numbers = NDArray[np.float64]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One change of a scenario.

    Parameters
    ----------
    kind : str
        A key of `comity.integration.equilibrium.forms.KINDS`.
    groups : mapping of str to tuple of str
        Codes by group: parties, members, joining, leaving, exporters, importers, except.
    effect : Effect, optional
        Partial effect on trade [log], of an agreement or its end; the sign is the kind's.
    cost : Effect, optional
        Change of the cost of trading [percent].
    tariff : tuple of float, optional
        Rate before and after [percent].
    when, source, note : str
        As written.
    everybody : tuple of str
        Groups that stand for every economy of the table, so that nobody in them is a party by name.
    sectors : tuple of str
        Sectors that change; none in the one-sector model.
    """

    kind: str
    groups: Mapping[str, tuple[str, ...]]
    effect: Effect | None = None
    cost: Effect | None = None
    tariff: tuple[float, float] | None = None
    when: str = ""
    source: str = ""
    note: str = ""
    everybody: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def list_pairs(self) -> list[Pair]:
        """Return the directed pairs that change, each once, in a fixed order."""
        return sorted(set(self._yield_pairs()))

    def _yield_pairs(self) -> Iterator[Pair]:
        """Yield directed pairs of different economies."""
        groups = self.groups
        if "parties" in groups:
            yield from permutations(groups["parties"], 2)
        elif "members" in groups:
            moving = groups.get("joining", groups.get("leaving", ()))
            for one, other in product(moving, groups["members"]):
                if one != other and other not in moving:
                    yield from ((one, other), (other, one))
            if self.kind == "accession":
                yield from permutations(moving, 2)
        else:
            excepted = groups.get("except", ())
            for one, other in product(groups["exporters"], groups["importers"]):
                if one != other and one not in excepted:
                    yield one, other

    def describe(self) -> dict[str, Any]:
        """Return the step as plain values."""
        size = self.effect or self.cost
        return {
            "kind": self.kind,
            "meaning": KINDS[self.kind].meaning,
            **{name: "all" if name in self.everybody else list(codes) for name, codes in self.groups.items()},
            "size": size and {"value": size.value * KINDS[self.kind].sign, "error": size.error, "source": size.source},
            "unit": "log" if self.effect else "percent",
            "tariff": self.tariff and {"from": self.tariff[0], "to": self.tariff[1]},
            **({"sectors": list(self.sectors)} if self.sectors else {}),
            "when": self.when,
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True)
class Scenario:
    """Changes that happen together, and the assumptions under which they are looked at.

    Parameters
    ----------
    id, title, note : str
    steps : tuple of Step
        At least one.
    closure : str
        A key of `comity.integration.equilibrium.model.CLOSURES`.
    theta : Elasticity
        The published range where left out.
    psi : float
        Supply elasticity.
    candidates : mapping of str to Step
        Agreements that may be added, by name: what a search for a package chooses from.
    side : tuple of str
        Those of them that are side arrangements between willing parties.
    model : str
        A key of `comity.integration.equilibrium.forms.MODELS`.
    """

    id: str
    title: str
    steps: tuple[Step, ...]
    closure: str = "additive"
    theta: Elasticity = field(default_factory=read_elasticity)
    psi: float = 0.0
    note: str = ""
    candidates: Mapping[str, Step] = field(default_factory=dict)
    side: tuple[str, ...] = ()
    model: str = "one-sector"

    def list_parties(self) -> tuple[str, ...]:
        """Return the codes that are named, in the order of the alphabet; none for a change toward all."""
        groups = ("parties", "members", "joining", "leaving", "exporters", "importers")
        named = {
            code
            for step in self.steps
            for name in groups
            if name not in step.everybody
            for code in step.groups.get(name, ())
        }
        return tuple(sorted(named))

    def describe(self) -> dict[str, Any]:
        """Return the scenario as plain values."""
        theta = self.theta
        return {
            "model": self.model,
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "closure": self.closure,
            "theta": {"low": theta.low, "mode": theta.mode, "high": theta.high, "source": theta.source},
            "psi": self.psi,
            "changes": [step.describe() for step in self.steps],
            "candidates": [
                {"id": name, "side": name in self.side, **step.describe()} for name, step in self.candidates.items()
            ],
        }


def write_tariffs(scenario: Scenario, economy: Economy) -> Economy:
    """Return the economy with the tariffs that the scenario says were there before.

    Flows are values before duty, as customs record them, and stay as they are.
    """
    from dataclasses import replace

    rates = economy.rates.copy()
    for step in scenario.steps:
        for one, other in step.list_pairs() if step.tariff else ():
            rates[economy.find(one), economy.find(other)] = step.tariff[0] / 100 if step.tariff else 0.0
    return replace(economy, tariffs=rates) if rates.any() else economy


def draw_sizes(steps: Iterable[Step], count: int, seed: int) -> dict[tuple[str, Effect], Numbers]:
    """Draw the size of each effect and cost; steps with the same estimate share its draw.

    A draw depends on the seed and the estimate alone, so that scenarios with a step in common share its draws.
    """
    sizes: dict[tuple[str, Effect], Numbers] = {}
    for step in steps:
        for name, size in (("effect", step.effect), ("cost", step.cost)):
            if size is not None and (name, size) not in sizes:
                key = zlib.crc32(f"{name}|{size.value!r}|{size.error!r}|{size.source}".encode())
                normal = np.random.default_rng([seed, 1, key]).standard_normal(count)
                sizes[name, size] = size.value + size.error * normal
    return sizes


def draw_scenario(scenario: Scenario, economy: Economy, count: int, seed: int) -> Draws:
    """Draw the sizes of a scenario's changes and the elasticity.

    Steps with the same estimate are as large or small together, see `draw_sizes`. The tariffs are those after.

    Parameters
    ----------
    scenario : Scenario
    economy : Economy
    count, seed : int
        Number of draws, and the seed: the same seed gives the same draws.

    Returns
    -------
    Draws
    """
    from comity.integration.equilibrium.draws import Draws

    theta = scenario.theta.draw(np.random.default_rng([seed, 0]), count)
    sizes = draw_sizes(scenario.steps, count, seed)
    log_trade: dict[Pair, Any] = {}
    log_cost: dict[Pair, Any] = {}
    rates = economy.rates.copy()
    for step in scenario.steps:
        pairs = step.list_pairs()
        for name, size, total in (("effect", step.effect, log_trade), ("cost", step.cost, log_cost)):
            if size is None:
                continue
            drawn = sizes[name, size] * KINDS[step.kind].sign
            moved = drawn if name == "effect" else np.log1p(np.maximum(drawn / 100, LEAST_COST))
            for pair in pairs:
                total[pair] = total.get(pair, 0.0) + moved
        for one, other in pairs if step.tariff else ():
            rates[economy.find(one), economy.find(other)] = step.tariff[1] / 100 if step.tariff else 0.0
    changed = sorted(log_trade.keys() | log_cost.keys())
    still = np.zeros(count)
    return Draws(
        theta,
        np.array([economy.find(one) for one, _ in changed], dtype=np.intp),
        np.array([economy.find(other) for _, other in changed], dtype=np.intp),
        np.array([log_trade.get(pair, still) for pair in changed]).reshape(-1, count),
        np.array([log_cost.get(pair, still) for pair in changed]).reshape(-1, count),
        rates if (rates != economy.rates).any() else None,
    )


LEAST_COST = -0.95
"""A drawn fall of costs goes no further than this."""

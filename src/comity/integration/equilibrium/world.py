"""The world of 2023: 194 economies, their trade in goods, and sales at home constructed from GDP.

Trade is measured, sales at home are not: an economy's output is taken as a multiple of its GDP, the same for all in the
central case and drawn for each from its published range, and what it does not export it sells at home. Where exports
are so large that less than a tenth would be left, a tenth is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.errors import EconomyError, name_some
from comity.lexicon import find_actor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


class Trade(NamedTuple):
    """Flows by column: who sells, who buys, value [USD]; a pair without an entry has no trade on record."""

    exporters: Sequence[str]
    importers: Sequence[str]
    values: Sequence[float]


@dataclass(frozen=True)
class Member:
    """An economy of the world.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-3.
    name : str
    m49 : str
        Three digits.
    kind : str
        `state` or `territory`.
    gdp : float
        Current US dollars.
    gdp_year : int
        Year of that figure: the last one published where it is not the year of the trade.
    home : str
        `gdp` where sales at home follow from it, `floor` where they are set to the least share, `given` in one's own
        table.
    """

    code: str
    name: str
    m49: str
    kind: str
    gdp: float
    gdp_year: int
    home: str = "gdp"


@dataclass(frozen=True)
class Construction:
    """How sales at home are constructed.

    Parameters
    ----------
    low, mode, high : float
        Gross output over GDP, a triangular law [1].
    least_home_share : float
        Least share of output that is sold at home [1].
    """

    low: float
    mode: float
    high: float
    least_home_share: float


@dataclass(frozen=True, eq=False)
class World:
    """An economy with what is known of its members, in the same order.

    Parameters
    ----------
    economy : Economy
    members : tuple of Member
    construction : Construction, optional
        How sales at home follow from GDP; nothing where they are given.
    """

    economy: Economy
    members: tuple[Member, ...]
    construction: Construction | None = None

    def draw_home(self, count: int, seed: int) -> Numbers | None:
        """Draw sales at home as multiples of the economy's, shape (n, count); None where they are given.

        Each economy has a ratio of its own, since the published range is one over economies. Ratios are handed out in
        the order of GDP, so that another name draws the same.
        """
        found = self.construction
        if found is None:
            return None
        gdp = np.array([member.gdp for member in self.members])
        ratios = np.empty((len(gdp), count))
        rng = np.random.default_rng([seed, 3])
        ratios[np.argsort(gdp, kind="stable")] = rng.triangular(found.low, found.mode, found.high, ratios.shape)
        flows = self.economy.flows
        home = np.diag(flows)
        exports = flows.sum(axis=1) - home
        least = exports / (1 - found.least_home_share)
        output = np.maximum(ratios * gdp[:, None], least[:, None])
        return np.asarray((output - exports[:, None]) / home[:, None])


def build_world(members: Sequence[Member], trade: Trade, construction: Construction) -> World:
    """Build the world from trade and GDP.

    Parameters
    ----------
    members : sequence of Member
        Each economy once.
    trade : Trade
    construction : Construction
        The economy has the mode; draws have the range.

    Returns
    -------
    World
        In the order of codes.

    Raises
    ------
    EconomyError
        An economy of the trade table is no member, or has no GDP; or as in `Economy`.
    """
    ordered = sorted(members, key=lambda member: member.code)
    place = {member.code: index for index, member in enumerate(ordered)}
    without = [member.code for member in ordered if not member.gdp > 0]
    if without:
        raise EconomyError(f"without GDP: {name_some(without)}", why="sales at home follow from it", todo="add it")
    flows = np.zeros((len(ordered), len(ordered)))
    unknown = sorted({*trade.exporters, *trade.importers} - set(place))
    if unknown:
        raise EconomyError(f"flows of no economy of the list: {name_some(unknown)}", todo="list it with its GDP")
    rows, columns = ([place[code] for code in codes] for codes in (trade.exporters, trade.importers))
    flows[rows, columns] = trade.values
    exports = flows.sum(axis=1)
    output = construction.mode * np.array([member.gdp for member in ordered])
    least = exports / (1 - construction.least_home_share)
    home = np.maximum(output, least) - exports
    np.fill_diagonal(flows, home)
    marked = tuple(
        replace(member, home="floor" if bound else "gdp") for member, bound in zip(ordered, least > output, strict=True)
    )
    return World(Economy(tuple(member.code for member in ordered), flows), marked, construction)


def wrap_economy(economy: Economy) -> World:
    """Return a user's own economy as a world: names and codes of those that are states, else the name as given.

    Parameters
    ----------
    economy : Economy

    Returns
    -------
    World

    Examples
    --------
    >>> import numpy as np
    >>> wrap_economy(Economy(("DEU", "Here"), np.ones((2, 2)))).members[0].name
    'Germany'
    """
    return World(economy, identify_members(economy.names))


def identify_members(names: Sequence[str]) -> tuple[Member, ...]:
    """Return what is known of a user's own economies: names and codes of those that are states, else the name."""
    members = []
    for name in names:
        actor = find_actor(name)
        known = (actor.name, actor.codes.get("m49", ""), actor.kind) if actor else (name, "", "given")
        members.append(Member(name, *known, gdp=0.0, gdp_year=0, home="given"))
    return tuple(members)

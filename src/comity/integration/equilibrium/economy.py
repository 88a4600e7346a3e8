"""An economy: who sells how much to whom, sales at home included, and what each importer's customs add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comity.integration.equilibrium.errors import EconomyError, name_some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST_ECONOMIES = 2
WHY_HOME = "without sales at home a change of costs abroad has no size beside the whole market"


@dataclass(frozen=True, eq=False)
class Economy:
    """Flows between n economies in one year.

    Parameters
    ----------
    names : tuple of str
        n names, each once.
    flows : array of float, shape (n, n)
        Value sold by the row to the column, before customs; the diagonal holds sales at home [any currency].
    tariffs : array of float, shape (n, n), optional
        Rate that the column charges on goods of the row [1]; zero where left out.

    Raises
    ------
    EconomyError
        A value is negative, missing or not finite; sales at home are missing; an economy sells or buys nothing
        abroad; the economies fall into parts that do not all trade, directly or through others.
    """

    names: tuple[str, ...]
    flows: Numbers
    tariffs: Numbers | None = None

    def __post_init__(self) -> None:
        """Refuse what has no answer."""
        check_flows(self.names, self.flows)
        if self.tariffs is not None:
            check_tariffs(self.names, self.tariffs)
        check_links(self.names, self.flows > 0)

    @property
    def output(self) -> Numbers:
        """Sales of each economy, at home and abroad."""
        return np.asarray(self.flows.sum(axis=1))

    @property
    def purchases(self) -> Numbers:
        """Purchases of each economy before customs, at home and abroad."""
        return np.asarray(self.flows.sum(axis=0))

    @property
    def deficits(self) -> Numbers:
        """Purchases less sales."""
        return self.purchases - self.output

    @property
    def rates(self) -> Numbers:
        """Tariff rates, zero where there are none."""
        return np.zeros_like(self.flows) if self.tariffs is None else self.tariffs

    def find(self, name: str) -> int:
        """Return the place of a name, or say that there is none.

        Raises
        ------
        EconomyError
            The economy is not in the table.
        """
        if name not in self.names:
            raise EconomyError(
                f"{name!r} is not among the {len(self.names)} economies of the table",
                why="a change for an economy that is not there would be lost",
                todo=f"name one of {name_some(self.names)}",
            )
        return self.names.index(name)


def build_economy(rows: Iterable[Mapping[str, Any]]) -> Economy:
    """Build an economy from rows of exporter, importer and value; a pair without a row has no trade.

    Parameters
    ----------
    rows : iterable of mapping
        Keys `exporter`, `importer`, `value` [any currency] and, where there are tariffs, `tariff` [1].

    Returns
    -------
    Economy
        Names in the order of the alphabet.

    Raises
    ------
    EconomyError
        A pair stands twice, a value is missing, or as in `Economy`.

    Examples
    --------
    >>> rows = [("A", "A", 8.0), ("A", "B", 2.0), ("B", "A", 3.0), ("B", "B", 9.0)]
    >>> found = build_economy(dict(zip(("exporter", "importer", "value"), row)) for row in rows)
    >>> found.names, [float(value) for value in found.deficits]
    (('A', 'B'), [1.0, -1.0])
    """
    kept = list(rows)
    names = tuple(sorted({str(row[side]) for row in kept for side in ("exporter", "importer")}))
    place = {name: index for index, name in enumerate(names)}
    flows = np.zeros((len(names), len(names)))
    tariffs = np.zeros_like(flows)
    seen: set[tuple[int, int]] = set()
    for number, row in enumerate(kept, start=1):
        pair = place[str(row["exporter"])], place[str(row["importer"])]
        if pair in seen or row["value"] is None:
            what = "stands twice" if pair in seen else "has no value"
            raise EconomyError(
                f"the flow {row['exporter']} to {row['importer']} {what}",
                where=f"row {number}",
                why="missing is not zero, and one of two values would be lost",
                todo="give one value for each pair; leave a pair out only where there is no trade",
            )
        seen.add(pair)
        flows[pair] = float(row["value"])
        tariffs[pair] = float(row.get("tariff") or 0.0)
    return Economy(names, flows, tariffs if tariffs.any() else None)


def check_flows(names: Sequence[str], flows: Numbers) -> None:
    """Refuse a table whose values cannot be flows, or without sales at home.

    Raises
    ------
    EconomyError
        As in `Economy`.
    """
    if len(set(names)) != len(names) or flows.shape != (len(names), len(names)) or len(names) < LEAST_ECONOMIES:
        raise EconomyError(
            f"{len(names)} names ({len(set(names))} different) for a table of {' x '.join(map(str, flows.shape))}",
            todo="give each economy one row and one column; at least two economies",
        )
    wrong = ~np.isfinite(flows) | (flows < 0)
    if wrong.any():
        rows = [f"{names[i]} to {names[j]}: {flows[i, j]:g}" for i, j in np.argwhere(wrong)]
        raise EconomyError(
            f"flows must be finite and not negative: {name_some(rows, '; ')}",
            why="a negative or missing value has no share of a market",
            todo="correct these rows; leave a pair out only where there is no trade",
        )
    empty = [name for name, none in zip(names, np.diag(flows) == 0, strict=True) if none]
    if empty:
        raise EconomyError(
            f"sales at home are missing: {name_some(empty)}",
            why=WHY_HOME,
            todo="add a row from each of them to itself: gross output less exports",
        )


def check_tariffs(names: Sequence[str], tariffs: Numbers) -> None:
    """Refuse tariff rates at or below -100 %, or on sales at home.

    Raises
    ------
    EconomyError
        The pairs are named.
    """
    wrong = ~np.isfinite(tariffs) | (tariffs <= -1)
    np.fill_diagonal(wrong, np.diag(tariffs) != 0)
    if wrong.any():
        rows = [f"{names[i]} to {names[j]}: {tariffs[i, j]:g}" for i, j in np.argwhere(wrong)]
        raise EconomyError(
            f"tariff rates must be above -1, and zero at home: {name_some(rows, '; ')}",
            todo="give rates as shares: 0.05 for 5 %",
        )


def check_links(names: Sequence[str], trades: NDArray[np.bool_], where: str = "") -> None:
    """Refuse economies that do not all reach each other by selling, directly or through others.

    Raises
    ------
    EconomyError
        The economies without exports or imports, or the parts, are named.
    """
    abroad = trades & ~np.eye(len(names), dtype=bool)
    for word, axis in (("exports", 1), ("imports", 0)):
        alone = [name for name, some in zip(names, np.atleast_1d(abroad.any(axis=axis)), strict=True) if not some]
        if alone:
            raise EconomyError(
                f"without {word}: {name_some(alone)}",
                where=where,
                why="nothing ties its prices to those of the others",
                todo="add its trade, or leave it out of the table",
            )
    apart = ~(_reach(trades) & _reach(trades.T))
    if apart.any():
        few = apart if apart.sum() * 2 <= len(names) else ~apart
        raise EconomyError(
            "the economies fall into parts that do not sell to each other in a circle, directly or through others; "
            f"apart from the rest: {name_some([name for name, far in zip(names, few, strict=True) if far])}",
            where=where,
            why="the prices of one part are not tied to those of another",
            todo="solve each part by itself, or add the trade that links them",
        )


def _reach(trades: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who can be reached from the first economy."""
    seen = np.zeros(len(trades), dtype=bool)
    seen[0] = True
    while True:
        further = seen | trades[seen].any(axis=0)
        if (further == seen).all():
            return seen
        seen = further

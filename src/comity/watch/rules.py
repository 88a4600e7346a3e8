"""Watch lists as values: who is watched, for what, at which rate of false alarms, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from comity.delivery import Pace, SinkSpec
from comity.watch.tables import ABOUT_PAIRS, Alert

DEFAULT_GRACE = timedelta(minutes=45)
DEFAULT_RATE = 1.0


@dataclass(frozen=True)
class Rule:
    """What is watched.

    Parameters
    ----------
    name, title : str
        Short name, and words for it.
    pairs : frozenset of tuple
        Pairs of actor ids, each in alphabetical order.
    types : tuple of str
        PLOVER types whose events count as grounds; all where empty.
    levels : tuple of int
        Levels of gestures that count (1 to 3); all where empty.
    directions : tuple of str
        `thaw`, `rupture`.
    rate : float
        Stated rate of false alarms [per pair and year].
    sinks : tuple of str
        Who is told; every sink where empty.
    line : int
        Where it stands in its file.
    """

    name: str
    title: str
    pairs: frozenset[tuple[str, str]]
    types: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    directions: tuple[str, ...] = ABOUT_PAIRS
    rate: float = DEFAULT_RATE
    sinks: tuple[str, ...] = ()
    line: int = 1

    def asks_for(self, alert: Alert) -> bool:
        """Say whether an alert is about a pair that is watched, in a direction, at the rate and on grounds that count.

        One of the events behind the alert must be of one of the types, and one of one of the levels.
        """
        typed = not self.types or not {*self.types}.isdisjoint(alert.types)
        graded = not self.levels or not {*self.levels}.isdisjoint(alert.levels)
        about = alert.pair in self.pairs and alert.direction in self.directions
        return about and alert.rate in (None, self.rate) and typed and graded


@dataclass(frozen=True)
class WatchList:
    """A file of rules.

    Parameters
    ----------
    title : str
        Words for it.
    rules : mapping of str to Rule
        By name.
    sinks : mapping of str to (SinkSpec, Pace)
        By name.
    grace : timedelta
        How much later than its cadence a file may come before that is told.
    stale_sinks : tuple of str
        Who is told of staleness; every sink where empty.
    """

    title: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    sinks: Mapping[str, tuple[SinkSpec, Pace]] = field(default_factory=dict)
    grace: timedelta = DEFAULT_GRACE
    stale_sinks: tuple[str, ...] = ()

    def list_pairs(self) -> list[tuple[str, str]]:
        """Return all pairs that rules watch, in alphabetical order."""
        return sorted({pair for rule in self.rules.values() for pair in rule.pairs})

    def find_sinks(self, alert: Alert) -> list[str]:
        """Return who is told of an alert: of a pair's, the sinks of each rule that asks for it.

        Parameters
        ----------
        alert : Alert

        Returns
        -------
        list of str
            Names of sinks, in alphabetical order; none where no rule asks for it.
        """
        if alert.pair is None:
            return sorted(self.stale_sinks or self.sinks)
        asking = [rule for rule in self.rules.values() if rule.asks_for(alert)]
        return sorted({sink for rule in asking for sink in rule.sinks or self.sinks})

"""The rows that concern one state or two, and the words for a figure that is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.lexicon import Actor, ComityError

Row = Mapping[str, Any]
Figure = dict[str, Any]

UNKNOWN_NOT_NONE = "unknown, not none"
DAY_OF_VISAS = "2025-01-12"
MONTH_OF_MISSIONS = "2022-11"
MONTH_OF_ROUTES = "2014-06"
YEAR_OF_GEODIST = 2011
DATES: dict[str, int | str] = {"visa": DAY_OF_VISAS, "geodist": YEAR_OF_GEODIST}


class FoundationError(ComityError):
    """A table of this room was asked for in a way that has no answer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables hold on the parties.

    Parameters
    ----------
    parties : tuple of Actor
        One actor or two.
    rows : mapping of str to sequence of rows
        By table; for "voting_year" the rows of all states in the last year.
    listed : mapping of str to frozenset of str
        By source: the actors that it has at all.
    names : mapping of str to str
        Actor id to name, for the states that the rows mention.
    dates : mapping of str to int or str
        By source: the year or day of the figures of a table that has no column for it.
    """

    parties: tuple[Actor, ...]
    rows: Mapping[str, Sequence[Row]]
    listed: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    dates: Mapping[str, int | str] = field(default_factory=lambda: DATES)

    def find(self, table: str, **values: object) -> Iterator[Row]:
        """Yield the rows of a table that have these values."""
        for row in self.rows[table]:
            if all(row[name] == value for name, value in values.items()):
                yield row

    def find_one(self, table: str, **values: object) -> Row | None:
        """Return the one row of a table that has these values, if there is one."""
        return next(self.find(table, **values), None)

    def explain(self, source: str, *actors: Actor) -> str:
        """Say why there is no figure: no state, no longer a state, not in the list, or just no row."""
        ordered = sorted(actors, key=lambda actor: actor.name)
        reasons = [reason for actor in ordered if (reason := self._explain_actor(source, actor))]
        if source == "wikidata" and not any(actor.kind != "state" for actor in actors):
            return "; ".join([*(reasons or ["no entry in the list, which is incomplete"]), UNKNOWN_NOT_NONE])
        subject = "this pair" if len(actors) > 1 else "this state"
        return "; ".join(reasons) or f"no figure for {subject} in the source"

    def _explain_actor(self, source: str, actor: Actor) -> str:
        """Say why a source cannot have a figure of an actor, or return nothing."""
        if actor.kind != "state":
            return f"{actor.name} is an organisation, and the source has states only"
        if actor.id in self.listed.get(source, frozenset()):
            return ""
        ended = f", and ended on {actor.valid_to}" if actor.valid_to else ""
        return f"{actor.name} is not in the source's list{ended}"


def make_figure(measure: str, value: object, unit: str, source: str, year: int | str | None) -> Figure:
    """Build one figure; its note is empty."""
    return {"measure": measure, "value": value, "unit": unit, "year": year, "source": source, "note": ""}


def note(figure: Figure, text: str) -> Figure:
    """Return the figure with a note."""
    return {**figure, "note": text}


def miss(measure: str, unit: str, source: str, reason: str) -> Figure:
    """Build a figure that is not known, with the reason."""
    return note(make_figure(measure, None, unit, source, None), reason)


def round_figure(value: float, digits: int = 4) -> float:
    """Round to significant digits, so that a small value never becomes zero."""
    return float(f"{value:.{digits}g}")


def round_points(value: float) -> float:
    """Round a position or a distance of positions: three decimals are finer than its interval."""
    return round(value, 3)


def name_places(row: Row) -> str:
    """Return the places of a row of missions as a note."""
    return str(row["places"] or "place not stated")

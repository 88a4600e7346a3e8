"""The sections of a brief on a pair that stand beside its index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.brief.replies import describe_reciprocity
from comity.brief.votes import describe_votes
from comity.brief.yardsticks import describe_yardsticks
from comity.events.scale import Scale
from comity.lexicon import Actor
from comity.relations.series import Calendar

if TYPE_CHECKING:
    import duckdb


def describe_sections(
    con: duckdb.DuckDBPyConnection, parties: Sequence[Actor], calendar: Calendar, scale: Scale
) -> dict[str, Any]:
    """Return the fields of a pair that stand beside its index.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    parties : sequence of Actor
        Two.
    calendar : Calendar
    scale : Scale

    Returns
    -------
    dict
        `reciprocity`, `alternatives` and `votes`; see `comity.brief.tables`.
    """
    first, second = (party.id for party in parties)
    names = {party.id: party.name for party in parties}
    return {
        "reciprocity": describe_reciprocity(con, (first, second), names, calendar.by, scale),
        "alternatives": describe_yardsticks(con, [(first, second), (second, first)], calendar, scale),
        "votes": describe_votes((first, second)),
    }

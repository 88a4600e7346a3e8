"""Make the document of a brief: one plain dict, which every renderer takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import comity
from comity.brief.agreement import describe_agreement, list_agreement_references
from comity.brief.breaks import describe_breaks
from comity.brief.errors import BriefError
from comity.brief.figures import describe_coverage, list_change_evidence, list_evidence, list_types
from comity.brief.partners import describe_partners
from comity.brief.rules import describe_rules
from comity.brief.sections import describe_sections
from comity.brief.ties import describe_ties, list_tie_references
from comity.brief.words import (
    cite_brief,
    describe_method,
    list_limits,
    list_missing,
    list_references,
    list_used_sources,
)
from comity.brief.works import list_works
from comity.events.coverage import DayCoverage, list_days
from comity.events.scale import Scale
from comity.foundations import Own, describe_foundations
from comity.lexicon import Actor
from comity.relations.change import Change, find_changes
from comity.relations.comparison_table import compare_dyad
from comity.relations.gestures import time_periods
from comity.relations.published import read_gesture_model
from comity.relations.series import Calendar, Pair, follow_period, lay_calendar, read_series
from comity.relations.standing import smooth_jointly
from comity.relations.step import LEVEL_COLUMNS, score_relations
from comity.store import Snapshot

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from comity.conduct.profile import Profile

DAYS_BY_DAY = 62
DAYS_BY_WEEK = 730


def choose_period(days: Sequence[DayCoverage]) -> str:
    """Return day, week or month, so that a path has a readable number of points."""
    if len(days) <= DAYS_BY_DAY:
        return "day"
    return "week" if len(days) <= DAYS_BY_WEEK else "month"


def compose_brief(
    con: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    parties: Sequence[Actor],
    scale: Scale,
    level: str,
    profile: Profile | None = None,
) -> dict[str, Any]:
    """Make the document of a brief on a pair, or on one state and its partners.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale and level.
    snapshot : Snapshot
        The state of the store that the view shows.
    parties : sequence of Actor
        One or two, different.
    scale : Scale
    level : str
        Level of de-duplication.
    profile : Profile, optional
        Written rules of one of the parties, to be held against what was done.

    Returns
    -------
    dict
        Plain values only; see `docs/methods/brief.md`.

    Raises
    ------
    BriefError
        The store has nothing loaded, both parties are the same, or the profile is that of another state.
    """
    days = list_days(con)
    _check(parties, days, snapshot)
    ids = [party.id for party in parties]
    by = choose_period(days)
    coverage = describe_coverage(days)
    about = _describe_about(snapshot, days, scale, level)
    second = ids[1] if len(ids) == 2 else None
    document: dict[str, Any] = {
        "kind": "pair" if second else "state",
        "title": " and ".join(party.name for party in parties),
        "parties": [_describe_party(party) for party in parties],
        "about": about,
        "period": {"since": days[0].date.isoformat(), "until": days[-1].date.isoformat(), "by": by},
        "coverage": coverage,
        "directions": [],
        "changes": [],
        "breaks": describe_breaks(con, ids, by, scale),
        "evidence": list_evidence(con, ids[0], second),
        "foundations": describe_foundations(ids[0], second, Own(snapshot.folder, snapshot.as_of)),
    }
    calendar = lay_calendar(days, by)
    if second:
        document |= _describe_pair(con, parties, calendar, scale)
    else:
        document |= describe_partners(con, ids[0], calendar, scale)
    document["conduct"] = describe_rules(profile, snapshot, ids) if profile else None
    document["plan"] = None
    document["commitments"] = None
    document["limits"] = list_limits(con, document, snapshot)
    document["missing"] = list_missing(document)
    document["method"] = describe_method(about, coverage, scale, read_gesture_model(scale, con))
    document["sources"] = list_used_sources(con, snapshot)
    document["references"] = _list_all_references(document, scale)
    document["citation"] = cite_brief(document)
    return document


def _describe_pair(
    con: duckdb.DuckDBPyConnection, parties: Sequence[Actor], calendar: Calendar, scale: Scale
) -> dict[str, Any]:
    """Return what only a brief on a pair has."""
    first, second = (party.id for party in parties)
    pairs = [(first, second), (second, first)]
    return {
        "directions": [_describe_direction(con, pair, calendar.by, scale) for pair in pairs],
        "changes": list_changes(con, pairs, calendar, scale),
        "comparison": compare_dyad(con, pairs[0], calendar.by, scale),
        **describe_sections(con, parties, calendar, scale),
        "ties": describe_ties(parties),
        "agreement": describe_agreement(parties),
    }


def _list_all_references(document: dict[str, Any], scale: Scale) -> list[dict[str, Any]]:
    """Return the works that the brief rests on, each section's after the method's, each once."""
    works = [
        *list_references(scale),
        *list_works(document),
        *list_tie_references(document),
        *list_agreement_references(document),
    ]
    return list({work["key"]: work for work in works}.values())


def _check(parties: Sequence[Actor], days: Sequence[DayCoverage], snapshot: Snapshot) -> None:
    """Refuse what has no answer."""
    if len({party.id for party in parties}) != len(parties):
        raise BriefError(
            f"both parties are {parties[0].name} ({parties[0].id})",
            todo="name two different ones, or only one",
        )
    if not days:
        when = f" as it was at {snapshot.as_of.isoformat()}" if snapshot.as_of else ""
        raise BriefError(
            f"the store holds no events{when}",
            where=str(snapshot.folder),
            todo="load files with `comity sources load gdelt PATH... --store DIR`, or choose a later --as-of",
        )


def _describe_party(party: Actor) -> dict[str, Any]:
    """Return who a party is."""
    return {name: getattr(party, name) for name in ("id", "name", "kind", "status", "status_source")}


def _describe_about(snapshot: Snapshot, days: Sequence[DayCoverage], scale: Scale, level: str) -> dict[str, Any]:
    """Return what the brief was made of."""
    return {
        "version": comity.__version__,
        "store": "embedded sample" if snapshot.embedded else snapshot.folder.name,
        "snapshot": snapshot.id,
        "as_of": snapshot.as_of.isoformat() if snapshot.as_of else snapshot.read_newest_entry(),
        "data_until": days[-1].date.isoformat(),
        "scale": scale.id,
        "level": level,
    }


def _describe_direction(con: duckdb.DuckDBPyConnection, pair: Pair, by: str, scale: Scale) -> dict[str, Any]:
    """Return one direction's index, path and gestures by type."""
    types = list_types(con, *pair, scale)
    path = score_relations(con, [pair], by, scale)
    if not types:  # without any event the model would only say what pairs are like at large
        path = [{**point, **dict.fromkeys(LEVEL_COLUMNS)} for point in path]
    sides = {
        side: sum(t["events"] for t in types if t["side"] == side) for side in ("friendly", "unfriendly", "neutral")
    }
    known = [point for point in path if point["score"] is not None]
    return {
        "sender": pair[0],
        "receiver": pair[1],
        "now": {key: known[-1][key] for key in ("period", *LEVEL_COLUMNS, "events")} if known else None,
        "path": [{key: value for key, value in point.items() if key not in ("sender", "receiver")} for point in path],
        "types": types,
        **sides,
        "events": sum(t["events"] for t in types),
        "reports": sum(t["reports"] for t in types),
        "net_goldstein": round(sum(point["net_goldstein"] or 0.0 for point in path), 6),
    }


def list_changes(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], calendar: Calendar, scale: Scale
) -> list[dict[str, Any]]:
    """Return what changed in each direction, the clearest first, with the events behind it."""
    series = read_series(con, calendar, pairs)
    model = read_gesture_model(scale, con)
    mean, covariance = smooth_jointly(series.tally, time_periods(calendar), model)
    found = [
        _describe_change(con, pair, change, mean[place], calendar)
        for place, pair in enumerate(pairs)
        if series.count[place].sum() > 0
        for change in find_changes(mean, covariance, place, calendar.by)
    ]
    return sorted(found, key=lambda c: (-abs(c["change"]), c["sender"], c["to_period"]))


def _describe_change(
    con: duckdb.DuckDBPyConnection, pair: Pair, change: Change, mean: NDArray[np.float64], calendar: Calendar
) -> dict[str, Any]:
    """Return one change with the events that lie behind it."""
    start, end = calendar.starts[change.start], calendar.starts[change.end]
    until = date.fromordinal(follow_period(end, calendar.by).toordinal() - 1)
    since = follow_period(start, calendar.by)
    before = float(mean[change.start])
    return {
        "sender": pair[0],
        "receiver": pair[1],
        "from_period": start.isoformat(),
        "to_period": end.isoformat(),
        "from_score": round(before, 4),
        "to_score": round(float(mean[change.end]), 4),
        "change": round(change.change, 4),
        "low": round(change.low, 4),
        "high": round(change.high, 4),
        "probability": round(change.probability, 4),
        "evidence": list_change_evidence(con, pair, since.isoformat(), until.isoformat(), before, change.change > 0),
    }

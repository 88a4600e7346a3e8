"""What a plan opens with: what stands between two parties, what is missing, what would move most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from comity.lexicon import Actor, name_actor
from comity.lexicon.memberships import KNOWN_TO, read_memberships

MOST_GAINS = 5
"""Figures that are named as those which would move the index of integration most."""
SUM = "0 to 100"
GIVEN = frozenset({"border", "common_language", "vote_distance", "vote_distance_decade"})
"""Figures of the index that no initiative is about: what lies as it lies, and how a state votes."""
CLOSED = ("visa required", "no admission")


def describe_ground(
    parties: tuple[Actor, Actor],
    themes: Sequence[Mapping[str, Any]],
    ties: Mapping[str, Any] | None,
    relations: Sequence[Mapping[str, Any]],
    sources: Mapping[str, str],
) -> dict[str, Any]:
    """Return what stands, what is missing and what could complete each other, each figure with its source.

    Parameters
    ----------
    parties : tuple of Actor
        Two.
    themes : sequence of mapping
        From `comity.foundations.describe_foundations`.
    ties : mapping or None
        From `comity.integration.indices.profile.describe_pair`; None where there is no index.
    relations : sequence of mapping
        Rows of both directions' index, with `sender`, `receiver`, `period`, `score`, `low`, `high`, `scale` and
        `snapshot`.
    sources : mapping of str to str
        Title of each source of the foundations by id.

    Returns
    -------
    dict
        `a`, `b`, and `stands`, `missing`, `openings`: lists of dict with `what`, `value`, `unit`, `year`, `source`,
        `note`; a missing value is None and says why.
    """
    figures = [{**figure, "theme": theme["theme"]} for theme in themes for figure in theme["figures"]]
    known = [figure for figure in figures if figure["value"] is not None]
    unknown = [figure for figure in figures if figure["value"] is None]
    closed = [figure for figure in known if str(figure["value"]).startswith(CLOSED)]
    stands = [*_list_memberships(parties), *_list_relations(relations)]
    stands += [_show(figure, sources) for figure in known if figure not in closed]
    missing = [_show(figure, sources) for figure in [*closed, *unknown]]
    return {
        "a": {"id": parties[0].id, "name": parties[0].name},
        "b": {"id": parties[1].id, "name": parties[1].name},
        "stands": stands,
        "missing": [*_list_gaps(ties), *missing],
        "openings": _list_openings(ties),
    }


def _row(what: str, value: Any, unit: str, year: Any, source: str, note: str = "") -> dict[str, Any]:
    """Return one figure."""
    return {"what": what, "value": value, "unit": unit, "year": year, "source": source, "note": note}


def _show(figure: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """Return a figure of the foundations."""
    title = sources.get(figure["source"], figure["source"])
    return _row(figure["measure"], figure["value"], figure["unit"], figure["year"], title, figure["note"])


def _list_memberships(parties: tuple[Actor, Actor]) -> list[dict[str, Any]]:
    """Return the organisations of which both parties are members, since the later of their accessions."""
    since: dict[str, dict[str, date]] = {}
    cited: dict[str, str] = {}
    for one in read_memberships():
        if one.state in (parties[0].id, parties[1].id) and one.is_valid(KNOWN_TO):
            since.setdefault(one.organisation, {})[one.state] = one.since
            cited[one.organisation] = one.source
    return [
        _row(f"Both are members of {organisation.removeprefix('IGO:')}", "yes", "", _name_year(days.values()),
             cited[organisation])
        for organisation, days in sorted(since.items())
        if len(days) == 2
    ]  # fmt: skip


def _name_year(days: Iterable[date]) -> int | None:
    """Return the year since which both are members, where the table knows it."""
    last = max(days)
    return last.year if last > date.min else None


def _list_relations(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the index of each direction in its last period with an estimate."""
    found = []
    for way in dict.fromkeys((row["sender"], row["receiver"]) for row in rows):
        told = [row for row in rows if (row["sender"], row["receiver"]) == way and row["score"] is not None]
        if told:
            last, first = told[-1], told[0]
            interval = f"90 % interval {last['low']:+.2f} to {last['high']:+.2f}"
            note = f"{interval}; {first['score']:+.2f} in {first['period']}"
            source = f"index of relations, scale {last['scale']}, snapshot {last['snapshot']}"
            what = f"Index of relations, {name_actor(way[0])} toward {name_actor(way[1])}"
            score = round(last["score"], 2)
            found.append(_row(what, score, "points, -10 to 10", last["period"], source, note))
    return found


def _list_gaps(ties: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the dimensions in which the pair lies below the median of the pairs most like it."""
    if ties is None:
        return []
    return [
        _row(
            f"{one['title']}: below like pairs",
            round(one["score"], 1),
            SUM,
            None,
            "index of integration",
            f"like pairs: median {one['like_median']:.1f}; 90 % interval {one['low']:.1f} to {one['high']:.1f}",
        )
        for one in ties["dimensions"]
        if one["like_median"] is not None and one["score"] < one["like_median"]
    ]


def _list_openings(ties: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the figures that would move the index of integration most, were they at the top of their scale."""
    ranked = sorted(ties["indicators"], key=lambda one: (-(one["gain"] or 0.0), one["id"])) if ties else []
    return [
        _row(one["title"], one["value"], one["unit"], None, "index of integration",
             f"the index would gain {one['gain']:.1f} points at the top of this scale")
        for one in [one for one in ranked if one["id"] not in GIVEN][:MOST_GAINS]
        if one["gain"]
    ]  # fmt: skip

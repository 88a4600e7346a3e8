"""The numbers of a brief, read from the event view: types, evidence, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from comity.events.coverage import DayCoverage
from comity.events.scale import Scale

if TYPE_CHECKING:
    import duckdb

MOST_EVIDENCE = 60
_EVENT_COLUMNS = "date, sender, receiver, code, label, type, score, reports, articles, url"


def describe_event(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return one event as the brief shows it; only web links are links."""
    day, sender, receiver, code, label, kind, score, reports, articles, url = row
    parts = urlsplit(url) if url and url.isprintable() and _has_host(url) else None
    host = parts.hostname if parts and parts.scheme in ("http", "https") else None
    return {
        "date": day.isoformat(),
        "sender": sender,
        "receiver": receiver,
        "code": code,
        "label": label,
        "type": kind,
        "score": score,
        "reports": reports,
        "articles": articles,
        "link": url if host else None,
        "host": host,
    }


def _has_host(url: str) -> bool:
    """Return whether a text can be taken apart as an address."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def list_evidence(con: duckdb.DuckDBPyConnection, a: str, b: str | None) -> list[dict[str, Any]]:
    """Return the most reported events of a pair, or of a state, newest first."""
    where, values = _name_parties(a, b)
    rows = con.execute(
        f"select * from (select {_EVENT_COLUMNS} from events where {where} "
        f"order by reports desc, articles desc, date desc, sender, receiver, code limit {MOST_EVIDENCE}) "
        "order by date desc, reports desc, sender, receiver, code",
        values,
    ).fetchall()
    return [describe_event(row) for row in rows]


def _name_parties(a: str, b: str | None) -> tuple[str, list[str]]:
    """Return the clause that selects a pair in both directions, or all events of one party."""
    if b is None:
        return "(sender = ? or receiver = ?)", [a, a]
    return "(sender = ? and receiver = ?) or (sender = ? and receiver = ?)", [a, b, b, a]


def list_change_evidence(
    con: duckdb.DuckDBPyConnection, pair: tuple[str, str], since: str, until: str, level: float, upward: bool
) -> list[dict[str, Any]]:
    """Return the events of a span that moved the level most: far from the old level, and much reported."""
    sign = 1 if upward else -1
    rows = con.execute(
        f"select {_EVENT_COLUMNS} from events where sender = ? and receiver = ? and date between ? and ? "
        "and (score - ?) * ? > 0 order by (score - ?) * ? * ln(1 + reports) desc, date, code limit 5",
        [*pair, since, until, level, sign, level, sign],
    ).fetchall()
    return sorted((describe_event(row) for row in rows), key=lambda event: (event["date"], event["code"]))


def list_types(con: duckdb.DuckDBPyConnection, sender: str, receiver: str, scale: Scale) -> list[dict[str, Any]]:
    """Return one directed pair's events by type and side of the scale.

    An event is friendly when its score lies above the scale's neutral band, unfriendly below it.
    """
    low, high = scale.neutral
    rows = con.execute(
        "select type, quad, case when score > ? then 'friendly' when score < ? then 'unfriendly' else 'neutral' end "
        "as side, sum(weight), sum(reports), sum(score * weight) / nullif(sum(weight) filter (score is not null), 0) "
        "from events where sender = ? and receiver = ? group by 1, 2, 3 order by 1, 2, 3",
        [high, low, sender, receiver],
    ).fetchall()
    merged: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows:
        merged.setdefault((row[0], row[2]), []).append(row)
    return [_describe_type(parts) for _, parts in sorted(merged.items())]


def _describe_type(parts: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Join the rows of one type and side that differ by quad class (the largest names it)."""
    largest = max(parts, key=lambda part: (part[3], -part[1]))
    scored = [(part[3], part[5]) for part in parts if part[5] is not None]
    weight = sum(n for n, _ in scored)
    return {
        "type": largest[0],
        "label": str(largest[0]).capitalize(),
        "quad": largest[1],
        "side": largest[2],
        "events": int(sum(part[3] for part in parts)),
        "reports": int(sum(part[4] for part in parts)),
        "mean_score": round(sum(n * mean for n, mean in scored) / weight, 4) if weight else None,
    }


def describe_coverage(days: list[DayCoverage]) -> dict[str, Any]:
    """Return the coverage of the span: slots expected and loaded, events by day."""
    timed = [day for day in days if day.slots_expected]
    expected = sum(day.slots_expected or 0 for day in timed)
    loaded = sum(day.slots_loaded or 0 for day in timed)
    return {
        "slots_expected": expected or None,
        "slots_loaded": loaded if expected else None,
        "share": round(loaded / expected, 6) if expected else None,
        "events_loaded": sum(day.events for day in days),
        "days": [{**day._asdict(), "date": day.date.isoformat()} for day in days],
    }

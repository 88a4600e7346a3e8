"""Alerts over a store: read the days of pairs, follow their levels, decide, and name the events behind each alert."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale, read_scale
from comity.events.view import connect_events
from comity.relations.breaks import read_break_rule
from comity.relations.gestures import GestureModel
from comity.relations.published import read_gesture_model
from comity.relations.series import Calendar, Pair, RelationsError, Tally, lay_calendar, read_series
from comity.store import open_store
from comity.watch.calibration import read_calm
from comity.watch.decision import Bench, Decision, decide_alerts, recall_past
from comity.watch.memory import KEPT, keep_track, recall_track
from comity.watch.moves import read_alert_rule
from comity.watch.rules import WatchList
from comity.watch.tables import Alert, Normal, PastAlerts
from comity.watch.track import FIELDS, Stand, Track, follow_days

if TYPE_CHECKING:
    import duckdb

SOURCE = "gdelt2"
MEMORY = "alerts.sqlite"
LATELY = 28  # days of events behind an alert
MOST_EVIDENCE = 8
_COLUMNS = ("date", "sender", "receiver", "code", "label", "type", "score", "reports", "link")


@dataclass(frozen=True)
class Followed:
    """Pairs followed day by day: their actor ids, two directions each, the days, the track and the bench."""

    pairs: tuple[Pair, ...]
    track: Track
    bench: Bench

    def name_day(self, day: int) -> date:
        """Return the date of a day of the track."""
        return self.bench.start + timedelta(days=day)

    def name_direction(self, one: Decision) -> Pair:
        """Return sender and receiver of a decision."""
        first, second = self.pairs[one.pair]
        return (second, first) if one.turned else (first, second)


def follow_pairs(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], scale: Scale, memory: Path | None = None,
    touched: date | None = None,
) -> Followed:  # fmt: skip
    """Follow the levels of pairs through all days of a store.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pairs : sequence of (str, str)
        Actor ids.
    scale : Scale
    memory : Path, optional
        File that keeps what is known; only days from `touched` on are read again.
    touched : date, optional
        First day that may have changed since.

    Returns
    -------
    Followed

    Raises
    ------
    RelationsError
        The store holds no events.
    """
    calendar = lay_calendar(list_days(con), "day")
    if not calendar.starts:
        raise RelationsError("the store holds no events", todo="load files first, or choose a later --as-of")
    model, breaks, first = read_gesture_model(scale, con), read_break_rule(), calendar.starts[0]
    least = breaks.least * (model.scores[-1] - model.scores[0])
    bench = Bench(read_alert_rule(), read_calm(), least, first)
    directed = [way for one in pairs for way in (one, one[::-1])]
    of_what = hashlib.sha256(repr((directed, first, model, breaks)).encode()).hexdigest()
    before = first if touched is None else touched
    known = recall_track(memory, of_what, before.toordinal(), len(directed)) if memory else None
    begin = first if known is None else date.fromordinal(known[0] + 1)
    series = read_series(con, _cut_calendar(calendar, begin), directed)
    track, stands = _follow(series.tally, model, None if known is None else known[2])
    if memory and stands:
        keep_track(memory, of_what, begin.toordinal(), track, stands)
    return Followed(tuple(pairs), track if known is None else known[1].join(track), bench)


def _cut_calendar(calendar: Calendar, begin: date) -> Calendar:
    """Return the days from one on."""
    first = (begin - calendar.starts[0]).days
    return Calendar(calendar.by, calendar.starts[first:], calendar.middles[first:], calendar.covered[first:])


def _follow(tally: Tally, model: GestureModel, stand: Stand | None) -> tuple[Track, list[Stand]]:
    """Follow days; the last of them one by one, so that the stand after each can be kept."""
    rule, days = read_break_rule(), tally.count.shape[1]
    edges = [0, *range(max(1, days - KEPT), days + 1)] if days else [0]
    parts, stands = [], []
    for begin, end in zip(edges, edges[1:], strict=False):
        cut = Tally(*(array[:, begin:end] for array in (tally.count, tally.total, tally.square)))
        part, stand = follow_days(cut, model, rule, stand)
        parts.append(part)
        stands.append(stand)
    track = parts[0] if parts else follow_days(tally, model, rule, stand)[0]
    for part in parts[1:]:
        track = track.join(part)
    return track, stands


def list_alerts(
    con: duckdb.DuckDBPyConnection, followed: Followed, rate: float, since: date | None = None, *, past: bool = True
) -> list[dict[str, Any]]:
    """List alerts as rows, with the events behind each.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
    followed : Followed
    rate : float
        Stated rate of false alarms [per pair and year].
    since : date, optional
        First day that is asked for.
    past : bool
        Whether to count how earlier alerts fared, for which the whole past is decided.

    Returns
    -------
    list of dict
        See `comity.api.find_alerts`.
    """
    first = 0 if since is None else max(0, (since - followed.bench.start).days)
    if first >= followed.track.count.shape[1]:
        return []
    found = decide_alerts(followed.track, followed.bench, rate, 0 if past else first)
    if past:
        found = recall_past(found, followed.track, followed.bench)
    return [_describe(con, followed, one) for one in found if one.day >= first]


def _describe(con: duckdb.DuckDBPyConnection, followed: Followed, one: Decision) -> dict[str, Any]:
    """Return one alert as a row."""
    sender, receiver = followed.name_direction(one)
    since = None if one.first is None else followed.name_day(one.first).isoformat()
    return {
        "day": followed.name_day(one.day).isoformat(),
        "sender": sender,
        "receiver": receiver,
        "direction": "thaw" if one.upward else "rupture",
        "probability": round(one.probability, 4),
        "rate": one.rate,
        "chance": round(one.chance, 6),
        "discovery": one.discovery,
        "level": round(one.level, 4),
        "normal": {
            "since": followed.name_day(one.reference).isoformat(),
            **{name: round(value, 4) for name, value in (("level", one.before), ("low", one.low), ("high", one.high))},
        },
        "move": round(one.move, 4),
        "threshold": round(one.threshold, 4),
        "quiet_years": round(one.years, 2),
        "past": {"alerts": one.alerts, "borne_out": one.borne_out, "since": since} if one.alerts else None,
        "events": _list_evidence(con, followed, one),
    }


def _list_evidence(con: duckdb.DuckDBPyConnection, followed: Followed, one: Decision) -> list[dict[str, Any]]:
    """Return the events of the last days that lie furthest from what would have been normal, on the alert's side."""
    day, sign = followed.name_day(one.day), 1.0 if one.upward else -1.0
    rows = con.execute(
        "with numbers as (select date, sender, receiver, code, list(distinct event_id order by event_id) as ids "
        "from rows where sender = ? and receiver = ? and date between ? and ? group by all) "
        "select date, sender, receiver, code, label, type, score, reports, url, ids from events left join numbers "
        "using (date, sender, receiver, code) where sender = ? and receiver = ? and date between ? and ? "
        "and score is not null and (score - ?) * ? > 0 "
        f"order by round((score - ?) * ?, 6) desc, reports desc, date desc, code limit {MOST_EVIDENCE}",
        [*(span := (*followed.name_direction(one), day - timedelta(days=LATELY - 1), day)), *span,
         *(side := (one.before, sign)), *side],
    ).fetchall()  # fmt: skip
    return [_describe_event(row) for row in sorted(rows, key=lambda row: (row[0], row[3]))]


def _describe_event(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return one event as evidence, with the publisher's numbers."""
    event = dict(zip(_COLUMNS, row, strict=False))
    address = str(event["link"] or "")
    link = address if address.startswith(("https://", "http://")) else None
    ids = [int(number) for number in row[9] or () if number is not None]
    return event | {"date": event["date"].isoformat(), "link": link, "ids": ids}


def detect_alerts(store: Path, rules: WatchList, touched: frozenset[date], memory: Path | None = None) -> list[Alert]:
    """Decide on alerts about the pairs that are watched, for a round of the watch.

    Parameters
    ----------
    store : Path
        Folder of the store.
    rules : WatchList
        Pairs, stated rates, and types of events that count as grounds.
    touched : frozenset of date
        Days of which something was loaded [UTC].
    memory : Path, optional
        File that keeps what is known.

    Returns
    -------
    list of Alert
        Of the touched days and those after them, for each stated rate; those that do not stand among all pairs of
        their day are left out.
    """
    pairs = sorted({pair for rule in rules.rules.values() for pair in rule.pairs})
    if not pairs or not touched:
        return []
    scale = read_scale("goldstein")
    con = open_store(store).take_snapshot(None).connect()
    try:
        connect_events(con, scale, f"{SOURCE}:events")
        followed = follow_pairs(con, pairs, scale, memory, min(touched))
        rates = sorted({rule.rate for rule in rules.rules.values()})
        rows = [row for rate in rates for row in _list_told(con, followed, rate, min(touched))]
    finally:
        con.close()
    alerts = [(write_alert(row), {event["type"] for event in row["events"]}) for row in rows]
    return [alert for alert, types in alerts if _is_asked(alert, types, rules)]


def _list_told(con: duckdb.DuckDBPyConnection, followed: Followed, rate: float, since: date) -> list[dict[str, Any]]:
    """List the alerts that stand, each with how the like alerts of these pairs had fared."""
    rows = [row for row in list_alerts(con, followed, rate, since, past=False) if row["discovery"]]
    if not rows:
        return []
    named = {tuple(sorted((row["sender"], row["receiver"]))) for row in rows}
    places = [place for place, pair in enumerate(followed.pairs) if pair in named]
    own = [2 * place + turned for place in places for turned in (0, 1)]
    track = Track(*(getattr(followed.track, name)[own] for name in FIELDS))
    few = Followed(tuple(followed.pairs[place] for place in places), track, followed.bench)
    keys = ("day", "sender", "receiver", "direction")
    past = {tuple(row[key] for key in keys): row["past"] for row in list_alerts(con, few, rate, since)}
    return [row | {"past": past.get(tuple(row[key] for key in keys))} for row in rows]


def _is_asked(alert: Alert, types: set[str], rules: WatchList) -> bool:
    """Return whether some rule asks for an alert on such grounds."""
    return any(
        alert.pair in rule.pairs and alert.rate == rule.rate and (not rule.types or types & set(rule.types))
        for rule in rules.rules.values()
    )


def write_alert(row: dict[str, Any]) -> Alert:
    """Write a row of `list_alerts` as an alert."""
    normal, sender, receiver = row["normal"], row["sender"], row["receiver"]
    way = "up" if row["direction"] == "thaw" else "down"
    text = (
        f"The level of acts from {sender} toward {receiver} has moved {way} to {row['level']:+.1f} by {row['day']}. "
        f"The probability is that of a lasting move of at least a twentieth of the scale."
    )
    usual = (
        f"a level of {normal['level']:+.1f} (90 % interval {normal['low']:+.1f} to {normal['high']:+.1f}), where it "
        f"stood on {normal['since']}."
    )
    first, second = sorted((sender, receiver))
    alert = Alert(row["direction"], date.fromisoformat(row["day"]), None, SOURCE, (first, second), sender, receiver)
    ids = tuple(number for event in row["events"] for number in event["ids"])
    past = row["past"]
    return replace(
        alert,
        probability=row["probability"],
        rate=row["rate"],
        evidence=ids,
        normal=Normal(usual, normal["level"], normal["low"], normal["high"]),
        past=PastAlerts(past["alerts"], past["borne_out"], date.fromisoformat(past["since"])) if past else None,
        text=text,
    )

"""Alerts over a store: read the days of pairs, sum up departures, decide, and name the events behind each alert."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale, read_scale
from comity.events.view import connect_events
from comity.lexicon import name_actor
from comity.reciprocity.acts import LEVELS
from comity.relations.breaks import read_break_rule
from comity.relations.gestures import GestureModel
from comity.relations.published import read_gesture_model
from comity.relations.series import Calendar, Pair, RelationsError, lay_calendar, read_series
from comity.store import open_store
from comity.watch.constants import read_alert_rule, read_calm
from comity.watch.decision import Bench, Decision, decide_alerts
from comity.watch.memory import KEPT, keep_days, recall_days
from comity.watch.record import count_fates
from comity.watch.rules import WatchList
from comity.watch.run import Run
from comity.watch.signal import Signal, Stand, Start, begin, follow_days
from comity.watch.tables import Alert, Evidence, Normal, PastAlerts

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SOURCE = "gdelt2"
MEMORY = "alerts.sqlite"
MOST_EVIDENCE = 8
LONGEST_LINK = 2_000

Reach = Callable[[date, Sequence[Pair]], None]
"""Told of which pairs events are read, and from which day on, before they are: a view need not hold others before."""
_COLUMNS = ("date", "sender", "receiver", "code", "label", "type", "score", "reports", "link")


@dataclass(frozen=True)
class Followed:
    """Pairs followed day by day: their actor ids, the days, and what decisions rest on."""

    pairs: tuple[Pair, ...]
    signal: Signal
    bench: Bench

    def name_day(self, day: int) -> date:
        """Return the date of a day of the signal."""
        return self.bench.start + timedelta(days=day)


def find_start(model: GestureModel) -> Start:
    """Return what the published model takes for normal of a pair before any event of it."""
    whole = sum(model.carrier)
    mean = sum(share * score for share, score in zip(model.carrier, model.scores, strict=True)) / whole
    square = sum(share * score**2 for share, score in zip(model.carrier, model.scores, strict=True)) / whole
    return Start(model.tone.mean, square - mean**2)


def follow_pairs(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], scale: Scale, memory: Path | None = None,
    touched: date | None = None, reach: Reach | None = None,
) -> Followed:  # fmt: skip
    """Follow pairs through all days of a store.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pairs : sequence of (str, str)
        Actor ids, each pair in alphabetical order.
    scale : Scale
    memory : Path, optional
        File that keeps what is known; only days from `touched` on are read again.
    touched : date, optional
        First day that may have changed since.
    reach : Reach, optional

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
    model, first = read_gesture_model(scale, con), calendar.starts[0]
    least = read_break_rule().least * (model.scores[-1] - model.scores[0])
    bench = Bench(read_alert_rule(), read_calm(), least, first)
    of_what = hashlib.sha256(repr((pairs, first, model, bench.rule)).encode()).hexdigest()
    before = first if touched is None else touched
    known = recall_days(memory, of_what, before.toordinal(), len(pairs)) if memory else None
    since = first if known is None else date.fromordinal(known.last + 1)
    rest = _cut_calendar(calendar, since)
    if reach is not None:
        reach(since, pairs)
    count, total = _read_days(con, rest, pairs)
    stand = begin(len(pairs), find_start(model), bench.rule) if known is None else known.stand
    signal, stands = _follow(count, total, rest, bench, stand)
    if memory and stands:
        keep_days(memory, of_what, since.toordinal(), signal, stands)
    return Followed(tuple(pairs), signal if known is None else known.signal.join(signal), bench)


def _cut_calendar(calendar: Calendar, begin: date) -> Calendar:
    """Return the days from one on."""
    first = (begin - calendar.starts[0]).days
    return Calendar(calendar.by, calendar.starts[first:], calendar.middles[first:], calendar.covered[first:])


def _read_days(con: duckdb.DuckDBPyConnection, calendar: Calendar, pairs: Sequence[Pair]) -> tuple[Numbers, Numbers]:
    """Return counts and totals of pairs, both directions together."""
    series = read_series(con, calendar, [way for one in pairs for way in (one, one[::-1])])
    return series.count[0::2] + series.count[1::2], series.total[0::2] + series.total[1::2]


def _follow(
    count: Numbers, total: Numbers, calendar: Calendar, bench: Bench, stand: Stand
) -> tuple[Signal, list[Stand]]:
    """Follow days; the last of them one by one, so that the stand after each can be kept."""
    import numpy as np

    days, covered = len(calendar.starts), np.array(calendar.covered, bool)
    edges = [0, *range(max(1, days - KEPT), days + 1)] if days else [0, 0]
    parts, stands = [], []
    for first, end in zip(edges, edges[1:], strict=False):
        span = slice(first, end)
        part, stand = follow_days(count[:, span], total[:, span], covered[span], bench.rule, stand)
        parts.append(part)
        stands.append(stand)
    signal = parts[0]
    for part in parts[1:]:
        signal = signal.join(part)
    return signal, stands if days else []


@dataclass(frozen=True)
class Listed:
    """Alerts as rows, and how all alerts have fared."""

    alerts: list[dict[str, Any]]
    record: list[dict[str, Any]]


def list_alerts(
    con: duckdb.DuckDBPyConnection, followed: Followed, rate: float, since: date | None = None, *,
    every: bool = False, reach: Reach | None = None,
) -> Listed:  # fmt: skip
    """List alerts as rows, with the events behind each.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
    followed : Followed
    rate : float
        Stated rate of false alarms [per pair and year].
    since : date, optional
        First day that is asked for.
    every : bool
        Also those that do not stand among all pairs of their day.
    reach : Reach, optional

    Returns
    -------
    Listed
        See `comity.api.find_alerts`; the record is that of all days.
    """
    first = 0 if since is None else (since - followed.bench.start).days
    found = decide_alerts(followed.signal, followed.bench, rate, first, every=every)
    asked = [one for one in found if one.run and (every or one.discovery)]
    if asked and reach is not None:
        begin = min(_list_recent(followed, one)[0] for one in asked)
        reach(begin, sorted({followed.pairs[one.pair] for one in asked}))
    if asked:
        _gather_numbers(con, followed, asked)
    rows = [_describe(con, followed, one, one.run) for one in asked if one.run]
    return Listed(rows, count_fates(found, followed.signal, followed.bench))


def _list_recent(followed: Followed, one: Decision) -> tuple[date, date]:
    """Return the first and the last of the days in which the events behind an alert are sought."""
    day = followed.name_day(one.day)
    return day - timedelta(days=followed.bench.rule.recent - 1), day


def _describe(con: duckdb.DuckDBPyConnection, followed: Followed, one: Decision, run: Run) -> dict[str, Any]:
    """Return one alert as a row."""
    pair, first = followed.pairs[one.pair], one.first
    past = None
    if first is not None:
        past = {"alerts": one.alerts, "borne_out": one.borne_out, "since": followed.name_day(first).isoformat()}
    low, high = one.realised
    return {
        "day": followed.name_day(one.day).isoformat(),
        "pair": list(pair),
        "direction": "thaw" if one.upward else "rupture",
        "probability": round(one.probability, 4),
        "rate": one.rate,
        "reached": round(one.reached, 4),
        "realised": None if isnan(low) else [round(low, 2), round(high, 2)],
        "chance": round(one.chance, 6),
        "discovery": one.discovery,
        **_describe_run(followed, run),
        "threshold": round(one.threshold, 4),
        "quiet_years": round(one.years, 2),
        "past": past,
        "events": _list_evidence(con, followed, one),
    }  # fmt: skip


def _describe_run(followed: Followed, run: Run) -> dict[str, Any]:
    """Return the days that an alert sums up, and what would have been normal on them."""
    return {
        "run": {
            "since": followed.name_day(run.first).isoformat(),
            "days": run.days,
            "events": round(run.events, 4),
            "level": round(run.level, 4),
            "sum": round(run.reached, 4),
        },
        "normal": {name: round(value, 4) for name, value in
                   (("level", run.normal), ("floor", run.low), ("ceiling", run.high))},
    }  # fmt: skip


def _gather_numbers(con: duckdb.DuckDBPyConnection, followed: Followed, asked: Sequence[Decision]) -> None:
    """Look up once, for all alerts that are described, which of the publisher's numbers their events have."""
    import pyarrow as pa

    spans = [(followed.pairs[one.pair], *_list_recent(followed, one)) for one in asked]
    names = ("sender", "receiver", "first", "last")
    both = [(*way, first, last) for pair, first, last in spans for way in (pair, pair[::-1])]
    con.register("spans_of_alerts", pa.table(dict(zip(names, zip(*both, strict=True), strict=True))))
    con.execute(
        "create or replace temp table numbers as select date, sender, receiver, code, "
        "list(distinct event_id order by event_id) as ids from rows where date between ? and ? and exists ("
        "from spans_of_alerts one where one.sender = rows.sender and one.receiver = rows.receiver "
        "and rows.date between one.first and one.last) group by all",
        [min(first for _, first, _ in spans), max(last for _, _, last in spans)],
    )


def _list_evidence(con: duckdb.DuckDBPyConnection, followed: Followed, one: Decision) -> list[dict[str, Any]]:
    """Return the events of the last days that lie furthest from what would have been normal, on the alert's side."""
    sign, span = 1.0 if one.upward else -1.0, _list_recent(followed, one)
    first, second = followed.pairs[one.pair]
    rows = con.execute(
        "select date, sender, receiver, code, label, type, score, reports, url, ids from events left join numbers "
        "using (date, sender, receiver, code) where ((sender = ? and receiver = ?) or (sender = ? and receiver = ?)) "
        "and date between ? and ? and score is not null and (score - ?) * ? > 0 "
        f"order by round((score - ?) * ?, 6) desc, reports desc, date desc, code, sender limit {MOST_EVIDENCE}",
        [first, second, second, first, *span, *(side := (one.normal, sign)), *side],
    ).fetchall()
    return [_describe_event(row) for row in sorted(rows, key=lambda row: (row[0], row[3], row[1]))]


def _describe_event(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return one event as evidence, with the publisher's numbers."""
    event = dict(zip(_COLUMNS, row, strict=False))
    address = str(event["link"] or "")
    link = address if address.startswith(("https://", "http://")) else None
    ids = [int(number) for number in row[9] or () if number is not None]
    return event | {"date": event["date"].isoformat(), "link": link, "ids": ids}


def detect_alerts(
    store: Path, rules: WatchList, touched: frozenset[date], begin: date = date.min, memory: Path | None = None
) -> list[Alert]:
    """Decide on alerts about the pairs that are watched, for a round of the watch.

    Parameters
    ----------
    store : Path
        Folder of the store.
    rules : WatchList
        Pairs, stated rates, and types and levels of the events that count as grounds.
    touched : frozenset of date
        Days about which something was loaded [UTC].
    begin : date
        First day of which alerts are told [UTC].
    memory : Path, optional
        File that keeps what is known.

    Returns
    -------
    list of Alert
        Of the touched days and those after them, from `begin` on, for each stated rate; those that do not stand among
        all pairs of their day are left out.
    """
    pairs = rules.list_pairs()
    if not pairs or not touched:
        return []
    scale, first = read_scale("goldstein"), min(touched)
    snapshot = open_store(store).take_snapshot()
    con = snapshot.connect_rows(first)

    def reach(day: date, asked: Sequence[Pair]) -> None:
        """Group what is asked for and not there: all days the first time, and those of pairs with an alert."""
        if day < first:
            snapshot.extend_rows(con, day)
            connect_events(con, scale, f"{SOURCE}:events", asked, day)

    try:
        connect_events(con, scale, f"{SOURCE}:events", pairs, first)
        followed = follow_pairs(con, pairs, scale, memory, first, reach)
        rates, since = sorted({rule.rate for rule in rules.rules.values()}), max(first, begin)
        rows = [row for rate in rates for row in list_alerts(con, followed, rate, since, reach=reach).alerts]
    finally:
        con.close()
    alerts = [write_alert(row) for row in rows]
    return [alert for alert in alerts if any(rule.asks_for(alert) for rule in rules.rules.values())]


def grade_gesture(score: float) -> int:
    """Return the level of a gesture, 1 to 3: of a neutral one too.

    Examples
    --------
    >>> grade_gesture(1.0), grade_gesture(-5.0), grade_gesture(-10.0)
    (1, 2, 3)
    """
    return max(level for level, (low, _) in LEVELS.items() if abs(score) > low or level == min(LEVELS))


def write_alert(row: dict[str, Any]) -> Alert:
    """Write a row of `list_alerts` as an alert."""
    normal, run, (first, second), past = row["normal"], row["run"], row["pair"], row["past"]
    way = "friendlier" if row["direction"] == "thaw" else "less friendly"
    text = (
        f"Acts between {name_actor(first)} and {name_actor(second)} have been {way} than is normal for them: "
        f"their mean score was {run['level']:+.2f} from {run['since']} to {row['day']}, newer days counting more. "
        "The probability is that the quarter to come stays so by at least a twentieth of the scale."
    )
    usual = (
        f"a mean score of {normal['level']:+.2f}; between {normal['floor']:+.2f} and {normal['ceiling']:+.2f} there "
        "would be no alert."
    )
    return Alert(
        row["direction"],
        date.fromisoformat(row["day"]),
        None,
        SOURCE,
        (first, second),
        probability=row["probability"],
        rate=row["rate"],
        reached=row["reached"],
        evidence=tuple(_write_evidence(event) for event in row["events"]),
        normal=Normal(usual, normal["level"], normal["floor"], normal["ceiling"]),
        past=PastAlerts(past["alerts"], past["borne_out"], date.fromisoformat(past["since"])) if past else None,
        text=text,
        since=date.fromisoformat(run["since"]),
        level=run["level"],
        types=tuple(sorted({event["type"] for event in row["events"] if event["type"]})),
        levels=tuple(sorted({grade_gesture(event["score"]) for event in row["events"]})),
    )


def _write_evidence(event: dict[str, Any]) -> Evidence:
    """Write one event of a row of `list_alerts`; an address that could break out of its line is no link."""
    link = event["link"] or ""
    shown = link if link.isprintable() and " " not in link and len(link) <= LONGEST_LINK else None
    said = {name: event[name] for name in ("sender", "receiver", "code", "label", "type", "score", "reports")}
    return Evidence(date.fromisoformat(event["date"]), **said, link=shown or None, ids=tuple(event["ids"]))

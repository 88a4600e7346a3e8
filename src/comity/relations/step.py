"""Score relations over a store: read the events, run the model, give a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale
from comity.relations.gestures import time_periods
from comity.relations.interval import Z50
from comity.relations.published import read_gesture_model
from comity.relations.roll_calls import read_roll_calls
from comity.relations.roll_files import check_roll_calls
from comity.relations.series import Pair, RelationsError, Series, count_types, follow_period, lay_calendar, read_series
from comity.relations.standing import Standing, estimate_standing

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LEVEL_COLUMNS = (
    *("score", "low", "high", "low50", "high50"),
    *("trend", "trend_low", "trend_high", "trend_low50", "trend_high50"),
)


def score_relations(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], by: str, scale: Scale, *, smoothed: bool = False
) -> list[dict[str, Any]]:
    """Score directed pairs by period.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the view `events` on that scale.
    pairs : sequence of (sender, receiver)
        Actor ids.
    by : str
        `day`, `week` or `month`.
    scale : Scale
        On which the events are scored.
    smoothed : bool
        Use all periods for each, and not only those up to it.

    Returns
    -------
    list of dict
        One for each pair and period: `period` (first day, ISO), `until` (last day; the events behind a
        row are those of sender and receiver from `period` to `until`), `sender`, `receiver`, `events`
        [count], `by_type` (PLOVER type to count),
        `net_goldstein` (sum of scores [points]), `mean_goldstein` [points per event], `share` (of all events
        loaded in the period), `score` and its 90 % interval `low`, `high` and 50 % interval `low50`, `high50` [points],
        `trend` (change of the level over the last 7 days, 4 weeks or 3 months [points a period]) and its intervals
        `trend_low`, `trend_high`, `trend_low50`, `trend_high50`. A period of which nothing was loaded has None for all
        of them; `mean_goldstein` is None where there is no event with a score, the trend in the first period.

    References
    ----------
    `kitagawa-1987`, `efron-2022` in docs/bibliography.md
    """
    series = read_series(con, lay_calendar(list_days(con), by), pairs)
    standing = estimate_standing(
        series.tally, time_periods(series.calendar), read_gesture_model(scale, con), smoothed=smoothed
    )
    types = count_types(con, series.calendar, pairs)
    return [
        _describe_period(series, standing, types, pair, period)
        for pair in range(len(series.pairs))
        for period in range(len(series.calendar.starts))
    ]


def _describe_period(
    series: Series,
    standing: Standing,
    types: Mapping[tuple[str, str, date], dict[str, int]],
    pair: int,
    period: int,
) -> dict[str, Any]:
    """Return one row of the table."""
    calendar = series.calendar
    sender, receiver = series.pairs[pair]
    start = calendar.starts[period]
    row: dict[str, Any] = {
        "period": start.isoformat(),
        "until": (follow_period(start, calendar.by) - timedelta(days=1)).isoformat(),
        "sender": sender,
        "receiver": receiver,
    }
    if not calendar.covered[period]:
        names = ("events", "by_type", "net_goldstein", "mean_goldstein", "share")
        return row | dict.fromkeys((*names, *LEVEL_COLUMNS))
    events, count, total = (float(x[pair, period]) for x in (series.events, series.count, series.total))
    loaded = float(series.loaded[period])
    return row | {
        "events": int(events),
        "by_type": types.get((sender, receiver, start), {}),
        "net_goldstein": round(total, 6),
        "mean_goldstein": round(total / count, 6) if count else None,
        "share": round(events / loaded, 8) if loaded else None,
        **_describe_level(standing, pair, period),
    }


def _describe_level(standing: Standing, pair: int, period: int) -> dict[str, float | None]:
    """Return the level of a period with its trend; the first period has no trend."""
    trend_low, trend_high = standing.bound_trend()
    trend_low50, trend_high50 = standing.bound_trend(Z50)
    values = (
        *(standing.mean, standing.low, standing.high, standing.low50, standing.high50),
        *(standing.trend, trend_low, trend_high, trend_low50, trend_high50),
    )
    rounded = (round(float(value[pair, period]), 4) for value in values)
    return {name: None if isnan(x) else x + 0.0 for name, x in zip(LEVEL_COLUMNS, rounded, strict=True)}


def read_vote_table(source: Any) -> pa.Table:
    """Read a table of votes from a CSV or Parquet file; a table is returned as it is.

    Parameters
    ----------
    source : path-like or pyarrow.Table
        In a CSV file empty cells and ``NA`` are missing.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    RelationsError
        There is no such file, or it cannot be read as its ending says.
    """
    import pyarrow as pa

    if isinstance(source, pa.Table):
        return source
    path = Path(source)
    try:
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            return pq.read_table(path)
        from pyarrow import csv

        kinds = {"date": pa.string(), "country_code": pa.string(), "vote": pa.string(), "short": pa.string()}
        read = csv.ConvertOptions(column_types=kinds, null_values=["", "NA"], strings_can_be_null=True)
        return csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=read)
    except FileNotFoundError as error:
        raise RelationsError("there is no such file", where=str(path)) from error
    except (OSError, pa.ArrowInvalid) as error:
        raise RelationsError(f"the file cannot be read: {error}", where=str(path), todo="CSV or Parquet") from error


def read_vote_files(votes: Any, rollcalls: Any) -> tuple[pa.Table, dict[str, int]]:
    """Read files of votes and roll calls in the layout of the package unvotes, and name the states.

    Parameters
    ----------
    votes, rollcalls : path-like or pyarrow.Table

    Returns
    -------
    votes : pyarrow.Table
    ledger : dict of str to int
        See `comity.relations.roll_calls.read_roll_calls`.

    Raises
    ------
    RelationsError
        See `comity.relations.roll_files.check_roll_calls`.
    """
    tables = read_vote_table(votes), read_vote_table(rollcalls)
    names = tuple(str(s) if isinstance(s, str | Path) else n for s, n in ((votes, "votes"), (rollcalls, "rollcalls")))
    check_roll_calls(*tables, (names[0], names[1]))
    return read_roll_calls(*tables)

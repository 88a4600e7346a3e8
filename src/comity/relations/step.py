"""Score relations over a store: read the events, run the model, give a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.coverage import list_days
from comity.events.scale import Scale
from comity.relations.index import Level, filter_levels, smooth_levels
from comity.relations.parameters import read_parameters
from comity.relations.roll_calls import read_roll_calls
from comity.relations.roll_files import check_roll_calls
from comity.relations.series import Pair, RelationsError, Series, count_types, follow_period, lay_calendar, read_series

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


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
        loaded in the period), `score` and its 90 % interval `low`, `high` [points]. A period of which nothing was
        loaded has None for all of them; `mean_goldstein` is None where there is no event with a score.

    References
    ----------
    `kalman-1960`, `harvey-1989`, `efron-morris-1973` in docs/bibliography.md
    """
    import numpy as np

    series = read_series(con, lay_calendar(list_days(con), by), pairs)
    parameters = read_parameters(scale, con)
    days = np.array(series.calendar.middles)
    if smoothed:
        level: Level = smooth_levels(series.count, series.total, days, parameters)[0]
    else:
        level = filter_levels(series.count, series.total, days, parameters)[0]
    bounds = level.bound(parameters)
    types = count_types(con, series.calendar, pairs)
    return [
        _describe_period(series, bounds, types, pair, period)
        for pair in range(len(series.pairs))
        for period in range(len(days))
    ]


def _describe_period(
    series: Series,
    bounds: Sequence[NDArray[np.float64]],
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
        names = ("events", "by_type", "net_goldstein", "mean_goldstein", "share", "score", "low", "high")
        return row | dict.fromkeys(names)
    events, count, total = (float(x[pair, period]) for x in (series.events, series.count, series.total))
    score, low, high = (round(float(bound[pair, period]), 4) for bound in bounds)
    loaded = float(series.loaded[period])
    return row | {
        "events": int(events),
        "by_type": types.get((sender, receiver, start), {}),
        "net_goldstein": round(total, 6),
        "mean_goldstein": round(total / count, 6) if count else None,
        "share": round(events / loaded, 8) if loaded else None,
        "score": score,
        "low": low,
        "high": high,
    }


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

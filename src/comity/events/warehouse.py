"""Load GDELT from BigQuery: states and organisations only, day by day, the bytes said before anything is billed.

The query (`sql/bigquery/actors.sql`) sends the rows between two actors as the publisher has them, and of the others
their number by reason. Each day's rows are written as a file of the publisher's layout and go the way of any file:
judged, kept as received, entered into the ledger, repaired from it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from comity.events.shelf import Loaded, Shelf
from comity.events.step import Account, commit_files, read_files
from comity.sources import SourceError, read_source
from comity.sources.errors import FetchError
from comity.sources.warehouse import PATIENCE, TABLE, Answer, Client, estimate_bytes, run_query
from comity.store import create_store, open_store
from comity.store.store import NOTE

if TYPE_CHECKING:
    from comity.events.step import Progress

SOURCE = "gdelt2"
FOLDER = Path(__file__).with_name("sql")
MOST_BYTES = 50_000_000_000
WHOLE = "whole"  # how many rows of the table an answer stands for, said in each of its rows
BEGIN = date(2015, 2, 18)
_MADE = (1980, 1, 1, 0, 0, 0)
_BLANK = str.maketrans("\t\n\r\0", "    ")


@dataclass(frozen=True)
class Limits:
    """How far a load may go.

    Parameters
    ----------
    most_bytes : int
        Most that it may be billed for [bytes].
    wait : float
        How long to wait for another writer [seconds].
    patience : float
        How long to try again what may pass, for each request to BigQuery [seconds].
    """

    most_bytes: int = MOST_BYTES
    wait: float = 60.0
    patience: float = PATIENCE


def read_query(name: str, dialect: str) -> str:
    """Return a query of `comity/events/sql`.

    Parameters
    ----------
    name : str
        Such as `rows`; see `comity.events.expressions.list_queries`.
    dialect : str
        `duckdb`, `spark`, `bigquery`, `clickhouse` or `trino`.

    Raises
    ------
    SourceError
        There is none.

    Examples
    --------
    >>> read_query("store_rows", "duckdb").startswith("SELECT")
    True
    """
    path = FOLDER / dialect / f"{name}.sql"
    if not path.is_file():
        raise SourceError(f"there is no query {name!r} for {dialect!r}", where=str(FOLDER), todo="see the folder")
    return path.read_text("utf-8")


def write_query(since: date, until: date) -> str:
    """Write the query for the rows that were added on the days of a span, both counted [UTC].

    Examples
    --------
    >>> from datetime import date
    >>> "BETWEEN 20250601000000 AND 20250602235959" in write_query(date(2025, 6, 1), date(2025, 6, 2))
    True
    """
    names = [name for name in read_source(SOURCE).layout if name in _list_columns()]
    after = until + timedelta(days=1)
    return (
        f"WITH gdelt_raw AS (SELECT {', '.join(names)} FROM `{TABLE}` "
        f"WHERE _PARTITIONTIME >= TIMESTAMP('{since}') AND _PARTITIONTIME < TIMESTAMP('{after}') "
        f"AND DATEADDED BETWEEN {since:%Y%m%d}000000 AND {until:%Y%m%d}235959),\n"
        f"asked AS ({read_query('actors', 'bigquery')})\n"
        f"SELECT *, SUM(`rows`) OVER () AS `{WHOLE}` FROM asked"
    )


def _list_columns() -> frozenset[str]:
    """Return the publisher's columns that are read."""
    from comity.events.judgement import RAW_COLUMNS

    return frozenset(RAW_COLUMNS)


def estimate_load(
    client: Client, since: date, until: date, now: datetime | None = None, patience: float = PATIENCE
) -> dict[str, Any]:
    """Say what a load would read, without running it.

    Parameters
    ----------
    client : google.cloud.bigquery.Client
    since, until : date
        First and last day, both counted [UTC].
    now : datetime, optional
        A day that is not over by then cannot be loaded.
    patience : float
        How long to try again what may pass [seconds].

    Returns
    -------
    dict
        `table`, `since`, `until`, `days` [count], `bytes` [bytes].

    Raises
    ------
    SourceError
        The span ends before it begins, begins before GDELT 2.0, or ends on a day that is not over.
    """
    if since < BEGIN:
        raise SourceError(f"the files of GDELT 2.0 begin on {BEGIN}; {since} is before", todo="choose a later --since")
    if until >= (now or datetime.now(UTC)).date():
        raise SourceError(
            f"the day {until} is not over (UTC)",
            why="a day is asked for once, and its later rows would never come",
            todo="choose an earlier --until",
        )
    days = (until - since).days + 1
    if days < 1:
        raise SourceError(f"the period ends before it begins: {since} to {until}", todo="swap --since and --until")
    size = estimate_bytes(client, write_query(since, until), patience)
    return {"table": TABLE, "since": since.isoformat(), "until": until.isoformat(), "days": days, "bytes": size}


def load_days(
    folder: Path,
    client: Client,
    estimate: Mapping[str, Any],
    limits: Limits | None = None,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Load the days of a span, one query and one ledger entry each; days that are there already are not asked again.

    Parameters
    ----------
    folder : Path
        Folder of the store; made where there is none.
    client : google.cloud.bigquery.Client
    estimate : mapping
        From `estimate_load`.
    limits : Limits, optional
    now : datetime, optional
        Time of the ledger entries [UTC].
    progress : callable, optional
        Told after each day: days done, days in all, rows read.

    Returns
    -------
    dict
        As `comity.events.step.load_files`, with `bytes_stated` and `bytes_billed` [bytes], and `days_without_rows`:
        those are not entered, since no row in all the world is no calm day, and are asked for again next time.

    Raises
    ------
    SourceError
        The load would read more bytes than the limit.
    FetchError
        BigQuery does not answer, or not with all rows; the days before stay loaded.
    """
    limits = limits or Limits()
    if estimate["bytes"] > limits.most_bytes:
        raise SourceError(
            f"the load would read {estimate['bytes']:,} bytes, more than the limit of {limits.most_bytes:,}",
            where=estimate["table"],
            why="BigQuery bills what a query reads",
            todo="choose fewer days, or a higher --most-bytes",
        )
    first = date.fromisoformat(estimate["since"])
    days = [first + timedelta(days=n) for n in range(estimate["days"])]
    wanted = [day for day in days if name_day(day) not in _list_loaded(folder)]
    account, billed = Account(), 0
    without: list[str] = []
    for done, day in enumerate(wanted, 1):
        query = write_query(day, day)
        answer = run_query(client, query, limits.most_bytes - billed, limits.patience)
        billed += answer.bytes_billed
        if answer.rows:
            check_answer(answer, day)
            account.add(_load_day(folder, day, query, answer, (now, limits.wait)))
        else:
            without.append(day.isoformat())
        if progress:
            progress(done, len(wanted), account.rows_read)
    known = {"days_known": len(days) - len(wanted), "days_without_rows": without}
    return {**account.as_dict(), **known, "bytes_stated": estimate["bytes"], "bytes_billed": billed}


def check_answer(answer: Answer, day: date) -> None:
    """Refuse an answer that is not all of what was asked for: nothing of such a day is loaded.

    Parameters
    ----------
    answer : Answer
        With at least one row.
    day : date
        The day that was asked for, for the message.

    Raises
    ------
    FetchError
        A column is missing or of another type, or the rows that came are not those that BigQuery counted.
    """
    names = {*_list_columns(), "reason", "rows", WHOLE}
    fault = ""
    if lacking := sorted(names - set(answer.rows[0])):
        fault = f"the columns {', '.join(lacking)} are missing"
    elif any(not _is_sound(row) for row in answer.rows):
        fault = "a number of rows that is none, or a value that is no text"
    elif (came := sum(row["rows"] for row in answer.rows)) != answer.rows[0][WHOLE]:
        fault = f"it counted {answer.rows[0][WHOLE]:,} rows, and {came:,} came"
    elif len({tuple(row.values()) for row in answer.rows}) < len(answer.rows):
        fault = "a row came twice"
    if fault:
        raise FetchError(
            f"the answer for {day} is not whole: {fault}",
            where=f"{TABLE}, job {answer.job}",
            why="missing is not zero: nothing of that day was loaded, and the days before stay loaded",
            todo="run the same command again; it goes on with that day",
        )


def _is_sound(row: Mapping[str, Any]) -> bool:
    """Say whether a row of an answer has numbers where they belong, and texts or nothing else."""
    counts = [row["rows"], row[WHOLE]]
    texts = [value for name, value in row.items() if name not in ("rows", WHOLE)]
    whole = all(type(count) is int and count > 0 for count in counts)
    return whole and all(value is None or isinstance(value, str) for value in texts)


def name_day(day: date) -> str:
    """Return the name under which a day's rows stand in the ledger."""
    return f"bigquery-{day:%Y%m%d}.export.CSV.zip"


def _list_loaded(folder: Path) -> set[str]:
    """Return the names of the files that a store has loaded."""
    if not (folder / NOTE).exists():
        return set()
    con = open_store(folder).take_snapshot().connect_ledger()
    rows = con.execute("select name from ledger where status in ('loaded', 'empty')").fetchall()
    con.close()
    return {name for (name,) in rows}


def _load_day(folder: Path, day: date, query: str, answer: Answer, when: tuple[datetime | None, float]) -> Loaded:
    """Load the rows of a day, and enter beside them how many were left in BigQuery, and why."""
    now, wait = when
    store = create_store(folder)
    with TemporaryDirectory() as place:
        path = Path(place) / name_day(day)
        path.write_bytes(pack_rows([row for row in answer.rows if row["reason"] is None], path.name))
        with store.write(wait) as writer:
            shelf = Shelf.open(store, now)
            loaded = shelf.place(read_files([path], SOURCE, shelf.known)[0])
            _add_left(loaded.entry, query, answer)
            commit_files(writer, [loaded], shelf)
    return loaded


def _add_left(entry: dict[str, Any], query: str, answer: Answer) -> None:
    """Add to a ledger entry the rows that never left BigQuery, and what was asked."""
    left = {row["reason"]: int(row["rows"]) for row in answer.rows if row["reason"] is not None}
    dropped = json.loads(entry.get("dropped") or "{}")
    both = {reason: left.get(reason, 0) + dropped.get(reason, 0) for reason in sorted({*left, *dropped})}
    rows = (entry.get("rows_read") or 0) + sum(left.values())
    status = "loaded" if rows and entry["status"] == "empty" else entry["status"]
    mark = hashlib.sha256(query.encode()).hexdigest()[:16]
    detail = f"BigQuery {TABLE}, query {mark}, job {answer.job}, {answer.bytes_billed} bytes billed"
    entry |= {"rows_read": rows, "dropped": json.dumps(both, sort_keys=True), "status": status, "detail": detail}


def pack_rows(rows: Sequence[Mapping[str, Any]], name: str) -> bytes:
    """Write rows as a zip of the publisher's layout, columns that were not asked for empty: same rows, same bytes.

    Parameters
    ----------
    rows : sequence of mappings
        The publisher's columns as text, and `rows`: how often each stands in the table [count].
    name : str
        Name of the file.
    """
    layout = read_source(SOURCE).layout
    lines = []
    for row in rows:
        fields = [str(row.get(column) or "").translate(_BLANK) for column in layout]
        lines += ["\t".join(fields) + "\n"] * int(row["rows"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name.removesuffix(".zip"), _MADE)
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, "".join(sorted(lines)))
    return buffer.getvalue()

"""The way from a publisher's table to the index's inputs as Ibis expressions, for any engine.

| function | from | gives |
|---|---|---|
| `select_actors(raw)` | the publisher's table | its rows between two actors as they are, counts of the others |
| `code_rows(raw)` | the publisher's table | the rows kept, as the store's table `events` has them |
| `count_reasons(raw)` | the publisher's table | rows kept, set aside and dropped, by reason |
| `choose_rows(events, ledger)` | the store's two tables | the rows that count: files superseded left out |
| `group_events(rows)` | rows | one event a day, sender, receiver and code, on a scale |
| `sum_days(rows, level)` | rows | what the index needs, by day, sender and receiver |

All take and give Ibis tables; `comity/events/sql` holds the same as SQL, written by `scripts/build_sql.py`, so that an
engine needs neither Ibis nor Comity. Sums of scores are sums of whole numbers, divided once: they do not depend on the
order in which an engine adds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comity.events.errors import EventError
from comity.events.judgement import (
    COUNTS,
    RAW_COLUMNS,
    choose,
    judge_actors,
    judge_days,
    judge_numbers,
    name_values,
    read_texts,
)
from comity.events.scale import Scale, read_scale
from comity.events.view import LEVELS
from comity.store.tables import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.types import Table

SOURCE = "gdelt2"
ID_RESET = "2015-02-19 00:00:00"  # GDELT began its numbers anew
KEY = ("date", "sender", "receiver", "code")


def name_raw() -> Table:
    """Return the publisher's table as the expressions take it: the columns needed, under the publisher's names."""
    import ibis

    return ibis.table(dict.fromkeys(RAW_COLUMNS, "string"), name="gdelt_raw")


def name_rows(name: str = "rows") -> Table:
    """Return a table of rows with the store's columns."""
    import ibis

    kinds = {"text": "string", "time": "timestamp"}
    return ibis.table({column.name: kinds.get(column.type, column.type) for column in EVENTS}, name=name)


def name_ledger() -> Table:
    """Return the columns of the store's ledger that say which files count."""
    import ibis

    columns = {"batch": "string", "seen_at": "timestamp", "events_version": "int64", "name": "string"}
    return ibis.table({**columns, "sha256": "string", "status": "string"}, name="ledger")


def select_actors(raw: Table) -> Table:
    """Choose the rows between two different states or organisations, as they are, in one pass over the table.

    Parameters
    ----------
    raw : ibis table
        With the publisher's columns `RAW_COLUMNS`, text or numbers.

    Returns
    -------
    ibis table
        `RAW_COLUMNS` as text, `reason` and `rows` [count]. A row between actors has no reason; the others are
        counted by reason, and nothing else of them leaves the engine.

    References
    ----------
    `leetaru-schrodt-2013`, `cameo-1.1b3` in docs/bibliography.md
    """
    import ibis

    judged = judge_actors(read_texts(raw))
    shown = {name: ibis.ifelse(judged.outside.isnull(), judged[name], None) for name in RAW_COLUMNS}
    chosen = judged.select(**shown, reason=judged.outside)
    return chosen.group_by([*RAW_COLUMNS, "reason"]).agg(rows=lambda table: table.count())


def _judge(raw: Table) -> Table:
    """Judge every row; each pair of a day and a time of adding is judged once, as there are few."""
    codes = sorted(row.code for row in read_scale().rows)
    texts = read_texts(raw)
    days = judge_days(texts.select("SQLDATE", "DATEADDED").distinct())
    return judge_numbers(judge_actors(texts).join(days, ["SQLDATE", "DATEADDED"]), codes)


def code_rows(raw: Table) -> Table:
    """Judge the rows of a table, and give those that are kept.

    Parameters
    ----------
    raw : ibis table
        As in `select_actors`.

    Returns
    -------
    ibis table
        Columns of the store's table `events`; `file` is empty, since a table has no files.

    References
    ----------
    `leetaru-schrodt-2013`, `cameo-1.1b3` in docs/bibliography.md
    """
    import ibis

    judged = _judge(raw)
    kept = judged.filter(judged.outside.isnull(), judged.reason.isnull())
    columns: dict[str, Any] = {
        "source": ibis.literal(SOURCE),
        "date": kept.day.cast("date"),
        "reports": ibis.literal(1, "int32"),
        "articles": ibis.literal(1, "int32"),
        "added": kept.time.cast("timestamp"),
        "file": ibis.literal(""),
    }
    return kept.select(**{column.name: columns.get(column.name, kept[column.name]
                          if column.name in kept.columns else None) for column in EVENTS})  # fmt: skip


def count_reasons(raw: Table) -> Table:
    """Count what became of the rows of a table.

    Parameters
    ----------
    raw : ibis table
        As in `select_actors`.

    Returns
    -------
    ibis table
        `fate` (`kept`, `set_aside` or `dropped`), `reason` (empty for those kept) and `rows` [count].
    """
    judged = _judge(raw)
    fate = choose((judged.outside.notnull(), "dropped"), (judged.reason.notnull(), "set_aside"), otherwise="kept")
    reason = choose((judged.outside.notnull(), judged.outside), (judged.reason.notnull(), judged.reason), otherwise="")
    said = judged.select(fate=fate, reason=reason)
    return said.group_by(["fate", "reason"]).agg(rows=said.count()).order_by(["fate", "reason"])


def choose_rows(events: Table, ledger: Table) -> Table:
    """Choose of a store's rows those of the files that count.

    Parameters
    ----------
    events, ledger : ibis tables
        The store's tables of these names, as Delta Lake lists them.

    Returns
    -------
    ibis table
        As `events`: the view `rows` of a snapshot, before revisions.
    """
    import ibis

    named = ledger.mutate(_key=ledger.sha256.fill_null(ledger.name), _twice=ledger.status == "duplicate")
    order = [ibis.desc("events_version"), ibis.desc("seen_at"), ibis.desc("batch")]
    words = named.mutate(_place=ibis.row_number().over(ibis.window(group_by=["_key", "_twice"], order_by=order)))
    counted = words.filter(words["_place"] == 0, words.status == "loaded", words.sha256.notnull())
    return events.semi_join(counted.select(mark=counted.sha256[0:16]).distinct(), [("file", "mark")])


def take_newest(rows: Table) -> Table:
    """Take of an event that was revised the last revision, by every column where two came at once."""
    import ibis

    era = rows.added >= ibis.literal(ID_RESET).cast("timestamp")
    ends = [ibis.desc("added"), ibis.desc("file"), *KEY, "url", *COUNTS, "reports", "articles"]
    window = ibis.window(group_by=["source", "event_id", "_era"], order_by=ends)
    placed = rows.mutate(_era=era)
    placed = placed.mutate(_place=ibis.row_number().over(window))
    return placed.filter(placed.event_id.isnull() | (placed["_place"] == 0)).select(*rows.columns)


def group_events(rows: Table, scale: Scale | None = None) -> Table:
    """Take one event a day, sender, receiver and code, and give it its place on a scale.

    Parameters
    ----------
    rows : ibis table
        Of `code_rows`, or of `choose_rows`; of one source.
    scale : Scale, optional
        Goldstein's where left out.

    Returns
    -------
    ibis table
        `date`, `sender`, `receiver`, `code`, `type`, `quad`, `score` [points], `reports`, `articles` [count], `url`. An
        event stands for `reports`, for `articles` or for 1 at the level of that name.

    References
    ----------
    `goldstein-1992`, `plover-0.8` in docs/bibliography.md
    """
    scale = scale or read_scale()
    events = _group(rows)
    unit = find_unit(scale)
    points = _score(events, scale, unit)
    language = {row.code: row for row in (*read_scale().rows, *scale.rows)}
    kinds = {code: row.type for code, row in language.items()}
    quads = {code: str(row.quad) for code, row in language.items()}
    return events.select(
        *KEY,
        type=name_values(events.code, kinds),
        quad=name_values(events.code, quads).cast("int8"),
        score=points.cast("float64") / float(unit),
        reports=events.reports,
        articles=events.articles,
        url=events.url,
    )


def _group(rows: Table) -> Table:
    """Take one event a day, sender, receiver and code."""
    import ibis

    newest = take_newest(rows)
    linked = newest.group_by([*KEY, "url"]).agg(reports=newest.reports.sum(), articles=newest.articles.max())
    linked = linked.mutate(_none=linked.url.isnull().ifelse(1, 0))
    order = ["_none", ibis.desc("reports"), "url"]
    placed = linked.mutate(_place=ibis.row_number().over(ibis.window(group_by=list(KEY), order_by=order)))
    first = ibis.ifelse(placed["_place"] == 0, placed.url, None)
    return placed.group_by(list(KEY)).agg(
        reports=placed.reports.sum().cast("int64"), articles=placed.articles.sum().cast("int64"), url=first.max()
    )


def find_unit(scale: Scale) -> int:
    """Return by what the scores of a scale are multiplied to be whole numbers.

    Raises
    ------
    EventError
        A score has more than six decimals.

    Examples
    --------
    >>> from comity.events.scale import read_scale
    >>> find_unit(read_scale())
    10
    """
    exponents = [
        Decimal(repr(row.score)).normalize().as_tuple().exponent for row in scale.rows if row.score is not None
    ]
    most = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    if most > 6:
        raise EventError(
            f"a score of the scale {scale.id} has {most} decimals",
            why="sums would depend on the order in which an engine adds",
            todo="round the scores to six decimals",
        )
    return int(10 ** max(most, 0))


def _score(events: Table, scale: Scale, unit: int) -> Any:
    """Return the score of an event as a whole number of units."""
    points: dict[int, list[str]] = {}
    for row in scale.rows:
        if row.score is not None:
            points.setdefault(int(Decimal(repr(row.score)) * unit), []).append(row.code)
    return choose(*((events.code.isin(sorted(codes)), value) for value, codes in sorted(points.items()))).cast("int64")


def sum_days(rows: Table, level: str = "events", scale: Scale | None = None) -> Table:
    """Sum the events of directed pairs by day: what the index of relations needs.

    Parameters
    ----------
    rows : ibis table
        As in `group_events`.
    level : str
        `reports`, `articles` or `events`.
    scale : Scale, optional
        Goldstein's where left out.

    Returns
    -------
    ibis table
        `date`, `sender`, `receiver`, `events` [count], `count` (those with a score [count]), `total` (sum of scores
        [points]) and `square` (sum of their squares [points squared]), as `comity.relations.series` sums them.

    Raises
    ------
    EventError
        There is no such level.
    """
    import ibis

    if level not in LEVELS:
        raise EventError(f"there is no level {level!r}", todo=f"choose one of {', '.join(LEVELS)}")
    scale = scale or read_scale()
    unit = find_unit(scale)
    events = _group(rows)
    weight = ibis.literal(1, "int64") if level == "events" else events[level]
    scored = events.select("date", "sender", "receiver", weight=weight, points=_score(events, scale, unit))
    none = scored.points.isnull()
    total = (scored.points * scored.weight).sum().fill_null(0).cast("float64")
    square = (scored.points * scored.points * scored.weight).sum().fill_null(0).cast("float64")
    return scored.group_by(["date", "sender", "receiver"]).agg(
        events=scored.weight.sum().cast("int64"),
        count=ibis.ifelse(none, 0, scored.weight).sum().cast("int64"),
        total=total / float(unit),
        square=square / float(unit * unit),
    )


def list_queries() -> dict[str, Callable[[], Table]]:
    """Return what `comity/events/sql` holds: the name of each query, and its expression."""
    return {
        "actors": lambda: select_actors(name_raw()),
        "rows": lambda: code_rows(name_raw()),
        "reasons": lambda: count_reasons(name_raw()),
        "store_rows": lambda: choose_rows(name_rows("events"), name_ledger()),
        "events": lambda: group_events(name_rows()),
        "days_reports": lambda: sum_days(name_rows(), "reports"),
        "days_articles": lambda: sum_days(name_rows(), "articles"),
        "days_events": lambda: sum_days(name_rows(), "events"),
    }

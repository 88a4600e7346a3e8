"""How much of the stream is there: slots expected, loaded and missing, by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.events.view import ALL
from comity.sources import FAMILIES, list_sources, read_source

if TYPE_CHECKING:
    import duckdb

DAY = 86_400
YEAR_DIGITS, MONTH_DIGITS = 4, 6


class DayCoverage(NamedTuple):
    """One day of the stream; slots are None where a source has no timetable."""

    date: date
    slots_loaded: int | None
    slots_expected: int | None
    events: int


_FILLED = f"""
select distinct unnest(case digits
    when {YEAR_DIGITS} then range(slot, slot + interval 1 year, interval 1 day)
    when {MONTH_DIGITS} then range(slot, slot + interval 1 month, interval 1 day)
    else [slot]
end) as slot
from (
    select length(regexp_extract(name, '^[0-9]+')) as digits, timezone('UTC', slot) as slot from ledger
    where source = ? and slot is not null and status in ('loaded', 'empty')
)
"""
"""Slots of a source that are filled [UTC]; a file whose name is a year or a month fills each day of it."""


def list_days(con: duckdb.DuckDBPyConnection) -> list[DayCoverage]:
    """Return each day from the first covered to the last.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the views `ledger`, `rows` and `events`.

    Returns
    -------
    list of DayCoverage
        Every calendar day between; a day with no slot loaded has `slots_loaded` 0. Where the rows of one source
        were chosen, files of others cover nothing. Days of tables
        without a timetable are covered where they have events. `events` counts all events of that day
        at the level of the view [count].
    """
    loaded: dict[date, int] = {}
    expected: dict[date, int] = {}
    for source in (read_source(name) for name in _list_chosen(con)):
        if source.cadence:
            query = f"select slot::date, count(*) from ({_FILLED}) group by 1 order by 1"
            for day, slots in con.execute(query, [source.id]).fetchall():
                loaded[day] = loaded.get(day, 0) + slots
                expected[day] = DAY // source.cadence
    most = max(expected.values(), default=None)
    counts = {day: int(n) for day, n in con.execute("select date, sum(weight) from events group by 1").fetchall()}
    free = _list_untimed(con)
    days = sorted({*loaded, *free})
    if not days:
        return []
    span = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    return [
        DayCoverage(
            day,
            None if day in free and day not in loaded else loaded.get(day, 0),
            None if day in free and day not in loaded else expected.get(day, most),
            counts.get(day, 0),
        )
        for day in span
    ]


def _list_chosen(con: duckdb.DuckDBPyConnection) -> Sequence[str]:
    """Return the sources whose rows are looked at: those of the family that was chosen, or all."""
    if not con.execute("select table_name from duckdb_tables() where table_name = 'chosen_source'").fetchall():
        return list_sources()
    ((chosen,),) = con.execute("select source from chosen_source").fetchall()
    return list_sources() if chosen == ALL else FAMILIES[chosen]


def _list_untimed(con: duckdb.DuckDBPyConnection) -> set[date]:
    """Return the days of events from files that stand for no slot; all rows are looked at only if there are such."""
    untimed = "select sha256[:16] from ledger where slot is null and status = 'loaded'"
    if not con.execute(f"{untimed} limit 1").fetchall():
        return set()
    return {row[0] for row in con.execute(f"select distinct date from rows where file in ({untimed})").fetchall()}


def is_covered(day: DayCoverage) -> bool:
    """Return whether anything of a day was loaded, so that no event means none seen."""
    return day.slots_loaded is None or day.slots_loaded > 0


def count_slots(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Count the slots of each source between its first and its last.

    Returns
    -------
    dict
        Source to `first`, `last` (ISO times, UTC), `expected`, `loaded`, `missing` [count] and `newest_gap`
        (the last missing slot before the last loaded one, or None).
    """
    found = {}
    for source in (read_source(name) for name in list_sources()):
        rows = con.execute(_FILLED, [source.id]).fetchall() if source.cadence else []
        slots = {slot.replace(tzinfo=UTC) for (slot,) in rows}
        if slots and source.cadence:
            first, last = min(slots), max(slots)
            step = timedelta(seconds=source.cadence)
            expected = [first + n * step for n in range(int((last - first) / step) + 1)]
            gaps = [slot for slot in expected if slot not in slots]
            found[source.id] = {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "expected": len(expected),
                "loaded": len(slots),
                "missing": len(gaps),
                "newest_gap": gaps[-1].isoformat() if gaps else None,
            }
    return found

"""Trino's and BigQuery's SQL, read as such by sqlglot and written for DuckDB, gives what the package gives.

Neither engine can be had here. What this shows: the text is of the dialect's grammar, and its joins, windows, lists,
limits and arithmetic say what is meant. What it does not show: that the engine's functions do what sqlglot takes them
to do, and that the engine accepts a query of this length.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from tests.specimens.engines import LEVELS, Ground, name_account, open_duckdb

from comity.events.warehouse import read_query, write_query
from comity.sources.warehouse import TABLE

sqlglot = pytest.importorskip("sqlglot", reason="needs sqlglot, which comes with Ibis (`make scale`)")
DIALECTS = ("bigquery", "trino")


def translate(text: str, dialect: str) -> str:
    """Write a query of a dialect for DuckDB; what has no counterpart is an error."""
    tree = sqlglot.parse_one(text, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    for padded in tree.find_all(sqlglot.exp.Pad):  # DuckDB wants a width of 32 bits
        padded.set("expression", sqlglot.exp.cast(padded.expression, "int"))
    return tree.sql("duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)


@pytest.fixture(scope="module", params=["ground", "real_ground"])
def ground(request: pytest.FixtureRequest) -> Ground:
    return request.getfixturevalue(request.param)


def open_laid(ground: Ground, dialect: str) -> duckdb.DuckDBPyConnection:
    con = open_duckdb(ground)
    con.execute("create macro ieee_divide(a, b) as a::double / b")
    con.execute(f"create table rows as {translate(read_query('rows', dialect), dialect)}")
    return con


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_account_and_the_rows_are_the_same(dialect: str, ground: Ground):
    con = open_laid(ground, dialect)
    found = con.execute(translate(read_query("reasons", dialect), dialect)).fetchall()
    assert sorted(found) == name_account(ground.account)
    assert con.execute("select * exclude (file) from rows order by all").fetchall() == ground.rows


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_events_and_the_sums_of_days_are_the_same(dialect: str, ground: Ground):
    con = open_laid(ground, dialect)
    events = translate(read_query("events", dialect), dialect)
    assert con.execute(f"select * from ({events}) order by date, sender, receiver, code").fetchall() == ground.events
    for level in LEVELS:
        days = translate(read_query(f"days_{level}", dialect), dialect)
        assert con.execute(f"select * from ({days}) order by all").fetchall() == ground.days[level]


def test_the_query_that_bigquery_is_sent_asks_for_the_days_and_the_actors(ground: Ground):
    con = open_laid(ground, "bigquery")
    day = date(2025, 5, 15)
    con.execute(
        "create table partitioned as select * replace (try_cast(DATEADDED as bigint) as DATEADDED), "
        "try_strptime(DATEADDED[:8], '%Y%m%d') as _PARTITIONTIME from gdelt_raw"
    )
    sent = write_query(day, day).replace(f"`{TABLE}`", "partitioned")
    found = con.execute(translate(sent, "bigquery")).fetchall()
    asked = con.execute("select count(*) from partitioned where DATEADDED between 20250515000000 and "
                        "20250515235959").fetchone()  # fmt: skip
    *_, reasons, counts, wholes = zip(*found, strict=True)
    assert asked is not None and sum(counts) == asked[0] > 0
    assert set(wholes) == {asked[0]}
    kept = con.execute("select count(*) from rows where added::date = date '2025-05-15'").fetchone()
    assert kept is not None and sum(n for n, why in zip(counts, reasons, strict=True) if why is None) >= kept[0] > 0

"""The SQL that ships gives what the package gives, on an engine that knows nothing of either."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.specimens.engines import LEVELS, Ground, name_account, open_duckdb

from comity.events.warehouse import FOLDER, read_query
from comity.sources import SourceError
from comity.store import open_store

DIALECTS = ("bigquery", "clickhouse", "duckdb", "spark", "trino")
QUERIES = ("actors", "rows", "reasons", "store_rows", "events", *(f"days_{level}" for level in LEVELS))


@pytest.fixture(scope="module", params=["ground", "real_ground"])
def laid(request: pytest.FixtureRequest) -> tuple[Ground, duckdb.DuckDBPyConnection]:
    ground: Ground = request.getfixturevalue(request.param)
    con = open_duckdb(ground)
    con.execute(f"create table rows as {read_query('rows', 'duckdb')}")
    return ground, con


def test_every_row_is_kept_set_aside_or_dropped_for_the_same_reason(laid: tuple[Ground, duckdb.DuckDBPyConnection]):
    ground, con = laid
    found = con.execute(read_query("reasons", "duckdb")).fetchall()
    assert sorted(found) == name_account(ground.account)
    assert sum(rows for *_, rows in found) == ground.account["rows_read"]


def test_the_rows_kept_are_the_same(laid: tuple[Ground, duckdb.DuckDBPyConnection]):
    ground, con = laid
    found = con.execute("select * exclude (file) from rows order by all")
    assert found.fetchall() == ground.rows


def test_the_events_are_the_same_with_the_same_link(laid: tuple[Ground, duckdb.DuckDBPyConnection]):
    ground, con = laid
    query = f"select * from ({read_query('events', 'duckdb')}) order by date, sender, receiver, code"
    assert con.execute(query).fetchall() == ground.events


@pytest.mark.parametrize("level", LEVELS)
def test_the_sums_of_a_day_are_the_same_to_the_last_digit(level: str, laid: tuple[Ground, duckdb.DuckDBPyConnection]):
    ground, con = laid
    found = con.execute(f"select * from ({read_query(f'days_{level}', 'duckdb')}) order by all").fetchall()
    assert found == ground.days[level]
    assert any(values[-1] for values in found)


def test_the_rows_that_count_are_chosen_from_the_stores_tables(ground: Ground):
    snapshot = open_store(ground.folder).take_snapshot()
    con = duckdb.connect()
    events, ledger = snapshot.read_rows("events"), snapshot.read_rows("ledger")
    con.register("events", events)
    con.register("ledger", ledger)
    count = f"select count(*) from ({read_query('store_rows', 'duckdb')})"
    assert con.execute(count).fetchall() == [(len(ground.rows),)]
    con.register(
        "ledger", ledger.set_column(ledger.schema.get_field_index("status"), "status", pa.array(["superseded"]))
    )
    assert con.execute(count).fetchall() == [(0,)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_has_each_query(dialect: str):
    assert sorted(path.stem for path in (FOLDER / dialect).glob("*.sql")) == sorted(QUERIES)


def test_a_query_that_does_not_exist_is_refused():
    with pytest.raises(SourceError, match="no query 'rows' for 'basic'"):
        read_query("rows", "basic")


def test_the_sql_is_what_the_expressions_compile_to(repository: Path):
    pytest.importorskip("ibis", reason="needs Ibis to compile the SQL again (`make scale`)")
    pytest.importorskip("pyspark", reason="needs pyspark to compile the dialect of Spark (`make scale`)")
    import runpy

    script = runpy.run_path(str(repository / "scripts" / "build_sql.py"))
    differing = [name for name, text in script["compile_queries"]().items() if (FOLDER / name).read_text() != text]
    assert differing == []


def test_ibis_itself_gives_the_same_on_the_embedded_engine(ground: Ground):
    ibis = pytest.importorskip("ibis", reason="needs Ibis (`make scale`)")
    from comity.events.expressions import code_rows, count_reasons, group_events, sum_days

    con = ibis.duckdb.from_connection(open_duckdb(ground))
    raw = con.table("gdelt_raw")
    reasons = con.to_pyarrow(count_reasons(raw)).to_pylist()
    assert sorted((r["fate"], r["reason"], r["rows"]) for r in reasons) == name_account(ground.account)
    rows = code_rows(raw)
    events = con.to_pyarrow(group_events(rows).order_by(["date", "sender", "receiver", "code"]))
    assert [tuple(row.values()) for row in events.to_pylist()] == ground.events
    for level in LEVELS:
        days = con.to_pyarrow(sum_days(rows, level).order_by(["date", "sender", "receiver"]))
        assert [tuple(row.values()) for row in days.to_pylist()] == ground.days[level]

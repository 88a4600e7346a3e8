"""ClickHouse, in this process, gives by the SQL that ships what the embedded engine gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pyarrow as pa
import pytest
from tests.specimens.engines import LEVELS, Ground, name_account, open_duckdb

from comity.events.warehouse import read_query


class Server:
    """ClickHouse as chdb runs it, in a zone of its own."""

    def __init__(self) -> None:
        from chdb.session import Session

        self.session = Session()
        self.session.query("set session_timezone = 'Asia/Kathmandu'")

    def lay(self, name: str, query: str) -> None:
        """Make a table of what a query gives."""
        self.session.query(f"create or replace table {name} engine = MergeTree order by tuple() as {query}")

    def take(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query gives as sorted rows, times in UTC and without a zone."""
        rows = pa.ipc.open_file(self.session.query(query, "Arrow").bytes()).read_all().to_pylist()
        return sorted((tuple(map(_plain, row.values())) for row in rows), key=repr)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) else value


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start ClickHouse, or skip and say what is missing."""
    pytest.importorskip("chdb", reason="needs chdb-core (`make scale` installs it)")
    served = Server()
    yield served
    served.session.close()


@pytest.fixture(scope="module", params=["ground", "real_ground"])
def laid(
    request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ground, Server]:
    """Give ClickHouse the publisher's table as Parquet, and judge its rows by the SQL that ships."""
    ground: Ground = request.getfixturevalue(request.param)
    path = tmp_path_factory.mktemp("clickhouse") / "raw.parquet"
    open_duckdb(ground).execute(f"copy gdelt_raw to '{path}' (format parquet)")
    server.lay("gdelt_raw", f"select * from file('{path}', Parquet)")
    server.lay("rows", read_query("rows", "clickhouse"))
    return ground, server


def test_clickhouse_accounts_for_every_row_alike(laid: tuple[Ground, Server]):
    ground, server = laid
    assert server.take(read_query("reasons", "clickhouse")) == sorted(name_account(ground.account), key=repr)


def test_clickhouse_keeps_the_same_rows(laid: tuple[Ground, Server]):
    ground, server = laid
    assert server.take("select * except file from rows") == sorted(ground.rows, key=repr)


def test_clickhouse_gives_the_same_events(laid: tuple[Ground, Server]):
    ground, server = laid
    assert server.take(read_query("events", "clickhouse")) == sorted(ground.events, key=repr)


@pytest.mark.parametrize("level", LEVELS)
def test_clickhouse_sums_days_to_the_same_last_digit(level: str, laid: tuple[Ground, Server]):
    ground, server = laid
    assert server.take(read_query(f"days_{level}", "clickhouse")) == sorted(ground.days[level], key=repr)


def test_clickhouse_counts_alike_what_it_selects_for_a_store(laid: tuple[Ground, Server]):
    ground, server = laid
    chosen = server.take(f"select reason, sum(rows) from ({read_query('actors', 'clickhouse')}) group by reason")
    dropped = {reason: int(rows) for reason, rows in chosen}
    between = dropped.pop(None)
    assert dropped == ground.account["dropped"]
    assert between == ground.account["rows_kept"] + sum(ground.account["set_aside"].values())


def test_clickhouse_opens_the_stores_own_delta_tables(laid: tuple[Ground, Server], monkeypatch: pytest.MonkeyPatch):
    ground, server = laid
    monkeypatch.chdir(ground.folder)  # chdb opens Delta tables below the working folder alone
    for table in ("events", "ledger"):
        opened = f"select * from deltaLakeLocal('{ground.folder / table}')"
        server.session.query(f"create or replace view {table} as {opened}")
    server.lay("rows", read_query("store_rows", "clickhouse"))
    assert server.take("select * except file from rows") == sorted(ground.rows, key=repr)
    assert server.take(read_query("days_events", "clickhouse")) == sorted(ground.days["events"], key=repr)

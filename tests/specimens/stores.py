"""Stores for the tests: the real files loaded once, and what a store holds apart from when and in which batch."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from comity.api import describe_store, load_events
from comity.store import open_store

NOW = datetime(2025, 6, 7, 12, 0, tzinfo=UTC)
CONTENTS = {
    "rows": "select * from rows order by all",
    "files": "select name, sha256, source, slot, status, bytes, member_time, rows_read, rows_kept, dropped, set_aside "
    "from ledger where status <> 'duplicate' order by all",
    "aside": "select * exclude (batch) from set_aside order by all",
}
FAULTS = """
with found as (select file, count(*) as n from rows_all group by 1),
said as (
    select sha256[:16] as file, count(*) as entries, any_value(rows_kept) as n, bool_and(rows_read = rows_kept
        + coalesce(list_sum(map_values(dropped::json::map(varchar, bigint))), 0)
        + coalesce(list_sum(map_values(set_aside::json::map(varchar, bigint))), 0)) as adds_up
    from ledger where status in ('loaded', 'superseded') group by 1
)
select coalesce(said.file, found.file), said.entries, said.n, found.n, said.adds_up
from said full join found using (file)
where said.entries is distinct from 1 or coalesce(said.n, 0) <> coalesce(found.n, 0) or not said.adds_up
"""
_LOADED: dict[Path, tuple[Path, dict[str, Any]]] = {}


def load_real(shared: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Load the 883 real files once in a run of the tests; return the store's folder and the account of the load."""
    if shared not in _LOADED:
        _LOADED[shared] = (folder, load_events(shared / "data" / "gdelt2", folder, now=NOW))
    return _LOADED[shared]


def list_contents(folder: Path, as_of: datetime | None = None, *, checked: bool = False) -> dict[str, Any]:
    """Give what a store says: rows that count, files by their last word, rows set aside.

    Batches, versions and times of entries are left out: they may differ between two loads of the same files. So may
    the lateness of a file, and which of two issues of a slot the detail says came first.
    """
    con = open_store(folder).take_snapshot(as_of).connect()
    try:
        if checked:
            assert find_faults(con) == []
        return {
            name: [tuple(row.values()) for row in con.sql(query).to_arrow_table().to_pylist()]
            for name, query in CONTENTS.items()
        }
    finally:
        con.close()


def list_versions(folder: Path) -> dict[str, Any]:
    """Give everything about a store that a load which changes nothing must leave as it is."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {"status": describe_store(folder), "files": [name for name in names if name != ".lock"]}


def check_accounts(folder: Path) -> None:
    """Assert that ledger and events agree: each file's rows are there once, and its counts add up."""
    con = open_store(folder).take_snapshot().connect()
    try:
        assert find_faults(con) == []
    finally:
        con.close()


def find_faults(con: duckdb.DuckDBPyConnection) -> list[Any]:
    """List the files whose rows are not there as often as the ledger says, or whose counts do not add up."""
    return con.execute(FAULTS).fetchall()

"""The same rows for every engine: a store filled by the package's own way, and the publisher's table as text."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from comity.events.scale import read_scale
from comity.events.step import load_files
from comity.events.view import connect_events
from comity.sources import read_source
from comity.store import open_store

LEVELS = ("reports", "articles", "events")
FAULTS: tuple[dict[str, object], ...] = (
    {"date": "20250230"}, {"date": "2025-05-15"}, {"date": "2025051"}, {"date": ""}, {"date": "18991231"},
    {"date": "20250516"}, {"date": "20250415"}, {"date": "20240515"}, {"date": "20150515"}, {"date": "20150518"},
    {"date": "20240229", "added": "20250228120000"}, {"date": "20250228", "added": "20250331000000"},
    {"date": "20250415", "added": "20250515"}, {"added": "20250515240000"}, {"added": "20250515126000"}, {"added": ""},
    {"added": "2025051512000"}, {"code": "9999"}, {"code": "42"}, {"code": " 042 "}, {"code": ""},
    {"mentions": "-1"}, {"mentions": "2147483648"}, {"mentions": "0000000000000000007"}, {"mentions": ""},
    {"sources": "one"}, {"articles": "1.5"}, {"articles": " 7 "}, {"event_id": "9223372036854775808"},
    {"event_id": "9223372036854775807"}, {"event_id": ""}, {"event_id": ""}, {"event_id": "x"}, {"url": ""},
    {"country1": ""}, {"country2": ""}, {"country1": "", "country2": ""}, {"country1": "EUR"}, {"country1": "XXX"},
    {"country1": "POL"}, {"type1": "IGO", "country1": ""}, {"type1": "IGO", "group1": "EEC"},
    {"type1": "IGO", "group1": "ZZZ"}, {"type1": "IGO", "group1": "EEC", "type2": "IGO", "group2": "EEC"},
    {"type1": "MEDX"}, {"type1": "JUD"}, {"type1": "REB", "country2": ""}, {"group1": "TAL"}, {"ethnic1": "kur"},
    {"date": "19200515"}, {"date": "19691231"}, {"date": "22000101", "added": ""},
    {"religion1": "CHR"}, {"religion22": "CTH"}, {"country1": "ROM"}, {"country1": "HKG"}, {"country1": "deu"},
)  # fmt: skip


class Ground(NamedTuple):
    """The publisher's table as text, the account of its load, and what the package makes of it."""

    text: Path
    folder: Path
    account: dict[str, Any]
    rows: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    days: dict[str, list[tuple[Any, ...]]]


def read_layout() -> Sequence[str]:
    """Give the publisher's 61 names."""
    return read_source("gdelt2").layout


def lay_ground(folder: Path, files: list[Path]) -> Ground:
    """Load files, and read back rows, events and days as the package has them."""
    account = load_files(folder / "store", files, "gdelt2")
    with (folder / "raw.tsv").open("wb") as text:
        for file in files:
            with zipfile.ZipFile(file) as archive:
                text.write(archive.read(archive.namelist()[0]))
    snapshot = open_store(folder / "store").take_snapshot()
    con = snapshot.connect()
    rows = con.execute(
        "select * exclude (file) replace (timezone('UTC', added) as added) from rows order by all"
    ).fetchall()
    connect_events(con, read_scale(), "events")
    events = con.execute(
        "select * exclude (label, weight) from events order by date, sender, receiver, code"
    ).fetchall()
    return Ground(folder / "raw.tsv", folder / "store", account, rows, events, {n: sum_days(con, n) for n in LEVELS})


def sum_days(con: duckdb.DuckDBPyConnection, level: str) -> list[tuple[Any, ...]]:
    """Give what the index takes of each pair and day, rounded as its own series is."""
    connect_events(con, read_scale(), level)
    return con.execute(
        "select date, sender, receiver, sum(weight)::bigint, "
        "coalesce(sum(weight) filter (score is not null), 0)::bigint, round(coalesce(sum(score * weight), 0), 9), "
        "round(coalesce(sum(score * score * weight), 0), 9) from events group by all order by all"
    ).fetchall()


def open_duckdb(ground: Ground) -> duckdb.DuckDBPyConnection:
    """Open DuckDB over the publisher's table, as somebody without Comity would."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    columns = ", ".join(f"'{name}': 'varchar'" for name in read_layout())
    con.execute(
        f"create table gdelt_raw as select * from read_csv('{ground.text}', delim = '\t', quote = '', escape = '', "
        f"header = false, auto_detect = false, columns = {{{columns}}})"
    )
    return con


def name_account(account: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Give an account in the shape of the query `reasons`."""
    kept = [("kept", "", account["rows_kept"])] if account["rows_kept"] else []
    fates = [(fate, reason, n) for fate in ("dropped", "set_aside") for reason, n in account[fate].items()]
    return sorted([*kept, *fates])

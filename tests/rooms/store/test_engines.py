"""Engines that know nothing of Comity read the tables: the same files, the same rows.

Each runs in a process of its own: `DeltaTable.to_pyarrow_table` has been seen to abort an interpreter as it ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comity.store import open_store
from comity.store.tables import TABLES

DELTA = """
import json, os, sys
import duckdb
from deltalake import DeltaTable
DAYS = "select distinct date from read_parquet(?) order by 1"
said = {}
for table in sys.argv[2:]:
    opened = DeltaTable(os.path.join(sys.argv[1], table))
    files = opened.file_uris()
    con = duckdb.connect()
    count, = con.execute("select count(*) from read_parquet(?)", [files]).fetchone() if files else (0,)
    said[table] = {
        "columns": [field.name for field in opened.schema().fields],
        "meanings": sum(bool(field.metadata.get("meaning")) for field in opened.schema().fields),
        "rows": count,
        "days": [str(day) for day, in con.execute(DAYS, [files]).fetchall()] if table == "events" else [],
        "versions": [entry["operation"] for entry in opened.history()],
        "protocol": opened.protocol().min_reader_version,
    }
print(json.dumps(said), flush=True)
os._exit(0)
"""

POLARS = """
import json, os, sys
import polars
frame = polars.read_delta(os.path.join(sys.argv[1], "events"))
pair = frame.filter((polars.col("sender") == "DEU") & (polars.col("receiver") == "POL"))
print(json.dumps({"rows": frame.height, "pair": pair.height}), flush=True)
os._exit(0)
"""


def ask(program: str, *given: str | Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, given)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_delta_lakes_own_reader_names_the_files_and_duckdb_reads_them(kept: Path) -> None:
    said = ask(DELTA, kept, *TABLES)
    snapshot = open_store(kept).take_snapshot()
    for table, columns in TABLES.items():
        assert said[table]["columns"] == [column.name for column in columns]
        assert said[table]["meanings"] == len(columns)
        assert said[table]["rows"] == snapshot.read_rows(table).num_rows > 0
        assert said[table]["protocol"] == 1
    assert said["events"]["days"] == ["2025-05-14", "2025-05-15"]
    assert said["events"]["versions"] == ["WRITE", "WRITE", "CREATE TABLE"]


def test_polars_reads_the_events(kept: Path) -> None:
    pytest.importorskip("polars", reason="polars is not installed: it is no dependency of Comity")
    events = open_store(kept).take_snapshot().read_rows("events").to_pylist()
    pair = sum((row["sender"], row["receiver"]) == ("DEU", "POL") for row in events)
    assert ask(POLARS, kept) == {"rows": len(events), "pair": pair}


def test_the_embedded_sample_is_a_store_like_any_other() -> None:
    store = open_store()
    said = ask(DELTA, store.folder, *TABLES)
    assert said["events"]["rows"] == store.take_snapshot().read_rows("events").num_rows

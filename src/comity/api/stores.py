"""What a store holds, what is missing, and whether it is whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.view import read_time
from comity.store import open_store

if TYPE_CHECKING:
    import pyarrow as pa


def describe_store(store: Path | str | None = None, as_of: str | None = None) -> dict[str, Any]:
    """Describe a store: its files by status, slots by source, rows, and snapshot.

    Parameters
    ----------
    store : path-like, optional
        Folder; the sample of the package where left out.
    as_of : str, optional
        ISO day or time.

    Returns
    -------
    dict
        `store`, `snapshot`, `newest_entry`, `files` (status to count), `slots` (by source: first, last,
        expected, loaded, missing), `rows` (read, kept, set_aside, dropped by reason), `tables`.
    """
    import json

    from comity.events.coverage import count_slots

    opened = open_store(store)
    snapshot = opened.take_snapshot(read_time(as_of))
    con = snapshot.connect()
    try:
        entries = con.execute("select status, late, rows_read, rows_kept, dropped, set_aside from ledger").fetchall()
        slots = count_slots(con)
        days = con.execute("select min(date), max(date) from rows").fetchone() or (None, None)
    finally:
        con.close()
    counted = [entry for entry in entries if entry[0] in ("loaded", "empty")]
    dropped, aside = Counter[str](), Counter[str]()
    for entry in counted:
        dropped.update(json.loads(entry[4] or "{}"))
        aside.update(json.loads(entry[5] or "{}"))
    files = Counter(entry[0] for entry in entries)
    files["late"] = sum(bool(entry[1]) for entry in counted)
    return {
        "store": "embedded sample" if opened.embedded else str(opened.folder),
        "snapshot": snapshot.id,
        "newest_entry": snapshot.read_newest_entry(),
        "first_day": days[0].isoformat() if days[0] else None,
        "last_day": days[1].isoformat() if days[1] else None,
        "files": {status: n for status, n in sorted(files.items()) if n},
        "slots": slots,
        "rows": {
            "read": sum(entry[2] or 0 for entry in counted),
            "kept": sum(entry[3] or 0 for entry in counted),
            "set_aside": dict(sorted(aside.items())),
            "dropped": dict(sorted(dropped.items())),
        },
        "tables": opened.list_tables(),
    }


def verify_store(store: Path | str | None = None) -> list[str]:
    """Check every data file of a store against the SHA-256 in its name.

    Returns
    -------
    list of str
        What is wrong; empty when the store is whole.
    """
    return open_store(store).verify()


def read_ledger(store: Path | str | None = None, as_of: str | None = None) -> pa.Table:
    """Read the ledger: the last word on each file, see `comity.store.tables.LEDGER`.

    Returns
    -------
    pyarrow.Table
    """
    con = open_store(store).take_snapshot(read_time(as_of)).connect()
    try:
        return con.sql("select * from ledger order by source, slot, name, seen_at").to_arrow_table()
    finally:
        con.close()

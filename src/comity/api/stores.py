"""What a store holds, what is missing, and whether it is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
    """Check every entry of a store's logs, every data file and every file as received against its SHA-256.

    Returns
    -------
    list of str
        What is wrong; empty when the store is whole.
    """
    return open_store(store).verify()


def copy_store(store: Path | str, into: Path | str) -> dict[str, int]:
    """Copy a store with its files as received, also while another process loads into it; the copy is checked.

    Parameters
    ----------
    store, into : path-like
        Folder of the store; folder of the copy, which must not be there yet.

    Returns
    -------
    dict of str to int
        `files` and `bytes` of the copy, `packs` of files as received [count].

    Raises
    ------
    ComityError
        With what, where, why and what to do; no copy is left then.
    """
    from comity.store.copying import copy_store as copy

    return copy(open_store(store), Path(into))


def compact_store(store: Path | str) -> dict[str, int]:
    """Write the rows of a store's small data files into larger ones, which say the same and are read faster.

    Parameters
    ----------
    store : path-like
        Folder of the store. A load does it by itself from 128 small files on.

    Returns
    -------
    dict of str to int
        By table, how many files were replaced; they stay on disk, for the store as it was.
    """
    with open_store(store).write() as writer:
        return writer.compact()


def repair_store(store: Path | str, folders: Sequence[Path | str] = ()) -> dict[str, list[str]]:
    """Make damaged or missing data files of a store again, from the files as received.

    Parameters
    ----------
    store : path-like
        Folder of the store.
    folders : sequence of path-like
        Folders with files as received, beside those that the store has kept.

    Returns
    -------
    dict
        `repaired` and `lost`: names of data files, the lost ones each with the reason.
    """
    from comity.events.mending import repair_store as repair

    done = repair(open_store(store), [Path(folder) for folder in folders])
    return {"repaired": list(done.repaired), "lost": list(done.lost)}


def rebuild_store(store: Path | str, into: Path | str) -> dict[str, Any]:
    """Load all files that a store has kept into a new store; for one whose log is damaged.

    Parameters
    ----------
    store, into : path-like
        Folder of the damaged store, of which only the kept files are read; folder of the new one.

    Returns
    -------
    dict
        By source, as `load_events`. What was known when is lost: all entries are of now.
    """
    from comity.events.mending import rebuild_store as rebuild

    return rebuild(Path(store), Path(into))


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

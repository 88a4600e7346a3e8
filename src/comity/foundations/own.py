"""Publishers' files that a user loaded: kept as received, compiled, and read back only as they were written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.foundations.facts import FoundationError
from comity.foundations.layers import Load, compile_figures
from comity.foundations.placing import Ledger
from comity.sources import Figures, FileRefused, read_figures, read_source
from comity.sources.archive import read_received
from comity.store.disk import hash_bytes, keep_received, say_why_disk_refused, write_whole
from comity.store.lock import hold_lock

if TYPE_CHECKING:
    import pyarrow as pa

PART = "foundations"
RECEIVED = "received"
LOADS = "loads.jsonl"
SHORT = 16

Loads = tuple[tuple[Load, Path], ...]


@dataclass(frozen=True)
class Own:
    """A store's folder, read as it was at a time.

    Parameters
    ----------
    folder : Path
        Folder of the store.
    as_of : datetime or None
        Loads made later are not seen [UTC].
    """

    folder: Path
    as_of: datetime | None = None


def read_entries(folder: Path) -> list[dict[str, Any]]:
    """Return what was loaded into a store's foundations, in the order of loading; nothing where there is none."""
    path = folder / PART / LOADS
    if not path.is_file():
        return []
    with say_why_disk_refused(path):
        lines = path.read_text("utf-8").splitlines()
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise FoundationError(
            f"the list of loads cannot be read: {error}", where=str(path), todo="restore it from a copy, or load again"
        ) from error


def read_loads(own: Own | None) -> Loads:
    """Return the loads that count, oldest first."""
    if own is None:
        return ()
    entries = [entry for entry in read_entries(own.folder) if entry["status"] == "loaded"]
    seen = [e for e in entries if own.as_of is None or datetime.fromisoformat(e["seen_at"]) <= own.as_of]
    return tuple((_as_load(entry), own.folder) for entry in seen)


def _as_load(entry: dict[str, Any]) -> Load:
    """Return an entry as a load."""
    tables = tuple((table, file, sha256) for table, file, sha256 in entry["tables"])
    words = {name: str(entry[name]) for name in ("source", "name", "sha256", "seen_at", "day")}
    return Load(**words, tables=tables, listed=tuple(entry["listed"]))


def read_own(load: Load, table: str, folder: Path) -> pa.Table:
    """Read a compiled table of a load, its SHA-256 checked first.

    Raises
    ------
    FoundationError
        The file is missing or is not what was written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file, sha256 = next((file, sha256) for name, file, sha256 in load.tables if name == table)
    path = folder / PART / file
    data = path.read_bytes() if path.is_file() else b""
    if hash_bytes(data) != sha256:
        raise FoundationError(
            f"a table of {load.name} is {'not what was written' if data else 'missing'}",
            where=str(path),
            why="its figures can no longer be trusted, so none of them is used",
            todo=f"load the file again: comity sources load {load.source} FILE --store {folder.name}",
        )
    return pq.read_table(pa.BufferReader(data))


def load_figures(
    folder: Path, paths: Sequence[Path], source: str, *, day: str = "", now: datetime | None = None
) -> dict[str, Any]:
    """Load publishers' files of figures into a store; each file counts once.

    Parameters
    ----------
    folder : Path
        Folder of the store; made where there is none.
    paths : sequence of Path
        Files.
    source : str
        One of `comity.sources.list_sources("tables")`.
    day : str
        Day that the figures are of, where the file does not say it (ISO).
    now : datetime, optional
        Time of the entries [UTC].

    Returns
    -------
    dict
        `files`, `duplicates` [count], `refused` and `loaded`: a mapping for each file. `lines` accounts for each line
        of the file once: `read` = `kept` + `set_aside` + `dropped` (reason to count), `first_line` of those set aside;
        `not_placed` (texts that no rule places, to lines); `rows` by table. How it came about: `lines_read`,
        `lines_used`, `passed_over` and `set_aside` are of reading; `rows_read`, `rows_kept` and `dropped` of what was
        read, which may be sums over lines (BACI) or several figures of one line (WDI, UN DESA).

    Raises
    ------
    SourceError
        There is no such publisher.
    DiskRefused
        The disk refuses; what was loaded before stays.
    """
    read_source(source)
    place = folder / PART
    with say_why_disk_refused(place):
        place.mkdir(parents=True, exist_ok=True)
    account: dict[str, Any] = {"files": 0, "duplicates": 0, "refused": [], "loaded": []}
    with hold_lock(place / ".lock", 60.0):
        entries = read_entries(folder)
        known = {(entry["source"], entry["sha256"]) for entry in entries if entry["status"] == "loaded"}
        for path in paths:
            account["files"] += 1
            entry = _take_file(place, path, source, day, known)
            if entry is None:
                account["duplicates"] += 1
                continue
            entry["seen_at"] = (now or datetime.now(UTC)).isoformat()
            entries.append(entry)
            text = "".join(json.dumps(e, ensure_ascii=False, sort_keys=True) + "\n" for e in entries)
            write_whole(place / LOADS, text.encode())
            known.add((source, entry["sha256"]))
            account["refused" if entry["status"] != "loaded" else "loaded"].append(entry)
    return account


def _take_file(place: Path, path: Path, source: str, day: str, known: set[tuple[str, str]]) -> dict[str, Any] | None:
    """Keep a file as received, read and compile it; None where its bytes are known."""
    received = read_received(path)
    sha256 = hash_bytes(received)
    if (source, sha256) in known:
        return None
    keep_received(place / RECEIVED, received)
    entry: dict[str, Any] = {"source": source, "name": path.name, "sha256": sha256, "bytes": len(received)}
    try:
        figures = read_figures(received, path.name, source)
        tables, ledger, listed = compile_figures(source, figures.rows)
        _check_kept(figures, ledger, path.name)
    except (FileRefused, FoundationError) as error:
        said = error.what + (f" ({error.todo})" if error.todo else "")
        return {**entry, "status": error.status if isinstance(error, FileRefused) else "corrupt", "detail": said}
    written = [_write_table(place, f"{source}-{sha256[:SHORT]}", table, data) for table, data in tables.items()]
    return {
        **entry,
        **_account(figures, ledger, day),
        "tables": written,
        "listed": list(listed),
        "rows": {table: data.num_rows for table, data in tables.items()},
    }


def _check_kept(figures: Figures, ledger: Ledger, name: str) -> None:
    """Refuse a file of which nothing can be used: it would stand in the place of the figures that are there."""
    if not ledger.kept:
        raise FileRefused(
            "corrupt",
            f"the file has {figures.lines_read:,} lines below its header, and none gives a figure of states",
            where=name,
            why="nothing would take the place of the figures that are there",
            todo="check that the file is whole, and that it is one of that source",
        )


def _write_table(place: Path, stem: str, table: str, data: pa.Table) -> list[str]:
    """Write a compiled table; return its name, its file and the SHA-256 of its bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(data, sink, compression="zstd", write_page_checksum=True)
    content = sink.getvalue().to_pybytes()
    write_whole(place / f"{stem}.{table}.parquet", content)
    return [table, f"{stem}.{table}.parquet", hash_bytes(content)]


def _account(figures: Figures, ledger: Ledger, day: str) -> dict[str, Any]:
    """Return what became of a file's lines and rows."""
    reasons = [reason for _, reason in figures.aside]
    years = [year for row in figures.rows if (year := row.get("year", row.get("Year")))]
    return {
        "status": "loaded",
        "lines": _account_lines(figures, ledger),
        "day": day or str(max(years, default="day not said")),
        "lines_read": figures.lines_read,
        "lines_used": figures.lines_used,
        "passed_over": figures.passed_over,
        "set_aside": {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        "rows_read": ledger.read,
        "rows_kept": ledger.kept,
        "dropped": dict(sorted(ledger.left_out.items())),
        "not_placed": dict(sorted(ledger.unmapped.items())),
    }


def _account_lines(figures: Figures, ledger: Ledger) -> dict[str, Any]:
    """Return what became of each line of a file, and the first of those that were set aside for each reason.

    A line is kept where any figure of it is. Read = kept + set aside + dropped.
    """
    fates = ledger.count_lines()
    kept = fates.pop("", 0)
    bare = figures.lines_used - kept - fates.total()
    dropped = Counter(figures.passed_over) + fates + Counter({"without a value": bare})
    aside: dict[str, list[int]] = {}
    for line, reason in figures.aside:
        aside.setdefault(reason, []).append(line)
    return {
        "read": figures.lines_read,
        "kept": kept,
        "set_aside": {reason: len(lines) for reason, lines in sorted(aside.items())},
        "first_line": {reason: min(lines) for reason, lines in sorted(aside.items())},
        "dropped": dict(sorted(dropped.items())),
    }

"""Load files into a store: read, judge, commit, and account for every file."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.code import Coded, code_readings
from comity.events.shelf import MISSING, REFUSED, Loaded, Shelf, describe_duplicate, key_slot, write_time
from comity.sources import FileRefused, Reading, SourceError, check_family, read_reading
from comity.sources.archive import read_received
from comity.sources.gdelt import read_slot
from comity.store import Writer, create_store
from comity.store.disk import hash_bytes
from comity.store.heap import keep_freed
from comity.store.tables import schema_of

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS = (".zip", ".gz", ".csv", ".tsv", ".tab", ".parquet")
TEXT_FAMILIES = ("keds", "weis")
BATCH_FILES = 192
BATCHES_AHEAD = 2
LEFT_OVER = 0.1  # of a batch
BATCH_BYTES = 64_000_000
MOST_SMALL = 128
PART_FILES = 16
PART_BYTES = 4_000_000
WORKERS = 2

Progress = Callable[[int, int, int], None]


@dataclass
class Account:
    """What a load did, summed over its files."""

    files: int = 0
    rows_read: int = 0
    rows_kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    slots: Counter[str] = field(default_factory=Counter)
    refused: list[dict[str, str]] = field(default_factory=list)
    reissued: list[dict[str, str]] = field(default_factory=list)

    def add(self, loaded: Loaded) -> None:
        """Add one file."""
        entry = loaded.entry
        self.files += 1
        self.rows_read += entry.get("rows_read") or 0
        self.rows_kept += entry.get("rows_kept") or 0
        self.dropped.update(json.loads(entry.get("dropped") or "{}"))
        self.set_aside.update(json.loads(entry.get("set_aside") or "{}"))
        self.slots[entry["status"]] += 1
        self.slots["late"] += bool(entry.get("late"))
        if entry["status"] in REFUSED:
            self.refused.append({key: str(entry[key]) for key in ("name", "status", "detail")})
        elif entry.get("detail"):
            self.reissued.append({key: str(entry[key]) for key in ("name", "detail")})

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values."""
        return {
            "files": self.files,
            "rows_read": self.rows_read,
            "rows_kept": self.rows_kept,
            "dropped": dict(sorted(self.dropped.items())),
            "set_aside": dict(sorted(self.set_aside.items())),
            "slots": {status: n for status, n in sorted(self.slots.items()) if n},
            "refused": self.refused,
            "reissued": self.reissued,
        }


def find_files(paths: Sequence[Path], endings: Sequence[str] = ENDINGS) -> tuple[list[Path], list[str]]:
    """List the files that paths name, folders opened one level.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    endings : sequence of str
        Endings of files in a folder.

    Returns
    -------
    files : list of Path
        In the order of their names, so that slots come in order of time.
    passed_over : list of str
        Names in a folder that end otherwise.

    Raises
    ------
    SourceError
        A path does not exist, or a folder holds no such file.
    """
    files: list[Path] = []
    passed_over: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if child.is_file())
            fitting = [child for child in inside if child.suffix.lower() in endings]
            passed_over += [child.name for child in inside if child.suffix.lower() not in endings]
            if not fitting:
                raise SourceError(
                    "the folder holds no file to load",
                    where=str(path),
                    todo="name a folder with .zip or .csv files",
                )
            files += fitting
        elif path.exists():
            files.append(path)
        else:
            raise SourceError("there is no such file or folder", where=str(path), todo="check the path")
    return sorted(dict.fromkeys(files), key=lambda file: (file.name, str(file))), passed_over


def load_files(
    folder: Path,
    paths: Sequence[Path],
    family: str,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    wait: float = 60.0,
) -> dict[str, Any]:
    """Load event files into a store; each file counts once, whatever comes between.

    Parameters
    ----------
    folder : Path
        Folder of the store; made where there is none.
    paths : sequence of Path
        Files and folders.
    family : str
        One of `comity.sources.FAMILIES`.
    now : datetime, optional
        Time of the ledger entries [UTC].
    progress : callable, optional
        Told after each file: files done, files in all, rows read.
    wait : float
        How long to wait for another writer [seconds].

    Returns
    -------
    dict
        `files`, `rows_read`, `rows_kept`, `dropped`, `set_aside`, `slots`, `refused`, `reissued` (files beside
        another issue of their slot, and what changed), `passed_over`; rows_kept + set aside + dropped = rows_read.

    Raises
    ------
    SourceError
        A path or a source does not exist.
    DiskRefused, StoreBusy, StoreDamaged
        The store cannot be written; what was acknowledged before stays.
    """
    check_family(family)
    keep_freed()
    files, passed_over = find_files(paths, (*ENDINGS, ".txt") if family in TEXT_FAMILIES else ENDINGS)
    account = Account()
    known: dict[str, str] = {}
    with _read_ahead(_split_batches(files), lambda part: read_files(part, family, known)) as batches:
        store = create_store(folder)
        with store.write(wait) as writer:
            shelf = Shelf.open(store, now, known)
            for loads in batches:
                done = []
                for loaded in loads:
                    done.append(shelf.place(loaded))
                    account.add(done[-1])
                    if progress:
                        progress(account.files, len(files), account.rows_read)
                commit_files(writer, done, shelf)
            writer.compact(MOST_SMALL)
    return {**account.as_dict(), "passed_over": passed_over}


def load_fetched(
    folder: Path,
    account: Mapping[str, Any],
    into: Path,
    *,
    progress: Progress | None = None,
    now: datetime | None = None,
    wait: float = 60.0,
) -> dict[str, Any]:
    """Load the files of a fetch, and enter into the ledger which slots the publisher does not have.

    Parameters
    ----------
    folder : Path
        Folder of the store; made where there is none.
    account : mapping
        From `comity.sources.fetch.fetch_slots`.
    into : Path
        Folder with the files.
    progress, now, wait
        As in `load_files`.

    Returns
    -------
    dict
        As `load_files`; `slots` has `missing` where the publisher lacks files [count]. A slot that is entered as
        missing is entered once, and no longer counts as missing when its file is loaded.
    """
    paths = [into / name for name in account["files"]]
    loaded = load_files(folder, paths, account["source"], now=now, progress=progress, wait=wait)
    if account["missing"]:
        store = create_store(folder)
        with store.write(wait) as writer:
            shelf = Shelf.open(store, now)
            entries = [_describe_missing(name, account["source"]) for name in account["missing"]]
            fresh = [Loaded(entry) for entry in entries if key_slot(entry) not in shelf.slots]
            commit_files(writer, fresh, shelf)
        loaded["slots"] = dict(sorted({**loaded["slots"], "missing": len(account["missing"])}.items()))
    return loaded


def _describe_missing(name: str, source: str) -> dict[str, Any]:
    """Return the ledger entry of a file that the publisher does not have."""
    slot = write_time(read_slot(name))
    return {"name": name, "source": source, "slot": slot, "status": "missing", "late": False, "detail": MISSING}


@contextmanager
def _read_ahead(
    batches: Iterator[list[Path]], read: Callable[[list[Path]], list[Loaded]]
) -> Iterator[Iterator[Iterator[Loaded]]]:
    """Have files read batch after batch, from now on, so that readers have work while a batch is committed."""
    pool = ThreadPoolExecutor(WORKERS)
    try:
        ahead = deque(pool.map(read, _split_batch(batch)) for batch in islice(batches, BATCHES_AHEAD))
        yield _take_batches(pool, ahead, batches, read)
    finally:
        pool.shutdown(cancel_futures=True)


def _take_batches(
    pool: Executor,
    ahead: deque[Iterator[list[Loaded]]],
    batches: Iterator[list[Path]],
    read: Callable[[list[Path]], list[Loaded]],
) -> Iterator[Iterator[Loaded]]:
    """Yield the files of each batch as they are read, and have another batch begun for each that is asked for."""
    while ahead:
        loads = ahead.popleft()
        ahead.extend(pool.map(read, _split_batch(batch)) for batch in islice(batches, 1))
        yield chain.from_iterable(loads)


def _split_batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    """Group files so that a batch stays small in number and bytes; a few left over have no batch of their own."""
    files = list(files)
    batches = max(1, ceil(len(files) / BATCH_FILES - LEFT_OVER))
    return _split_files(files, ceil(len(files) / batches), BATCH_BYTES)


def _split_batch(files: Iterable[Path]) -> Iterator[list[Path]]:
    """Group the files of a batch into parts that are read and judged together."""
    return _split_files(files, PART_FILES, PART_BYTES)


def _split_files(files: Iterable[Path], most: int, most_bytes: int) -> Iterator[list[Path]]:
    """Group files, in their order, so that no group of two or more has more files or bytes."""
    group: list[Path] = []
    size = 0
    for path in files:
        more = path.stat().st_size if path.exists() else 0
        if group and (len(group) == most or size + more > most_bytes):
            yield group
            group, size = [], 0
        group.append(path)
        size += more
    if group:
        yield group


@dataclass(frozen=True)
class _Opened:
    """One file before judging: its ledger entry so far, its bytes, and its reading where there is one to judge."""

    entry: dict[str, Any]
    received: bytes = b""
    reading: Reading | None = None


def read_files(paths: Sequence[Path], family: str, known: Mapping[str, str]) -> list[Loaded]:
    """Read and judge files, those whose bytes are known left out; a refused file gives an entry, not an error."""
    opened = [_open_file(path, family, known) for path in paths]
    readings = [(file.reading, file.entry["sha256"][:16]) for file in opened if file.reading]
    coded = iter(code_readings(readings))
    return [_account(file, next(coded)) if file.reading else Loaded(file.entry, None, file.received) for file in opened]


def _open_file(path: Path, family: str, known: Mapping[str, str]) -> _Opened:
    """Read one file."""
    entry: dict[str, Any] = {"name": path.name, "source": "", "late": False}
    received = b""
    try:
        received = read_received(path)
        entry |= {"sha256": hash_bytes(received), "bytes": len(received), "slot": write_time(read_slot(path.name))}
        if entry["sha256"] in known:
            return _Opened(describe_duplicate(entry, known[entry["sha256"]]))
        opened = read_reading(received, path.name, family)
    except FileRefused as error:
        said = error.what + (f" ({error.todo})" if error.todo else "")
        return _Opened({**entry, "status": error.status, "detail": said, "source": family}, received)
    entry |= {"source": opened.reading.source.id, "member_time": opened.member_time}
    return _Opened({**entry, "slot": write_time(opened.reading.slot)}, received, opened.reading)


def _account(file: _Opened, coded: Coded) -> Loaded:
    """Join what became of a file's rows to its ledger entry."""
    return Loaded({**file.entry, **_count(coded)}, coded, file.received)


def _count(coded: Coded) -> dict[str, Any]:
    """Return the numbers of a ledger entry."""
    import pyarrow.compute as pc

    ids, days = pc.min_max(coded.events["event_id"]).as_py(), pc.min_max(coded.events["date"]).as_py()
    return {
        "status": "loaded" if coded.rows_read else "empty",
        "rows_read": coded.rows_read,
        "rows_kept": coded.events.num_rows,
        "dropped": json.dumps(coded.dropped, sort_keys=True),
        "set_aside": json.dumps(coded.count_set_aside(), sort_keys=True),
        "id_low": ids["min"],
        "id_high": ids["max"],
        "date_low": days["min"].isoformat() if days["min"] else None,
        "date_high": days["max"].isoformat() if days["max"] else None,
    }


def commit_files(writer: Writer, done: list[Loaded], shelf: Shelf) -> None:
    """Commit a batch of files with their ledger entries; a batch that says nothing new commits nothing."""
    seen_at = (shelf.now or datetime.now(UTC)).isoformat()
    entries = [dict(e, seen_at=seen_at) for e in shelf.replaced]
    shelf.replaced.clear()
    fresh = [loaded for loaded in done if shelf.record(loaded.entry)]
    for loaded in fresh:
        loaded.entry["seen_at"] = seen_at
        entries.append(dict(loaded.entry))
    if entries:
        whole = [loaded for loaded in fresh if loaded.received and loaded.entry["status"] != "duplicate"]
        names = ["/".join(file.entry[key] for key in ("sha256", "source", "name")) for file in whole]
        writer.keep({name: file.received for name, file in zip(names, whole, strict=True)})
        events, set_aside = join_parts([loaded.coded for loaded in whole if loaded.coded is not None])
        writer.commit(events, set_aside, [_plain(e) for e in entries])


def join_parts(parts: Sequence[Coded]) -> tuple[pa.Table, pa.Table]:
    """Join what became of the files of a batch: the rows kept, in their order in the store, and those set aside."""
    order = [(name, "ascending") for name in ("date", "sender", "receiver", "event_id")]
    events = _concat([part.events for part in parts], "events").sort_by(order)
    return events, _concat([part.set_aside for part in parts], "set_aside")


def _concat(tables: list[pa.Table], name: str) -> pa.Table:
    """Join tables of one shape."""
    import pyarrow as pa

    schema = schema_of(name)
    shape = pa.schema([f for f in schema if f.name != "batch"])
    return pa.concat_tables(tables).cast(shape) if tables else shape.empty_table()


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as JSON can hold it."""
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in entry.items()
        if key not in ("batch", "events_version")
    }

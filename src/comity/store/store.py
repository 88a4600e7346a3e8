"""Open, fill and check a store: the only way to the tables on disk."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.store import delta
from comity.store.compaction import compact_table, describe_range, list_small
from comity.store.disk import find_damage, hash_bytes, remove_parts, say_why_disk_refused, write_parquet, write_whole
from comity.store.doubt import MARK, forget_cached, mark_if_disk_fails, refuse_doubted, take_mark_away
from comity.store.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing
from comity.store.lock import hold_lock
from comity.store.log import count_since_checkpoint, forget_listings, hold_listings, record_sums
from comity.store.received import find_received, list_packs, write_pack
from comity.store.rows import make_ledger, mark_batch
from comity.store.snapshot import Snapshot
from comity.store.tables import TABLES, schema_of

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
NOTE = "store.json"
NOTED = {"format", "made", "sum"}
EMBEDDED = Path(__file__).parent / "embedded"


@dataclass(frozen=True)
class Store:
    """A folder with three Delta Lake tables (`events`, `ledger`, `set_aside`) and a note of its format."""

    folder: Path
    embedded: bool = False

    def take_snapshot(self, as_of: datetime | None = None) -> Snapshot:
        """Pin the newest whole state of the store, or the one that stood at a time.

        Parameters
        ----------
        as_of : datetime, optional
            Time with zone [UTC]; entries made later are not seen.

        Returns
        -------
        Snapshot
            Ledger and events that belong together, also while another process writes.
        """
        import pyarrow.compute as pc

        with hold_listings(self.folder):
            version = delta.read_version(self.folder / "ledger")
            before = Snapshot(self.folder, 0, version)
            ledger = before.read_rows("ledger")
            if as_of is not None:
                ledger = ledger.filter(pc.less_equal(ledger["seen_at"], as_of))
            newest = pc.max(ledger["events_version"]).as_py() or 0
            if as_of is None:
                newest = delta.pass_compactions(self.folder / "events", newest)
        return Snapshot(self.folder, newest, version, as_of, self.embedded).take_list(before, "ledger")

    @contextmanager
    def write(self, wait: float = 60.0, say: Callable[[str], None] | None = None) -> Iterator[Writer]:
        """Hold the store for writing; one process at a time.

        Parameters
        ----------
        wait : float
            How long to wait for another writer [seconds].
        say : callable, optional
            Told once whom we wait for.

        Raises
        ------
        StoreBusy
            The other writer did not finish in time.
        StoreError
            The disk failed when the store was last written, and `verify` has not found it whole since.
        """
        refuse_doubted(self.folder)
        with hold_for_repair(self, wait, say):
            writer = Writer(self.folder)
            writer.finish_ledger()
            yield writer

    def tidy(self, small: int, entries: int) -> bool:
        """Merge small data files and sum up logs where there are many, so that no load has to; not while others write.

        Parameters
        ----------
        small : int
            How many small data files a table may have [count].
        entries : int
            How many entries a log may have after its last checkpoint [count].

        Returns
        -------
        bool
            Whether there was anything to do, and nobody was writing.
        """
        with hold_listings(self.folder):
            tables = [self.folder / table for table in TABLES]
            if not any(len(list_small(t)) > small or count_since_checkpoint(t) > entries for t in tables):
                return False
        with suppress(StoreBusy), self.write(wait=0.0) as writer:
            writer.compact(small)
            for table in tables:
                delta.shorten_log(table, entries + 1)
            return True
        return False

    def verify(self) -> list[str]:
        """Check every entry of the logs, and every data file that any version lists, against its SHA-256.

        Returns
        -------
        list of str
            What is wrong, one line each; empty when all is well. A store whose disk has failed is read from the disk
            itself, and may be written to again when all is well.
        """
        doubted = (self.folder / MARK).exists()
        for path in [*self.folder.rglob("*"), *list_packs(self.folder)] if doubted else ():
            forget_cached(path)
        faults = self._list_faults()
        if doubted and not faults:
            take_mark_away(self.folder)
        return faults

    def _list_faults(self) -> list[str]:
        """Return what is wrong with logs, data files and packs."""
        faults = []
        for table in TABLES:
            try:
                names = [name for commit in delta.read_commits(self.folder / table) for name in commit.added]
            except StoreError as error:
                faults.append(str(error))
                continue
            faults += [str(found) for name in names if (found := find_damage(self.folder / table / name))]
        faults += [str(found) for path in list_packs(self.folder) if (found := find_damage(path, "pack-"))]
        return faults

    def list_tables(self) -> dict[str, dict[str, int]]:
        """Return version, number of files, rows and bytes of each table."""
        found = {}
        for table in TABLES:
            files = delta.list_files(self.folder / table)
            found[table] = {
                "version": delta.read_version(self.folder / table),
                "files": len(files),
                "rows": sum(file.rows for file in files),
                "bytes": sum(file.size for file in files),
            }
        return found


@dataclass(frozen=True)
class Writer:
    """What the holder of the store's lock may do."""

    folder: Path

    def commit(self, events: pa.Table, set_aside: pa.Table, entries: list[dict[str, Any]]) -> int:
        """Add rows and the ledger entries that account for them, all or nothing.

        Parameters
        ----------
        events, set_aside : pyarrow.Table
            Columns as in `comity.store.tables`, `set_aside` without `batch`.
        entries : list of dict
            Ledger entries without `batch` and `events_version`.

        Returns
        -------
        int
            The version of the event table that holds the rows. The commit of that table is the
            moment from which the load counts: the ledger entries travel inside it, and the next
            writer copies them to the ledger should this one die in between.
        """
        batch = secrets.token_hex(8)
        if set_aside.num_rows:
            self._append("set_aside", mark_batch(set_aside, batch), {"batch": batch})
        noted = [dict(entry, batch=batch) for entry in entries]
        version = self._append("events", events, {"batch": batch, "ledger": noted})
        self._write_ledger(version, noted)
        return version

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Keep files as received, by `<sha256>/<source>/<name>`, before the batch that they belong to is committed."""
        write_pack(self.folder, files)

    def finish_ledger(self) -> None:
        """Copy to the ledger what a writer that died had committed but not yet entered."""
        import pyarrow.compute as pc

        ledger = Snapshot(self.folder, 0, delta.read_version(self.folder / "ledger")).read_rows("ledger")
        newest = pc.max(ledger["events_version"]).as_py() or 0
        for version, note in delta.read_notes(self.folder / "events", newest):
            if "batch" in note and not pc.any(pc.equal(ledger["batch"], note["batch"])).as_py():
                self._write_ledger(version, note["ledger"])

    def compact(self, most: int = 0) -> dict[str, int]:
        """Write the rows of small data files into larger ones, which say the same and are read faster.

        Parameters
        ----------
        most : int
            How many small files a table may have before it is compacted [count].

        Returns
        -------
        dict of str to int
            By table, how many files were replaced. Nothing is deleted: an older state of the store is read from the
            files that made it up. The ledger names no compaction, since no figure changes with it.
        """
        return {table: compact_table(self.folder / table, most) for table in TABLES}

    def _write_ledger(self, version: int, entries: list[dict[str, Any]]) -> None:
        """Append ledger entries, dates read back from their text."""
        self._append("ledger", make_ledger(entries, version), {"events_version": version})

    def _append(self, table: str, rows: pa.Table, note: dict[str, Any]) -> int:
        """Write rows as one file and commit it."""
        folder = self.folder / table
        files = [(write_parquet(folder, rows), describe_range(rows))] if rows.num_rows else []
        return delta.append_files(folder, files, note)


_SWEPT: set[Path] = set()
"""Stores from which this process has removed what writers that died had written aside."""


@contextmanager
def hold_for_repair(store: Store, wait: float = 60.0, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold a store, whose data files may be damaged, so that nobody else writes to it."""
    locked = hold_lock(store.folder / ".lock", wait, say)
    with locked as last, mark_if_disk_fails(store.folder), hold_listings(store.folder):
        forget_listings(store.folder)
        place = store.folder.absolute()
        if last or place not in _SWEPT:  # who let go has left nothing since
            for folder in filter(Path.is_dir, (store.folder, find_received(store.folder))):
                remove_parts(folder)
        _SWEPT.discard(place)
        for table in TABLES:
            record_sums(store.folder / table)
        yield
        _SWEPT.add(place)


def create_store(folder: Path) -> Store:
    """Make a store in a folder, or finish one whose making was cut off; an existing one is opened."""
    if (folder / NOTE).exists():
        return open_store(folder)
    _check_path(folder)
    if folder.is_dir() and _foreign(folder):
        raise StoreError(
            f"the folder holds other things: {', '.join(_foreign(folder)[:3])}",
            where=str(folder),
            todo="name an empty or new folder for the store",
        )
    with say_why_disk_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder / ".lock", 60.0):
        for table in TABLES:
            delta.create_table(folder / table, schema_of(table), f"Comity {table}, format {FORMAT}")
        made = {"format": FORMAT, "made": datetime.now(UTC).isoformat(timespec="seconds")}
        write_whole(folder / NOTE, json.dumps(made | {"sum": _sum_note(made)}).encode())
    return Store(folder)


def _foreign(folder: Path) -> list[str]:
    """Return the names in a folder that no store would have."""
    ours = (*TABLES, NOTE, "sums", "foundations")  # the last: figures, which their room keeps beside
    return sorted(p.name for p in folder.iterdir() if p.name not in ours and not p.name.startswith("."))


def _check_path(folder: Path) -> None:
    """Refuse a path with a character that Delta Lake takes for another."""
    strange = sorted({mark for mark in str(folder.absolute()) if mark in "%\\" or not mark.isprintable()})
    if strange:
        raise StoreError(
            f"the path of the store has a character that its tables cannot have: {strange[0]!r}",
            where=repr(str(folder)),
            why="the tables would be looked for in another folder",
            todo="choose a path without %, \\ and control characters",
        )


def _sum_note(said: Mapping[str, Any]) -> str:
    """Return the checksum of what a note says."""
    return hash_bytes(f"{said.get('format')} {said.get('made')}".encode())[:16]


def _read_format(note: Path) -> object:
    """Return the format that a store's note states; a note of before there were checksums has none."""
    try:
        said = json.loads(note.read_text("utf-8"))
        found = said.get("format") if isinstance(said, dict) else None
        if found == FORMAT and (said.keys() - NOTED or said.get("sum", _sum_note(said)) != _sum_note(said)):
            raise ValueError("it is not what was written")
    except (ValueError, OSError) as error:
        raise StoreDamaged(
            f"the note of the store's format cannot be read: {error}",
            where=str(note),
            why="a store of another format would be misread",
            todo="restore the file from a copy, or load the source files again into a new store",
        ) from error
    return found


def open_store(folder: Path | str | None = None) -> Store:
    """Open a store for reading; without a folder, the sample that comes with the package.

    Parameters
    ----------
    folder : path-like, optional
        Folder of the store.

    Returns
    -------
    Store

    Raises
    ------
    StoreMissing
        There is no store in that folder.
    StoreError
        The store has a format that this version does not know.
    """
    embedded = folder is None
    folder = EMBEDDED if folder is None else Path(folder)
    note = folder / NOTE
    if not note.exists():
        raise StoreMissing(
            "there is no store here",
            where=str(folder),
            todo="make one with `comity sources load gdelt PATH... --store DIR`, or leave --store out for the sample",
        )
    _check_path(folder)
    found = _read_format(note)
    if found != FORMAT:
        raise StoreError(
            f"the store has format {found!r}; this version of Comity reads format {FORMAT}",
            where=str(folder),
            todo="use the version of Comity that wrote it, or load the source files again into a new store",
        )
    return Store(folder, embedded)

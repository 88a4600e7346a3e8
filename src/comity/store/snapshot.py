"""A view of the store that stands still: the same files, whatever is loaded meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from comity.store import delta
from comity.store.disk import Mark, StoredFile, check_named_file, mark_file
from comity.store.recent import Recent
from comity.store.tables import schema_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ID_RESET = "TIMESTAMPTZ '2015-02-19 00:00:00+00'"

_LEDGER_NOW = """
create table ledger as with words as (
    select *, row_number() over (
        partition by coalesce(sha256, name), status = 'duplicate' order by events_version desc, seen_at desc, batch desc
    ) as place from ledger_entries
    qualify place = 1
)
select * exclude (place) from words word where status <> 'missing' or not exists (
    from words other
    where other.source = word.source and other.slot = word.slot and other.status in ('loaded', 'empty')
)
"""

READERS = 2
"""How many data files are checked side by side [count]."""
MOST_CHUNKS = 32
"""From how many pieces on a ledger is laid together; each piece costs whoever looks through it a little [count]."""

_OVERLAPS = """
select count(*) from (
    select id_low, lag(id_high) over (partition by source order by id_low, id_high) as before
    from ledger where status = 'loaded' and id_low is not null
) where id_low <= before
"""

_REVISIONS = f"""
qualify event_id is null or row_number() over (
    partition by source, event_id, added >= {ID_RESET} order by added desc, file desc
) = 1
"""


@dataclass(frozen=True)
class Snapshot:
    """The store at one version: nothing that is loaded later can change what it shows.

    Parameters
    ----------
    folder : Path
        Folder of the store.
    events_version, ledger_version : int
        Versions of the two tables that belong together.
    as_of : datetime or None
        Time at which the store is read [UTC]; None: as it is.
    embedded : bool
        Whether this is the sample that comes with the package.
    """

    folder: Path
    events_version: int
    ledger_version: int
    as_of: datetime | None = None
    embedded: bool = False

    @property
    def id(self) -> str:
        """Return the version and a short hash of the data files: the same name, the same contents."""
        names = "\n".join(file.name for file in self._files("events"))
        return f"v{self.events_version}-{hashlib.sha256(names.encode()).hexdigest()[:10]}"

    @cached_property
    def _listed(self) -> dict[str, list[StoredFile]]:
        """Keep the lists of data files that were read from the logs."""
        return {}

    def _files(self, table: str) -> list[StoredFile]:
        """Return the data files of one table at this version."""
        if table not in self._listed:
            versions = {"events": self.events_version, "ledger": self.ledger_version}
            self._listed[table] = delta.list_files(self.folder / table, versions.get(table))
        return self._listed[table]

    def take_list(self, other: Snapshot, table: str) -> Snapshot:
        """Take over which data files another view of the same version of a table has read from the log."""
        self._listed[table] = other._files(table)
        return self

    def list_data_files(self, table: str) -> list[Path]:
        """Return the Parquet files of one table at this version, for engines that do not read Delta Lake's log."""
        return [self.folder / table / file.name for file in self._files(table)]

    def list_added(self, version: int) -> list[Path]:
        """Return the data files of events that a version did not have yet: merged ones too, whatever they merge."""
        before = frozenset(delta.list_files(self.folder / "events", version)) if version >= 0 else frozenset()
        return [self.folder / "events" / file.name for file in self._files("events") if file not in before]

    def read_rows(self, table: str) -> pa.Table:
        """Return the stored rows of one table as they were written, files checked first.

        Parameters
        ----------
        table : str
            `events`, `set_aside` or `ledger`.

        Returns
        -------
        pyarrow.Table
            Columns as in `comity.store.tables`.

        Raises
        ------
        StoreDamaged
            A file is missing or is not what was written.
        """
        if table == "ledger":
            return self.read_ledger().rows
        return read_files(self.folder / table, self._files(table), schema_of(table))

    def read_ledger(self) -> Ledger:
        """Return the entries of the ledger as they were written, of all times, and since when they only grew.

        Raises
        ------
        StoreDamaged
            A file is missing or is not what was written.
        """
        return _LEDGERS.read(self.folder / "ledger", self._files("ledger"))

    def read_newest_entry(self) -> str | None:
        """Return when the newest ledger entry of this snapshot was made (ISO, UTC), or None."""
        made = self.read_rows("ledger")["seen_at"].to_pylist()
        newest = max((time for time in made if self.as_of is None or time <= self.as_of), default=None)
        return newest.isoformat() if newest else None

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open an in-memory DuckDB over this snapshot.

        Returns
        -------
        duckdb.DuckDBPyConnection
            With the table `ledger` (the last word on each file) and the views `rows` (kept rows of the files that
            count, the last revision of each event) and `set_aside`. Each file's SHA-256 is checked
            before the first value is used.
        """
        con = self.connect_rows()
        self._show(con, "set_aside_all", "set_aside", self._files("set_aside"))
        con.execute(
            "create view set_aside as select * from set_aside_all where batch in (select batch from ledger_entries)"
        )
        return con

    def connect_ledger(self) -> duckdb.DuckDBPyConnection:
        """Open an in-memory DuckDB with the table `ledger` alone."""
        import duckdb

        con = duckdb.connect()
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        con.execute(f"set temp_directory = {quote_path(_name_overflow())}")
        con.register("ledger_all", self.read_rows("ledger"))
        until = f"where seen_at <= TIMESTAMPTZ '{self.as_of.isoformat()}'" if self.as_of else ""
        con.execute(f"create view ledger_entries as select * from ledger_all {until}")
        con.execute(_LEDGER_NOW)
        return con

    def connect_rows(self, since: date | None = None) -> duckdb.DuckDBPyConnection:
        """Open an in-memory DuckDB with the table `ledger` and the view `rows`.

        Parameters
        ----------
        since : date, optional
            First day that is asked for. Data files that end before it are neither checked nor read, where the ledger
            says that none of their rows can matter: each file of the publisher stands for a slot, and none holds an
            event that another holds too. `rows` may have earlier days all the same.
        """
        con = self.connect_ledger()
        self.extend_rows(con, since)
        revised = _REVISIONS if hold_revisions(con) else ""
        con.execute(
            "create view rows as select * from rows_all where file in ("
            f"select sha256[:16] from ledger where status = 'loaded') {revised}"
        )
        return con

    def extend_rows(self, con: duckdb.DuckDBPyConnection, since: date | None = None) -> None:
        """Let `rows` of a connection of this snapshot begin on another day, see `connect_rows`."""
        files, first = self._files("events"), "" if since is None else since.isoformat()
        if first and not _lie_apart(con):
            first = ""
        self._show(con, "rows_all", "events", [file for file in files if not file.last or file.last >= first])

    def _show(self, con: duckdb.DuckDBPyConnection, view: str, table: str, files: Sequence[StoredFile]) -> None:
        """Check data files of a table, and let a view show all their rows."""
        paths = [self.folder / table / file.name for file in files]
        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(check_named_file, paths))
        if paths:
            names = ", ".join(quote_path(_escape_marks(path)) for path in paths)
            held = f"read_parquet([{names}], hive_partitioning = false)"
        else:
            held = f"{table}_none"
            con.register(held, schema_of(table).empty_table())
        con.execute(f"create or replace view {view} as select * from {held}")


def read_files(folder: Path, files: Sequence[StoredFile], schema: pa.Schema) -> pa.Table:
    """Read the rows of data files, each checked first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = []
    for file in files:
        check_named_file(folder / file.name)
        parts.append(pq.read_table(folder / file.name).select(schema.names).cast(schema))
    return pa.concat_tables(parts) if parts else schema.empty_table()


@dataclass(frozen=True)
class Ledger:
    """The entries of a ledger, in an order that only grows: of one origin, earlier ones keep their places.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns as in `comity.store.tables`.
    origin : object
        The same as long as entries were only added at the end since the ledger was read whole. Who has drawn something
        from so many entries of an origin need only look at those that follow.
    marks : frozenset of Mark
        By what the files that were read and checked are known.
    """

    rows: pa.Table
    origin: object
    marks: frozenset[Mark] = frozenset()

    def continues(self, origin: object, count: int) -> bool:
        """Say whether what was drawn from so many entries of an origin holds for the first entries of this ledger."""
        return origin is self.origin and count <= self.rows.num_rows


class _Ledgers:
    """Ledgers as they were read last, so that one that has grown by a file is read from that file on.

    A ledger has one small file for each load, and who loads every quarter of an hour asks for it many times a round.
    A file that has other bytes or another time than when it was checked is checked and read again.
    """

    def __init__(self) -> None:
        self.kept = Recent[Path, Ledger](4)

    def read(self, folder: Path, files: Sequence[StoredFile]) -> Ledger:
        """Return the entries in a ledger's files."""
        import pyarrow as pa

        schema, place = schema_of("ledger"), folder.absolute()
        marks = {file: mark_file(folder / file.name) for file in files}
        if any(mark.size < 0 for mark in marks.values()):
            return Ledger(read_files(folder, files, schema), object())
        there, kept = frozenset(marks.values()), self.kept.get(place)
        if kept is not None and kept.marks == there:
            return kept
        if kept is None or not kept.marks < there:
            kept = Ledger(schema.empty_table(), object())
        fresh = read_files(folder, [file for file, mark in marks.items() if mark not in kept.marks], schema)
        rows = pa.concat_tables([kept.rows, fresh])
        if rows["batch"].num_chunks > MOST_CHUNKS:
            rows = rows.combine_chunks()
        return self.kept.keep(place, Ledger(rows, kept.origin, there))


_LEDGERS = _Ledgers()


def hold_revisions(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether files that count may hold the same event, so that `rows` has to look for its last revision."""
    ((overlaps,),) = con.execute(_OVERLAPS).fetchall()
    return bool(overlaps)


def _lie_apart(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether rows of one day say nothing about those of another: no revisions, no files without a slot."""
    ((untimed,),) = con.execute("select count(*) from ledger where slot is null and status = 'loaded'").fetchall()
    return not untimed and not hold_revisions(con)


def _name_overflow() -> Path:
    """Return a folder, not made yet, for what does not fit into memory; DuckDB would take the working folder."""
    return Path(tempfile.gettempdir()) / f"comity-{os.getpid()}-{secrets.token_hex(4)}"


def quote_path(path: Path) -> str:
    """Write a path as a text of SQL."""
    return "'" + str(path.absolute()).replace("'", "''") + "'"


def _escape_marks(path: Path) -> Path:
    """Write a path so that DuckDB takes each of its characters as it is."""
    return Path(re.sub(r"([*?\[])", r"[\1]", str(path)))

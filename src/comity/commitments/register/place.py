"""Where a register is: a file of SQLite, or a database of PostgreSQL that several people share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from comity.commitments.errors import (
    RegisterBusy,
    RegisterDamaged,
    RegisterError,
    RegisterMissing,
    RegisterNewer,
    RegisterOlder,
)
from comity.commitments.register.tables import entries

REVISIONS = ("0001", "0002", "0003", "0004")
"""Revisions of the tables, oldest first; the last one is the one that this version reads and writes."""
BUSY_SECONDS = 30
"""How long a writer waits for another one [seconds]."""
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_IN_MEMORY = (None, "", ":memory:")
_PLACES = 8
"""Places of which a process keeps how their questions are written."""
_SECRETS = frozenset({"password", "passfile", "sslpassword", "sslkey"})
_NO_TABLE, _UNDEFINED_TABLE = "no such table: alembic_version", "42P01"
_DAMAGED = ("malformed", "not a database", "no such table", "no such column", 'relation "')
_ABSENT = ("connection failed", "resolve host", "authentication", "does not exist", "connection timeout")
_CUT = ("terminating connection", "closed the connection", "connection is lost", "connection is closed", "Shutdown")
_BUSY = ("locked", "busy", "lock timeout", "LockNotAvailable")


class Register:
    """An open register; close it, or use it in a `with` statement.

    Parameters
    ----------
    engine : sqlalchemy.engine.Engine
        The database.
    name : str
        How messages call it; holds no secret.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    def __repr__(self) -> str:
        return f"Register({self.name!r})"

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @property
    def is_shared(self) -> bool:
        """Whether it is a database of PostgreSQL."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection that reads; what others record meanwhile is not seen in part."""
        with say_what_failed(self.name), self.connect() as con:
            yield con

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a connection that reads, and let complaints of the database through."""
        with self._engine.connect() as con, con.begin():
            yield con

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open the one transaction that writes; it is kept whole when the block ends, or not at all.

        Others who write wait until it ends; those who read do not.
        """
        with say_what_failed(self.name), self._engine.connect().execution_options(writes=True) as con, con.begin():
            if self.is_shared:
                con.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                con.exec_driver_sql("LOCK TABLE entries IN EXCLUSIVE MODE")
            yield con

    def learn(self) -> None:
        """Let the database look at how its values are spread, so that it finds them in the best way."""
        with say_what_failed(self.name), self._engine.connect() as con:
            if self.is_shared:
                con.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM (ANALYZE) entries, totals")
            else:
                con.exec_driver_sql("PRAGMA analysis_limit = 1000")
                con.exec_driver_sql("ANALYZE entries")
                con.exec_driver_sql("ANALYZE totals")
                con.commit()

    def log_ahead(self) -> None:
        """Have a new file of SQLite write a log ahead, for good, so that who reads need not wait for who writes.

        Where another process makes the same register just now, and so has the file locked, it sees to it.
        """
        if self.is_shared:
            return
        with say_what_failed(self.name), self._engine.connect() as con, suppress(sqlite3.OperationalError):
            con.connection.execute("PRAGMA journal_mode = WAL").close()

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """Open a transaction that changes the tables themselves; one at a time does."""
        with say_what_failed(self.name), self._engine.connect().execution_options(writes=True) as con, con.begin():
            if self.is_shared:
                con.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('comity register'))")
            yield con


def open_register(place: str | Path, *, create: bool = False) -> Register:
    """Open a register.

    Parameters
    ----------
    place : path-like or str
        A file (SQLite), or a URL `postgresql://user:password@host/database`. A password is never printed; it may stand
        in the environment (`PGPASSWORD`) or in a password file of PostgreSQL instead.
    create : bool
        Make an empty register where there is none.

    Returns
    -------
    Register
        Open, of the newest revision.

    Raises
    ------
    RegisterMissing
        There is none, and `create` is not set.
    RegisterOlder, RegisterNewer
        It was written by another revision.
    RegisterError
        The place cannot be understood, or the database does not answer.
    """
    register = connect_register(place, create=create)
    try:
        revision = read_revision(register)
        if revision is None:
            _make_tables(register, create)
        elif revision != REVISIONS[-1]:
            raise _explain_revision(register, revision)
    except BaseException:
        register.close()
        raise
    return register


def connect_register(place: str | Path, *, create: bool = False) -> Register:
    """Connect to the database of a register without asking for its revision; `upgrade_register` needs this."""
    url = _read_place(place)
    name = hide_secrets(url)
    if url.get_backend_name() == "sqlite":
        _check_file(Path(url.database or ""), create)
    try:
        make = _make_engine.__wrapped__ if url.database in _IN_MEMORY else _make_engine
        return Register(make(url, BUSY_SECONDS), name)
    except (ImportError, NoSuchModuleError) as error:
        todo = "install the extra `team`: pip install 'comity[team]'"
        raise RegisterError(f"the driver of PostgreSQL is missing: {error}", where=name, todo=todo) from error


@lru_cache(maxsize=_PLACES)
def _make_engine(url: URL, seconds: int) -> Engine:
    """Return the engine of a place, which keeps how questions are written, and no connection once it is closed.

    Writing the questions of a page anew takes as long as to answer them.
    """
    engine = sa.create_engine(url, hide_parameters=True, connect_args=_choose_arguments(url, seconds))
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def hide_secrets(url: URL) -> str:
    """Return a URL without its password, also where it stands among the options."""
    kept = {key: "***" if key.lower() in _SECRETS else value for key, value in url.query.items()}
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    return url.set(query=kept, drivername="postgresql").render_as_string(hide_password=True)


def read_revision(register: Register) -> str | None:
    """Return the revision of a register's tables, or None where there are none."""
    with say_what_failed(register.name):
        try:
            with register.connect() as con:
                row = con.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _UNDEFINED_TABLE or _NO_TABLE in str(error.orig):
                return None
            raise
    return None if row is None else str(row[0])


@contextmanager
def say_what_failed(name: str) -> Iterator[None]:
    """Turn a complaint of the database into a message that names the register and the remedy."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        if any(word in said for word in _DAMAGED):
            raise RegisterDamaged(
                f"the database cannot be read: {said}",
                where=name,
                why="what it holds may not be what was recorded; nothing was written",
                todo="restore the file from a copy, and check that with: comity commitments verify --head N:HASH",
            ) from error
        if any(word in f"{said} {type(error.orig).__name__}" for word in _BUSY):
            raise RegisterBusy(
                f"somebody else has been writing to the register for {BUSY_SECONDS} seconds",
                where=name,
                why="two who write at once would lose one of the two entries",
                todo="run the same command again; nothing was half written",
            ) from error
        if any(word in f"{said} {type(error.orig).__name__}" for word in _CUT):
            raise RegisterError(
                f"the connection to the database was lost: {said}",
                where=name,
                why="a batch that was not acknowledged is there whole, or not at all",
                todo="run the same command again: what is there already is not recorded twice",
            ) from error
        raise RegisterError(
            f"the database refused: {said}",
            where=name,
            why="the register stays as it was before",
            todo=_advise(said),
        ) from error


def _advise(said: str) -> str:
    """Return what to do about a complaint of the database."""
    if any(word in said for word in _ABSENT):
        return "check that the server runs, and that address, user, password and database of the URL are right"
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return "it may not be written to: use a copy in a folder of your own, or ask for the right to write"
    return "check the place, the disk and your permissions, and run the same command again"


def _read_place(place: str | Path) -> URL:
    """Return the URL of a register's place."""
    text = str(place)
    if isinstance(place, Path) or "://" not in text:
        return URL.create("sqlite", database=text)
    scheme = text.partition("://")[0].lower()
    if scheme not in POSTGRESQL:
        raise RegisterError(
            f"a register cannot be at a place that begins with {scheme!r}",
            todo="give a file, or postgresql://user@host/database",
        )
    try:
        return make_url(text).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise RegisterError(
            "the address of the register cannot be understood (it is not printed, since it may hold a password)",
            todo="write postgresql://user@host:5432/database, with %40 for @ in a password",
        ) from None


def _check_file(path: Path, create: bool) -> None:
    """Raise `RegisterMissing` unless the file is there, or may be made."""
    if path.exists():  # another process may make it just now: what is there is asked before what it is
        if path.is_file():
            return
        raise RegisterError(f"{str(path)!r} is no file", where=str(path), todo="name a file such as register.db")
    if not create:
        todo = "record or import something first, or name another with --register"
        raise RegisterMissing("there is no register here", where=str(path), todo=todo)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        todo = "choose another place with --register"
        raise RegisterError(f"the disk refused: {error.strerror}", where=str(path), todo=todo) from error


def _make_tables(register: Register, create: bool) -> None:
    """Make the tables of an empty database, or say that there are none."""
    with register.read() as con:
        found = sa.inspect(con).get_table_names()
    if "alembic_version" in found and entries.name in found:
        if read_revision(register) is not None:
            return
        raise RegisterDamaged(
            "the register holds entries, and no revision of its tables",
            where=register.name,
            why="it cannot be told how they are to be read; nothing was written",
            todo="restore it from a copy",
        )
    if not create or (found and "alembic_version" not in found):
        what = "there is no register here" if not found else "this database holds something else than a register"
        todo = "record or import something first, or name another with --register"
        raise RegisterMissing(what, where=register.name, todo=todo)
    from comity.commitments.register.migration import upgrade_tables

    register.log_ahead()
    upgrade_tables(register)


def require_tables(register: Register) -> None:
    """Raise `RegisterMissing` where the database holds no register."""
    if read_revision(register) is None:
        _make_tables(register, create=False)


def _explain_revision(register: Register, revision: str) -> RegisterError:
    """Return the error for a register of another revision."""
    if revision in REVISIONS:
        return RegisterOlder(
            f"the register is of revision {revision}; this version of Comity writes {REVISIONS[-1]}",
            where=register.name,
            why="entries are kept as they are; only the tables around them change",
            todo="make a copy, then run: comity commitments upgrade",
        )
    return RegisterNewer(
        f"the register is of revision {revision}, which this version of Comity does not know",
        where=register.name,
        why="it was written by a newer version, and may hold what this one would not show",
        todo="install the newer version of Comity; the register was not touched",
    )


def _choose_arguments(url: URL, seconds: int) -> dict[str, Any]:
    """Return the arguments of a connection."""
    if url.get_backend_name() == "sqlite":
        return {"timeout": seconds}
    return {"connect_timeout": seconds, "application_name": "comity"}


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Set a connection to SQLite up: every commit on the disk, references kept, transactions by us."""
    connection.isolation_level = None
    for setting in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin_sqlite(con: Connection) -> None:
    """Begin a transaction; one that writes takes the lock at once, so that two cannot both begin and one then fail."""
    con.exec_driver_sql("BEGIN IMMEDIATE" if con.get_execution_options().get("writes") else "BEGIN")


def count_entries(register: Register) -> int:
    """Return the number of entries."""
    with register.read() as con:
        return int(con.scalar(sa.select(sa.func.coalesce(sa.func.max(entries.c.seq), 0))) or 0)

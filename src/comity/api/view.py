"""Which data a question is put to: store, time, scale and level of de-duplication."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from comity.events.scale import Scale, read_scale
from comity.events.view import DEFAULT_LEVEL, connect_events
from comity.lexicon.errors import ComityError
from comity.store import Snapshot, open_store

if TYPE_CHECKING:
    import duckdb


class WrongUse(ComityError):
    """An option has a value that cannot be understood."""


@dataclass(frozen=True)
class View:
    """Which data a question is put to.

    Parameters
    ----------
    store : path-like, optional
        Folder of a store; the sample of the package where left out.
    as_of : datetime, date or str, optional
        Read the store as it was then; a day means its end [UTC].
    scale : str or path
        Scale by name, or a file of one's own.
    level : str
        `reports`, `articles` or `events`; with a source before it where the store holds several (`icews:events`).
    register : path-like or str, optional
        Register of commitments that a brief shows; none where left out.
    """

    store: Path | str | None = None
    as_of: datetime | date | str | None = None
    scale: str | Path = "goldstein"
    level: str = DEFAULT_LEVEL
    register: Path | str | None = None

    @contextmanager
    def open(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot, Scale]]:
        """Open a connection with the views `rows`, `events`, `ledger` and `set_aside`."""
        scale = read_scale(self.scale)
        snapshot = open_store(self.store).take_snapshot(read_time(self.as_of))
        con = snapshot.connect()
        try:
            connect_events(con, scale, self.level)
            yield con, snapshot, scale
        finally:
            con.close()


def read_time(value: datetime | date | str | None) -> datetime | None:
    """Return a point in time with zone; a day means its end, a time without zone is UTC."""
    if isinstance(value, str):
        value = _parse_time(value)
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max, UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _parse_time(text: str) -> datetime | date:
    """Read an ISO date or time."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{text!r} is no date or time", todo="write 2025-05-31 or 2025-05-31T12:00:00Z") from error


def read_date(value: date | str | None) -> date | None:
    """Return a day from a date or ISO text; a time means its day."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise WrongUse(f"{value!r} is no day", todo="write it as 2025-05-31") from error

"""What the detector knows of each day, kept beside the store so that a new file costs one day and not the whole past.

One SQLite file, its numbers packed: most pairs of many have no event on a day, nor sums. It holds nothing that cannot
be had from the store again: where it is damaged, or made for other pairs or another model, it is begun anew.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.watch.signal import DAILY, SIDES, Signal, Stand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

KEPT = 40  # days whose stand is kept: files as late as that cost no more than the days since
_FORMAT = 2
_SCHEMA = (
    "create table if not exists note (of_what text not null)",
    "create table if not exists days (day integer primary key, covered integer, daily blob not null, "
    "alarms blob not null, stand blob)",
)


@dataclass(frozen=True)
class Known:
    """What is known of the days up to one.

    Parameters
    ----------
    last : int
        The last day [proleptic ordinal].
    signal : Signal
        Of all days until then.
    stand : Stand
        Where sums stood after it.
    """

    last: int
    signal: Signal
    stand: Stand


def recall_days(path: Path, of_what: str, before: int, pairs: int) -> Known | None:
    """Return what is known of the days before one, up to the last whose stand is kept.

    Parameters
    ----------
    path : Path
        File of the memory.
    of_what : str
        What it must have been made for: pairs, model, first day.
    before : int
        Day from which everything may have changed [proleptic ordinal].
    pairs : int

    Returns
    -------
    Known or None
        None where the memory has nothing of use.
    """
    known = None
    if path.exists():
        with suppress(sqlite3.Error, zlib.error), closing(sqlite3.connect(path)) as base:
            known = _recall(base, of_what, before, pairs)
        if known is None:
            path.unlink()
    return known


def _recall(base: sqlite3.Connection, of_what: str, before: int, pairs: int) -> Known | None:
    """Return what is known by a memory that was made for that."""
    if base.execute("select of_what from note").fetchone() != (_mark(of_what),):
        return None
    last = "select day, stand from days where day < ? and stand is not null order by day desc limit 1"
    found = base.execute(last, [before]).fetchone()
    if found is None:
        return None
    rows = base.execute("select covered, daily, alarms from days where day <= ? order by day", found[:1])
    return Known(found[0], _read_signal(rows, pairs), _read_stand(found[1], pairs))


def _mark(of_what: str) -> str:
    """Return what a memory says that it was made for, with the form of its bytes."""
    return f"{_FORMAT} {of_what}"


def keep_days(path: Path, of_what: str, first: int, signal: Signal, stands: list[Stand]) -> None:
    """Keep what is known of some days, after `recall_days`; what was kept of them and of later ones is forgotten.

    Parameters
    ----------
    path : Path
    of_what : str
    first : int
        First of the days [proleptic ordinal].
    signal : Signal
        Of these days.
    stands : list of Stand
        Where sums stood after each of the last of them, as many as there are.
    """
    import numpy as np

    days = signal.shape[1]
    edges = np.searchsorted(signal.alarms[0], np.arange(days + 1))
    rows = []
    for day in range(days):
        daily = _pack(np.stack([getattr(signal, name)[:, day] for name in DAILY]))
        alarms = _pack(signal.alarms[1:, edges[day] : edges[day + 1]].astype(np.int32))
        place = day - (days - len(stands))
        stand = _write_stand(stands[place]) if place >= 0 else None
        rows.append((first + day, int(signal.covered[day]), daily, alarms, stand))
    with closing(sqlite3.connect(path)) as base, base:
        for line in _SCHEMA:
            base.execute(line)
        if base.execute("select of_what from note").fetchone() is None:
            base.execute("insert into note values (?)", [_mark(of_what)])
        base.execute("delete from days where day >= ?", [first])
        base.executemany("insert into days values (?, ?, ?, ?, ?)", rows)
        base.execute("update days set stand = null where day < ?", [first + days - KEPT])


def _pack(numbers: NDArray[Any]) -> bytes:
    """Return numbers as bytes."""
    return zlib.compress(numbers.tobytes(), 1)


def _read_signal(rows: Iterable[tuple[int, bytes, bytes]], pairs: int) -> Signal:
    """Return days from their bytes."""
    import numpy as np

    days = [(bool(covered), zlib.decompress(daily), zlib.decompress(alarms)) for covered, daily, alarms in rows]
    whole = np.frombuffer(b"".join(row[1] for row in days)).reshape(len(days), len(DAILY), pairs)
    parts = [np.frombuffer(row[2], np.int32).reshape(3, -1).astype(np.int64) for row in days]
    dated = [np.concatenate([np.full((1, part.shape[1]), n), part]) for n, part in enumerate(parts)]
    count, total, normal, spread = np.moveaxis(whole, 0, -1)
    covered = np.array([row[0] for row in days])
    return Signal(count, total, normal, spread, covered, np.concatenate(dated, axis=1))


def _write_stand(stand: Stand) -> bytes:
    """Return a stand as bytes, the sums last."""
    import numpy as np

    each = np.stack([stand.normal, stand.variance, stand.events, stand.days], axis=1)
    return _pack(np.concatenate([each, *stand.sums], axis=1))


def _read_stand(blob: bytes, pairs: int) -> Stand:
    """Return a stand from its bytes."""
    import numpy as np

    whole = np.frombuffer(zlib.decompress(blob)).reshape(pairs, -1)
    sums: Numbers = np.moveaxis(whole[:, 4:].reshape(pairs, SIDES, -1), 0, 1)
    normal, variance, events, days = whole[:, :4].T
    return Stand(normal, variance, events, days, sums)

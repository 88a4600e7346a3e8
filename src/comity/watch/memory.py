"""What the detector knows of each day, kept beside the store so that a new file costs one day and not the whole past.

One SQLite file. It holds nothing that cannot be had from the store again: where it is damaged, or made for other pairs
or another model, it is begun anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from comity.watch.track import FIELDS, Stand, Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 40  # days whose stand is kept: files as late as that cost no more than the days since
_SCHEMA = (
    "create table if not exists note (of_what text not null)",
    "create table if not exists days (day integer primary key, track blob not null, stand blob)",
)


def recall_track(path: Path, of_what: str, before: int, pairs: int) -> tuple[int, Track, Stand] | None:
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
        Directed pairs.

    Returns
    -------
    (int, Track, Stand) or None
        The last day, the days until then, and where the pass stood. None where the memory has nothing of use.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as base:
            note = base.execute("select of_what from note").fetchone()
            rows = base.execute("select day, track, stand from days where day < ? order by day", [before]).fetchall()
    except sqlite3.Error:
        path.unlink(missing_ok=True)
        return None
    last = max((n for n, row in enumerate(rows) if row[2]), default=None)
    if note != (of_what,) or last is None:
        return None
    return rows[last][0], _read_track([row[1] for row in rows[: last + 1]], pairs), _read_stand(rows[last][2], pairs)


def keep_track(path: Path, of_what: str, first: int, track: Track, stands: list[Stand]) -> None:
    """Keep what is known of some days; what was kept of them and of later ones is forgotten.

    Parameters
    ----------
    path : Path
    of_what : str
    first : int
        First of the days [proleptic ordinal].
    track : Track
        Of these days.
    stands : list of Stand
        Where the pass stood after each of the last of them, as many as there are.
    """
    import numpy as np

    days = track.count.shape[1]
    blobs = [np.stack([getattr(track, name)[:, day] for name in FIELDS]).tobytes() for day in range(days)]
    kept = {days - len(stands) + n: _write_stand(stand) for n, stand in enumerate(stands)}
    with closing(sqlite3.connect(path)) as base, base:
        for line in _SCHEMA:
            base.execute(line)
        if base.execute("select of_what from note").fetchone() != (of_what,):
            base.execute("delete from note")
            base.execute("delete from days")
            base.execute("insert into note values (?)", [of_what])
        base.execute("delete from days where day >= ?", [first])
        rows = [(first + day, blob, kept.get(day)) for day, blob in enumerate(blobs)]
        base.executemany("insert into days values (?, ?, ?)", rows)
        base.execute("update days set stand = null where day < ?", [first + days - KEPT])


def _read_track(blobs: list[bytes], pairs: int) -> Track:
    """Return days from their bytes."""
    import numpy as np

    whole: NDArray[np.float64] = np.frombuffer(b"".join(blobs)).reshape(len(blobs), len(FIELDS), pairs)
    return Track(*np.moveaxis(whole, 0, -1))


def _write_stand(stand: Stand) -> bytes:
    """Return a stand as bytes, kinds first."""
    import numpy as np

    return np.concatenate([stand.logs[..., None], stand.mass], axis=-1).tobytes() + len(stand.logs).to_bytes(8, "big")


def _read_stand(blob: bytes, pairs: int) -> Stand:
    """Return a stand from its bytes."""
    import numpy as np

    both = np.frombuffer(blob[:-8]).reshape(int.from_bytes(blob[-8:], "big"), pairs, -1)
    return Stand(both[..., 1:], both[..., 0])

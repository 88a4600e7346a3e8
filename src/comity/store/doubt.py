"""A store whose disk reported an error while it was written: nothing is added until everything was read and checked.

A disk that fails to flush may have dropped what it was given, though it is still read back from memory. The store is
then marked by a file `.verify-needed` in its folder. `comity store verify` reads everything from the disk itself, and
takes the mark away where all is whole.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from comity.store.errors import DiskRefused, StoreError

MARK = ".verify-needed"


@contextmanager
def mark_if_disk_fails(store: Path) -> Iterator[None]:
    """Mark a store where the disk fails while it is written."""
    try:
        yield
    except DiskRefused as error:
        if error.number == errno.EIO:
            with suppress(OSError):
                (store / MARK).write_text(f"{error.what}: {error.where}\n", "utf-8")
        raise


def refuse_doubted(store: Path) -> None:
    """Raise `StoreError` where a store has to be checked before more is written to it."""
    if (store / MARK).exists():
        raise StoreError(
            "the disk reported an error when the store was last written, and it was not checked since",
            where=str(store),
            why="what the disk did not take could be built upon; reading goes on, each file is checked",
            todo="check the disk, then `comity store verify --store DIR`; `comity store repair` mends what is named",
        )


def forget_cached(path: Path) -> None:
    """Have a file read from the disk the next time, and not from memory."""
    with suppress(OSError), path.open("rb") as stream:
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def take_mark_away(store: Path) -> None:
    """Take the mark of a store away, where it has one and may be written to."""
    with suppress(OSError):
        (store / MARK).unlink(missing_ok=True)

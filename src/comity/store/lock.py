"""The lock of a folder: one process at a time, told by its number; the system frees it when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from comity.store.disk import say_why_disk_refused
from comity.store.errors import StoreBusy

HOLDER = 20
"""How long the number of a process may be [digits]."""


@contextmanager
def hold_lock(path: Path, wait: float, say: Callable[[str], None] | None = None) -> Iterator[str]:
    """Hold a lock that the system frees when its holder dies.

    Gives what stood in its file: nothing where the last holder let go, the number of its process where it died.
    """
    with say_why_disk_refused(path):
        stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
    with stream:
        deadline, told = time.monotonic() + wait, False
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _read_holder(stream) or "unknown"
                if time.monotonic() >= deadline:
                    raise StoreBusy(
                        f"process {holder} is writing to the store",
                        where=str(path.parent),
                        todo="wait for it to end, or stop it; a longer wait is --wait SECONDS",
                    ) from None
                if say and not told:
                    say(f"waiting for process {holder}, which is writing to {path.parent}")
                    told = True
                time.sleep(0.05)
        with say_why_disk_refused(path):
            before = _read_holder(stream)
            _write_holder(stream, str(os.getpid()))
        try:
            yield before
        finally:
            with suppress(OSError):  # then it looks as if we had died, which does no harm
                _write_holder(stream, "")


def _read_holder(stream: FileIO) -> str:
    """Return what stands in the file of a lock."""
    stream.seek(0)
    return stream.read().decode("utf-8", "replace").strip()


def _write_holder(stream: FileIO, holder: str) -> None:
    """Write over what stands in the file of a lock, which asks a full disk for no space."""
    stream.seek(0)
    stream.write(holder.ljust(HOLDER).encode())

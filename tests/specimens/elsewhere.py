"""What another process does to a store meanwhile: it shares nothing with the one who asks but the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.specimens.dying import start

from comity.store import delta, open_store
from comity.store.tables import schema_of


def run_elsewhere(work: Callable[..., None], *given: Any) -> int | None:
    """Have another process do something; return its exit code."""
    child = start(work, *given)
    child.join()
    return child.exitcode


def describe_file(name: str, **said: Any) -> dict[str, Any]:
    """Return a ledger entry of a file that was loaded, but for what is said otherwise."""
    entry = {"name": name, "source": "gdelt2", "status": "loaded", "late": False, "sha256": f"{name:0>64}"}
    times = {"slot": "2025-05-14T06:00:00+00:00", "seen_at": "2025-06-07T12:00:00+00:00"}
    return {**entry, **times, "rows_read": 0, "rows_kept": 0, "dropped": "{}", "set_aside": "{}", **said}


def add_entries(folder: Path, *entries: dict[str, Any]) -> None:
    """Commit ledger entries, each in a batch of its own, without rows."""
    nothing = [schema_of(name).empty_table() for name in ("events", "set_aside")]
    with open_store(folder).write() as writer:
        for entry in entries:
            writer.commit(*nothing, [entry])


def add_and_sum_up(folder: Path, *entries: dict[str, Any]) -> None:
    """Commit ledger entries, with a checkpoint of the logs before each."""
    delta.MOST_ENTRIES = 1
    add_entries(folder, *entries)


def merge_files(folder: Path) -> None:
    """Compact all tables."""
    with open_store(folder).write() as writer:
        writer.compact()

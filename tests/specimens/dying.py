"""Loads that die: in a child process, at a random time from outside, or at a counted step from inside."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from comity.api import load_events
from comity.events import step
from comity.store import delta

DIED = 77
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    [
        "comity.events.step",
        "comity.watch.step",
        "httpx",
        "deltalake",
        "duckdb",
        "pyarrow.parquet",
        "pyarrow.csv",
        "yaml",
    ]
)


def start(work: Callable[..., None], *given: Any) -> BaseProcess:
    """Start work in a child process that has read the libraries already."""
    child = _SERVER.Process(target=work, args=given)
    child.start()
    return child


def load(folder: Path, paths: list[Path], batch: int = 96) -> None:
    """Load files, so many in a batch, with checkpoints of the logs on the way."""
    step.BATCH_FILES = batch
    delta.MOST_ENTRIES = 2
    load_events(paths, folder)


def load_and_die(folder: Path, paths: list[Path], last: int, batch: int = 96) -> None:
    """Load files and end like a killed process at the step with a number: no clean-up, no flush, no farewell."""
    die_at(last)
    load(folder, paths, batch)


def die_at(last: int) -> None:
    """Have this process end like a killed one at the step with a number.

    A step stands before each call that changes something on the disk (a file or folder flushed, a file moved into
    place, a table made, a checkpoint, a commit), and after each checkpoint and commit.
    """
    steps = iter(range(last + 1))

    def pass_step() -> None:
        if next(steps) == last:
            os._exit(DIED)

    watch_steps(pass_step, setattr)


def watch_steps(pass_step: Callable[[], None], put: Callable[[Any, str, Any], None]) -> None:
    """Have something done at each step: before each call that changes something on the disk, and after a commit."""

    def wrap(owner: Any, name: str, after: bool) -> None:
        plain = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            pass_step()
            result = plain(*given, **named)
            if after:
                pass_step()
            return result

        put(owner, name, counted)

    for owner, name in ((os, "fsync"), (os, "replace"), (os, "link"), (delta, "create_table")):
        wrap(owner, name, after=False)
    for owner, name in ((DeltaTable, "create_checkpoint"), (delta, "append_files")):
        wrap(owner, name, after=True)

"""Where a load spends its processor time: the same load as in `bench/ingest.py`, told apart by stage.

    python bench/stages.py FOLDER [--runs 3]
    python bench/stages.py --generate 384 --days 5 --seed 1

Each run is a process of its own. A stage has the processor time of the threads in it, without that of the stages that
it calls; what threads of the libraries use, and what no stage claims, is "everything else". The medians are printed.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest import generate_files, load_with_comity

spent: Counter[str] = Counter()
_within = threading.local()


@contextmanager
def measure(stage: str) -> Iterator[None]:
    """Count the time of this thread for a stage, and not for the one around it."""
    around = getattr(_within, "stages", None) or [0.0]
    _within.stages = [*around, 0.0]
    began = time.thread_time()
    try:
        yield
    finally:
        took = time.thread_time() - began
        spent[stage] += took - _within.stages[-1]
        _within.stages = [*around[:-1], around[-1] + took]


def watch(module: Any, name: str, stage: str) -> None:
    """Let each call of a function count for a stage."""
    function: Callable[..., Any] = getattr(module, name)

    @functools.wraps(function)
    def measured(*given: Any, **named: Any) -> Any:
        with measure(stage):
            return function(*given, **named)

    setattr(module, name, measured)


def watch_pieces(module: Any, name: str, stage: str) -> None:
    """Let each step of a generator count for a stage."""
    function: Callable[..., Iterator[bytes]] = getattr(module, name)

    @functools.wraps(function)
    def measured(*given: Any) -> Iterator[bytes]:
        pieces = function(*given)
        while True:
            with measure(stage):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    setattr(module, name, measured)


def run_once(folder: Path) -> dict[str, float]:
    """Load a folder into a new store in this process; return processor seconds by stage."""
    import deltalake  # noqa: F401
    import duckdb  # noqa: F401
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    import comity.api  # noqa: F401
    from comity.events import step
    from comity.sources import archive, gdelt
    from comity.store import disk, received, store

    started = time.process_time()
    watch(step, "read_received", "read the files")
    watch(step, "hash_bytes", "SHA-256 of what was received")
    watch(step, "read_reading", "open, look at the layout")
    watch_pieces(archive, "_unpack", "unpack, CRC-32")
    watch(gdelt, "cut_lines", "lines and columns")
    watch(step, "code_readings", "judge actors, days, codes, numbers")
    watch(step, "join_parts", "join and sort the rows of a batch")
    watch(disk, "_make_parquet", "Parquet")
    watch(disk, "write_whole", "write and flush data files")
    watch(received, "move_into_place", "flush what was received")
    watch(store, "write_pack", "pack and write what was received, SHA-256")
    watch(store.delta, "append_files", "Delta Lake's log and its checksums")
    with tempfile.TemporaryDirectory() as work, measure("ledger, order of files, daily sums"):
        load_with_comity(folder, Path(work))
    rest = time.process_time() - started - sum(spent.values())
    return {"interpreter, libraries": started, **spent, "everything else": rest}


def print_stages(runs: list[dict[str, float]]) -> None:
    """Print the median of each stage as a Markdown table."""
    middle = {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}
    whole = sum(middle.values())
    print("| stage | CPU seconds | share |\n|---|---:|---:|")
    for stage, seconds in middle.items():
        print(f"| {stage} | {seconds:.2f} | {100 * seconds / whole:.0f} % |")
    print(f"| all | {whole:.2f} | 100 % |")


def main() -> None:
    """Measure, each run in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="folder with *.export.CSV.zip")
    parser.add_argument("--runs", type=int, default=3, help="how often the load runs [3]")
    parser.add_argument("--generate", type=int, default=384, help="without a folder: quarter-hours to generate [384]")
    parser.add_argument("--days", type=int, default=5, help="without a folder: daily files to generate [5]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generated files [1]")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.once:
        print(json.dumps(run_once(said.folder)))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = said.folder or Path(place)
        if not said.folder:
            generate_files(folder, said.generate, said.days, said.seed)
        words = [sys.executable, __file__, str(folder), "--once"]
        runs = [
            json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
            for _ in range(said.runs)
        ]
    print_stages(runs)


if __name__ == "__main__":
    main()

"""Read the same GDELT 2.0 files with Comity and with its peers, in one run, and print speed and memory side by side.

    make bench                                  # the files of ../shared/data/gdelt2, or generated ones
    make bench ARGS="FOLDER --runs 5 --files 200"
    make bench ARGS="--generate 300 --seed 7"   # 300 generated files, the same for the same seed
    make bench ARGS="--generate 384 --days 5"   # and five daily files of 100,000 rows in the layout of GDELT 1.0

The job is from zips to a typed table without duplicates on disk and sums of each directed pair and day.
Each peer does as much ("the same"), and then the parts that it has of its own, by which a line can be read apart.

Each contender runs in a process of its own, one after the other, round after round. CPU time is that of the process
and of all that it started, from its start to its end, imports included. Modules may keep their bytecode, as installed
ones do: who forbids it would have those of this checkout, and of no peer, compiled in each run. Before each timed run
the contender reads one file, untimed, so that its programs are in memory: cold, a run takes some 0.3 seconds more, a
sixth of the shortest and nothing of the longest. Peak memory is that of a run more, which is not timed: the largest
sum of resident memory of these processes, looked at fifty times a second, and at least the largest of one of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from ingest_peers import (
    convert_with_gdeltforge,
    is_quarter_hour,
    load_with_gdelt_py,
    load_with_gdeltforge,
    model_with_gdelt_py,
    parse_with_gdelt_py,
)

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "gdelt2"
ROWS_A_FILE = 1300
ROWS_A_DAY = 100_000
STEP = timedelta(minutes=15)
START = datetime(2025, 5, 16, tzinfo=UTC)


@dataclass(frozen=True)
class Contender:
    """One way to read the files: its name, the package it needs, what it does and does not do, and how it is run."""

    name: str
    package: str
    does: str
    run: Callable[[Path, Path], int]


@dataclass(frozen=True)
class Measured:
    """One run: rows [count], processor time and wall time [seconds], peak resident memory [bytes]."""

    rows: int
    cpu: float
    wall: float
    peak: int


def load_with_comity(folder: Path, work: Path) -> int:
    """Load the files into a new store, and sum events and scores of each directed pair and day."""
    from comity.api import load_events
    from comity.events.scale import read_scale
    from comity.events.view import connect_events
    from comity.store import open_store

    loaded = load_events(folder, work / "store")
    con = open_store(work / "store").take_snapshot().connect()
    connect_events(con, read_scale())
    con.execute("select date, sender, receiver, sum(weight), sum(score) from events group by all").to_arrow_table()
    return int(loaded["rows_read"])


def read_with_comity(folder: Path, work: Path) -> int:
    """Read the files into columns, one after the other, and keep nothing."""
    from comity.sources import read_reading
    from comity.sources.archive import read_received

    paths = sorted(folder.glob("*.zip"))
    return sum(read_reading(read_received(p), p.name, "gdelt").reading.lines.rows_read for p in paths)


CONTENDERS = (
    Contender(
        "Comity, load",
        "comity",
        "SHA-256, unpack within limits, columns, both actors judged, dates and codes checked, files that came twice or "
        "were issued anew recognised, what was received kept, rows between states and IGOs committed to the store, a "
        "ledger entry for each file; events and scores of each directed pair and day summed; two threads",
        load_with_comity,
    ),
    Contender(
        "gdelt-py, the same",
        "py_gdelt",
        "its endpoint's `stream(deduplicate=True)`: files into its cache, records, duplicates dropped (same address, "
        "day and place), a validated model for each; twelve columns of them into an Arrow table, written as one "
        "Parquet file and summed by directed pair and day; no actors judged; what it would fetch is handed over in the "
        "process; daily files left out, since it refuses their 58 columns; one thread",
        load_with_gdelt_py,
    ),
    Contender(
        "gdeltforge, the same",
        "gdeltforge",
        "`convert` with its default settings: all columns typed, one Parquet file for each zip; then Polars: twelve "
        "columns, numbers that came twice dropped, one Parquet file, sums by directed pair and day; no actors judged; "
        "as many processes and threads as processors",
        load_with_gdeltforge,
    ),
    Contender(
        "Comity, read only",
        "comity",
        "unpack within limits, the columns that Comity uses as Arrow, line numbers; nothing judged, nothing kept; "
        "one thread",
        read_with_comity,
    ),
    Contender(
        "gdelt-py, parse",
        "py_gdelt",
        "`EventsParser.parse`: one record of text fields for each row, all columns, streamed; nothing judged, nothing "
        "kept; unpacked by this script; daily files left out; one thread",
        parse_with_gdelt_py,
    ),
    Contender(
        "gdelt-py, models",
        "py_gdelt",
        "the same and `Event.from_raw`: one validated model with typed values for each row, nothing kept; one thread",
        model_with_gdelt_py,
    ),
    Contender(
        "gdeltforge, convert",
        "gdeltforge",
        "`convert` alone: duplicates stay, nothing is summed",
        convert_with_gdeltforge,
    ),
)


def generate_files(folder: Path, files: int, days: int, seed: int) -> None:
    """Write zips with random rows, as many in each as a real file has on average.

    Parameters
    ----------
    folder : Path
        Where they are written.
    files : int
        How many quarter-hours in the 2.0 layout [count].
    days : int
        How many days in the 1.0 layout, before the first of them [count].
    seed : int
        The same seed gives the same bytes.
    """
    chance = random.Random(seed)
    for number in range(files):
        slot = START + number * STEP
        rows = [_draw_row(chance, slot, number * ROWS_A_FILE + n) for n in range(ROWS_A_FILE)]
        _write_zip(folder / f"{slot:%Y%m%d%H%M%S}.export.CSV.zip", slot, rows)
    for number in range(days):
        slot = START - (number + 1) * timedelta(days=1)
        rows = [_draw_row(chance, slot, 500_000_000 + number * ROWS_A_DAY + n, daily=True) for n in range(ROWS_A_DAY)]
        _write_zip(folder / f"{slot:%Y%m%d}.export.CSV.zip", slot, rows)


def _write_zip(path: Path, slot: datetime, rows: list[str]) -> None:
    """Write rows as the one member of an archive."""
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo(path.name.removesuffix(".zip"), slot.timetuple()[:6])
        archive.writestr(member, "".join(rows), zipfile.ZIP_DEFLATED)


def _draw_row(chance: random.Random, slot: datetime, number: int, daily: bool = False) -> str:
    """Return a line whose fields are as long and as often empty as real ones."""
    codes = ("010", "020", "036", "040", "042", "043", "051", "057", "111", "112", "120", "173", "190")
    code = chance.choice(codes)
    day = slot.date() - timedelta(days=chance.choice((0, 0, 0, 0, 0, 0, 1, 30, 365)))
    actors = [_draw_actor(chance) if chance.random() < share else [""] * 10 for share in (0.9, 0.7)]
    place = ["4", "A Place, A Province, A Country", "XX", "XX01", *([] if daily else ["1234"]), "52.5", "13.4", "-1746"]
    counts = [str(chance.randint(1, 20)) for _ in range(3)]
    tone = f"{chance.uniform(-10, 10):.13f}"
    fields = [
        *(str(1_200_000_000 + number), f"{day:%Y%m%d}", f"{day:%Y%m}", f"{day:%Y}", "2025.3726"),
        *(field for actor in actors for field in actor),
        *("1", code, code[:3], code[:2], "1", f"{chance.uniform(-10, 10):.1f}", *counts, tone),
        *(field for _ in range(3) for field in place),
        *(f"{slot:%Y%m%d}" if daily else f"{slot:%Y%m%d%H%M%S}",),
        f"https://news.example/{chance.getrandbits(64):x}/a-headline-of-usual-length.html",
    ]
    return "\t".join(fields) + "\n"


def _draw_actor(chance: random.Random) -> list[str]:
    """Return the ten fields of an actor: often a state, sometimes a role within one, sometimes an organisation."""
    from comity.lexicon import list_cameo_igos, list_cameo_states

    if chance.random() < 0.05:
        group = chance.choice(sorted(list_cameo_igos()))
        return [f"IGO{group}", "AN ORGANISATION", "", group, "", "", "", "IGO", "", ""]
    state = chance.choice(sorted(list_cameo_states()))
    role = chance.choice(("", "", "GOV", "MIL", "MED", "BUS", "COP", "CVL", "OPP"))
    return [state + role, "A NAME OF SOMEBODY", state, "", "", "", "", role, "", ""]


def measure(contender: Contender, folder: Path, *, look: bool = False) -> Measured:
    """Run a contender in a process of its own; its memory is looked at where asked, which slows what is timed."""
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as work:
        words = [sys.executable, __file__, str(folder), "--only", contender.name, "--work", work]
        began = time.perf_counter()
        with tempfile.TemporaryFile("w+") as said:
            child = subprocess.Popen(words, env=usual, stdout=said, stderr=subprocess.DEVNULL)
            peak = 0
            while look and not os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                peak = max(peak, sum_memory(child.pid))
                time.sleep(0.02)
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - began
            child.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read()
    if child.returncode:
        raise SystemExit(f"{contender.name} ended with code {child.returncode}")
    rows = int(text.split()[-1])
    return Measured(rows, usage.ru_utime + usage.ru_stime, wall, max(peak, usage.ru_maxrss * 1024))


def sum_memory(process: int) -> int:
    """Return the resident memory of a process and of all that descend from it [bytes]."""
    try:
        status = Path(f"/proc/{process}/statm").read_text("ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    except (OSError, ProcessLookupError):
        return 0
    own = int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return own + sum(sum_memory(int(child)) for child in children.split())


def describe(contender: Contender) -> str:
    """Return a contender's name with the version of its package."""
    from comity import __version__

    package = {"py_gdelt": "gdelt-py"}.get(contender.package, contender.package)
    return f"{contender.name} ({__version__ if package == 'comity' else version(package)})"


def print_table(found: dict[str, list[Measured]], peaks: dict[str, int], files: int, megabytes: float) -> None:
    """Print medians as a Markdown table, and what each contender does."""
    ours = found[CONTENDERS[0].name]
    base = statistics.median(run.rows / run.cpu for run in ours)
    fast = statistics.median(run.rows / run.wall for run in ours)
    runs = len(found[CONTENDERS[0].name])
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors ({platform.machine()}), "
        f"Python {platform.python_version()}; {files} files, {megabytes:,.0f} MB zipped; median of {runs} runs.\n"
    )
    print("| | rows | rows per CPU second | load : it | rows per second | load : it | peak memory [MB] |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for contender in CONTENDERS:
        measured = found.get(contender.name)
        if not measured:
            print(f"| {contender.name}: not installed | | | | | | |")
            continue
        cpu = statistics.median(run.rows / run.cpu for run in measured)
        wall = statistics.median(run.rows / run.wall for run in measured)
        speeds = f"{cpu:,.0f} | {base / cpu:.1f} | {wall:,.0f} | {fast / wall:.1f}"
        cells = f"{measured[0].rows:,} | {speeds} | {peaks[contender.name] / 1e6:,.0f}"
        print(f"| {describe(contender)} | {cells} |")
    print()
    for contender in CONTENDERS:
        print(f"- {contender.name}: {contender.does}.")


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="folder with *.export.CSV.zip")
    parser.add_argument("--runs", type=int, default=3, help="how often each contender runs [3]")
    parser.add_argument("--files", type=int, help="take only so many files, spread evenly over the folder")
    parser.add_argument("--generate", type=int, metavar="N", help="generate N files instead of reading a folder")
    parser.add_argument("--days", type=int, default=0, metavar="N", help="generate N daily files as well [0]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generated files [1]")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def gather_files(arguments: argparse.Namespace, folder: Path) -> int:
    """Fill a folder with links to the files, or with generated ones; return how many there are."""
    source = arguments.folder or (REAL if REAL.is_dir() and not arguments.generate else None)
    if source is None:
        generate_files(folder, arguments.generate or 200, arguments.days, arguments.seed)
    else:
        paths = sorted(source.glob("*.export.CSV.zip"))
        step = max(1, len(paths) // (arguments.files or len(paths) or 1))
        for path in paths[::step][: arguments.files]:
            (folder / path.name).symlink_to(path.resolve())
    return len(list(folder.iterdir()))


def take_one(folder: Path, apart: Path) -> Path:
    """Link one quarter of an hour (or what there is) into a folder of its own, which every contender reads before."""
    paths = sorted(folder.iterdir())
    one = next(filter(is_quarter_hour, paths), paths[0])
    (apart / one.name).symlink_to(one.resolve())
    return apart


def compare(arguments: argparse.Namespace) -> None:
    """Run all contenders, round after round, and print the table."""
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as apart:
        folder = Path(place)
        files = gather_files(arguments, folder)
        if not files:
            raise SystemExit(f"{arguments.folder} holds no *.export.CSV.zip")
        megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        few = take_one(folder, Path(apart))
        there = [c for c in CONTENDERS if importlib.util.find_spec(c.package)]
        found: dict[str, list[Measured]] = {}
        for number in range(arguments.runs):
            for contender in there:
                print(f"run {number + 1} of {arguments.runs}: {contender.name} ...", file=sys.stderr)
                measure(contender, few)
                found.setdefault(contender.name, []).append(measure(contender, folder))
        peaks = {}
        for contender in there:
            print(f"memory: {contender.name} ...", file=sys.stderr)
            peaks[contender.name] = measure(contender, folder, look=True).peak
        print_table(found, peaks, files, megabytes)


def main() -> None:
    """Compare, or run one contender for the comparison."""
    arguments = read_arguments()
    if arguments.only:
        contender = next(c for c in CONTENDERS if c.name == arguments.only)
        print(contender.run(arguments.folder, arguments.work))
    else:
        compare(arguments)


if __name__ == "__main__":
    main()

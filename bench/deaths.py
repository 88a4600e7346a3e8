"""Imports that die in the middle: what is lost, what is half there, whether the same import ends it.

    python bench/deaths.py [--kills 100] [--servers 10] [--only sqlite|postgresql] [--seed 1]

A file of about a thousand records is imported, and at a random moment between its begin and a fifth after its usual
end the importing process is killed (SIGKILL); on PostgreSQL also the server's process of that connection is ended by
its administrator or killed (upon which the server ends all others and recovers), or the whole server is stopped at
once or killed, and started again. After each death the register is opened and checked: all of the import must be there
or nothing, all of it where it was acknowledged, everything before it, and the chain must hold. Then the same import is
run again. After every ten the register is compared with one into which the same files went undisturbed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.registers import (
    Server,
    build_records,
    find_postgresql,
    make_database,
    open_empty,
    run_postgresql,
)

from comity.commitments.errors import RegisterError
from comity.commitments.exchange import read_path, write_standing
from comity.commitments.register import (
    count_commitments,
    open_register,
    read_head,
    read_standing,
    record_batch,
    record_entries,
    verify_register,
)
from comity.commitments.register.reading import is_entry

TOGETHER = 10
"""Imports into one register, one after the other."""
HEADS = ("what dies", "moments", "acknowledged", "whole", "nothing", "half", "lost", "before it lost", "chain broken",
         "not told in words", "refused again", "other at the end")  # fmt: skip
_PROCESSES = multiprocessing.get_context("forkserver")


def run_import(place: str, source: Path, pipe: Any) -> None:
    """Import a file, and tell when it begins and how it ended."""
    with open_register(place) as register:
        received = read_path(source)
        pipe.send(("begin", ""))
        try:
            pipe.send(("done", record_batch(register, received.batch).head.seq))
        except RegisterError as error:
            pipe.send(("told", str(error)))


class Import:
    """An import in a process of its own."""

    def __init__(self, place: str, source: Path) -> None:
        self.pipe, other = _PROCESSES.Pipe(duplex=False)
        self.process = _PROCESSES.Process(target=run_import, args=(place, source, other))
        self.process.start()
        other.close()
        assert self.pipe.recv()[0] == "begin"

    def finish(self) -> tuple[str, Any]:
        """Wait for its end, and give the last that it said."""
        try:
            said = self.pipe.recv()
        except EOFError:
            said = ("silent", "")
        self.process.join()
        return said


def write_source(path: Path, number: int) -> int:
    """Write a document of records under names of their own; give how many."""
    with open_empty() as aside:
        records = build_records(100, 3)
        record_entries(aside, records)
        text = write_standing(read_standing(aside), "json").decode()
    path.write_text(text.replace('"pact', f'"r{number}/pact'), "utf-8")
    return len(records)


def kill_import(running: Import, place: str) -> None:
    """Kill the process that imports."""
    running.process.kill()


def end_backend(running: Import, place: str, *, kill: bool) -> None:
    """End the server's processes of a database, as its administrator or with SIGKILL."""
    import psycopg

    asked = "FROM pg_stat_activity WHERE application_name = 'comity' AND datname = current_database()"
    with psycopg.connect(place, autocommit=True) as connection:
        if not kill:
            connection.execute(f"SELECT pg_terminate_backend(pid) {asked}")
            return
        for (pid,) in connection.execute(f"SELECT pid {asked}").fetchall():
            os.kill(pid, signal.SIGKILL)


def end_server(running: Import, server: Server, *, kill: bool) -> None:
    """Stop the whole server at once, or kill all its processes, and start it again."""
    if not kill:
        server.stop("immediate")
    else:
        first = server.read_process()
        told = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True, check=True)
        for pid in (first, *map(int, told.stdout.split())):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        for left in (server.folder / "data" / "postmaster.pid", *server.folder.glob(".s.PGSQL.*.lock")):
            left.unlink()
    server.start()


def wait_for(place: str) -> None:
    """Wait until a register answers, as long as a server takes to recover."""
    for _ in range(1200):
        try:
            with open_register(place):
                return
        except RegisterError:
            time.sleep(0.1)
    raise SystemExit(f"{place} does not answer")


def look(place: str, found: Counter[str], number: int, before: Any, said: tuple[str, Any]) -> None:
    """Check a register in which an import may have died."""
    with open_register(place) as register:
        head, standing = read_head(register), read_standing(register)
        mine = [sum(row.id.startswith(f"r{number}/") for row in rows)
                for rows in (standing.commitments, standing.evidence, standing.assessments)]  # fmt: skip
        counted = sum(count.total for count in count_commitments(register))
        whole, nothing = mine == [200, 600, 200], mine == [0, 0, 0] and head.seq == before.seq
        half = not (whole or nothing) or counted != len(standing.commitments)
        found["half" if half else "whole" if whole else "nothing"] += 1
        found["lost"] += said[0] == "done" and not whole
        found["before it lost"] += before.seq > 0 and not is_entry(register, before)
        found["chain broken"] += not verify_register(register).holds


def tell_all(place: str) -> tuple[Any, ...]:
    """Give all that stands in a register, without moments, and its counts."""
    with open_register(place) as register:
        standing = read_standing(register)
        kinds = (standing.agreements, standing.articles, standing.commitments, standing.evidence, standing.assessments)
        rows = [sorted((replace(row, recorded_at=None) for row in kind), key=lambda row: row.id) for kind in kinds]
        return *rows, count_commitments(register)


def bench_deaths(name: str, places: list[str], folder: Path, end: Callable[..., None], draw: random.Random) -> None:
    """Let imports die into one register after the other, and print what came of them; the first place is to try."""
    found: Counter[str] = Counter()
    tried, *places = places
    span = 1.2 * measure_import(tried, folder)
    for number in range(TOGETHER * len(places)):
        place, source = places[number // TOGETHER], folder / f"{number % TOGETHER}.json"
        with open_register(place, create=True) as register:
            before = read_head(register)
        running = Import(place, source)
        time.sleep(draw.random() * span)
        end(running, place)
        said = running.finish()
        wait_for(place)
        found["acknowledged"] += said[0] == "done"
        found["not told in words"] += said[0] == "silent" and end is not kill_import
        look(place, found, number % TOGETHER, before, said)
        found["refused again"] += Import(place, source).finish()[0] != "done"
        if (number + 1) % TOGETHER == 0:
            found["other at the end"] += tell_all(place) != tell_all(str(folder / "undisturbed.db"))
    found["moments"] = TOGETHER * len(places)
    print(f"| {name} | {' | '.join(str(found[head]) for head in HEADS[1:])} |", flush=True)


def measure_import(place: str, folder: Path) -> float:
    """Give the usual time of an import into a kind of register [seconds], undisturbed."""
    open_register(place, create=True).close()
    took = []
    for number in range(5):
        running = Import(place, folder / f"{number}.json")
        begin = time.perf_counter()
        assert running.finish()[0] == "done"
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def main() -> None:
    """Print a row for each way to die."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="of each kind, in tens")
    parser.add_argument("--servers", type=int, default=10, help="deaths of a whole server, in tens")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    _PROCESSES.set_forkserver_preload(["comity.commitments.exchange", "comity.commitments.register", "psycopg"])
    draw = random.Random(given.seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        open_register(folder / "undisturbed.db", create=True).close()
        for number in range(TOGETHER):
            write_source(folder / f"{number}.json", number)
            Import(str(folder / "undisturbed.db"), folder / f"{number}.json").finish()
        print(f"| {' | '.join(HEADS)} |\n|---{'|---:' * (len(HEADS) - 1)}|", flush=True)
        if given.only != "postgresql":
            places = [str(folder / f"killed-{number}.db") for number in range(given.kills // TOGETHER + 1)]
            bench_deaths("SQLite: the import", places, folder, kill_import, draw)
        if given.only != "sqlite" and find_postgresql() is None:
            print("PostgreSQL: no server here (Debian: apt-get install postgresql)")
        elif given.only != "sqlite":
            bench_servers(given.kills, given.servers, folder, draw)


def bench_servers(kills: int, servers: int, folder: Path, draw: random.Random) -> None:
    """Print a row for each way to die on PostgreSQL, each with a server of its own that keeps what it is told."""
    ways: dict[str, tuple[int, Callable[[Server], Callable[..., None]]]] = {
        "PostgreSQL: the import": (kills, lambda server: kill_import),
        "its connection, ended by the server": (kills, lambda server: partial(end_backend, kill=False)),
        "its connection's process": (servers, lambda server: partial(end_backend, kill=True)),
        "the server, stopped at once": (servers, lambda server: lambda run, _: end_server(run, server, kill=False)),
        "the server, all its processes": (servers, lambda server: lambda run, _: end_server(run, server, kill=True)),
    }
    for name, (count, way) in ways.items():
        with run_postgresql("fsync=on") as server:
            places = [make_database(server.address, f"killed_{place}") for place in range(count // TOGETHER + 1)]
            bench_deaths(name, places, folder, way(server), draw)


if __name__ == "__main__":
    main()

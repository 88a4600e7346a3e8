"""Many who write one register at once, and imports that are killed: what is lost, what is half there, what it costs.

    python bench/writers.py [--writers 8] [--each 20] [--kills 100] [--only sqlite|postgresql]

Writers: each process enters agreements, articles and commitments of its own, assesses commitments that all share, and
edits one agreement that all share until the edit is taken; no edit may be missing at the end, and the chain must hold.
Kills: an import is ended with SIGKILL at a random time between its begin and its end; afterwards all of it must be
there or nothing, nothing that was acknowledged may be missing, and the same import must go through.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.registers import build_records, find_postgresql, open_empty, start_postgresql

from comity.api.follow import assess_commitment
from comity.commitments.errors import Conflict
from comity.commitments.exchange import write_standing
from comity.commitments.records import Article, Commitment
from comity.commitments.register import (
    open_register,
    read_head,
    read_history,
    read_standing,
    record_entries,
    verify_register,
)

DAY = date(2020, 1, 1)
SHARED = "pact/1/NOR/0"
SPAN = 0.3
"""Longest time after its begin at which an import is killed [seconds]; most of them take less."""
DYING = """
import sys
from pathlib import Path
from comity.commitments.exchange import read_path
from comity.commitments.register import open_register, record_batch
with open_register(sys.argv[1]) as register:
    received = read_path(Path(sys.argv[2]))
    print("begin", flush=True)
    print("done", record_batch(register, received.batch).head.seq, flush=True)
"""


def write(place: str, writer: int, each: int) -> None:
    """Enter, assess and edit, so many times each."""
    first = build_records(1, 0)[0]
    for number in range(each):
        id = f"by-{writer}-{number}"
        with open_register(place) as register:
            record_entries(register, [
                replace(first, id=id),
                Article(f"{id}/1", "registrar", DAY, agreement=id, place="1"),
                Commitment(f"{id}/1/a", "registrar", DAY, article=f"{id}/1", party="NOR", obligation="Build."),
            ])  # fmt: skip
        name = f"{SHARED}/{writer}-{number}"
        assess_commitment(SHARED, "pam", str(number % 4), f"coder {writer}", said={"id": name}, register=place)
        while not edit_title(place, f"{writer}.{number}"):
            pass


def edit_title(place: str, said: str) -> bool:
    """Add a word to the title of the shared agreement; tell whether nobody was quicker."""
    with open_register(place) as register:
        last = read_history(register, "agreement", "pact")[-1]
        edit = replace(last.record, recorded_at=None, title=f"{last.record.title} {said}")
        try:
            record_entries(register, [edit], seen=last.seq)
        except Conflict:
            return False
        return True


def bench_writers(place: str, writers: int, each: int) -> None:
    """Print what many writers left behind."""
    with open_register(place, create=True) as register:
        record_entries(register, build_records(1, 0))
    begin = time.perf_counter()
    pool = [multiprocessing.Process(target=write, args=(place, writer, each)) for writer in range(writers)]
    for process in pool:
        process.start()
    for process in pool:
        process.join()
    took = time.perf_counter() - begin
    with open_register(place) as register:
        standing = read_standing(register)
        said = next(row.title for row in standing.agreements if row.id == "pact").split()[2:]
        wanted = {f"{writer}.{number}" for writer in range(writers) for number in range(each)}
        assessed = {row.id for row in standing.assessments}
        lost = len(wanted - set(said)) + len(said) - len(set(said))
        missing = sum(f"by-{name.replace('.', '-')}/1/a" not in {c.id for c in standing.commitments} for name in wanted)
        unassessed = sum(f"{SHARED}/{name.replace('.', '-')}" not in assessed for name in wanted)
        print(f"  {writers} writers, {3 * len(wanted)} batches in {took:.1f} s: edits lost {lost}, entries missing "
              f"{missing}, assessments missing {unassessed}, failed writers {sum(p.exitcode != 0 for p in pool)}, "
              f"chain {'holds' if verify_register(register).holds else 'BROKEN'}", flush=True)  # fmt: skip


def bench_kills(place: str, folder: Path, kills: int, seed: int) -> None:
    """Print what killed imports left behind; each imports records under names of its own."""
    draw = random.Random(seed)
    outcomes = {"whole": 0, "nothing": 0, "half": 0, "lost": 0, "refused later": 0}
    with open_register(place, create=True):
        pass
    for kill in range(kills):
        source = folder / f"{kill}.json"
        count = write_source(source, kill)
        with open_register(place) as register:
            before = read_head(register).seq
        words = [sys.executable, "-c", DYING, place, str(source)]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(draw.random() * SPAN)
        child.kill()
        told = child.stdout.read()
        child.wait()
        with open_register(place) as register:
            grown = read_head(register).seq - before
            seen = sum(row.id.startswith(f"r{kill}/") for row in read_standing(register).commitments)
            half = grown not in (0, count) or seen not in (0, 200) or (seen > 0) != (grown > 0)
            outcome = "half" if half else "whole" if grown else "lost" if "done" in told else "nothing"
            outcomes[outcome] += 1
        again = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
        outcomes["refused later"] += f"done {before + count}" not in again.stdout
    with open_register(place) as register:
        print(f"  {kills} imports killed: {outcomes}, chain "
              f"{'holds' if verify_register(register).holds else 'BROKEN'}", flush=True)  # fmt: skip


def write_source(path: Path, number: int) -> int:
    """Write a document of records under names of their own; give how many."""
    with open_empty() as aside:
        records = build_records(100, 3)
        record_entries(aside, records)
        text = write_standing(read_standing(aside), "json").decode()
    path.write_text(text.replace('"pact', f'"r{number}/pact'), "utf-8")
    return len(records)


def main() -> None:
    """Measure each database that is here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    for kind in ("sqlite", "postgresql") if given.only is None else (given.only,):
        if kind == "postgresql" and find_postgresql() is None:
            print("PostgreSQL: no server here (Debian: apt-get install postgresql)")
            continue
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address = stack.enter_context(start_postgresql()) if kind == "postgresql" else ""
            print(kind)
            bench_writers(address or str(folder / "writers.db"), given.writers, given.each)
            if address:
                address = make_database(address, "killed")
            bench_kills(address or str(folder / "killed.db"), folder, given.kills, given.seed)


def make_database(address: str, name: str) -> str:
    """Make another database on a server; give its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address.rpartition('/')[0]}/{name}"


if __name__ == "__main__":
    main()

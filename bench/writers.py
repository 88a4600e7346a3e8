"""Many who write one register at once: what is lost, what is half there, what it costs.

    python bench/writers.py [--writers 8] [--each 20] [--only sqlite|postgresql]

Writers: each process enters agreements, articles and commitments of its own, assesses commitments that all share, and
edits one agreement that all share until the edit is taken; no edit may be missing at the end, and the chain must hold.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.specimens.registers import build_records, find_postgresql, start_postgresql

from comity.api.follow import assess_commitment
from comity.commitments.errors import Conflict
from comity.commitments.records import Article, Commitment
from comity.commitments.register import (
    open_register,
    read_history,
    read_standing,
    record_entries,
    verify_register,
)

DAY = date(2020, 1, 1)
SHARED = "pact/1/NOR/0"


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


def main() -> None:
    """Measure each database that is here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--each", type=int, default=20)
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


if __name__ == "__main__":
    main()

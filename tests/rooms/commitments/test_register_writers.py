"""Several people at once, and writers that die: nothing is lost, nothing is half there, the chain stays one line."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.specimens.registers import build_records, open_empty

from comity.commitments.errors import Conflict, RegisterBusy
from comity.commitments.register import (
    Register,
    open_register,
    read_head,
    read_history,
    read_standing,
    record_entries,
    verify_register,
)
from comity.commitments.register import place as place_module

WRITERS, EACH = 3, 3
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["comity.commitments.register", "psycopg", "tests.specimens.registers"])


def add_some(place: str, writer: int) -> None:
    """Record new agreements one by one, and one common one again and again until the edit is taken."""
    first = build_records(1, 0)[0]
    with open_register(place) as register:
        for number in range(EACH):
            record_entries(register, [replace(first, id=f"by-{writer}-{number}")])
            while True:
                last = read_history(register, "agreement", "pact")[-1]
                edit = replace(last.record, recorded_at=None, title=f"{last.record.title} {writer}.{number}")
                try:
                    record_entries(register, [edit], seen=last.seq)
                except Conflict:
                    continue
                break


def test_many_who_write_at_once_lose_nothing(place: str):
    with open_register(place, create=True) as register:
        record_entries(register, build_records(1, 0)[:1])
    writers = [_PROCESSES.Process(target=add_some, args=(place, writer)) for writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with open_register(place) as register:
        standing = read_standing(register)
        said = next(a.title for a in standing.agreements if a.id == "pact").split()[2:]
        assert sorted(said) == sorted(f"{writer}.{number}" for writer in range(WRITERS) for number in range(EACH))
        assert len(standing.agreements) == 1 + WRITERS * EACH
        assert verify_register(register).holds
        assert read_head(register).seq == 1 + 2 * WRITERS * EACH


def test_two_who_make_the_same_register_at_once_make_one(place: str):
    def make(number: int) -> int:
        with open_register(place, create=True) as register:
            return record_entries(register, build_records(1, 0)[:1]).added

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(make, range(3))) == 1
    with open_register(place) as register:
        assert read_head(register).seq == 1


def test_who_reads_is_not_kept_waiting_by_who_writes(register: Register):
    record_entries(register, build_records(1, 0))
    before = read_standing(register)
    with register.write() as con:
        con.exec_driver_sql("SELECT 1")
        assert read_standing(register) == before


def test_who_waits_too_long_is_told(place: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(place_module, "BUSY_SECONDS", 1)
    with open_register(place, create=True) as register, open_register(place) as other, register.write() as con:
        con.exec_driver_sql("SELECT 1")
        with pytest.raises(RegisterBusy, match="somebody else"):
            record_entries(other, build_records(1, 0))


DYING = """
import sys
from pathlib import Path
from comity.commitments.exchange import read_path
from comity.commitments.register import open_register, record_batch
with open_register(sys.argv[1]) as register:
    received = read_path(Path(sys.argv[2]))
    print("begin", flush=True)
    receipt = record_batch(register, received.batch)
    print("done", receipt.head.seq, flush=True)
"""


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_an_import_that_is_killed_is_whole_or_not_there(place: str, tmp_path: Path, share: float):
    from comity.commitments.exchange import write_standing

    with open_empty() as aside:
        record_entries(aside, build_records(100, 3))
        (tmp_path / "register.json").write_bytes(write_standing(read_standing(aside), "json"))
    with open_register(place, create=True) as register:
        record_entries(register, [replace(build_records(1, 0)[0], id="before")])
        head = read_head(register)
    words = [sys.executable, "-c", DYING, place, str(tmp_path / "register.json")]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ})
    assert child.stdout is not None
    assert child.stdout.readline() == "begin\n"
    time.sleep(share * 0.15)
    child.send_signal(signal.SIGKILL)
    acknowledged = child.stdout.read()
    child.wait()
    with open_register(place) as register:
        assert verify_register(register).holds
        count = read_head(register).seq
        assert count in (head.seq, head.seq + len(build_records(100, 3)))
        assert count > head.seq or "done" not in acknowledged
        record_entries(register, build_records(100, 3))
        assert read_head(register).seq == head.seq + len(build_records(100, 3))

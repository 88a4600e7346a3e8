"""Fetching a span: what is asked for, what is kept, what is not asked for again."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.publisher import LIST, Publisher, answer, hang_up, list_line, pack, send_other, stall, write_row

from comity import __version__
from comity.sources.courier import Visit
from comity.sources.errors import FetchError, SourceError
from comity.sources.fetch import fetch_slots
from comity.store import DiskRefused

DAY = date(2025, 5, 16)
NOW = datetime(2025, 5, 16, 1, 10, tzinfo=UTC)
NAMES = [f"20250516{clock}00.export.CSV.zip" for clock in ("0000", "0015", "0030", "0045")]
VISIT = Visit(now=NOW, attempts=4, wait=0.01, longest=2.0, idle=5.0, total=20.0)


def make_files(names: list[str] = NAMES) -> dict[str, bytes]:
    files = {}
    for n, name in enumerate(names):
        rows = [write_row(event_id=1000 * n + k, date=20250516, code="042", added=name[:14]) for k in range(200)]
        files[name] = pack(name, rows)
    return files


def fetch(publisher: Publisher, into: Path, visit: Visit = VISIT, **options: Any) -> dict[str, Any]:
    return fetch_slots(DAY, DAY, into, base=publisher.base, visit=visit, **options)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.zip")}


def read_ledger(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "fetched.jsonl").read_text("utf-8").splitlines()]


def test_every_slot_that_is_due_arrives_as_it_is_at_the_publisher(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    account = fetch(publisher, tmp_path / "new" / "folder")
    assert account["slots"] == {"expected": 4, "fetched": 4, "present": 0, "missing": 0, "failed": 0}
    assert account["files"] == NAMES
    assert account["bytes"] == sum(map(len, files.values()))
    assert (account["unchecked"], account["malformed_lines"], account["list"]) == (0, 0, "")
    assert read_folder(tmp_path / "new" / "folder") == files


def test_requests_say_who_asks_and_are_few_at_once(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())
    fetch(publisher, tmp_path, replace(VISIT, now=datetime(2025, 5, 16, 23, 0, tzinfo=UTC)))
    assert {request.headers["User-Agent"] for request in publisher.requests} == {f"comity/{__version__}"}
    assert 1 <= publisher.busiest <= 4
    assert len(publisher.requests) == 1 + 92


def test_the_folder_keeps_a_line_for_each_file(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    fetch(publisher, tmp_path)
    lines = {line["name"]: line for line in read_ledger(tmp_path)}
    data = files[NAMES[1]]
    assert lines[NAMES[1]] == {
        "name": NAMES[1],
        "slot": "2025-05-16T00:15:00+00:00",
        "status": "fetched",
        "size": len(data),
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "checked": True,
        "etag": f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"',
        "url": f"{publisher.base}/{NAMES[1]}",
        "time": "2025-05-16T01:10:00+00:00",
        "detail": "",
    }


def test_a_second_run_asks_for_nothing(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())
    fetch(publisher, tmp_path)
    asked, ledger = len(publisher.requests), read_ledger(tmp_path)
    again = fetch(publisher, tmp_path)
    assert again["slots"] == {"expected": 4, "fetched": 0, "present": 4, "missing": 0, "failed": 0}
    assert again["bytes"] == 0
    assert len(publisher.requests) == asked
    assert read_ledger(tmp_path) == ledger


def test_a_larger_span_fetches_only_what_is_new(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())
    fetch(publisher, tmp_path, replace(VISIT, now=datetime(2025, 5, 16, 0, 31, tzinfo=UTC)))
    account = fetch(publisher, tmp_path)
    assert account["slots"] == {"expected": 4, "fetched": 2, "present": 2, "missing": 0, "failed": 0}
    assert [len(publisher.asked(name)) for name in NAMES] == [1, 1, 1, 1]


def test_progress_counts_up_to_all_files_and_all_bytes(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    told: list[tuple[int, int, int]] = []
    fetch(publisher, tmp_path, progress=lambda done, total, amount: told.append((done, total, amount)))
    assert [done for done, _, _ in told] == [1, 2, 3, 4]
    assert told[-1] == (4, 4, sum(map(len, files.values())))


def test_a_file_that_the_publisher_lacks_is_missing_and_asked_for_again_later(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish({name: files[name] for name in NAMES if name != NAMES[2]})
    account = fetch(publisher, tmp_path)
    assert account["missing"] == [NAMES[2]]
    assert account["slots"]["missing"] == 1
    assert len(publisher.asked(NAMES[2])) == 1
    publisher.publish(files)
    assert fetch(publisher, tmp_path)["slots"] == {"expected": 4, "fetched": 1, "present": 3, "missing": 0, "failed": 0}
    assert read_folder(tmp_path) == files


def test_a_missing_file_is_noted_once_however_often_it_is_asked_for(publisher: Publisher, tmp_path: Path):
    publisher.publish({})
    fetch(publisher, tmp_path)
    fetch(publisher, tmp_path, replace(VISIT, now=datetime(2025, 5, 16, 1, 14, tzinfo=UTC)))
    assert sorted(line["name"] for line in read_ledger(tmp_path)) == NAMES


def test_a_file_that_was_changed_on_the_disk_is_fetched_again(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    fetch(publisher, tmp_path)
    (tmp_path / NAMES[0]).write_bytes(files[NAMES[0]][:-5] + b"other")
    (tmp_path / NAMES[1]).unlink()
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["slots"]["present"]) == (2, 2)
    assert read_folder(tmp_path) == files


def test_files_that_somebody_else_put_there_are_checked_and_not_fetched(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    (tmp_path / NAMES[0]).write_bytes(files[NAMES[0]])
    (tmp_path / NAMES[1]).write_bytes(files[NAMES[2]])
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["slots"]["present"]) == (3, 1)
    assert publisher.asked(NAMES[0]) == []
    assert read_folder(tmp_path) == files


def test_a_file_that_was_issued_anew_replaces_the_old_one(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish({name: files[name] for name in NAMES[:3]})
    fetch(publisher, tmp_path, replace(VISIT, now=datetime(2025, 5, 16, 0, 46, tzinfo=UTC)))
    (tmp_path / "fetched.jsonl").unlink()
    anew = {**files, NAMES[0]: pack(NAMES[0], [write_row(event_id=1, code="010")])}
    publisher.publish(anew)
    account = fetch(publisher, tmp_path)
    assert account["slots"] == {"expected": 4, "fetched": 2, "present": 2, "missing": 0, "failed": 0}
    assert read_folder(tmp_path) == anew


def test_a_wrong_checksum_is_followed_by_another_attempt(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    same_size = files[NAMES[0]][:-1] + b"?"
    publisher.fail(NAMES[0], send_other(same_size), send_other(files[NAMES[1]] + b"longer"))
    account = fetch(publisher, tmp_path)
    assert account["slots"]["fetched"] == 4
    assert len(publisher.asked(NAMES[0])) == 3
    assert read_folder(tmp_path) == files


def test_a_file_that_stays_wrong_is_reported_and_not_kept(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    publisher.files[NAMES[0]] = files[NAMES[0]][:-1] + b"?"
    account = fetch(publisher, tmp_path)
    assert [(entry["name"], entry["status"]) for entry in account["failed"]] == [(NAMES[0], "checksum")]
    assert "MD5" in account["failed"][0]["detail"]
    assert len(publisher.asked(NAMES[0])) == VISIT.attempts
    assert set(read_folder(tmp_path)) == set(NAMES[1:])
    assert list(tmp_path.glob(".*.part")) == []


def test_a_slot_that_the_list_lacks_is_fetched_and_counted_as_unchecked(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish({name: files[name] for name in NAMES[1:]})
    publisher.files[NAMES[0]] = files[NAMES[0]]
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"]) == (4, 1)
    assert read_folder(tmp_path) == files


def test_an_unchecked_file_is_checked_when_the_list_names_it(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files, listed=False)
    assert fetch(publisher, tmp_path)["unchecked"] == 4
    publisher.publish(files)
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["present"], account["unchecked"]) == (4, 0)
    assert fetch(publisher, tmp_path)["unchecked"] == 0


def test_an_unchecked_file_must_be_a_whole_archive(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files, listed=False)
    publisher.files[NAMES[0]] = b"<!DOCTYPE html><html>all is well</html>"
    publisher.files[NAMES[1]] = files[NAMES[1]][:-30]
    account = fetch(publisher, tmp_path)
    assert {entry["name"]: entry["status"] for entry in account["failed"]} == dict.fromkeys(NAMES[:2], "not_data")
    assert "begins with" in account["failed"][0]["detail"]
    assert set(read_folder(tmp_path)) == set(NAMES[2:])


def test_addresses_in_the_list_are_never_asked(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish({})
    publisher.files |= files
    publisher.files[LIST] = "\n".join(list_line(n, d, "https://elsewhere.example/x") for n, d in files.items()).encode()
    account = fetch(publisher, tmp_path)
    assert (account["slots"]["fetched"], account["unchecked"]) == (4, 0)


def test_nobody_at_the_address_is_one_clear_error_and_nothing_is_lost(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish({NAMES[0]: files[NAMES[0]]})
    fetch(publisher, tmp_path, replace(VISIT, now=datetime(2025, 5, 16, 0, 15, tzinfo=UTC)))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FetchError, match="cannot be reached") as caught:
        fetch_slots(DAY, DAY, tmp_path, base="http://127.0.0.1:9/x", visit=replace(VISIT, attempts=2))
    assert caught.value.where == "http://127.0.0.1:9/x"
    assert caught.value.todo
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_publisher_that_falls_silent_is_not_asked_for_every_file(publisher: Publisher, tmp_path: Path):
    publisher.publish({})
    names = [f"20250516{n // 4:02d}{n % 4 * 15:02d}00.export.CSV.zip" for n in range(92)]
    for name in names[2:]:
        publisher.fail(name, hang_up(), hang_up())
    evening = replace(VISIT, now=datetime(2025, 5, 16, 23, 0, tzinfo=UTC), attempts=2)
    account = fetch(publisher, tmp_path, evening)
    found = Counter(entry["status"] for entry in account["failed"])
    assert account["slots"]["missing"] == 2
    assert found["unreachable"] <= 12
    assert found["not_tried"] == 90 - found["unreachable"]


def test_two_processes_do_not_fetch_into_one_folder(publisher: Publisher, tmp_path: Path):
    from comity.store.lock import hold_lock

    publisher.publish(make_files())
    with hold_lock(tmp_path / ".fetch.lock", 0.0), pytest.raises(FetchError, match="another process"):
        fetch(publisher, tmp_path)
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 4


def test_a_disk_that_refuses_stops_the_fetch(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())
    (tmp_path / "folder").write_text("a file stands here")
    with pytest.raises(DiskRefused, match="File exists"):
        fetch(publisher, tmp_path / "folder")


def test_a_full_disk_stops_the_fetch_and_leaves_no_half_file(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    publisher.publish(make_files())

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(DiskRefused, match="free some space"):
        patch.setattr(os, "fsync", refuse)
        fetch(publisher, tmp_path)
    assert read_folder(tmp_path) == {}
    assert fetch(publisher, tmp_path)["slots"]["fetched"] == 4


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2025, 5, 17), date(2025, 5, 16), "ends before it begins"),
        (date(2025, 5, 17), date(2025, 5, 18), "nothing later than 2025-05-16 01:10 UTC"),
        (date(1999, 1, 1), date(1999, 1, 2), "begin on 2015-02-18"),
    ],
)
def test_days_without_files_are_refused_before_anything_is_asked(since: date, until: date, said: str, tmp_path: Path):
    with pytest.raises(SourceError, match=said):
        fetch_slots(since, until, tmp_path / "none", base="http://127.0.0.1:9", visit=VISIT)
    assert not (tmp_path / "none").exists()


def test_it_runs_where_an_event_loop_runs_already(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())

    async def notebook() -> dict[str, Any]:
        return fetch(publisher, tmp_path)

    assert asyncio.run(notebook())["slots"]["fetched"] == 4


CHILD = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from comity.sources.courier import Visit
from comity.sources.fetch import fetch_slots
day = date(2025, 5, 16)
fetch_slots(day, day, Path(sys.argv[1]), base=sys.argv[2], visit=Visit(now=datetime(2025, 5, 16, 1, 10, tzinfo=UTC)))
"""


def test_what_a_killed_run_had_fetched_is_not_fetched_again(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    half = len(files[NAMES[3]]) // 2
    publisher.fail(NAMES[3], stall(half))
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path), publisher.base])
    part = tmp_path / f".{NAMES[3]}.part"
    deadline = time.monotonic() + 60
    while len(read_folder(tmp_path)) < 3 or not part.exists():
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with (tmp_path / "fetched.jsonl").open("ab") as ledger:
        ledger.write(b'{"name": "2025')  # a line that the killed run could not finish
    part.write_bytes(files[NAMES[3]][:half])  # what the system had taken from it
    account = fetch(publisher, tmp_path)
    assert account["slots"] == {"expected": 4, "fetched": 1, "present": 3, "missing": 0, "failed": 0}
    assert account["bytes"] == len(files[NAMES[3]]) - half
    assert publisher.asked(NAMES[3])[-1].range == f"bytes={half}-"
    assert read_folder(tmp_path) == files
    assert list(tmp_path.glob(".*.part")) == []
    assert fetch(publisher, tmp_path)["slots"]["present"] == 4


def test_a_rest_of_an_unknown_file_is_not_joined_to_another(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files, listed=False)
    (tmp_path / f".{NAMES[0]}.part").write_bytes(b"the beginning of something else")
    account = fetch(publisher, tmp_path)
    assert account["slots"]["fetched"] == 4
    assert publisher.asked(NAMES[0])[0].range == ""
    assert read_folder(tmp_path) == files


def test_a_file_that_was_received_but_not_put_in_place_needs_no_request(publisher: Publisher, tmp_path: Path):
    files = make_files()
    publisher.publish(files)
    (tmp_path / f".{NAMES[0]}.part").write_bytes(files[NAMES[0]])
    account = fetch(publisher, tmp_path)
    assert account["slots"]["fetched"] == 4
    assert publisher.asked(NAMES[0]) == []


def test_other_files_come_while_one_fails(publisher: Publisher, tmp_path: Path):
    publisher.publish(make_files())
    publisher.fail(NAMES[0], *[answer(500)] * VISIT.attempts)
    account = fetch(publisher, tmp_path)
    assert account["slots"] == {"expected": 4, "fetched": 3, "present": 0, "missing": 0, "failed": 1}
    assert account["failed"][0]["status"] == "http_500"

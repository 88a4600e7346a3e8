"""From the publisher to an answer: fetch a span, load it, say what is missing, and go on later."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.publisher import Publisher, answer, pack, write_row

from comity.api import describe_store, load_events, read_ledger

DAYS = ["--since", "2025-05-16", "--until", "2025-05-16"]
SLOTS = [f"20250516{n // 4:02d}{n % 4 * 15:02d}00" for n in range(96)]
START = "from comity.cli.main import main; main()"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Start a publisher with three files of the day, two rows each between two states."""
    with Publisher() as server:
        files = {}
        for n, slot in enumerate(SLOTS[:3]):
            name = f"{slot}.export.CSV.zip"
            said = {"date": 20250516, "code": "042", "added": slot, "url": "https://news.example/1"}
            rows = [
                write_row(event_id=10 * n, actor1="DEU", actor2="POL", **said),
                write_row(event_id=10 * n + 1, actor1="POL", actor2="", **said),
            ]
            files[name] = pack(name, rows)
        server.publish(files)
        yield server


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", START, *map(str, words)], capture_output=True, text=True, check=False)


def fetch(publisher: Publisher, *words: str | Path, code: int = 0) -> dict[str, Any]:
    done = run("sources", "fetch", "gdelt", *DAYS, "--base", publisher.base, "--json", *words)
    assert done.returncode == code, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def read_status(store: Path) -> list[tuple[str, str]]:
    return [(row["name"][:14], row["status"]) for row in read_ledger(store).to_pylist()]


def test_a_span_is_fetched_loaded_and_its_gaps_are_on_record(publisher: Publisher, tmp_path: Path):
    store = tmp_path / "store"
    account = fetch(publisher, "--store", store)
    assert account["slots"] == {"expected": 96, "fetched": 3, "present": 0, "missing": 93, "failed": 0}
    assert account["load"]["rows_read"] == 6
    assert account["load"]["rows_kept"] == 3
    assert account["load"]["dropped"] == {"no_second_actor": 3}
    assert account["load"]["slots"] == {"loaded": 3, "missing": 93}
    assert Path(account["folder"]) == tmp_path / "store-received"
    assert read_status(store) == [*((slot, "loaded") for slot in SLOTS[:3]), *((slot, "missing") for slot in SLOTS[3:])]
    entry = read_ledger(store).to_pylist()[-1]
    assert (entry["source"], entry["detail"], entry["sha256"]) == ("gdelt2", "404 at the publisher", None)
    assert entry["slot"].isoformat() == "2025-05-16T23:45:00+00:00"


def test_the_same_command_again_changes_nothing(publisher: Publisher, tmp_path: Path):
    store = tmp_path / "store"
    fetch(publisher, "--store", store)
    before, ledger = describe_store(store), read_ledger(store)
    account = fetch(publisher, "--store", store)
    assert account["slots"] == {"expected": 96, "fetched": 0, "present": 3, "missing": 93, "failed": 0}
    assert account["load"]["slots"] == {"duplicate": 3, "missing": 93}
    assert describe_store(store) == before
    assert read_ledger(store).equals(ledger)


def test_a_missing_slot_is_loaded_when_the_publisher_has_it(publisher: Publisher, tmp_path: Path):
    store = tmp_path / "store"
    fetch(publisher, "--store", store)
    earlier = describe_store(store)["newest_entry"]
    name = f"{SLOTS[3]}.export.CSV.zip"
    publisher.publish({**publisher.files, name: pack(name, [write_row(event_id=99, actor1="DEU", actor2="POL")])})
    account = fetch(publisher, "--store", store)
    assert (account["slots"]["fetched"], account["slots"]["missing"]) == (1, 92)
    status = [entry for entry in read_status(store) if entry[0] == SLOTS[3]]
    assert status == [(SLOTS[3], "loaded")]
    assert describe_store(store)["files"]["missing"] == 92
    assert describe_store(store, as_of=earlier)["files"]["missing"] == 93


def test_a_slot_that_is_in_the_store_is_not_entered_as_missing(publisher: Publisher, tmp_path: Path):
    name = f"{SLOTS[5]}.export.CSV.zip"
    (tmp_path / name).write_bytes(pack(name, [write_row(event_id=99, actor1="DEU", actor2="POL")]))
    load_events(tmp_path / name, tmp_path / "store")
    fetch(publisher, "--store", tmp_path / "store")
    assert (SLOTS[5], "loaded") in read_status(tmp_path / "store")
    assert (SLOTS[5], "missing") not in read_status(tmp_path / "store")


def test_files_alone_go_into_the_named_folder(publisher: Publisher, tmp_path: Path):
    account = fetch(publisher, "--into", tmp_path / "files")
    assert "load" not in account
    assert sorted(path.name for path in (tmp_path / "files").glob("*.zip")) == account["files"]
    loaded = load_events(tmp_path / "files", tmp_path / "store")
    assert loaded["slots"] == {"loaded": 3}
    assert loaded["passed_over"] == [".fetch.lock", "fetched.jsonl"]


def test_a_file_that_cannot_be_had_is_named_and_the_others_are_loaded(publisher: Publisher, tmp_path: Path):
    publisher.fail(f"{SLOTS[1]}.export.CSV.zip", answer(403))
    done = run("sources", "fetch", "gdelt", *DAYS, "--base", publisher.base, "--store", tmp_path / "store")
    assert done.returncode == 1
    assert f"refused: {SLOTS[1]}.export.CSV.zip (http_403): the server answers 403 Forbidden" in done.stderr
    assert "missing: 93" in done.stdout
    assert [status for _, status in read_status(tmp_path / "store")].count("loaded") == 2


def test_a_publisher_that_cannot_be_reached_is_one_message_and_exit_code_69(tmp_path: Path):
    done = run("sources", "fetch", "gdelt", *DAYS, "--base", "http://127.0.0.1:9/x", "--into", tmp_path / "files")
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr.startswith("comity: the publisher cannot be reached")
    assert "where: http://127.0.0.1:9/x" in done.stderr


def test_an_address_that_is_none_is_refused_before_a_folder_is_made(tmp_path: Path):
    done = run("sources", "fetch", "gdelt", *DAYS, "--base", "ftp://127.0.0.1/x", "--into", tmp_path / "files")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be fetched from 'ftp://127.0.0.1/x'" in done.stderr
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "2025-05-17", "--until", "2025-05-16", "--into", "x"], "ends before it begins"),
        (["--since", "May", "--until", "2025-05-16", "--into", "x"], "'May' is no day"),
        (["--since", "2025-05-16", "--until", "2025-05-16"], "--into"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(words: list[str], said: str, tmp_path: Path):
    done = run("sources", "fetch", "gdelt", *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_real_files_come_through_as_if_loaded_from_the_disk(publisher: Publisher, shared: Path, tmp_path: Path):
    real = sorted((shared / "data" / "gdelt2").glob("20250516*.zip"))[:8]
    publisher.publish({path.name: path.read_bytes() for path in real})
    account = fetch(publisher, "--store", tmp_path / "fetched")
    direct = load_events(real, tmp_path / "direct")
    assert account["slots"]["missing"] == 96 - len({*SLOTS[:3], *(path.name[:14] for path in real)})
    assert account["load"]["rows_kept"] >= direct["rows_kept"] > 0
    kept = {row["name"]: row["rows_kept"] for row in read_ledger(tmp_path / "direct").to_pylist()}
    same = {row["name"]: row["rows_kept"] for row in read_ledger(tmp_path / "fetched").to_pylist()}
    assert {name: same[name] for name in kept} == kept

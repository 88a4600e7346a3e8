"""A load that is asked to end: the exit code says so, nothing is half written, and the same command goes on."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.command import COMMAND, read_json, run_comity
from tests.specimens.gdelt_rows import write_days
from tests.specimens.stores import list_contents

from comity.api import load_events
from comity.store import StoreMissing, open_store

FROM_A_TERMINAL = ("env", "--default-signal=HUP,INT")  # also where the tests themselves run under nohup
DAYS = [f"202505{day:02d}" for day in range(1, 29)]
SLOTS = [f"{hour:02d}00" for hour in range(0, 24, 2)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the files of 336 slots: four batches."""
    folder = tmp_path_factory.mktemp("signals") / "in"
    write_days(folder, DAYS, rows=20, slots=SLOTS)
    return folder


@pytest.fixture(scope="module")
def whole(files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    store = tmp_path_factory.mktemp("whole") / "store"
    load_events(files, store)
    return list_contents(store)


def wait_for(path: Path, child: subprocess.Popen[str]) -> None:
    """Wait until a file is there, or the process has ended."""
    while not path.exists() and child.poll() is None:
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("number", "code", "batch"),
    [
        (signal.SIGTERM, 143, 0),
        (signal.SIGTERM, 143, 1),
        (signal.SIGINT, 130, 1),
        (signal.SIGHUP, 129, 1),
        (signal.SIGKILL, -signal.SIGKILL, 1),
    ],
)
def test_a_load_that_is_stopped_leaves_whole_batches_and_goes_on(
    number: signal.Signals, code: int, batch: int, files: Path, whole: dict[str, Any], tmp_path: Path
) -> None:
    for attempt in range(5):  # a load may end before the signal comes
        store = tmp_path / f"store-{attempt}"
        words = [*FROM_A_TERMINAL, *COMMAND, "sources", "load", "gdelt", str(files), "--store", str(store), "--json"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            wait_for(store / "events" / "_delta_log" / f"{batch:020d}.json", child)
            child.send_signal(number)
            out, err = child.communicate()
        if child.returncode:
            break
    assert child.returncode == code
    assert "Traceback" not in err
    assert out == ""
    try:
        found = list_contents(store, checked=True)
        assert open_store(store).verify() == []
    except StoreMissing:
        found = {"files": []}
    assert len(found["files"]) in (0, 84, 168, 252, 336)
    assert len(found["files"]) >= 84 * max(batch - 1, 0)
    account = load_events(files, store)
    assert account["slots"].get("loaded", 0) + account["slots"].get("duplicate", 0) == 336
    assert list_contents(store, checked=True) == whole


def test_a_store_in_use_is_told_after_the_time_one_is_ready_to_wait(files: Path, tmp_path: Path) -> None:
    store, some = tmp_path / "store", sorted(files.iterdir())[:2]
    load_events(some[:1], store)
    with open_store(store).write():
        done = run_comity("sources", "load", "gdelt", some[1], "--store", store, "--wait", "0.1", code=75)
        assert "is writing to the store" in done.stderr
        assert run_comity("events", "count", "--store", store).stdout
    read_json("sources", "load", "gdelt", some[1], "--store", store, "--wait", "0")


def test_output_that_nobody_reads_any_more_is_no_error() -> None:
    words = [*COMMAND, "events", "list", "--limit", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.read(100)
        child.stdout.close()
        err = child.stderr.read()
    assert child.returncode in (141, 0)
    assert err == b""

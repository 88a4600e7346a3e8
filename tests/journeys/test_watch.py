"""The watch as a user runs it: replayed, asked how fresh things are, stopped at any moment, and going on."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.specimens.command import COMMAND, read_json, run_comity
from tests.specimens.publisher import Publisher, stall
from tests.specimens.stores import list_contents
from tests.specimens.stream import BEGIN, announce, make_files, write_files

from comity.api import load_events, run_watch
from comity.api.view import WrongUse
from comity.api.watch import Course
from comity.store import StoreMissing, open_store
from comity.watch import read_example

RULES = "comity_watch: 1\nsinks:\n  log: {kind: jsonl, path: log.jsonl}\n  dead: {kind: atom, path: dead.atom}\n"
FROM_A_TERMINAL = ("env", "--default-signal=HUP,INT")
SINCE = f"{BEGIN:%Y-%m-%d}"


@pytest.fixture
def server() -> Iterator[Publisher]:
    with Publisher() as server:
        announce(server, make_files(6))
        yield server


def test_a_replay_tells_of_the_gap_and_what_cannot_be_delivered_is_listed_and_tried_again(tmp_path: Path):
    files = {name: data for n, (name, data) in enumerate(make_files(9).items()) if n in (0, 8)}
    write_files(tmp_path / "in", files)
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "dead.atom").write_text("no feed")
    words = ("--store", tmp_path / "store")
    done = run_comity("watch", "run", tmp_path / "rules.yml", *words, "--replay", tmp_path / "in", "--json")
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert [account["loaded"] for account in rounds if account["loaded"]] == [1, 1]
    keys = [json.loads(line)["key"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [key.split(":")[0] for key in keys] == ["stale", "fresh"]
    letters = read_json("watch", "letters", *words)
    assert [(row["sink"], row["state"]) for row in letters] == [("dead", "dead")] * 2
    assert "no Atom feed" in letters[0]["note"]
    assert read_json("watch", "letters", *words, "--sink", "log") == []
    assert read_json("watch", "letters", *words, "--key", letters[0]["key"]) == letters[:1]
    (tmp_path / "dead.atom").unlink()
    retried = run_comity("watch", "letters", *words, "--retry", "--json")
    assert "2 to be tried again" in retried.stderr
    assert json.loads(retried.stdout) == {"retried": 2}
    run_comity("watch", "run", tmp_path / "rules.yml", *words, "--replay", tmp_path / "in")
    assert read_json("watch", "letters", *words) == []
    assert (tmp_path / "dead.atom").read_text().count("<entry>") == 2
    line = run_comity("watch", "status", *words, code=1).stdout
    assert line.count("\n") == 1
    assert "gdelt2: STALE, newest slot 2025-05-16 02:00 UTC" in line
    assert "outbox 0 pending, 0 dead" in line
    found = read_json("watch", "status", *words, code=1)
    assert (found["stale"], found["outbox"]["sent"]) == (True, 4)


def test_status_of_nothing_is_unknown_and_not_calm(tmp_path: Path):
    done = run_comity("watch", "status", "--store", tmp_path / "none", code=1)
    assert "nothing loaded yet, freshness unknown" in done.stdout


def test_one_round_against_a_publisher(server: Publisher, tmp_path: Path):
    words = ("watch", "run", "--store", tmp_path / "store", "--base", server.base, "--since", SINCE, "--once")
    assert "6 loaded" in run_comity(*words).stderr
    assert "nothing new" in run_comity(*words).stderr
    done = run_comity(*words[:-1], "--once", "--base", "http://127.0.0.1:9/x", code=1)
    assert "cannot be reached" in done.stderr


@pytest.mark.parametrize(
    ("stage", "number", "code"),
    [
        ("fetching", signal.SIGTERM, 143),
        ("fetching", signal.SIGHUP, 129),
        ("fetching", signal.SIGKILL, -9),
        ("waiting", signal.SIGINT, 130),
    ],
)
def test_a_watch_that_is_stopped_leaves_everything_whole_and_goes_on(
    number: signal.Signals, code: int, stage: str, server: Publisher, tmp_path: Path
):
    store = tmp_path / "store"
    last = list(make_files(6))[-1]
    if stage == "fetching":
        server.fail(last, stall(50))
    words = ["watch", "run", "--store", str(store), "--base", server.base, "--since", SINCE]
    with subprocess.Popen(
        [*FROM_A_TERMINAL, *COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        note = tmp_path / "store-watch" / "last-round.json"
        while child.poll() is None and not (server.asked(last) if stage == "fetching" else note.exists()):
            time.sleep(0.01)
        begun = time.monotonic()
        child.send_signal(number)
        _, err = child.communicate()
        took = time.monotonic() - begun
    assert child.returncode == code
    assert "Traceback" not in err
    assert took < 5
    try:
        assert open_store(store).verify() == []
    except StoreMissing:
        assert stage == "fetching"
    run_comity(*words, "--once")
    load_events(write_files(tmp_path / "in", make_files(6)), tmp_path / "clean")
    assert list_contents(store, checked=True) == list_contents(tmp_path / "clean")


def test_rules_are_checked_with_the_line_of_what_is_wrong(tmp_path: Path):
    file = tmp_path / "rules.yml"
    file.write_text(read_example("neighbours"))
    assert "in order" in run_comity("watch", "check", file).stdout
    assert run_comity("watch", "example").stdout == file.read_text()
    file.write_text(RULES + "rules:\n  a:\n    pairs: [DEU/Google]\n")
    done = run_comity("watch", "check", file, code=1)
    assert "rules.yml:7:13: rules.a.pairs[0]: no state or IGO answers to 'Google'" in done.stdout
    assert read_json("watch", "check", file, code=1)["valid"] is False
    assert json.loads(run_comity("watch", "schema").stdout)["title"].startswith("Rules of a watch")


@pytest.mark.parametrize(
    "course",
    [Course(interval=0), Course(interval=float("nan")), Course(interval=1e9), Course(speed=-1),
     Course(speed=float("inf")), Course("May"), Course("2999-01-01")],
)  # fmt: skip
def test_a_course_that_cannot_be_kept_is_refused(course: Course, tmp_path: Path):
    with pytest.raises(WrongUse):
        run_watch(tmp_path / "store", None, course)
    assert not (tmp_path / "store").exists()


def test_alerts_of_a_store_with_two_sources_are_those_of_the_one_that_is_named(tmp_path: Path):
    load_events(write_files(tmp_path / "in", make_files(6)), tmp_path / "store")
    (tmp_path / "own.csv").write_text("date,sender,receiver,code\n2025-05-16,France,Germany,057\n")
    load_events([tmp_path / "own.csv"], tmp_path / "store", "comity")
    words = ("watch", "alerts", "--store", tmp_path / "store", "--pair", "DEU", "POL")
    assert "--level" in run_comity(*words, code=2).stderr
    assert "0 alerts of 1 pairs" in run_comity(*words, "--level", "gdelt2:events", code=1).stderr

"""What a load may take: memory that does not grow with what a file promises, handles that it gives back."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.specimens.command import COMMAND
from tests.specimens.gdelt_rows import join, make_rows, write_days, write_row, write_slot

from comity.api import load_events
from comity.events.code import code_readings
from comity.sources.gdelt import read_slot
from comity.sources.reading import read_reading

GIGABYTE = 1_000_000_000
USUAL_ROWS = 1300
# The allocators of Arrow and of the system reserve more address space than they use, unless they are told not to.
SPARING = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}


def limit_memory() -> None:
    """Let this process have a gigabyte of address space."""
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))


def test_ten_times_the_usual_file_is_loaded_within_a_gigabyte_of_address_space(tmp_path: Path) -> None:
    path = write_slot(tmp_path, "20250515120000", make_rows(10 * USUAL_ROWS, 1))
    done = subprocess.run(
        [*COMMAND, "sources", "load", "gdelt", path, "--store", tmp_path / "store"],
        preexec_fn=limit_memory,
        env={**os.environ, **SPARING},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{10 * USUAL_ROWS:,}" in done.stdout or str(10 * USUAL_ROWS) in done.stdout


def count_handles() -> tuple[int, int]:
    """Give how many files are open in this process, and how many threads of Python run."""
    import threading

    return len(os.listdir("/proc/self/fd")), threading.active_count()


def test_loads_give_back_their_handles_and_threads(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc, where the system lists open files")
    files = write_days(tmp_path / "in", ["20250514", "20250515"], rows=5, slots=("0000", "0600", "1200", "1800"))
    load_events(files[:1], tmp_path / "store")
    before = count_handles()
    for file in files[1:]:
        load_events(file, tmp_path / "store")
    opened, threads = count_handles()
    assert (opened <= before[0] + 2, threads) == (True, before[1])


# Days and times that calendars are unsure of


@pytest.mark.parametrize(
    ("day", "added", "kept"),
    [
        ("20240229", "20240229120000", True),
        ("20230229", "20230301120000", False),
        ("00000000", "20250515120000", False),
        ("20261332", "20250515120000", False),
        ("99990101", "20250515120000", False),
        ("20161231", "20161231235900", True),
        ("20161231", "20161231235960", False),  # a leap second, which no quarter of an hour is named for
        ("20250330", "20250330023000", True),  # an hour that summer time leaves out in parts of the world
        ("20251026", "20251026023000", True),
    ],
)
def test_a_day_is_judged_by_the_calendar_and_by_utc(day: str, added: str, kept: bool) -> None:
    text = join([write_row(date=day, added=added), write_row(event_id=2, added="20250515120000")])
    coded = code_readings([(read_reading(text, "x.csv", "gdelt2").reading, "0" * 16)])[0]
    assert coded.rows_read == 2 == coded.events.num_rows + coded.set_aside.num_rows
    assert coded.events.num_rows == 1 + kept


@pytest.mark.parametrize("name", ["20250515126100", "20250515240000", "20250230000000", "2025051512000", "x"])
def test_a_name_that_is_no_time_names_no_slot(name: str) -> None:
    assert read_slot(f"{name}.export.CSV.zip") is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"])
def test_a_slot_is_the_same_in_every_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    assert read_slot("20250330013000.export.CSV.zip") == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


# Patterns

TRY_PATTERNS = """
import importlib, pkgutil, re, resource
import comity
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
rooms = ("lexicon", "forms", "store", "sources", "events", "delivery", "watch")
pieces = ["a", "0", " ", "0.", "a-", "a.", "a ", "://", "\\t", "[", "<", "&", "0:", "a@", "%41", "\\u00e9", "T0"]
count = 0
for room in rooms:
    package = importlib.import_module(f"comity.{room}")
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"comity.{room}.")]
    for module in [package, *map(importlib.import_module, names)]:
        for pattern in vars(module).values():
            if not isinstance(pattern, re.Pattern):
                continue
            count += 1
            for piece in pieces:
                for end in ("", "!", "\\0"):
                    text = piece * 1000 + end
                    text = text if isinstance(pattern.pattern, str) else text.encode()
                    pattern.search(text), pattern.fullmatch(text)
print(count)
"""


def test_no_pattern_of_the_package_takes_ages_on_any_text() -> None:
    done = subprocess.run([sys.executable, "-c", TRY_PATTERNS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 15

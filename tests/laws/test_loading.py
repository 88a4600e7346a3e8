"""Loading: order does not matter, the same bytes count once, and the future is not seen."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.specimens.command import run_comity
from tests.specimens.stores import check_accounts, list_contents, list_versions

from comity.api import count_events, describe_store, load_events, score_relations
from comity.api.view import View

pytestmark = pytest.mark.slow

FILES = 30


@pytest.fixture(scope="module")
def files(shared: Path) -> list[Path]:
    """Give some real files of several days."""
    return sorted((shared / "data" / "gdelt2").glob("*.export.CSV.zip"))[20 : 20 + 4 * FILES : 4]


@pytest.mark.parametrize("seed", range(4))
def test_order_and_batches_do_not_matter(seed: int, files: list[Path], tmp_path: Path):
    load_events(files, tmp_path / "clean")
    mixed = random.Random(seed).sample(files, len(files))
    while mixed:
        size = random.Random(seed + len(mixed)).randint(1, 12)
        batch, mixed = mixed[:size], mixed[size:]
        load_events([*batch, batch[0]], tmp_path / "mixed")
    assert list_contents(tmp_path / "mixed") == list_contents(tmp_path / "clean")
    check_accounts(tmp_path / "mixed")


def test_same_files_twice_change_nothing(files: list[Path], tmp_path: Path):
    first = load_events(files, tmp_path / "store")
    before = list_versions(tmp_path / "store")
    second = load_events(files, tmp_path / "store")
    assert list_versions(tmp_path / "store") == before
    assert first["slots"] == {"loaded": FILES}
    assert second["slots"] == {"duplicate": FILES}
    assert (second["rows_read"], second["rows_kept"]) == (0, 0)


def test_store_is_read_as_it_was(files: list[Path], tmp_path: Path):
    store, half = tmp_path / "store", FILES // 2
    load_events(files[:half], store, now=datetime(2025, 6, 1, tzinfo=UTC))
    then = (count_events(view=View(store=store)), score_relations("USA", "CHN", view=View(store=store)))
    contents = list_contents(store)
    load_events(files[half:], store, now=datetime(2025, 6, 8, tzinfo=UTC))
    as_of = View(store=store, as_of="2025-06-05")
    assert count_events(view=as_of) == then[0]
    assert score_relations("USA", "CHN", view=as_of).equals(then[1])
    assert list_contents(store, datetime(2025, 6, 5, tzinfo=UTC)) == contents
    assert count_events(view=View(store=store))["events"] > then[0]["events"]
    assert describe_store(store, "2025-06-05")["files"] == {"loaded": half}


def test_filtered_index_of_a_day_does_not_change_when_later_days_come(files: list[Path], tmp_path: Path):
    store = tmp_path / "store"
    half = next(n for n, file in enumerate(files) if n > FILES // 2 and file.name[:8] != files[n - 1].name[:8])
    load_events(files[:half], store)
    early = score_relations("USA", "CHN", by="day", view=View(store=store)).to_pylist()
    load_events(files[half:], store)
    late = {
        (r["sender"], r["period"]): r
        for r in score_relations("USA", "CHN", by="day", view=View(store=store)).to_pylist()
    }
    same = [row for row in early if late[row["sender"], row["period"]]["events"] == row["events"]]
    assert len(same) >= len(early) - 2  # a later file may report on a day before
    first = next((n for n, row in enumerate(early) if row not in same), len(early))
    for row in early[:first]:
        found = late[row["sender"], row["period"]]
        assert [found[k] for k in ("score", "low", "high")] == [row[k] for k in ("score", "low", "high")]


def test_output_does_not_depend_on_where_and_how_it_runs():
    words = ("relations", "score", "RUS", "UKR", "--by", "day", "--json")
    ways = (
        {"TZ": "UTC", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8", "OMP_NUM_THREADS": "1"},
    )
    assert len({run_comity(*words, **way).stdout for way in ways}) == 1
    briefs = [run_comity("brief", "RUS", "UKR", "--format", "html", **way).stdout for way in ways]
    assert len(set(briefs)) == 1

"""Optimal makespans of the library PSPLIB (`kolisch-sprecher-1997`)."""

from pathlib import Path

import pytest

from comity.plan.schedule import read_psplib, schedule_tasks

pytest.importorskip("ortools")


@pytest.mark.parametrize(
    ("name", "optimum"),
    [("j30_1_1", 43), ("j30_10_1", 42), ("j30_30_3", None), ("j60_1_1", 77), ("j60_6_10", 74), ("j60_8_10", 97)],
)
def test_the_optimum_of_the_library_is_found_and_proved(name: str, optimum: int | None, shared: Path):
    folder = shared / "data" / "psplib"
    rows = [line.split(",") for line in (folder / "best_known.csv").read_text().splitlines()]
    group, first, second = name.split("_")
    best = next(int(row[7]) for row in rows if row[1] == f"{group}{first}_{second}")
    answer = schedule_tasks(read_psplib((folder / group / f"{name}.rcp").read_text()), seconds=20)
    assert (answer.makespan, answer.bound) == (best, best)
    assert optimum in (None, best)

"""Instances of PSPLIB and what is known of them.

The sets j30 and j60 are read in Patterson's form (`j60_9_5.rcp`), j120 also as MiniZinc's benchmarks have it
(`J120_9_5.dzn`). Best known makespans come from `best_known.csv` beside the sets; of the first and sixth instance of
each cell of j120 from `psplib_j120.csv` here, as the library listed them when its last record was of 23 September 2024.

`kolisch-sprecher-1997` in docs/bibliography.md; the library is under CC BY-SA 4.0.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from comity.plan.project import Project
from comity.plan.schedule import read_psplib

Case = tuple[str, Project, int]
KNOWN = Path(__file__).with_name("psplib_j120.csv")


def read_cases(folder: Path, name: str, every: int, first: int) -> Iterator[Case]:
    """Yield name, project and best known makespan of every so manieth instance of a set, from the first asked for."""
    best: dict[str, int] = {}
    for path in (KNOWN, folder / "best_known.csv"):
        with path.open() as file:
            best |= {row["inst"]: int(row["best_ub"]) for row in csv.DictReader(file)}
    held = {}
    for path in (folder / name).iterdir():
        if found := re.fullmatch(rf"{name}_(\d+)_(\d+)", path.stem, re.IGNORECASE):
            held[int(found[1]), int(found[2])] = path
    for group, number in sorted(held)[first - 1 :: every]:
        path, text = held[group, number], held[group, number].read_text()
        project = read_psplib(write_patterson(text) if path.suffix == ".dzn" else text, where=str(path))
        yield f"{name}_{group}_{number}", project, best[f"{name}{group}_{number}"]


def write_patterson(text: str) -> str:
    """Write an instance of MiniZinc's benchmarks in Patterson's form, with a task that begins and one that ends it.

    Examples
    --------
    >>> one = "n_res = 1; rc = [3]; n_tasks = 2; d = [4, 5]; rr = [| 1, 2 |]; suc = [ {2}, {} ];"
    >>> write_patterson(one)
    '4 1 3 0 0 1 2 4 1 1 3 5 2 1 4 0 0 0'
    """
    said = dict(re.findall(r"(\w+) = (.*?);", text, re.DOTALL))
    durations = [int(word) for word in re.findall(r"\d+", said["d"])]
    needs = [[int(word) for word in re.findall(r"\d+", row)] for row in said["rr"].split("|")[1:-1]]
    follows = [[int(word) for word in re.findall(r"\d+", one)] for one in re.findall(r"\{(.*?)\}", said["suc"])]
    last = len(durations) + 2
    begins = sorted(set(range(1, last - 1)) - {task for one in follows for task in one})
    numbers = [last, len(needs), *map(int, re.findall(r"\d+", said["rc"]))]
    numbers += [0, *[0] * len(needs), len(begins), *(task + 1 for task in begins)]
    for place, duration in enumerate(durations):
        after = [task + 1 for task in follows[place]] or [last]
        numbers += [duration, *(row[place] for row in needs), len(after), *after]
    return " ".join(map(str, [*numbers, 0, *[0] * len(needs), 0]))

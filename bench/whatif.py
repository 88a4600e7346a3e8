"""Print how soon `comity plan what-if` answers for a plan of 120 tasks, through the API and through the command.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/whatif.py [ROUNDS]

The plan document is made up from a seed: 24 initiatives of three parties, each with four phases and one pending
consent, six teams, money by year, a calendar. It is made once; every change then starts from that made plan. `first` is
the first valid answer, `fewest` the one with as few changes as possible: initiatives first, then tasks whose start or
way is another, then periods. Beside each number of changed tasks stands how many any answer changes at least. `command`
is the first answer by `comity plan what-if`, with the start of the process, which is printed above as well. Of several
runs the median is given.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from comity.api.plans import check_plan, make_plan, revise_plan
from comity.plan.amendment import Basis
from comity.plan.changes import Changes

PARTIES = ("Uruguay", "Paraguay", "Chile")
SECONDS = 10.0
COMMAND = (sys.executable, "-m", "comity")


def write_document(seed: int, initiatives: int = 24) -> str:
    """Return the text of a plan with five tasks for each initiative."""
    rng = random.Random(seed)
    lines = ["comity_plan: 1", f"id: made-{seed}", "title: A plan made up from a seed",
             f"parties: [{', '.join(PARTIES)}]", "first_day: 2027-01-01", "period: week", "horizon: 400",
             "currency: USD", "unit: 1000", "calendars:",
             "  - {id: rest, spans: [{from: 2027-12-20, to: 2028-01-31}, {from: 2028-12-20, to: 2029-01-31}]}",
             "resources:"]  # fmt: skip
    lines += [f"  - {{id: team{n}, kind: teams, amount: {rng.randint(2, 3)}, source: made up}}" for n in range(6)]
    budget = ", ".join(f"{year}: 400" for year in range(2027, 2035))
    lines += [f"  - {{id: money, kind: money, by_year: {{{budget}}}, source: made up}}", "initiatives:"]
    for number in range(initiatives):
        pair = rng.sample(PARTIES, 2)
        lines += [f"  - id: work{number}", f"    title: Do work number {number}", "    field: transport",
                  f"    parties: [{', '.join(pair)}]"]  # fmt: skip
        if number > 4 and rng.random() < 0.5:
            lines.append(f"    needs: [work{rng.randrange(number)}]")
        lines.append("    phases:")
        for phase in range(4):
            likely = rng.randint(3, 12)
            spread = f"{{best: {likely - 1}, likely: {likely}, worst: {likely + rng.randint(1, 6)}}}"
            uses = f"{{resource: team{rng.randrange(6)}, amount: 1}}, {{resource: money, amount: {rng.randint(1, 9)}}}"
            lines.append(f"      - {{id: p{phase}, duration: {spread}, use: [{uses}]}}")
        lines += ["    consent:",
                  f"      - {{party: {pair[0]}, who: Parliament, duration: {{best: 2, likely: 4, worst: 9}}, "
                  "after: [p1], calendar: rest}",
                  f"      - {{party: {pair[1]}, who: Congress, status: given}}", "    gains:"]  # fmt: skip
        for party in pair:
            low = rng.randint(1, 20)
            worth = f"low: {low}, likely: {low + 5}, high: {low + 15}"
            lines.append(f"      - {{party: {party}, {worth}, source: made up}}")
    return "\n".join(lines) + "\n"


def list_changes(made: dict[str, Any]) -> dict[str, Changes]:
    """Return one change of each kind, about the middle of the plan."""
    tasks = sorted(made["tasks"], key=lambda task: task["periods"])
    phases = [task for task in tasks if task["kind"] == "phase"]
    one = phases[len(phases) // 2]
    name, now = one["id"], one["periods"][0]
    last = next(row["id"] for row in reversed(made["initiatives"]) if row["chosen"] and not _is_needed(made, row["id"]))
    told = [f"{task['id']}={task['start']}..{task['finish']}" for task in tasks if task["periods"][1] <= now]
    begun = [task for task in phases if task["periods"][0] < now < task["periods"][1]]
    told += [f"{task['id']}={task['start']}+{task['periods'][1] - now + 2}" for task in begun]
    return {
        "fix a task 5 periods later": Changes(fix=(f"{name}=+{now + 5}",)),
        "delay a task by 10 periods": Changes(delay=(f"{name}=+{now + 10}",)),
        "forbid an initiative": Changes(forbid=(last,)),
        "cut the money of 2028 by 40 %": Changes(cut=("money@2028=40%",)),
        "progress, 2 periods late": Changes(progress=tuple(told), as_of=one["start"]),
    }


def _is_needed(made: dict[str, Any], name: str) -> bool:
    """Say whether another initiative needs one."""
    return any(name in row["needs"] for row in made["initiatives"])


def measure(rounds: int, run: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return median CPU and wall seconds of a call, its own children counted, and its last answer."""
    spent, passed, answer = [], [], None
    for _ in range(rounds):
        before, begun = os.times(), time.perf_counter()
        answer = run()
        after = os.times()
        passed.append(time.perf_counter() - begun)
        spent.append(sum(after[:4]) - sum(before[:4]))
    return median(spent), median(passed), answer


def command(file: Path, since: Path, changes: Changes) -> list[str]:
    """Return the words of the command for a change and its first answer."""
    given = changes.describe()
    words = [*COMMAND, "plan", "what-if", str(file), "--from", str(since), "--first", "--json"]
    for name in ("require", "forbid", "fix", "delay", "cut", "progress"):
        words += [word for text in given[name] for word in (f"--{name}", text)]
    return [*words, *(["--as-of", changes.as_of] if changes.as_of else [])]


def main(rounds: int) -> None:
    """Print one row for each change."""
    with tempfile.TemporaryDirectory() as folder:
        file, since = Path(folder, "made.yml"), Path(folder, "made.json")
        file.write_text(write_document(1), encoding="utf-8")
        spent, passed, made = measure(1, lambda: make_plan(file, seconds=SECONDS, shares=False))
        since.write_text(json.dumps(made), encoding="utf-8")
        count = f"{len(made['tasks'])} tasks of {len(made['initiatives'])} initiatives"
        print(f"{count}, made in {spent:.1f} CPU s, {passed:.1f} s ({made['status']})")
        start = measure(rounds, lambda: subprocess.run([*COMMAND, "plan", "--help"], capture_output=True, check=True))
        check = measure(rounds, lambda: check_plan(file))
        print(f"start of the process {start[0]:.2f} CPU s, {start[1]:.2f} s; reading the file {check[0]:.2f} CPU s")
        print(f"{'change':32}  | first: CPU s, wall s, changed (at least) | fewest: the same | command: CPU s, wall s")
        for label, changes in list_changes(made).items():
            compare(label, changes, file, since, rounds)


def compare(label: str, changes: Changes, file: Path, since: Path, rounds: int) -> None:
    """Print the row of a change."""
    made = json.loads(since.read_bytes())

    def answer(keep: str) -> dict[str, Any]:
        return revise_plan(file, changes=changes, seconds=SECONDS, basis=Basis(made, keep))

    answer("first")
    first, fewest = measure(rounds, lambda: answer("first")), measure(1, lambda: answer("fewest"))
    words = command(file, since, changes)
    asked = measure(rounds, lambda: subprocess.run(words, capture_output=True, check=True))
    figures = [f"{one[0]:.2f}, {one[1]:.2f}, {describe_fewest(one[2])}" for one in (first, fewest)]
    print(f"{label:32}  | {figures[0]:40} | {figures[1]:40} | {asked[0]:.2f}, {asked[1]:.2f}")


def describe_fewest(made: dict[str, Any]) -> str:
    """Say how many tasks were changed, how many any answer changes, and whether that is settled."""
    found = made["differences"]["fewest"]
    return f"{found['tasks']} ({found['least_tasks']}), {found['verdict']}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

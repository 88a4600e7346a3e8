"""What is different between two made plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def compare_made(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is different between two made plans.

    Parameters
    ----------
    before, after : mapping
        From `comity.plan.result.describe_made`; the second may have no plan.

    Returns
    -------
    dict
        `added` and `dropped` (initiatives), `moved` (tasks with their dates and modes before and after),
        `gains` (by party, before and after), `finish` (before and after).
    """
    if not (before["exists"] and after["exists"]):
        return {
            "added": [],
            "dropped": [],
            "moved": [],
            "gains": [],
            "finish": [before.get("finish"), after.get("finish")],
        }
    chosen = [{one["id"] for one in made["initiatives"] if one["chosen"]} for made in (before, after)]
    was = {task["id"]: task for task in before["tasks"]}
    moved = [
        {
            "id": task["id"],
            "before": [was[task["id"]]["start"], was[task["id"]]["finish"]],
            "after": [task["start"], task["finish"]],
            "modes": [was[task["id"]]["mode"], task["mode"]],
        }
        for task in after["tasks"]
        if task["id"] in was and any(was[task["id"]][name] != task[name] for name in ("periods", "mode"))
    ]
    return {
        "added": sorted(chosen[1] - chosen[0]),
        "dropped": sorted(chosen[0] - chosen[1]),
        "moved": moved,
        "gains": [
            {"id": new["id"], "name": new["name"], "before": old["likely"], "after": new["likely"]}
            for old, new in zip(before["parties"], after["parties"], strict=True)
        ],
        "finish": [before["finish"], after["finish"]],
    }

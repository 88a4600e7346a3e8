"""How sure a made plan is, in words: what is proven best, and how much better the rest could be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DATES = "makespan"
"""The stage behind the objective: among equally good choices the earliest to finish."""


def describe_surety(made: Mapping[str, Any]) -> str:
    """Return what is proven of a plan, and how far the best one can be from it.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`.

    Returns
    -------
    str

    Examples
    --------
    >>> describe_surety({"status": "optimal"})
    'proven best'
    """
    if made["status"] != "feasible":
        return "proven best" if made["status"] == "optimal" else str(made["status"])
    open_ = next((stage for stage in made["stages"] if not stage["proven"]), None)
    names = [stage["name"] for stage in made["stages"]]
    if open_ is None or DATES not in names:
        return "valid; not proven best in the time given"
    if names.index(open_["name"]) < names.index(DATES):
        return f"valid; not proven best in the time given ({_describe_gap(open_)})"
    if open_["name"] != DATES:
        return "the choice and its end are proven best; which of equally good plans comes first is not"
    if open_["bound"] is None:
        return "the choice is proven best, not that it cannot end earlier"
    early = int(open_["value"] - open_["bound"])
    period = made["plan"]["period"] + ("" if early == 1 else "s")
    return f"the choice is proven best; it could end at most {early} {period} earlier"


def _describe_gap(stage: Mapping[str, Any]) -> str:
    """Return how much better a stage could be at most."""
    if stage["bound"] is None or not stage["value"]:
        return f"{stage['name']}: how much better is possible is not known"
    gap = abs(stage["bound"] - stage["value"]) / abs(stage["value"])
    return f"{stage['name']}: at most {100 * gap:.2g} % better is possible"

"""How sure a made plan is, in words: what is proven best, how much better the rest could be, why nothing is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

DATES = "makespan"
"""The stage behind the objective: among equally good choices the earliest to finish."""


def describe_surety(made: Mapping[str, Any]) -> str:
    """Return what is proven of a plan, and how far the best one can be from it; or that there is none, and why.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`.

    Returns
    -------
    str

    Examples
    --------
    >>> describe_surety({"exists": True, "status": "optimal"})
    'proven best'
    """
    if not made["exists"]:
        return describe_absence(made) if made["conflict"] is None else "no plan exists: requirements clash"
    if made["status"] != "feasible":
        return "proven best" if made["status"] == "optimal" else str(made["status"])
    return _describe_stages(made)


def _describe_stages(made: Mapping[str, Any]) -> str:
    """Return which stages of a plan are proven, where time ran out before all were."""
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


def describe_absence(made: Mapping[str, Any]) -> str:
    """Return that nothing is chosen, whether that is proven, and how many initiatives fail for which reason.

    Parameters
    ----------
    made : mapping
        From `comity.plan.result.describe_made`, without any initiative chosen.

    Returns
    -------
    str

    Examples
    --------
    >>> missing = {"doable": False, "shortfalls": {}}
    >>> describe_absence({"exists": False, "status": "optimal", "initiatives": [{"missing": missing}]})
    'nothing can be chosen so that somebody gains and nobody is worse off; of 1 initiative: 1 cannot be done'
    """
    proven = made["status"] == "optimal"
    counts = Counter(describe_miss(one["missing"], made) for one in made["initiatives"])
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    number = len(made["initiatives"])
    of = f"of {number} initiative{'' if number == 1 else 's'}: {reasons}"
    if proven:
        return f"nothing can be chosen so that somebody gains and nobody is worse off; {of}"
    return f"nothing was found to choose in the time given, and it is not proven that nothing can be; {of}"


def describe_miss(missing: Mapping[str, Any] | None, made: Mapping[str, Any]) -> str:
    """Return what stands in the way of an initiative that is not in the plan, in a few words.

    Parameters
    ----------
    missing : mapping or None
        Of the initiative; None where the time did not reach to look.
    made : mapping
        Of the plan: whether it `exists`, its `status`.

    Returns
    -------
    str
    """
    if missing is None:
        return "not looked into in the time given"
    if not missing["doable"]:
        return "cannot be done"
    if missing["shortfalls"]:
        return "would leave a party worse off"
    if made["status"] != "optimal":
        return "not weighed to the end in the time given"
    return "the plan is no better with it" if made["exists"] else "would bring nobody a gain"


def _describe_gap(stage: Mapping[str, Any]) -> str:
    """Return how much better a stage could be at most."""
    if stage["bound"] is None or not stage["value"]:
        return f"{stage['name']}: how much better is possible is not known"
    gap = abs(stage["bound"] - stage["value"]) / abs(stage["value"])
    return f"{stage['name']}: at most {100 * gap:.2g} % better is possible"

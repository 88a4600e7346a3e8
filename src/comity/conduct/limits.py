"""What stands beside a rehearsal: its limits, the standing ones and those of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STANDING = {
    "fitted-answers-may-change": "The partner's answers are fitted to what it did under today's behaviour; a partner "
    "that sees new rules may answer otherwise, and no record can say how (Lucas 1976).",
    "reports-not-acts": "Gestures are what news reports say happened, coded by a machine, strongest act of a day and "
    "level; what no report told of, in the past or in answer to a rule, is not here.",
    "same-world": "Rates stay as they were in the last years of the record: no elections, no third parties, no wars "
    "of others, no season.",
    "answers-only-add": "An act can call forth acts and never prevents one: a friendly answer calms only by what it "
    "takes the place of.",
    "measures-as-coded": "A measure counts with the level of its code. Whether the partner consents to one that needs "
    "consent, and what it means by it, is not simulated.",
    "routine-goes-on": "What the state does by routine goes on by the rules as well, also where it is above the "
    "gesture; where it counts as the answer that is due, no other one is made.",
    "way-back-by-date": "The condition of a way back is text; here it is met when no new gesture came by the review.",
    "misperception-on-top": "Misperception is added where a rule or a named strategy reads a gesture; fitted answers "
    "hold that of the record already.",
    "monte-carlo": "Intervals of means and risks are those of the simulation; bands are those of the futures, with "
    "the parameters' uncertainty in them.",
}


def list_limits(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """List the limits of one rehearsal.

    Parameters
    ----------
    found : mapping
        The result, with `record` and, where there is enough to say, `responses`, `branching` and `relations`.

    Returns
    -------
    list of dict
        `id` and `text`; those of the case first.
    """
    record = found["record"]
    said: dict[str, str] = {}
    if found["verdict"]:
        said["too-little"] = f"Too little to say: {found['reason']}."
    for side, check in (found.get("responses") or {}).items():
        if not check["answers"]:
            said[f"{side}-by-routine"] = (
                f"Out of sample, answers do not help to foretell the {side}'s gestures (gain {check['gain']:.4f} nats "
                f"a day over {check['days']} days): its routine is simulated, which answers nothing."
            )
        elif check["probability"] < 0.95:
            said[f"{side}-answers-unsure"] = (
                f"That answers help to foretell the {side}'s gestures is not sure (probability "
                f"{check['probability']:.0%})."
            )
    short = [row["months"] for row in found.get("relations") or [] if row["verdict"]]
    if short and not found["verdict"]:
        said["record-too-short"] = (
            f"The record covers {record['days_covered']} days: too little to say of "
            f"{', '.join(map(str, short))} months."
        )
    for arm, said_of in (("now", "as now"), ("rules", "by the rules")):
        above = ((found.get("branching") or {}).get(arm) or {}).get("above_one", 0.0)
        if above > 0.05:
            said[f"self-feeding-{arm}"] = (
                f"In {above:.0%} of the parameter draws acts {said_of} call forth more acts than they were: a "
                "disturbance feeds itself until days are full, or until the rest between two answers holds it."
            )
    return [{"id": name, "text": text} for name, text in {**said, **STANDING}.items()]

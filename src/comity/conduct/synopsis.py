"""A rehearsal of all partners put together: one entry each, a verdict over all, and the words explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.conduct.errors import ConductError
from comity.conduct.limits import STANDING
from comity.conduct.parameters import Terms
from comity.conduct.profile import Profile, Rules

DEFINITIONS = {
    "as now": "both sides act as fitted to the record: by routine and, where that foretells them better, in answer",
    "rules": "the same chances; what a rule covers, the rule alone answers, by its deadline, with one of its measures",
    "score": "mean score of both sides' gestures over the last weeks before the time [points on the scale]",
    "net": "sum of those scores per week [points/week]",
    "hot week": "both sides acted unfriendly, and their points together were above the record's own high quantile",
    "spiral": "so many hot weeks in a row; a friendly spiral is the same of friendly acts",
    "recovery": "days until the net score of a week is back within the usual band after one unfriendly gesture",
    "escalates": "the probability that the rules make more spirals than today's behaviour is at least `escalates_from`",
}


def choose_partners(profile: Profile, active: Sequence[str], asked: Sequence[str] | None, most: int) -> list[str]:
    """Return the partners that are rehearsed.

    Parameters
    ----------
    profile : Profile
    active : sequence of str
        Who exchanged gestures with the state, the most active first.
    asked : sequence of str, optional
    most : int
        How many where the profile lists none and nobody was asked for.

    Returns
    -------
    list of str
        By id where they were asked for or are listed.

    Raises
    ------
    ConductError
        A partner without a rule, or none at all.
    """
    listed = sorted(partner for partner in profile.partners if profile.find_rules(partner))
    chosen = sorted(set(asked)) if asked is not None else listed or _cover(profile, active, most)
    for partner in chosen:
        if partner == profile.state or not profile.find_rules(partner):
            raise ConductError(
                f"the profile {profile.id!r} has no rule toward {partner!r}",
                where="partner",
                todo="name a partner of the profile, or leave the option out",
            )
    if not chosen:
        raise ConductError(
            f"{profile.names.get(profile.state, profile.state)!r} has no partner in the store to rehearse with",
            where=profile.id,
            todo="name one with --partner, or try an example on real parties with --party",
        )
    return chosen


def _cover(profile: Profile, active: Sequence[str], most: int) -> list[str]:
    """Return the most active partners that the default covers."""
    return [partner for partner in active if profile.find_rules(partner)][:most]


def find_other_rules(profile: Profile, other: Profile | None, partner: str) -> tuple[Profile, Rules] | None:
    """Return the profile and rules that the partner follows, or None where it acts as now.

    Parameters
    ----------
    profile, other : Profile
        Where both are the same state's, the partner follows the same rules.
    partner : str

    Raises
    ------
    ConductError
        The other profile is another state's, or has no rule toward this one.
    """
    if other is None:
        return None
    same = other.state == profile.state
    rules = profile.find_rules(partner) if same else other.find_rules(profile.state)
    if not same and other.state != partner:
        raise ConductError(
            f"the other profile is that of {other.state!r}, not of {partner!r}",
            where=other.id,
            todo=f"rehearse with --partner {other.state}",
        )
    if not rules:
        raise ConductError(
            f"the other profile has no rule toward {profile.state!r}", where=other.id, todo="leave it out"
        )
    return (profile if same else other), rules


def put_together(
    profiles: tuple[Profile, Profile | None], rows: Sequence[dict[str, Any]], terms: Terms
) -> dict[str, Any]:
    """Put the rehearsals of all partners together.

    Parameters
    ----------
    profiles : tuple of Profile
        The state's, and the other side's or None.
    rows : sequence of dict
        One for each partner.
    terms : Terms

    Returns
    -------
    dict
        `escalates` where the rules escalate toward any partner; `recommended` False then, None where there is too
        little to say of every partner.
    """
    known = [row for row in rows if not row["verdict"]]
    escalates = any(row["escalates"] for row in known)
    return {
        "profile": _describe_profile(profiles[0]),
        "other": None if profiles[1] is None else _describe_profile(profiles[1]),
        "partners": list(rows),
        "escalates": escalates if known else None,
        "recommended": not escalates if known else None,
        "summary": [_say_partner(row) for row in rows],
        "terms": terms.describe(),
        "definitions": dict(DEFINITIONS),
        "limits": [{"id": name, "text": text} for name, text in STANDING.items()],
    }


def _describe_profile(profile: Profile) -> dict[str, Any]:
    """Return what names a profile."""
    return {"id": profile.id, "title": profile.title, "state": profile.state, "scale": profile.scale}


def _say_partner(row: Mapping[str, Any]) -> str:
    """Return one sentence on one partner."""
    if row["verdict"]:
        return f"{row['partner']}: {row['verdict']}: {row['reason']}."
    last = [one for one in row["relations"] if not one["verdict"]][-1]
    score = last["score"]
    change = ""
    if score["now"]["median"] is not None and score["rules"]["median"] is not None:
        change = (
            f" After {last['months']} months the median of relations is {score['rules']['median']:+.2f} points by the "
            f"rules (90 % of futures {score['rules']['low90']:+.2f} to {score['rules']['high90']:+.2f}) and "
            f"{score['now']['median']:+.2f} as now."
        )
    verdict = "escalates" if row["escalates"] else "does not escalate"
    return f"{row['partner']}: {verdict}; {row['reason'].removeprefix('not recommended: ')}.{change}"

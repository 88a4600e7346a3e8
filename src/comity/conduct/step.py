"""Audit a profile over a store: read the events of its state, judge every case, sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from comity.conduct.audit import OUTCOMES, Case, audit_rule, measure_routine
from comity.conduct.comparison import compare_partners, list_written_differences
from comity.conduct.errors import ConductError
from comity.conduct.history import Act, History, build_history
from comity.conduct.profile import Profile, Rule, list_rule_names
from comity.conduct.steadiness import FEWEST, bound_share, pool_shares
from comity.events.coverage import is_covered, list_days
from comity.events.scale import Scale

if TYPE_CHECKING:
    import duckdb

LIMITS = (
    "The events are what news reports say happened, coded by a machine: an answer that no report told of is not seen.",
    "An act within the deadline is counted as an answer; that it was meant as one is not known. `routine` says how "
    "often the same act is seen when the rule does not apply.",
    "An act on the day of the gesture is not counted: the order within a day is not known.",
    "A case whose days were not all loaded is unknown, and counts neither as kept nor as not kept.",
    "CAMEO codes are coarse: several measures share a code, and a code tells less than the measure.",
)
TOO_LITTLE = "too little to say"


def read_history(con: duckdb.DuckDBPyConnection, state: str, since: date | None, until: date | None) -> History:
    """Read the acts of a state and toward it.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the views `events`, `ledger` and `rows`.
    state : str
        Actor id.
    since, until : date, optional
        First and last day, both counted.

    Returns
    -------
    History
    """
    rows = con.execute(
        "select date, sender, receiver, code, coalesce(type, ''), score, coalesce(label, ''), reports, url from events "
        "where (sender = $state or receiver = $state) and date >= $first and date <= $last "
        "order by date, sender, receiver, code",
        {"state": state, "first": since or date.min, "last": until or date.max},
    ).fetchall()
    days = (day.date for day in list_days(con) if is_covered(day))
    kept = (day for day in days if (since is None or day >= since) and (until is None or day <= until))
    return build_history((Act(*row) for row in rows), kept)


def audit_conduct(
    profile: Profile, history: History, scale: Scale, partners: Sequence[str] | None = None
) -> dict[str, Any]:
    """Audit a profile against a history.

    Parameters
    ----------
    profile : Profile
    history : History
    scale : Scale
        The profile's.
    partners : sequence of str, optional
        Actor ids; all that have rules and acted toward the state where left out.

    Returns
    -------
    dict
        `cases` (one row for each trigger, with the events behind it), `rules` (one row for each rule and partner, and
        one for each rule over all partners), `comparisons`, `written_differences`, `summary`, `outcomes`, `limits`;
        columns in `comity.conduct.tables`.

    Raises
    ------
    ConductError
        The scale is not the profile's; or the profile is an example whose parties were not assigned and have no events.
    """
    _check_question(profile, history, scale)
    chosen = _choose_partners(profile, history, partners)
    rules = {(rule.id, partner): rule for partner in chosen for rule in profile.find_rules(partner).values()}
    found = {key: audit_rule(profile, rule, key[1], history, scale) for key, rule in rules.items()}
    cases = [case for group in found.values() for case in group]
    rows = [_sum_rule(key, found[key], measure_routine(profile, rules[key], found[key], history)) for key in rules]
    comparisons = compare_partners(cases, rules)
    return {
        "profile": {"id": profile.id, "title": profile.title, "state": profile.state, "scale": profile.scale},
        "period": _describe_period(history),
        "summary": _sum_all(cases, rows, comparisons),
        "rules": [*_sum_partners(rules, cases), *sorted(rows, key=lambda row: (row["rule"], row["partner"]))],
        "cases": [case.describe() for case in sorted(cases, key=lambda c: (c.trigger.date, c.rule, c.partner))],
        "comparisons": comparisons,
        "written_differences": list_written_differences(profile, chosen),
        "outcomes": dict(OUTCOMES),
        "limits": list(LIMITS),
    }


def _check_question(profile: Profile, history: History, scale: Scale) -> None:
    """Stop where the audit would compare levels of two scales, or invented parties with nobody."""
    if scale.id != profile.scale:
        raise ConductError(
            f"the events are on the scale {scale.id!r}, the profile on {profile.scale!r}",
            where=profile.id,
            why="levels would not compare",
            todo="read the events on the profile's scale",
        )
    if profile.example and not history.list_partners(profile.state):
        raise ConductError(
            f"{profile.names.get(profile.state, profile.state)!r} is invented, and nothing in the store is about it",
            where=profile.id,
            todo=f"try the rules on real parties: --party {profile.state}=... for each of "
            f"{', '.join(profile.names)}",
        )


def _choose_partners(profile: Profile, history: History, partners: Sequence[str] | None) -> list[str]:
    """Return the partners that are audited, by id."""
    known = {*profile.partners, *(history.list_partners(profile.state) if profile.covers == "all" else ())}
    chosen = sorted(known if partners is None else set(partners))
    for partner in chosen:
        if partner == profile.state or (partners is not None and not profile.find_rules(partner)):
            raise ConductError(
                f"the profile {profile.id!r} has no rule toward {partner!r}",
                where="partner",
                todo="name a partner of the profile, or leave the option out",
            )
    return [partner for partner in chosen if profile.find_rules(partner)]


def _sum_cases(cases: Sequence[Case]) -> dict[str, Any]:
    """Return counts by outcome, and the shares that they give."""
    counts = Counter(case.outcome for case in cases)
    known = len(cases) - counts["unknown"]
    judged = [case for case in cases if case.outcome != "unknown"]
    kept, answered = bound_share(counts["kept"], known), bound_share(sum(case.answered for case in judged), known)
    days = [case.days for case in judged if case.days is not None]
    return {
        "triggers": len(cases),
        "known": known,
        **{name: counts[name] for name in OUTCOMES},
        "share": kept.value,
        "low": kept.low,
        "high": kept.high,
        "answered": answered.value,
        "answered_low": answered.low,
        "answered_high": answered.high,
        "median_days": median(days) if days else None,
        "verdict": "" if known >= FEWEST else TOO_LITTLE,
    }


def _sum_rule(key: tuple[str, str], cases: Sequence[Case], routine: float | None) -> dict[str, Any]:
    """Return the row of one rule and partner."""
    return {"rule": key[0], "partner": key[1], **_sum_cases(cases), "routine": routine}


def _sum_partners(rules: dict[tuple[str, str], Rule], cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return one row for each rule over all partners."""
    names = list_rule_names([{rule: found} for (rule, _), found in sorted(rules.items(), key=lambda item: item[0])])
    rows = []
    for name in names:
        own = [case for case in cases if case.rule == name]
        rows.append({"rule": name, "partner": None, **_sum_cases(own), "routine": None})
    return rows


def _sum_all(
    cases: Sequence[Case], rows: Sequence[dict[str, Any]], comparisons: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return the summary over all rules and partners."""
    typical = pool_shares([(row["kept"], row["known"]) for row in rows])
    flagged = [row for row in comparisons if row["flagged"]]
    return {
        "rules": len({row["rule"] for row in rows}),
        "partners": len({row["partner"] for row in rows}),
        **_sum_cases(cases),
        "typical": {"share": typical.value, "low": typical.low, "high": typical.high},
        "too_little": sum(row["verdict"] == TOO_LITTLE for row in rows),
        "compared": len(comparisons),
        "flagged": len(flagged),
        "text": _write_summary(cases, rows, flagged),
    }


def _write_summary(
    cases: Sequence[Case], rows: Sequence[dict[str, Any]], flagged: Sequence[dict[str, Any]]
) -> list[str]:
    """Return the summary in sentences."""
    total = _sum_cases(cases)
    if total["known"] < FEWEST:
        known = f"{total['known']} of {total['triggers']} cases are known"
        return [f"Too little to say: {known}, and a share needs at least {FEWEST}."]
    share = f"{total['share']:.0%} (90 % interval {total['low']:.0%} to {total['high']:.0%})"
    lines = [f"The rules were kept in {share} of {total['known']} known cases; {total['unknown']} are not known."]
    lines += [
        f"{row['rule']}: toward {row['partner']} and {row['other']} the shares kept differ "
        f"({row['kept']}/{row['known']} and {row['other_kept']}/{row['other_known']})."
        for row in flagged
    ]
    quiet = sum(row["known"] < FEWEST for row in rows)
    return [*lines, f"Of {len(rows)} pairs of rule and partner, {quiet} have too few known cases to say anything."]


def _describe_period(history: History) -> dict[str, Any]:
    """Return the days that the audit could see."""
    days = history.covered
    return {
        "since": history.ends[0].isoformat() if history.ends else None,
        "until": history.ends[1].isoformat() if history.ends else None,
        "days_loaded": len(days),
        "days_missing": len(history.gaps),
    }

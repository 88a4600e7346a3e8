"""Audit or rehearse a profile over a store: read the events, judge every case or simulate, sum up."""

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

    from comity.conduct.parameters import Terms
    from comity.conduct.records import Act as Gesture
    from comity.conduct.records import Records

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


def read_records(
    con: duckdb.DuckDBPyConnection, scale: Scale, asked: Sequence[tuple[str, str]], terms: Terms
) -> Records:
    """Read the gestures of the pairs asked for, and of pairs that say what answers are like at large.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the views `events`, `ledger` and `rows`.
    scale : Scale
    asked : sequence of (str, str)
        Actor ids.
    terms : Terms
        How many days and pairs.

    Returns
    -------
    Records
        Of the last days of the record.
    """
    import numpy as np

    from comity.conduct.records import Records, pool_pairs, spread_choice
    from comity.conduct.repertoire import Item

    days = list_days(con)[-int(terms.pick("window_days")) :]
    first = days[0].date if days else date.min
    covered = np.array([is_covered(day) for day in days], dtype=bool)
    _mark_events(con, scale, first)
    busy = con.execute(
        "with one as (select sender, receiver, count(*) n, "
        "md5(string_agg(date || ':' || mark, ',' order by date, mark)) sum from gestures group by sender, receiver) "
        "select a.sender, a.receiver from one a join one b on a.sender = b.receiver and a.receiver = b.sender "
        "where a.sender < a.receiver and least(a.n, b.n) >= $least "
        "order by a.n + b.n desc, greatest(a.n, b.n), least(a.sum, b.sum), greatest(a.sum, b.sum)",
        {"least": terms.pick("pool_gestures")},
    ).fetchall()
    chosen = [busy[place] for place in spread_choice(len(busy), int(terms.pick("pool_pairs")))]
    acts = _read_gestures(con, [*chosen, *asked], first)
    held = [act for a, b in chosen for way in ((a, b), (b, a)) for act in acts.get(way, ())]
    counts = Counter((act.mark, act.code, act.reports, act.score) for act in held)
    items = tuple(Item(*key, float(times)) for key, times in sorted(counts.items()))
    return Records(first, covered, acts, items, pool_pairs(acts, chosen, covered))


def _mark_events(con: duckdb.DuckDBPyConnection, scale: Scale, first: date) -> None:
    """Create the table `gestures`: the strongest act of each day, sender, receiver, side and level."""
    from comity.reciprocity.acts import LEVELS

    levels = " ".join(f"when abs(score) <= {high} then {n}" for n, (_, high) in enumerate(LEVELS.values()) if high < 99)
    side = f"case when score > {scale.neutral[1]} then 0 else {len(LEVELS)} end"
    con.execute(
        "create or replace temp table gestures as with marked as (select date, sender, receiver, code, reports, score, "
        f"case {levels} else {len(LEVELS) - 1} end + {side} as mark from events "
        f"where date >= $first and (score > {scale.neutral[1]} or score < {scale.neutral[0]})) "
        "select * from marked qualify row_number() over (partition by date, sender, receiver, mark "
        "order by abs(score) desc, reports desc, code) = 1",
        {"first": first},
    )


def _read_gestures(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str]], first: date
) -> dict[tuple[str, str], list[Gesture]]:
    """Return the gestures of pairs, both ways, in the order of days."""
    from comity.conduct.records import Act as Gesture

    con.execute("create or replace temp table asked_ways (sender varchar, receiver varchar)")
    ways = sorted({way for a, b in pairs for way in ((a, b), (b, a))})
    if ways:
        con.executemany("insert into asked_ways values (?, ?)", [list(way) for way in ways])
    rows = con.execute(
        "select sender, receiver, (date - $first)::integer, mark, code, reports, score from gestures "
        "semi join asked_ways using (sender, receiver) order by sender, receiver, date, mark",
        {"first": first},
    ).fetchall()
    found: dict[tuple[str, str], list[Gesture]] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(Gesture(*row))
    return found


def rehearse_conduct(
    con: duckdb.DuckDBPyConnection,
    scale: Scale,
    profiles: tuple[Profile, Profile | None],
    terms: Terms,
    partners: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Rehearse a profile against the answers of its partners, fitted to a store.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        With the views `events`, `ledger` and `rows`.
    scale : Scale
        The profiles'.
    profiles : tuple of Profile
        The state's, and the other side's or None.
    terms : Terms
    partners : sequence of str, optional
        Actor ids.

    Returns
    -------
    dict
        See `comity.conduct.synopsis.put_together`.

    Raises
    ------
    ConductError
        The scale is not the profile's, or there is nobody to rehearse with.
    """
    from comity.conduct import synopsis
    from comity.conduct.records import rank_partners
    from comity.conduct.rehearsal import rehearse_pair
    from comity.conduct.repertoire import lay_plans

    profile, other = profiles
    for one in (profile, *([other] if other else [])):
        _check_scale(one, scale)
    met = con.execute(
        "select distinct case when sender = $state then receiver else sender end from events "
        "where sender = $state or receiver = $state",
        {"state": profile.state},
    ).fetchall()
    about = sorted({row[0] for row in met} | set(profile.partners) | set(partners or ()))
    records = read_records(con, scale, [(profile.state, partner) for partner in about], terms)
    active = rank_partners(records, profile.state, about)
    rows = []
    for partner in synopsis.choose_partners(profile, active, partners, int(terms.pick("partners"))):
        pair = records.pick_pair(profile.state, partner, scale, terms.pick("item_worth"))
        own = lay_plans(profile, profile.find_rules(partner), pair.repertoires, scale, terms)
        theirs = synopsis.find_other_rules(profile, other, partner)
        back = lay_plans(*theirs, pair.repertoires[::-1], scale, terms) if theirs else ()
        rows.append({"partner": partner, **rehearse_pair(pair, records.pool, (own, back), terms)})
    return synopsis.put_together(profiles, rows, terms)


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
    _check_scale(profile, scale)
    if profile.example and not history.list_partners(profile.state):
        raise ConductError(
            f"{profile.names.get(profile.state, profile.state)!r} is invented, and nothing in the store is about it",
            where=profile.id,
            todo=f"try the rules on real parties: --party {profile.state}=... for each of {', '.join(profile.names)}",
        )


def _check_scale(profile: Profile, scale: Scale) -> None:
    """Stop where levels of two scales would be compared."""
    if scale.id != profile.scale:
        raise ConductError(
            f"the events are on the scale {scale.id!r}, the profile on {profile.scale!r}",
            where=profile.id,
            why="levels would not compare",
            todo="read the events on the profile's scale",
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

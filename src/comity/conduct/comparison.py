"""Partners side by side: the same gesture, the same treatment? Flagged only with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from comity.conduct.audit import Case
from comity.conduct.profile import Profile, Rule, compare_rules
from comity.conduct.steadiness import FEWEST, bound_difference, weigh_difference

RISK = 0.05
"""Chance of a flag where all partners are treated alike that a rule's comparisons may have together."""
SHOWN = 10
"""Days of evidence that a comparison lists for each partner."""


def compare_partners(cases: Iterable[Case], rules: Mapping[tuple[str, str], Rule]) -> list[dict[str, Any]]:
    """Compare how often a rule was kept toward each two partners.

    Parameters
    ----------
    cases : iterable of Case
        Of all rules and partners.
    rules : mapping of (rule, partner) to Rule
        Partners are compared where the gesture is defined alike for both.

    Returns
    -------
    list of dict
        `rule`, `partner`, `other`, `kept`, `known`, `other_kept`, `other_known` [count], `difference` with 90 %
        interval `low`, `high` [fraction], `probability` that the shares differ in that direction, `flagged`,
        `same_answer` (whether the profile asks the same of both) and `evidence` (days of kept and of other cases of
        each). The likeliest first.
        Only partners with at least five known cases are compared: of the others there is too little to say. A
        difference is flagged where its probability stands a Bonferroni correction for all comparisons of the rule.
    """
    groups = _group_cases(cases, rules)
    rows: list[dict[str, Any]] = []
    for group in groups.values():
        pairs = list(combinations(sorted(name for name in group if len(group[name]) >= FEWEST), 2))
        rows += [_compare_pair(pair, group, rules, len(pairs)) for pair in pairs]
    return sorted(rows, key=lambda row: (-row["probability"], row["rule"], row["partner"], row["other"]))


def list_written_differences(profile: Profile, partners: Iterable[str]) -> list[dict[str, Any]]:
    """List the rules that the profile itself writes differently for a partner than in its default.

    Parameters
    ----------
    profile : Profile
    partners : iterable of str
        Actor ids.

    Returns
    -------
    list of dict
        `partner`, `rule` and `fields`: the fields that differ, or `["absent"]`, or `["added"]`.
    """
    rows: list[dict[str, Any]] = []
    for partner in partners:
        rules = profile.find_rules(partner)
        for name in dict.fromkeys([*profile.default, *rules]):
            if name in profile.default and name in rules:
                fields = compare_rules(profile.default[name], rules[name])
            else:
                fields = ["added" if name in rules else "absent"]
            if fields and profile.default:
                rows.append({"partner": partner, "rule": name, "fields": fields})
    return rows


def _group_cases(
    cases: Iterable[Case], rules: Mapping[tuple[str, str], Rule]
) -> dict[tuple[Any, ...], dict[str, list[Case]]]:
    """Return the known cases by rule and gesture, and in these by partner."""
    groups: dict[tuple[Any, ...], dict[str, list[Case]]] = {}
    for case in cases:
        gesture = rules[case.rule, case.partner].gesture
        if case.outcome != "unknown":
            groups.setdefault((case.rule, gesture), {}).setdefault(case.partner, []).append(case)
    return groups


def _compare_pair(
    pair: tuple[str, str],
    group: Mapping[str, Sequence[Case]],
    rules: Mapping[tuple[str, str], Rule],
    tests: int,
) -> dict[str, Any]:
    """Return one comparison; `tests` is the number of comparisons of the rule."""
    counts = [(sum(case.outcome == "kept" for case in group[name]), len(group[name])) for name in pair]
    difference = bound_difference(counts[0], counts[1])
    larger = weigh_difference(counts[0], counts[1])
    probability = max(larger, 1 - larger)
    rule = group[pair[0]][0].rule
    return {
        "rule": rule,
        "partner": pair[0],
        "other": pair[1],
        "kept": counts[0][0],
        "known": counts[0][1],
        "other_kept": counts[1][0],
        "other_known": counts[1][1],
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "probability": probability,
        "flagged": 2 * (1 - probability) * tests <= RISK,
        "same_answer": not compare_rules(rules[rule, pair[0]], rules[rule, pair[1]]),
        "evidence": {name: _list_days(group[name]) for name in pair},
    }


def _list_days(cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return the first days of the kept cases and of the others."""
    kept = [case.trigger.date.isoformat() for case in cases if case.outcome == "kept"]
    other = [case.trigger.date.isoformat() for case in cases if case.outcome != "kept"]
    return {"kept": kept[:SHOWN], "not_kept": other[:SHOWN]}

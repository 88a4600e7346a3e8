"""A rehearsal of written rules: simulated against the partner's fitted answers, beside what is done today."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from comity.conduct import contests, outlook
from comity.conduct.limits import list_limits
from comity.conduct.parameters import Terms
from comity.conduct.repertoire import HALF, Plan, Repertoire, share_answers
from comity.conduct.simulation import WEEK, Course, Side, Simulation
from comity.reciprocity.exchange import (
    Check,
    Exchange,
    Pool,
    check_answers,
    draw_rates,
    lay_design,
    lay_memory,
    measure_branching,
    sum_waits,
)
from comity.reciprocity.plain import describe_plainly
from comity.reciprocity.var import Numbers

TOO_LITTLE = "too little to say"
MOST_PARAMETERS = 200
"""Parameter draws; more futures are copies of these."""
MOST_COPIES = 5
"""Copies that are simulated at once, so that memory does not grow with the number of futures."""
PATH_MONTHS = 12
"""The first months in which the path is given block by block; later months stand in `relations`."""


@dataclass(frozen=True)
class Pair:
    """What is known of two sides.

    Parameters
    ----------
    exchange : Exchange
        The state first, the partner second.
    repertoires : tuple of Repertoire
        What their gestures are made of.
    weeks : array (weeks, FIELDS)
        Points and gestures of the whole covered weeks of the record.
    first, last : date
        Of the days that are fitted.
    """

    exchange: Exchange
    repertoires: tuple[Repertoire, Repertoire]
    weeks: Numbers
    first: date
    last: date

    @property
    def covered(self) -> int:
        """Number of covered days."""
        return int(self.exchange.covered.sum())

    @property
    def made(self) -> tuple[int, int]:
        """Number of gestures of the state and of the partner."""
        first, second = self.exchange.gestures.sum((1, 2))
        return int(first), int(second)

    def find_order(self) -> tuple[int, int]:
        """Return the sides in an order that only their gestures decide, whatever they are called."""
        one, other = (np.packbits(side).tobytes() for side in self.exchange.gestures)
        return (0, 1) if one <= other else (1, 0)

    def find_key(self) -> int:
        """Return a number that only the gestures decide, whoever made them."""
        content = b"".join(np.packbits(self.exchange.gestures[side]).tobytes() for side in self.find_order())
        return int.from_bytes(hashlib.blake2b(content, digest_size=7).digest(), "little")


Plans = tuple[tuple[Plan, ...], tuple[Plan, ...]]


def rehearse_pair(pair: Pair, pool: Pool | None, plans: Plans, terms: Terms) -> dict[str, Any]:
    """Rehearse the rules of a state, of its partner, or of both.

    Parameters
    ----------
    pair : Pair
    pool : Pool or None
        What all pairs together say; None where there is no other pair.
    plans : tuple of (tuple of Plan)
        Rules of the state and of the partner; a side without rules acts as now.
    terms : Terms

    Returns
    -------
    dict
        `verdict` ("" or "too little to say") and `reason`; `record`, `responses`, `branching`, `relations`, `path`,
        `recovery`, `spirals`, `escalates`, `recommended`, `limits`; see docs/methods/conduct.md.
    """
    months = [month for month in terms.list_months() if _reaches(pair, month, terms)]
    quiet = _say_too_little(pair, pool, months, terms)
    if pool is None or quiet:
        return _describe_nothing(pair, terms, quiet)
    key = [terms.seed, pair.find_key()]
    checks = _check_sides(pair, pool, key)
    parameters = min(MOST_PARAMETERS, int(terms.pick("draws")))
    sides = _fit_sides(pair, pool, plans, checks, (parameters, key))
    gauge = _lay_gauge(pair, months, terms)
    futures = _simulate(pair, sides, gauge, (months, parameters, key), terms)
    mark = _find_shock(terms)
    partner = pair.repertoires[1]
    shock = float(partner.score[partner.find_middle(mark)])
    spirals = {kind: _describe_spirals(futures, kind, months, terms) for kind in outlook.KINDS}
    found = {
        "verdict": "",
        "reason": "",
        **_describe_record(pair),
        "responses": {side: describe_plainly(check) for side, check in zip(("state", "partner"), checks, strict=True)},
        "branching": _describe_branching(sides, float(terms.pick("late"))),
        "pool_pairs": pool.pairs,
        "futures": futures.score.shape[-1],
        "relations": [
            {**outlook.describe_relations(futures, month, gauge), "verdict": ""}
            if month in months
            else {"months": month, "score": None, "net": None, "verdict": TOO_LITTLE}
            for month in terms.list_months()
        ],
        "path": outlook.describe_path(futures, gauge, outlook.find_week(PATH_MONTHS) // gauge.relation_weeks),
        "recovery": outlook.describe_recovery(futures, gauge, shock),
        "spirals": spirals,
        "hot": gauge.hot,
        "strategies": _play_strategies(pair, plans[0], gauge, (months, key), terms),
    }
    found.update(_judge(spirals["unfriendly"], terms))
    found["limits"] = list_limits(found)
    return found


def _reaches(pair: Pair, months: int, terms: Terms) -> bool:
    """Say whether a horizon is not too far beyond the record."""
    return bool(months * outlook.MONTH <= terms.pick("reach") * pair.covered)


def _say_too_little(pair: Pair, pool: Pool | None, months: Sequence[int], terms: Terms) -> str:
    """Return why there is too little to say, or an empty text."""
    least = terms.pick("least_gestures")
    if min(pair.made) < least:
        return f"the two sides made {pair.made[0]} and {pair.made[1]} gestures, and each needs at least {least}"
    if pool is None:
        return "no pair has gestures enough to say what answers are like at large"
    return "" if months else f"{pair.covered} days are covered, too few for any month that was asked for"


def _describe_record(pair: Pair) -> dict[str, Any]:
    """Return what the rehearsal rests on."""
    names = ("friendly 1", "friendly 2", "friendly 3", "unfriendly 1", "unfriendly 2", "unfriendly 3")
    counts = pair.exchange.gestures.sum(1).tolist()
    return {
        "record": {
            "first": pair.first.isoformat(),
            "last": pair.last.isoformat(),
            "days_covered": pair.covered,
            "gestures": dict(zip(("state", "partner"), pair.made, strict=True)),
            "by_mark": {
                side: dict(zip(names, row, strict=True)) for side, row in zip(("state", "partner"), counts, strict=True)
            },
        }
    }


def _describe_nothing(pair: Pair, terms: Terms, reason: str) -> dict[str, Any]:
    """Return a rehearsal in which there is too little to say."""
    parts = ("responses", "branching", "path", "recovery", "spirals", "hot", "strategies")
    empty = (*parts, "escalates", "recommended", "probability", "change")
    rows = [{"months": month, "score": None, "net": None, "verdict": TOO_LITTLE} for month in terms.list_months()]
    said = {"verdict": TOO_LITTLE, "reason": reason, **_describe_record(pair), **dict.fromkeys(empty)}
    return {**said, "pool_pairs": 0, "futures": 0, "relations": rows, "limits": list_limits(said)}


def _check_sides(pair: Pair, pool: Pool, key: list[int]) -> tuple[Check, Check]:
    """Return for the state and the partner whether answers help to foretell their gestures."""
    seed = key[0] ^ key[1]
    return check_answers(pair.exchange, 0, pool, seed), check_answers(pair.exchange, 1, pool, seed)


def _fit_sides(
    pair: Pair, pool: Pool, plans: Plans, checks: tuple[Check, Check], draws: tuple[int, list[int]]
) -> tuple[Side, Side]:
    """Draw the rates of both sides; a side whose answers do not help to foretell it keeps to its routine."""
    memory = lay_memory(pair.exchange.gestures)
    count, key = draws
    found: dict[int, Side] = {}
    for place, side in enumerate(pair.find_order()):
        mean = pool.answering if checks[side].answers else pool.routine
        design = lay_design(pair.exchange, side, memory=memory)
        rates = draw_rates(design, mean, count, np.random.default_rng([*key, 9, place]))
        held = np.concatenate([memory[1 - side][-1], memory[side][-1]])
        found[side] = Side(rates, pair.repertoires[side], held, plans[side])
    return found[0], found[1]


def _lay_gauge(pair: Pair, months: Sequence[int], terms: Terms) -> outlook.Gauge:
    """Return by what weeks are judged."""
    weeks = outlook.find_week(max(months))
    return outlook.Gauge(
        outlook.measure_hot(pair.weeks, terms.pick("hot_quantile")),
        terms.pick("spiral_weeks"),
        min(terms.pick("relation_weeks"), weeks),
        min(terms.pick("recovery_weeks"), weeks),
        terms.pick("band"),
    )


def _find_shock(terms: Terms) -> int:
    """Return the mark of the unfriendly gesture from which recovery is timed."""
    return HALF + int(terms.pick("shock_level")) - 1


def _simulate(
    pair: Pair,
    sides: tuple[Side, Side],
    gauge: outlook.Gauge,
    plan: tuple[Sequence[int], int, list[int]],
    terms: Terms,
) -> outlook.Futures:
    """Simulate all futures, some copies of the parameter draws at a time."""
    months, parameters, key = plan
    order = pair.find_order()
    left = -(-int(terms.pick("draws")) // parameters)
    parts: list[outlook.Futures] = []
    while left:
        course = Course(
            days=outlook.find_week(max(months)) * WEEK,
            shock_days=gauge.recovery_weeks * WEEK,
            shocker=order.index(1),
            shock=_find_shock(terms),
            noise=terms.read_noise(),
            late=float(terms.pick("late")),
            copies=min(left, MOST_COPIES),
        )
        simulation = Simulation((sides[order[0]], sides[order[1]]), course, [*key, len(parts)])
        weeks = simulation.run()
        parts.append(outlook.reduce_weeks(weeks, simulation.added.ravel(), gauge, parameters))
        left -= course.copies
    return outlook.join_futures(parts)


def _describe_branching(sides: tuple[Side, Side], late: float) -> dict[str, Any]:
    """Return by how much gestures multiply from one generation of answers to the next, as now and by the rules."""
    now = [sum_waits(side.rates.answers) for side in sides]
    ruled = []
    for n, (heard, own) in enumerate(now):
        covered, answers = share_answers(sides[n].plans, sides[1 - n].repertoire, late)
        ruled.append((heard * (1.0 - covered) + answers, own))
    found = {}
    for arm, parts in (("now", now), ("rules", ruled)):
        radius = measure_branching(parts[0], parts[1])
        low, middle, high = np.quantile(radius, [0.05, 0.5, 0.95]).tolist()
        found[arm] = {"median": middle, "low": low, "high": high, "above_one": float((radius >= 1).mean())}
    return found


def _play_strategies(
    pair: Pair, plans: Sequence[Plan], gauge: outlook.Gauge, plan: tuple[Sequence[int], list[int]], terms: Terms
) -> list[dict[str, Any]]:
    """Play the state, as now and by its rules, against the named strategies."""
    months, key = plan
    acts = contests.name_weeks(pair.weeks)
    habit = contests.learn_habit(acts)
    opening = float((acts[:, 0].sum() + 0.5) / (len(acts) + 1.0))
    often = pair.exchange.gestures[1].sum(0).astype(float)
    ruled = contests.write_rules(habit, plans, pair.repertoires[1], often, float(terms.pick("late")))
    policies = (contests.lay_policy("as now", habit, opening), contests.lay_policy("rules", ruled, opening))
    contest = contests.Contest(
        months=months,
        copies=min(contests.MOST_COPIES, int(terms.pick("draws"))),
        seed=key[0] ^ key[1],
        sight=contests.blur_sight(terms.read_noise()),
        spiral_weeks=gauge.spiral_weeks,
        relation_weeks=gauge.relation_weeks,
        recovery_weeks=gauge.recovery_weeks,
        escalates_from=float(terms.pick("escalates_from")),
        scores=np.array([_score_sides(pair, side) for side in (0, 1)]),
    )
    return contests.play_strategies(policies, contest)


def _score_sides(pair: Pair, side: int) -> tuple[float, float]:
    """Return the mean score of a side's friendly and of its unfriendly gestures [points]."""
    repertoire, often = pair.repertoires[side], pair.exchange.gestures[side].sum(0) + 1e-9
    mean = repertoire.average()
    friendly, unfriendly = (
        float(often[part] @ mean[part] / often[part].sum()) for part in (slice(0, HALF), slice(HALF, None))
    )
    return friendly, unfriendly


def _describe_spirals(futures: outlook.Futures, kind: str, months: Sequence[int], terms: Terms) -> list[dict[str, Any]]:
    """Return the risk of spirals by horizon."""
    return [
        {**outlook.describe_spirals(futures, kind, month), "verdict": ""}
        if month in months
        else {"months": month, "now": None, "rules": None, "difference": None, "more": None, "verdict": TOO_LITTLE}
        for month in terms.list_months()
    ]


def _judge(spirals: Sequence[dict[str, Any]], terms: Terms) -> dict[str, Any]:
    """Say whether the rules make spirals more likely than today's behaviour, at the longest horizon reported."""
    last = [row for row in spirals if not row["verdict"]][-1]
    chance, change = last["more"]["probability"], last["more"]["mean"]
    escalates = bool(chance >= terms.pick("escalates_from"))
    said = f"spirals a year within {last['months']} months: {last['rules']['a_year']:.3g} by the rules, "
    said += f"{last['now']['a_year']:.3g} as now; the probability of more is {chance:.0%}"
    return {
        "escalates": escalates,
        "recommended": not escalates,
        "probability": chance,
        "change": change,
        "reason": f"{'not recommended: ' if escalates else ''}{said}",
    }

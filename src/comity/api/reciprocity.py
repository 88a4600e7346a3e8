"""Reciprocity of a pair: who answers whom, how soon, and how steadily.

Every function takes two parties by any code or unambiguous name, reads the net scores by period over the longest run
of covered periods, and gives plain values: dicts, lists and numbers, None for what is not known. Matrices are indexed
by `pairs`, the directed pairs in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.api.relations import identify_pair
from comity.api.view import View
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    from comity.reciprocity.bayes import Prior
    from comity.reciprocity.eventtime import Gesture
    from comity.reciprocity.projection import Design
    from comity.reciprocity.step import PairSeries


@dataclass(frozen=True)
class Terms:
    """On what terms series are compared.

    Parameters
    ----------
    by : str
        `day`, `week` (from Monday) or `month`.
    lags : int, optional
        Periods of the past that are looked at; chosen by BIC where left out.
    horizon : int
        Periods ahead.
    seed : int
        Of draws and bootstraps; the same seed gives the same result.
    """

    by: str = "week"
    lags: int | None = None
    horizon: int = 12
    seed: int = 0


def _read(a: str, b: str, by: str, view: View | None) -> tuple[PairSeries, dict[str, Any]]:
    """Read the two directions of a pair, and what every answer says of them."""
    from comity.reciprocity.step import read_pairs

    first, second = identify_pair(a, b)
    with (view or View()).open() as (con, _, scale):
        series = read_pairs(con, [(first.id, second.id), (second.id, first.id)], by)
    return series, {**_describe(series), "scale": scale.id}


def _describe(series: PairSeries) -> dict[str, Any]:
    """Return which directed pairs and periods a result rests on."""
    return {
        "pairs": [list(pair) for pair in series.pairs],
        "by": series.by,
        "first_period": series.starts[0].isoformat(),
        "last_period": series.starts[-1].isoformat(),
        "periods": len(series.starts),
        "periods_left_out": series.left_out,
    }


def fit_var(
    a: str, b: str, *, terms: Terms | None = None, most: int | None = None, view: View | None = None
) -> dict[str, Any]:
    """Fit a vector autoregression to the acts of a pair, and compare numbers of lags.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    terms : Terms, optional
        Period, lags, horizon, seed.
    most : int, optional
        The most lags to compare; one for every 20 periods, at most 12, where left out.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `lags`, `coefficients` and `errors` (rows: lag 1 of each pair, ..., constant; columns: equations),
        `covariance`, `stable`, `criteria` (`lags`, `aic`, `bic`, `hq`), and what the series are.
    """
    from comity.reciprocity import step, var
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    chosen = step.choose_lags(series.values, terms.lags)
    fit = var.fit_var(series.values, chosen)
    choice = var.identify_lags(series.values, most or max(chosen, step.bear_lags(series.values)))
    names = ("coefficients", "errors", "covariance", "stable")
    found = {name: describe_plainly(getattr(fit, name)) for name in names}
    return {**about, "lags": chosen, **found, "criteria": describe_plainly(choice)}


def identify_granger(
    a: str, b: str, *, terms: Terms | None = None, extra: int = 0, view: View | None = None
) -> dict[str, Any]:
    """Test in both directions whether one side's past acts help to predict the other's.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.
    extra : int
        Lags added without being tested, for trending series (Toda and Yamamoto).

    Returns
    -------
    dict
        `tests`: `cause` and `effect` (places in `pairs`), `statistic` (F), `p_value`, `total` and more.
    """
    from comity.reciprocity import granger, step
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    tests = granger.identify_granger(series.values, step.choose_lags(series.values, terms.lags), extra)
    return {**about, "tests": describe_plainly(tests)}


def identify_responses(a: str, b: str, *, terms: Terms | None = None, view: View | None = None) -> dict[str, Any]:
    """Estimate what follows an unexpected act of each side, under both orderings and none.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.

    Returns
    -------
    dict
        `orders`: for each ordering `order` (None: generalised), `responses` and `shares`, each with `estimate`,
        `low`, `high` [step][shock][response].
    """
    from comity.reciprocity import response, step
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    chosen = step.choose_lags(series.values, terms.lags)
    found = response.identify_responses(series.values, chosen, terms.horizon, seed=terms.seed)
    return {**about, "lags": chosen, "orders": describe_plainly(found)}


def fit_bayes(
    a: str, b: str, *, prior: Prior | None = None, terms: Terms | None = None, view: View | None = None
) -> dict[str, Any]:
    """Fit the Sims-Zha Bayesian autoregression, and give its responses with error bands.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.
    prior : comity.reciprocity.bayes.Prior, optional

    Returns
    -------
    dict
        `coefficients`, `errors`, `covariance` (posterior means and standard deviations), `prior`, and `orders`: for
        each ordering the `mean` response and its `lines` at 16 and 84 % along the first eigenvector.
    """
    from comity.reciprocity import bands, bayes, response, step
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    chosen = step.choose_lags(series.values, terms.lags)
    fit = bayes.fit_bayes(series.values, chosen, prior)
    orders = []
    for order in response.list_orders(fit.series):
        bounded = bands.bound_responses(bayes.draw_responses(fit, terms.horizon, order, seed=terms.seed))
        orders.append({"order": order, **describe_plainly(bounded)})
    names = ("coefficients", "errors", "covariance", "prior")
    found = {name: describe_plainly(getattr(fit, name)) for name in names}
    return {**about, "lags": chosen, **found, "orders": describe_plainly(orders)}


def identify_projection(
    a: str, b: str, *, design: Design | None = None, terms: Terms | None = None, view: View | None = None
) -> dict[str, Any]:
    """Estimate how each side answers the other's acts, by local projections.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.
    design : comity.reciprocity.projection.Design, optional
        Lags and horizon of the terms, impulse first, one lag more, where left out.

    Returns
    -------
    dict
        `projections`: `impulse`, `response` (places in `pairs`), `estimate`, `low`, `high`, `error` by horizon.
    """
    from comity.reciprocity import projection, step
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    used = design or projection.Design(step.choose_lags(series.values, terms.lags), terms.horizon)
    found = [projection.identify_projection(series.values, *places, used) for places in ((0, 1), (1, 0))]
    return {**about, "design": describe_plainly(used), "projections": describe_plainly(found)}


def identify_answers(
    a: str, b: str, *, gesture: Gesture | None = None, seed: int = 0, view: View | None = None
) -> dict[str, Any]:
    """Estimate how b answers a's gestures: how likely, of which type, after how many days, how proportionate.

    Parameters
    ----------
    a, b, view
        As in `fit_var`.
    gesture : comity.reciprocity.eventtime.Gesture, optional
        Friendly, of any level, answers within 14 days, where left out.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        See `comity.reciprocity.eventtime.Answers`; each figure beside its base rate.
    """
    from comity.reciprocity import eventtime, step
    from comity.reciprocity.plain import describe_plainly

    first, second = identify_pair(a, b)
    with (view or View()).open() as (con, _, scale):
        acts = step.read_pair_acts(con, (first.id, second.id), scale)
    found = eventtime.identify_answers(acts, gesture or eventtime.Gesture("friendly"), seed)
    about = {"sender": first.id, "receiver": second.id, "first_day": acts.first.isoformat(), "days": acts.days}
    return {**about, "scale": scale.id, **describe_plainly(found)}


def identify_influence(
    a: str, b: str, third: str, *, terms: Terms | None = None, view: View | None = None
) -> dict[str, Any]:
    """Estimate what a third party's acts add to the prediction of a's acts toward b.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.
    third : str
        Any code or unambiguous name.

    Returns
    -------
    dict
        See `comity.reciprocity.triangle.Influence`; the third party's acts toward both and theirs toward it.
    """
    from comity.reciprocity import step, triangle
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    first, second = (actor.id for actor in identify_pair(a, b))
    other = identify_pair(a, third)[1].id
    identify_pair(b, third)
    pairs = [(first, second), (second, first)]
    pairs += [pair for side in (first, second) for pair in ((other, side), (side, other))]
    with (view or View()).open() as (con, _, scale):
        series = step.read_pairs(con, pairs, terms.by)
    chosen = step.choose_lags(series.values, terms.lags)
    found = triangle.identify_influence(series.values[:, :2], series.values[:, 2:], chosen, seed=terms.seed)
    return {**_describe(series), "scale": scale.id, "lags": chosen, **describe_plainly(found)}


def identify_pairs(
    among: Sequence[str] | None = None,
    *,
    terms: Terms | None = None,
    least: int = 50,
    rate: float = 0.05,
    view: View | None = None,
) -> dict[str, Any]:
    """Find who answers whom among many pairs, false discoveries held down.

    Parameters
    ----------
    among : sequence of str, optional
        Parties by any code or unambiguous name; all where left out.
    terms, view
        As in `fit_var`; 2 lags where left out.
    least : int
        Events that each direction must have.
    rate : float
        Share of false finds among all finds that is borne.

    Returns
    -------
    dict
        `finds` (see `comity.reciprocity.many.Find`) and `left_out` with reasons.
    """
    from comity.reciprocity import many, step
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    lags = terms.lags or 2
    only = None if among is None else [identify_actor(name).id for name in among]
    with (view or View()).open() as (con, _, scale):
        series = step.read_busy_pairs(con, terms.by, least, only)
    finds, left_out = many.identify_pairs(series, lags, rate=rate, seed=terms.seed)
    said = {"pairs": len(series), "by": terms.by, "lags": lags, "rate": rate, "scale": scale.id}
    return {**said, "finds": describe_plainly(finds), "left_out": describe_plainly(left_out)}


def identify_steadiness(
    a: str, b: str, *, soon: int = 1, terms: Terms | None = None, view: View | None = None
) -> dict[str, Any]:
    """Estimate how steadily each side answers the other, with probabilities for each description.

    Parameters
    ----------
    a, b, terms, view
        As in `fit_var`.
        Without lags of its own, an answer is one within 4 periods.
    soon : int
        Periods within which an answer is not late.

    Returns
    -------
    dict
        `sides`: for each, `answering` and `toward` (actor ids), and see `comity.reciprocity.steadiness.Steadiness`.
    """
    from comity.reciprocity import steadiness
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    series, about = _read(a, b, terms.by, view)
    lags = terms.lags or 4
    sides = []
    for place, (answering, toward) in enumerate(series.pairs):
        values = series.values[:, [place, 1 - place]]
        found = steadiness.identify_steadiness(values, lags, soon, seed=terms.seed)
        stretches = [
            {
                "first": series.starts[first].isoformat(),
                "last": series.starts[last].isoformat(),
                **describe_plainly(one),
            }
            for first, last, one in found.by_period
        ]
        plain = {**describe_plainly(found), "by_period": stretches}
        sides.append({"answering": answering, "toward": toward, **plain})
    return {**about, "lags": lags, "soon": soon, "sides": sides}

"""Reciprocity of a pair: who answers whom, how soon, and how steadily.

Every function takes two parties by any code or unambiguous name, reads the net scores by period over the longest run
of covered periods, and gives plain values: dicts, lists and numbers, None for what is not known. Matrices are indexed
by `series`, the directed pairs in their order (`pairs`).

All but `identify_answers`, which needs events, also take `series` of one's own: a CSV file (a column of periods, then
one for each series), an Arrow table, a data frame, a mapping of name to values, or an array. The two names are then
those of two of its series, and may be left out where it has only two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.api.question import Terms, read_question
from comity.api.relations import identify_pair
from comity.api.view import View, WrongUse
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    from comity.reciprocity.bayes import Prior
    from comity.reciprocity.eventtime import Gesture
    from comity.reciprocity.projection import Design

__all__ = [
    "Terms",
    "fit_bayes",
    "fit_var",
    "identify_answers",
    "identify_granger",
    "identify_influence",
    "identify_pairs",
    "identify_projection",
    "identify_responses",
    "identify_steadiness",
]


def fit_var(
    a: str | None = None,
    b: str | None = None,
    *,
    terms: Terms | None = None,
    most: int | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Fit a vector autoregression to the acts of a pair, and compare numbers of lags.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name; or names of series of one's own.
    terms : Terms, optional
        Period, lags, horizon, seed.
    most : int, optional
        The most lags to compare; one for every 20 periods, at most 12, where left out.
    view : View, optional
        Store, time, scale and level.
    series : path-like, table or array, optional
        Series of one's own in place of a store's; see `comity.reciprocity.own.read_csv` and `read_table`.

    Returns
    -------
    dict
        `lags`, `coefficients` and `errors` (rows: lag 1 of each pair, ..., constant; columns: equations),
        `covariance`, `stable`, `criteria` (`lags`, `aic`, `bic`, `hq`), and what the series are.
    """
    from comity.reciprocity import step, var
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    asked = read_question(a, b, terms.by, view, series)
    chosen = step.choose_lags(asked.values, terms.lags)
    fit = var.fit_var(asked.values, chosen)
    choice = var.identify_lags(asked.values, most or max(chosen, step.bear_lags(asked.values)))
    names = ("coefficients", "errors", "covariance", "stable")
    found = {name: describe_plainly(getattr(fit, name)) for name in names}
    return {**asked.about, "lags": chosen, **found, "criteria": describe_plainly(choice)}


def identify_granger(
    a: str | None = None,
    b: str | None = None,
    *,
    terms: Terms | None = None,
    extra: int = 0,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Test in both directions whether one side's past acts help to predict the other's.

    Parameters
    ----------
    a, b, terms, view, series
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
    asked = read_question(a, b, terms.by, view, series)
    tests = granger.identify_granger(asked.values, step.choose_lags(asked.values, terms.lags), extra)
    return {**asked.about, "tests": describe_plainly(tests)}


def identify_responses(
    a: str | None = None,
    b: str | None = None,
    *,
    terms: Terms | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Estimate what follows an unexpected act of each side, under both orderings and none.

    Parameters
    ----------
    a, b, terms, view, series
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
    asked = read_question(a, b, terms.by, view, series)
    chosen = step.choose_lags(asked.values, terms.lags)
    found = response.identify_responses(asked.values, chosen, terms.horizon, seed=terms.seed)
    return {**asked.about, "lags": chosen, "orders": describe_plainly(found)}


def fit_bayes(
    a: str | None = None,
    b: str | None = None,
    *,
    prior: Prior | None = None,
    terms: Terms | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Fit the Sims-Zha Bayesian autoregression, and give its responses with error bands.

    Parameters
    ----------
    a, b, terms, view, series
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
    asked = read_question(a, b, terms.by, view, series)
    chosen = step.choose_lags(asked.values, terms.lags)
    fit = bayes.fit_bayes(asked.values, chosen, prior)
    orders = []
    for order in response.list_orders(fit.series):
        bounded = bands.bound_responses(bayes.draw_responses(fit, terms.horizon, order, seed=terms.seed))
        orders.append({"order": order, **describe_plainly(bounded)})
    names = ("coefficients", "errors", "covariance", "prior")
    found = {name: describe_plainly(getattr(fit, name)) for name in names}
    return {**asked.about, "lags": chosen, **found, "orders": describe_plainly(orders)}


def identify_projection(
    a: str | None = None,
    b: str | None = None,
    *,
    design: Design | None = None,
    terms: Terms | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Estimate how each side answers the other's acts, by local projections.

    Parameters
    ----------
    a, b, terms, view, series
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
    asked = read_question(a, b, terms.by, view, series)
    used = design or projection.Design(step.choose_lags(asked.values, terms.lags), terms.horizon)
    found = [projection.identify_projection(asked.values, *places, used) for places in ((0, 1), (1, 0))]
    return {**asked.about, "design": describe_plainly(used), "projections": describe_plainly(found)}


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
    a: str,
    b: str,
    third: str | Sequence[str],
    *,
    terms: Terms | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Estimate what a third party's acts add to the prediction of a's acts toward b.

    Parameters
    ----------
    a, b, terms, view, series
        As in `fit_var`.
    third : str or sequence of str
        Any code or unambiguous name; or the names of one or more series of one's own.

    Returns
    -------
    dict
        See `comity.reciprocity.triangle.Influence`; the third party's acts toward both and theirs toward it.
    """
    from comity.reciprocity import step, triangle
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    others = (third,) if isinstance(third, str) else tuple(third)
    if not others or (series is None and len(others) > 1):
        raise WrongUse(f"{len(others)} third parties", todo="name one")
    asked = read_question(a, b, terms.by, view, series, others)
    chosen = step.choose_lags(asked.values, terms.lags)
    found = triangle.identify_influence(asked.values[:, :2], asked.values[:, 2:], chosen, seed=terms.seed)
    return {**asked.about, "lags": chosen, **describe_plainly(found)}


def identify_pairs(
    among: Sequence[str] | None = None,
    *,
    terms: Terms | None = None,
    least: int = 50,
    rate: float = 0.05,
    view: View | None = None,
    series: Any = None,
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
    series : path-like, table, or mapping of (a, b) to array (periods, 2), optional
        Series of one's own; in a table the two of a pair are called `A>B` and `B>A`.

    Returns
    -------
    dict
        `finds` (see `comity.reciprocity.many.Find`) and `left_out` with reasons.
    """
    from comity.reciprocity import many
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    lags = terms.lags or 2
    read, about = _read_pairs(among, terms.by, least, view, series)
    finds, left_out = many.identify_pairs(read, lags, rate=rate, seed=terms.seed)
    said = {"pairs": len(read), "lags": lags, "rate": rate, **about}
    return {**said, "finds": describe_plainly(finds), "left_out": describe_plainly(left_out)}


def _read_pairs(
    among: Sequence[str] | None, by: str, least: int, view: View | None, series: Any
) -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """Return the two series of each pair, and what they are."""
    from comity.reciprocity import own, step

    if series is not None:
        if among is not None or (view is not None and view.store is not None):
            raise WrongUse("both parties of a store and series are given", todo="leave out one of them")
        if isinstance(series, Mapping) and series and all(isinstance(key, tuple) for key in series):
            return dict(series), {"by": "row", "scale": None}
        table = step.read_own_series(series)
        return own.pair_columns(table), {"by": table.by, "scale": None}
    only = None if among is None else [identify_actor(name).id for name in among]
    with (view or View()).open() as (con, _, scale):
        return step.read_busy_pairs(con, by, least, only), {"by": by, "scale": scale.id}


def identify_steadiness(
    a: str | None = None,
    b: str | None = None,
    *,
    soon: int = 1,
    terms: Terms | None = None,
    view: View | None = None,
    series: Any = None,
) -> dict[str, Any]:
    """Estimate how steadily each side answers the other, with probabilities for each description.

    Parameters
    ----------
    a, b, terms, view, series
        As in `fit_var`.
        Without lags of its own, an answer is one within 4 periods.
    soon : int
        Periods within which an answer is not late.

    Returns
    -------
    dict
        `sides`: for each, `answering` and `toward` (actor ids, or names of series), and see
        `comity.reciprocity.steadiness.Steadiness`.
    """
    from comity.reciprocity import steadiness
    from comity.reciprocity.plain import describe_plainly

    terms = terms or Terms()
    asked = read_question(a, b, terms.by, view, series)
    lags = terms.lags or 4
    sides = []
    for place, (answering, toward) in enumerate(asked.names):
        found = steadiness.identify_steadiness(asked.values[:, [place, 1 - place]], lags, soon, seed=terms.seed)
        stretches = [
            {"first": asked.labels[first], "last": asked.labels[last], **describe_plainly(one)}
            for first, last, one in found.by_period
        ]
        plain = {**describe_plainly(found), "by_period": stretches}
        sides.append({"answering": answering, "toward": toward, **plain})
    return {**asked.about, "lags": lags, "soon": soon, "sides": sides}

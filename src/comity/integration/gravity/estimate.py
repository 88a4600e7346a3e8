"""From a table of flows and a specification to one estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from comity.integration.errors import NotConverged
from comity.integration.gravity import checks
from comity.integration.gravity.bias import correct_bias
from comity.integration.gravity.covariance import Errors, estimate_covariance, plan_errors
from comity.integration.gravity.groups import close_gaps, number_groups
from comity.integration.gravity.layout import lay_out
from comity.integration.gravity.least_squares import fit_least_squares
from comity.integration.gravity.poisson import Fit, fit_poisson
from comity.integration.gravity.result import GravityEstimate, Inference, describe_fit
from comity.integration.gravity.sample import Sample, prepare_sample
from comity.integration.gravity.separation import find_separated
from comity.integration.gravity.specification import Specification

Numbers = NDArray[np.float64]
Rows = NDArray[np.bool_]

EXACT = 1e-10


def estimate_gravity(table: Any, specification: Specification) -> GravityEstimate:
    """Estimate a gravity equation.

    Parameters
    ----------
    table : Arrow table, frame, or mapping of str to array
        One row for each exporter, importer and year, and for domestic sales where they are known.
    specification : Specification

    Returns
    -------
    GravityEstimate
        Coefficients with errors and 95 % intervals, what was dropped and why, fitted values.

    Raises
    ------
    PanelError
        Rows that would give a wrong number; they are named.
    SpecificationError
        A specification that cannot be estimated.
    NotConverged
        The estimator found no maximum.

    References
    ----------
    `yotov-2016`, `santos-silva-tenreyro-2006`, `correia-guimaraes-zylkin-2020`, `weidner-zylkin-2021`
    """
    sample = prepare_sample(table, specification)
    sample, fit = _fit(sample, specification)
    errors = choose_errors(sample, specification)
    covariance = _estimate_errors(fit, errors)
    inference = Inference(fit.coefficients, covariance, errors.count(len(fit.fitted)), fit.coefficients)
    if specification.correct_bias:
        inference = correct_bias(sample, specification, fit, errors, inference)
    reset = check_form(sample, specification, fit, errors) if specification.reset else None
    about = describe_fit(sample, specification, fit)
    return GravityEstimate(specification, sample, inference, about, fit.fitted, reset)


def _fit(sample: Sample, specification: Specification) -> tuple[Sample, Fit]:
    """Fit, leave out separated rows and what only they carried, and fit again until nothing is left out."""
    separated = False
    while True:
        fit = _try(sample, specification)
        collinear = _find_collinear(sample, specification, fit) if fit is None else None
        found = _find_separated(sample, specification, fit) if collinear is None else np.zeros(0, dtype=bool)
        if found.any():
            sample = sample.drop(found, "separated", "no Poisson estimate exists with these zeros")
            checks.check_left(sample.panel, len(sample.names), sample.ledger)
            separated = True
            continue
        collinear = collinear or _find_collinear(sample, specification, fit)
        if collinear is None:
            return sample, fit or _run(sample, specification)
        sample = _omit(sample, collinear, separated)


def _find_collinear(sample: Sample, specification: Specification, fit: Fit | None) -> tuple[int, str] | None:
    """Find a collinear regressor, by the weights of a fit, or by equal weights where there is none."""
    if fit is not None:
        lengths = checks.measure_lengths(sample.regressors, fit.weights)
        return checks.find_collinear(sample.names, lengths, fit.regressors, fit.weights)
    layout = lay_out(sample.panel, specification.effects, list(sample.groups.values()))
    weights = layout.spread(np.ones(len(sample.panel.values)))
    regressors = layout.spread(sample.regressors)
    layout.effects.weigh(weights)
    residuals, _ = layout.effects.residualise(regressors, EXACT)
    return checks.find_collinear(sample.names, checks.measure_lengths(regressors, weights), residuals, weights)


def _try(sample: Sample, specification: Specification) -> Fit | None:
    """Fit where that can be done."""
    try:
        return _run(sample, specification)
    except NotConverged:
        return None


def _find_separated(sample: Sample, specification: Specification, fit: Fit | None) -> Rows:
    """Find the rows that are separated, among the zeros that did not settle in the fit."""
    zeros = sample.panel.values == 0
    if specification.estimator == "ols" or specification.separation == "ignore":
        return np.zeros(len(zeros), dtype=bool)
    if fit is not None:
        if fit.separated.any():
            return fit.separated
        zeros &= ~fit.settled
    return find_separated(sample.panel.values, sample.regressors, list(sample.groups.values()), zeros)


def _omit(sample: Sample, collinear: tuple[int, str], separated: bool) -> Sample:
    """Return a sample without a regressor that only separated rows carried; refuse any other collinear one."""
    place, others = collinear
    if not separated or len(sample.names) < 2:
        raise checks.refuse_collinear(sample.names[place], others, sample.regressors[place], sample.panel.places)
    return replace(
        sample,
        names=sample.names[:place] + sample.names[place + 1 :],
        regressors=np.delete(sample.regressors, place, axis=0),
        omitted=(*sample.omitted, sample.names[place]),
    )


def _run(sample: Sample, specification: Specification) -> Fit:
    """Fit the sample as it is."""
    layout = lay_out(sample.panel, specification.effects, list(sample.groups.values()))
    linear = specification.estimator == "ols"
    values = np.log(sample.panel.values) if linear else sample.panel.values
    weights = layout.spread(np.ones(len(values)))
    estimate = fit_least_squares if linear else fit_poisson
    try:
        return layout.gather(estimate(layout.spread(values), layout.spread(sample.regressors), layout.effects, weights))
    except np.linalg.LinAlgError as error:
        raise NotConverged(
            f"the equations have no answer: {error}",
            why="flows of very unlike sizes, or a regressor that hardly varies, leave nothing to tell",
            todo="look at the largest and smallest flows, and take out regressors that hardly vary",
        ) from error


def choose_errors(sample: Sample, specification: Specification) -> Errors:
    """Return how the errors of a sample may go together."""
    names, panel = specification.errors, sample.panel
    kind = names[0] if names[0] in ("robust", "dyadic") else "clustered" if len(names) == 1 else "multiway"
    if kind == "robust":
        clusters = {}
    elif kind == "dyadic":
        clusters = {"state": close_gaps(np.concatenate([panel.exporter, panel.importer]))}
    else:
        clusters = {name: sample.groups.get(name, number_groups(panel, name)) for name in names}
    effects = list(sample.groups.values())
    linear = specification.estimator == "ols"
    return plan_errors(kind, clusters, effects, specification.convention, len(sample.names), linear)


def _estimate_errors(fit: Fit, errors: Errors) -> Numbers:
    """Return the covariance of a fit's coefficients."""
    bread: Numbers = np.asarray(np.linalg.inv((fit.regressors * fit.weights) @ fit.regressors.T), dtype=float)
    return estimate_covariance(fit.regressors * fit.residuals, bread, errors)


def check_form(
    sample: Sample, specification: Specification, fit: Fit, errors: Errors
) -> dict[str, float | dict[str, float] | None]:
    """Test the functional form (RESET): whether the square of the linear predictor still explains something.

    The literature's predictor holds the effects. Where these are many their noise makes the test reject too often; the
    predictor of the regressors alone does not have that.

    Parameters
    ----------
    sample : Sample
    specification : Specification
    fit : Fit
    errors : Errors

    Returns
    -------
    dict
        `coefficient` of the square, `statistic` (chi-squared with 1 degree of freedom) and `p_value`; `regressors`: the
        same of the regressors alone, None where their square is nothing new, as of one dummy.

    References
    ----------
    `ramsey-1969`, `santos-silva-tenreyro-2006`
    """
    whole = fit.fitted if specification.estimator == "ols" else np.log(fit.fitted)
    alone = fit.coefficients @ sample.regressors
    found = _try_square(sample, specification, errors, whole)
    if found is None:
        return {"regressors": None}
    return {**found, "regressors": _try_square(sample, specification, errors, alone)}


def _try_square(
    sample: Sample, specification: Specification, errors: Errors, index: Numbers
) -> dict[str, float] | None:
    """Return the test of the square of an index, or None where the square is collinear."""
    square = (index - index.mean()) ** 2
    square /= np.sqrt(np.mean(square * square))
    regressors = np.concatenate([sample.regressors, square[None]])
    wider = replace(sample, names=(*sample.names, "square"), regressors=regressors)
    if _find_collinear(wider, specification, None) is not None:
        return None
    fit = _run(wider, specification)
    coefficient, error = float(fit.coefficients[-1]), float(np.sqrt(_estimate_errors(fit, errors)[-1, -1]))
    statistic = (coefficient / error) ** 2
    return {"coefficient": coefficient, "statistic": statistic, "p_value": float(chdtrc(1, statistic))}

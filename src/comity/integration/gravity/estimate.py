"""From a table of flows and a specification to one estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    reset = test_form(sample, specification, fit, errors) if specification.reset else None
    about = describe_fit(sample, specification, fit)
    return GravityEstimate(specification, sample, inference, about, fit.fitted, reset)


def _fit(sample: Sample, specification: Specification) -> tuple[Sample, Fit]:
    """Fit, leave separated rows out, and fit again until none is left."""
    if specification.estimator == "ols" or specification.separation == "ignore":
        return sample, _check(sample, _run(sample, specification))
    while True:
        fit: Fit | None = None
        zeros = sample.panel.values == 0
        try:
            fit = _run(sample, specification)
            zeros &= ~fit.settled
        except NotConverged:
            if not zeros.any():
                raise
        found = find_separated(sample.panel.values, sample.regressors, list(sample.groups.values()), zeros)
        if not found.any():
            return sample, _check(sample, fit or _run(sample, specification))
        sample = sample.drop(found, "separated", "no Poisson estimate exists with these zeros")
        checks.check_left(sample.panel, len(sample.names))


def _check(sample: Sample, fit: Fit) -> Fit:
    """Return a fit whose regressors are not collinear."""
    checks.check_collinear(sample.names, sample.regressors, fit.regressors, fit.weights, sample.panel.places.tolist())
    return fit


def _run(sample: Sample, specification: Specification) -> Fit:
    """Fit the sample as it is; where that fails, say first whether a regressor is collinear."""
    layout = lay_out(sample.panel, specification.effects, list(sample.groups.values()))
    linear = specification.estimator == "ols"
    values = np.log(sample.panel.values) if linear else sample.panel.values
    weights = layout.spread(np.ones(len(values)))
    regressors = layout.spread(sample.regressors)
    estimate = fit_least_squares if linear else fit_poisson
    try:
        return layout.gather(estimate(layout.spread(values), regressors, layout.effects, weights))
    except (NotConverged, np.linalg.LinAlgError):
        layout.effects.weigh(weights)
        residuals, _ = layout.effects.residualise(regressors, EXACT)
        checks.check_collinear(sample.names, regressors, residuals, weights)
        raise


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


def test_form(sample: Sample, specification: Specification, fit: Fit, errors: Errors) -> dict[str, float]:
    """Test the functional form (RESET): whether the square of the linear predictor still explains something.

    Parameters
    ----------
    sample : Sample
    specification : Specification
    fit : Fit
    errors : Errors

    Returns
    -------
    dict
        `coefficient` of the square, `statistic` (chi-squared with 1 degree of freedom) and `p_value`.

    References
    ----------
    `ramsey-1969`, `santos-silva-tenreyro-2006`
    """
    from scipy.special import chdtrc

    index = fit.fitted if specification.estimator == "ols" else np.log(fit.fitted)
    square = (index - index.mean()) ** 2
    square /= np.sqrt(np.mean(square * square))
    wider = replace(
        sample, names=(*sample.names, "square"), regressors=np.concatenate([sample.regressors, square[None]])
    )
    again = _run(wider, specification)
    error = float(np.sqrt(_estimate_errors(again, errors)[-1, -1]))
    statistic = (float(again.coefficients[-1]) / error) ** 2
    return {
        "coefficient": float(again.coefficients[-1]),
        "statistic": statistic,
        "p_value": float(chdtrc(1, statistic)),
    }

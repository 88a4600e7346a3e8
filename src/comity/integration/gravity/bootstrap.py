"""The bootstrap by pair: an estimate again and again, on pairs drawn with replacement.

A pair that is drawn twice counts twice in every year: its rows have the weight 2, and one that is not drawn has the
weight 0. That is the same as a table in which its rows stand twice with an effect of their own each. Domestic sales are
no pair that happens to be drawn: each economy has them once, and without them an equation no longer measures trade
abroad against trade at home. They stay in every sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import NotConverged, SpecificationError
from comity.integration.gravity import checks
from comity.integration.gravity.groups import close_gaps, number_groups
from comity.integration.gravity.layout import Layout, lay_out
from comity.integration.gravity.least_squares import fit_least_squares
from comity.integration.gravity.poisson import Fit, fit_poisson
from comity.integration.gravity.result import GravityEstimate

Numbers = NDArray[np.float64]

FEWEST, MOST = 2, 100_000
LEAST_SHARE = 0.9
"""Share of all tries that must give an estimate."""


def estimate_draws(estimate: GravityEstimate, draws: int, seed: int) -> Numbers:
    """Estimate a gravity equation anew on pairs drawn with replacement.

    Pairs are directed, or symmetric where the estimate's errors or effects are; domestic sales stay. A try on which
    there is no estimate (nothing drawn carries a regressor, or the steps do not end) is made again with other pairs.

    Parameters
    ----------
    estimate : GravityEstimate
        Where its bias was corrected, every draw is moved by the same correction.
    draws, seed : int
        Number of draws, and the seed: the same seed gives the same draws.

    Returns
    -------
    array of float, shape (k, draws)
        Coefficients, in the order of `estimate.names`.

    Raises
    ------
    SpecificationError
        Fewer than two draws, or a negative seed.
    NotConverged
        More than a tenth of the tries give no estimate: too few pairs carry a regressor.

    References
    ----------
    `cameron-gelbach-miller-2008`
    """
    if not (FEWEST <= draws <= MOST and seed >= 0):
        raise SpecificationError(
            f"{draws} draws, seed {seed}", todo=f"take {FEWEST} to {MOST:,} draws and a seed from 0"
        )
    sampler = _Sampler(estimate)
    rng = np.random.default_rng([seed, 2])
    found: list[Numbers] = []
    tries = 0
    while len(found) < draws:
        tries += 1
        drawn = sampler.estimate(rng)
        found += [] if drawn is None else [drawn]
        failed = tries - len(found)
        if failed > (1 - LEAST_SHARE) * max(draws, tries):
            raise NotConverged(
                f"{failed} of {tries} samples of {sampler.pairs} pairs give no estimate",
                why="too few pairs carry a regressor for a bootstrap by pair",
                todo="draw from the covariance, or leave out the regressor that few pairs carry",
            )
    shift = estimate.inference.coefficients - estimate.inference.uncorrected
    return np.asarray(np.stack(found, axis=1) + shift[:, None])


class _Sampler:
    """The sample of an estimate, laid out once."""

    def __init__(self, estimate: GravityEstimate) -> None:
        sample, specification = estimate.sample, estimate.specification
        both = {*specification.errors, *specification.effects}
        self.names = sample.names
        self.linear = specification.estimator == "ols"
        self.pair = close_gaps(number_groups(sample.panel, "pair_symmetric" if "pair_symmetric" in both else "pair"))
        abroad = np.bincount(self.pair, weights=~sample.panel.domestic) > 0
        self.abroad = np.flatnonzero(abroad)
        self.home = (~abroad).astype(float)
        self.pairs = len(self.abroad)
        self.layout: Layout = lay_out(sample.panel, specification.effects, list(sample.groups.values()))
        values = np.log(sample.panel.values) if self.linear else sample.panel.values
        self.values = self.layout.spread(values)
        self.regressors = self.layout.spread(sample.regressors)

    def estimate(self, rng: np.random.Generator) -> Numbers | None:
        """Return the coefficients on pairs drawn with replacement; None where there are none."""
        drawn = self.abroad[rng.integers(0, self.pairs, self.pairs)]
        counts: Numbers = self.home + np.bincount(drawn, minlength=len(self.home))
        weights = self.layout.spread(np.asarray(counts[self.pair], dtype=float))
        try:
            fit = self._fit(weights)
        except (NotConverged, np.linalg.LinAlgError):
            return None
        lengths = checks.measure_lengths(self.regressors, fit.weights)
        if checks.find_collinear(self.names, lengths, fit.regressors, fit.weights) is not None:
            return None
        return fit.coefficients

    def _fit(self, weights: Numbers) -> Fit:
        """Fit with weights: a Poisson regression takes values that are weighted already."""
        if self.linear:
            return fit_least_squares(self.values, self.regressors, self.layout.effects, weights)
        return fit_poisson(self.values * weights, self.regressors, self.layout.effects, weights)

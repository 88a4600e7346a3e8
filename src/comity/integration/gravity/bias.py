"""The correction of a three-way Poisson estimate for its many effects (Weidner and Zylkin 2021).

With T fixed, the estimate has a bias of order 1/N from the exporter-year and importer-year effects, and the errors
clustered by pair are too small by the same order. With pair effects eliminated, for a pair ij with means l_t, shares
v_t = l_t / sum(l), residuals S_t and regressors x_t (all effects taken out)::

    H_ij = diag(l) - l l' / sum(l)                       information about the pair's T effects
    bias = (X'WX)^-1 [ N/(N-1) sum_i b_i + N/(N-1) sum_j b_j ]
    b_i  = - tr( H_i^+ sum_j (H_ij x) S' ) + 1/2 tr( H_i^+ (sum_j G_ij x) H_i^+ sum_j S S' ),   H_i = sum_j H_ij

with G_ij x = -( diag(x) H_ij + H_ij diag(x) ) up to what sums to zero. The errors replace each S S' by
(I - H_ij Q_ij)^-1 S S', with Q_ij the variance of the pair's fitted predictor: that of the regressors, and that of the
effects, exactly where there are few of them; else I - H_ij Q_ij is (I - H_ij H_i^+) (I - H_ij H_j^+), the first order.
That makes their expectation right. The convention `jackknife` has (I - H Q)^-1 S S' (I - H Q)^-1' instead, which is
what leaving out one pair after the other gives (CR3 of the literature on clusters): wider, since one square of a skewed
score says little of its expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comity.integration.errors import SpecificationError
from comity.integration.gravity.covariance import Errors
from comity.integration.gravity.groups import close_gaps
from comity.integration.gravity.poisson import Fit
from comity.integration.gravity.result import Inference
from comity.integration.gravity.sample import Sample
from comity.integration.gravity.specification import Specification

Numbers = NDArray[np.float64]

EXACT_LEVELS = 1500
THREE_WAY = {"exporter_year", "importer_year", "pair"}
CHUNK = 4_000_000
ZERO = 1e-10


@dataclass(frozen=True)
class Pairs:
    """A three-way fit by exporter, importer and year; 0 where there is no row.

    Parameters
    ----------
    means : array (exporters, importers, years)
    scores : array (exporters, importers, years)
    regressors : array (regressors, exporters, importers, years)
        Effects taken out.
    """

    means: Numbers
    scores: Numbers
    regressors: Numbers

    def turn(self) -> Pairs:
        """Return the same with importers first."""
        return Pairs(self.means.swapaxes(0, 1), self.scores.swapaxes(0, 1), self.regressors.swapaxes(1, 2))


def correct_bias(
    sample: Sample, specification: Specification, fit: Fit, errors: Errors, inference: Inference
) -> Inference:
    """Correct coefficients and errors of a three-way Poisson estimate.

    Parameters
    ----------
    sample : Sample
    specification : Specification
        Of a PPML with exporter-year, importer-year and pair effects, errors clustered by pair.
    fit : Fit
    errors : Errors
    inference : Inference
        Before the correction.

    Returns
    -------
    Inference

    Raises
    ------
    SpecificationError
        The correction does not exist for such a specification.

    References
    ----------
    `weidner-zylkin-2021`, `bell-mccaffrey-2002`, `mackinnon-nielsen-webb-2023`
    """
    known = specification.estimator == "ppml" and set(specification.effects) == THREE_WAY
    if not known or specification.errors != ("pair",):
        raise SpecificationError(
            "the bias correction is for PPML with exporter_year, importer_year and pair effects, errors by pair",
            todo="set correct_bias to false, or change effects and errors",
        )
    pairs = _lay_out(sample, fit)
    bread: Numbers = np.asarray(np.linalg.inv((fit.regressors * fit.weights) @ fit.regressors.T), dtype=float)
    bias = bread @ (_sum_side(pairs) + _sum_side(pairs.turn()))
    twice = specification.corrected_errors == "jackknife"
    covariance = bread @ _sum_squares(pairs, bread, twice) @ bread * errors.factor(len(fit.fitted))
    if np.diag(covariance).min() <= 0:
        raise SpecificationError(
            "the corrected errors are not positive",
            why="some pairs are nearly all that a state trades",
            todo="set correct_bias to false, or take very small states out",
        )
    return replace(inference, coefficients=fit.coefficients - bias, covariance=covariance)


def _lay_out(sample: Sample, fit: Fit) -> Pairs:
    """Return a fit by exporter, importer and year."""
    panel = sample.panel
    out, into, year = close_gaps(panel.exporter), close_gaps(panel.importer), close_gaps(panel.year)
    shape = (int(out.max()) + 1, int(into.max()) + 1, int(year.max()) + 1)
    laid = np.zeros((2 + len(fit.regressors), *shape))
    laid[:, out, into, year] = np.concatenate([fit.fitted[None], fit.residuals[None], fit.regressors])
    return Pairs(laid[0], laid[1], laid[2:])


def _share(means: Numbers) -> Numbers:
    """Return one over the sums over the years, 0 where there are none."""
    sums = means.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0))


def _inform(means: Numbers) -> Numbers:
    """Return the information about the effects of each of the first actors, pair effects eliminated."""
    found: Numbers = -((means * _share(means)).swapaxes(1, 2) @ means)
    years = np.arange(means.shape[2])
    found[:, years, years] += means.sum(axis=1)
    return found


def _sum_side(pairs: Pairs) -> Numbers:
    """Return the sum of b over the first actors, for each regressor."""
    means, scores = pairs.means, pairs.scores
    inverse: Numbers = np.asarray(np.linalg.pinv(_inform(means), hermitian=True, rcond=ZERO), dtype=float)
    squares = scores.swapaxes(1, 2) @ scores
    shares = means * _share(means)
    found: Numbers = np.empty(len(pairs.regressors))
    years = np.arange(means.shape[2])
    for place, column in enumerate(pairs.regressors):
        weighted = means * column
        crossed = weighted.swapaxes(1, 2) @ scores
        third = (shares * column).swapaxes(1, 2) @ means
        third = third + third.swapaxes(1, 2)
        third[:, years, years] -= 2 * weighted.sum(axis=1)
        first = np.einsum("ist,ist->", inverse, crossed)
        second = np.einsum("ist,its->", inverse @ third @ inverse, squares)
        found[place] = -first + second / 2
    actors = len(means)
    return np.asarray(found * actors / (actors - 1))


def _sum_squares(pairs: Pairs, bread: Numbers, twice: bool) -> Numbers:
    """Return the sum over pairs of the regressors' products with squares of scores, widened on one side or on both."""
    out, into = np.nonzero(pairs.means.sum(axis=2) > 0)
    years = pairs.means.shape[2]
    effects = EffectVariance(pairs)
    middle = np.zeros_like(bread)
    step = max(CHUNK // years**2, 1)
    for start in range(0, len(out), step):
        some = out[start : start + step], into[start : start + step]
        means, scores = pairs.means[some], pairs.scores[some]
        columns = pairs.regressors[:, some[0], some[1]]
        known = np.einsum("kps,kl,lpt->pst", columns, bread, columns, optimize=True)
        information = -(means * _share(means))[:, :, None] * means[:, None, :]
        information[:, np.arange(years), np.arange(years)] += means
        left = effects.leave(information, *some) - information @ known
        wider = np.linalg.solve(left, scores[:, :, None])[:, :, 0]
        other = wider if twice else scores
        middle += np.einsum("kpt,pt->kp", columns, wider) @ np.einsum("kpt,pt->kp", columns, other).T
    return np.asarray((middle + middle.T) / 2)


class EffectVariance:
    """Variance of the sum of exporter-year and importer-year effects of a pair, as years x years."""

    def __init__(self, pairs: Pairs) -> None:
        exporters, importers, years = pairs.means.shape
        self.exact = (exporters + importers) * years <= EXACT_LEVELS
        if not self.exact:
            self.out = np.linalg.pinv(_inform(pairs.means), hermitian=True, rcond=ZERO)
            self.into = np.linalg.pinv(_inform(pairs.turn().means), hermitian=True, rcond=ZERO)
            return
        means = pairs.means
        cross = -(means * _share(means))[..., :, None] * means[..., None, :]
        cross[..., np.arange(years), np.arange(years)] += means
        size = exporters * years
        whole = np.zeros((size + importers * years,) * 2)
        whole[:size, size:] = cross.transpose(0, 2, 1, 3).reshape(size, importers * years)
        whole[size:, :size] = whole[:size, size:].T
        for side, actors, start in ((_inform(means), exporters, 0), (_inform(pairs.turn().means), importers, size)):
            for actor in range(actors):
                at = slice(start + actor * years, start + (actor + 1) * years)
                whole[at, at] = side[actor]
        inverse = np.linalg.pinv(whole, hermitian=True, rcond=ZERO)
        self.blocks = inverse.reshape(exporters + importers, years, exporters + importers, years).transpose(0, 2, 1, 3)
        self.first = exporters

    def leave(self, information: Numbers, out: NDArray[np.int64], into: NDArray[np.int64]) -> Numbers:
        """Return what the effects leave of the scores of some pairs, given the pairs' information."""
        one = np.eye(information.shape[1])
        if not self.exact:
            return np.asarray((one - information @ self.out[out]) @ (one - information @ self.into[into]))
        cross = self.blocks[out, self.first + into]
        own = self.blocks[out, out] + self.blocks[self.first + into, self.first + into]
        return np.asarray(one - information @ (own + cross + cross.swapaxes(1, 2)))

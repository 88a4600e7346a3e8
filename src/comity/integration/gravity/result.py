"""What an estimate gives: coefficients with errors, the sample, what was dropped, and a table like the literature's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from comity.integration.gravity.poisson import Fit, measure_deviance
from comity.integration.gravity.sample import Sample
from comity.integration.gravity.specification import Specification

Numbers = NDArray[np.float64]

LEVEL = 0.95
STARS = ((0.01, "***"), (0.05, "**"), (0.1, "*"))
TITLES = {"ppml": "PPML", "ols": "OLS (log)"}
WORDS = {"pair": "pair (directed)", "pair_symmetric": "pair (symmetric)"}


@dataclass(frozen=True)
class Inference:
    """Coefficients and how sure they are.

    Parameters
    ----------
    coefficients : array (regressors,)
    covariance : array (regressors, regressors)
    clusters : int
        Clusters, states or rows that the errors rest on.
    uncorrected : array (regressors,)
        Coefficients before a bias correction; the same without one.
    """

    coefficients: Numbers
    covariance: Numbers
    clusters: int
    uncorrected: Numbers


@dataclass(frozen=True)
class GravityEstimate:
    """An estimated gravity equation.

    Parameters
    ----------
    specification : Specification
    sample : Sample
        The rows that were estimated.
    inference : Inference
    about : dict
        Figures of the fit, see `describe_fit`.
    fitted : array (rows,)
        Fitted flows, or logarithms of flows for OLS, of the rows estimated.
    reset : dict, optional
        The RESET test.

    Notes
    -----
    Intervals are at 95 %: of the normal distribution for PPML, of Student's t with one degree less than there are
    clusters for OLS.
    """

    specification: Specification
    sample: Sample
    inference: Inference
    about: dict[str, Any]
    fitted: Numbers
    reset: dict[str, Any] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the regressors."""
        return self.sample.names

    @property
    def coefficients(self) -> Numbers:
        """Coefficients, in the order of the names."""
        return self.inference.coefficients

    @property
    def covariance(self) -> Numbers:
        """Covariance of the coefficients."""
        return self.inference.covariance

    @property
    def errors(self) -> Numbers:
        """Standard errors, in the order of the names."""
        return np.sqrt(np.diag(self.inference.covariance))

    def to_table(self) -> Any:
        """Return the coefficients as an Arrow table.

        Returns
        -------
        pyarrow.Table
            `regressor`, `coefficient`, `error`, `statistic`, `p_value`, `low`, `high` (95 %), `uncorrected`.
        """
        statistic = self.coefficients / self.errors
        linear = self.specification.estimator == "ols"
        freedom = self.inference.clusters - 1
        tail = stdtr(freedom, -np.abs(statistic)) if linear else ndtr(-np.abs(statistic))
        width = (stdtrit(freedom, (1 + LEVEL) / 2) if linear else ndtri((1 + LEVEL) / 2)) * self.errors
        return pa.table(
            {
                "regressor": list(self.names),
                "coefficient": self.coefficients,
                "error": self.errors,
                "statistic": statistic,
                "p_value": 2 * tail,
                "low": self.coefficients - width,
                "high": self.coefficients + width,
                "uncorrected": self.inference.uncorrected,
            }
        )

    def list_dropped(self) -> Any:
        """Return what was left out as an Arrow table: `reason`, `why`, `rows`, `first` (rows of the table given)."""
        return self.sample.ledger.to_table()

    def list_fitted(self) -> Any:
        """Return fitted values as an Arrow table: `row` in the table given, exporter, importer, year, fitted."""
        panel = self.sample.panel
        actors = pa.array(panel.actors)
        return pa.table(
            {
                "row": panel.places,
                "exporter": actors.take(pa.array(panel.exporter)),
                "importer": actors.take(pa.array(panel.importer)),
                "year": panel.years[panel.year],
                "fitted": self.fitted,
            }
        )

    def describe(self) -> dict[str, Any]:
        """Return everything but rows and fitted values, as plain values."""
        specification = {name: value for name, value in asdict(self.specification).items() if value}
        return {
            "coefficients": self.to_table().to_pylist(),
            "covariance": self.covariance.tolist(),
            "fit": self.about,
            "sample": self.sample.about,
            "dropped": self.list_dropped().to_pylist(),
            "omitted": list(self.sample.omitted),
            "reset": self.reset,
            "errors": {
                "kind": list(self.specification.errors),
                "convention": self.specification.convention,
                "clusters": self.inference.clusters,
            },
            "bias_corrected": self.specification.correct_bias,
            "specification": specification,
        }

    def __str__(self) -> str:
        """Return the table of one estimate."""
        return show_estimates([self])


def describe_fit(sample: Sample, specification: Specification, fit: Fit) -> dict[str, Any]:
    """Describe how well an equation fits.

    Parameters
    ----------
    sample : Sample
    specification : Specification
    fit : Fit

    Returns
    -------
    dict
        `estimator`, `observations`, `zeros`, `levels` (of each kind of effect), `r2` (squared correlation of values, or
        logarithms, and fitted ones), `deviance` (PPML), `steps`.
    """
    values = fit.fitted + fit.residuals
    correlation = float(np.corrcoef(values, fit.fitted)[0, 1]) if np.ptp(fit.fitted) > 0 else float("nan")
    found = {
        "estimator": specification.estimator,
        "observations": len(values),
        "zeros": int((sample.panel.values == 0).sum()),
        "levels": {name: int(group.max()) + 1 for name, group in sample.groups.items()},
        "r2": correlation**2,
        "steps": fit.steps,
    }
    if specification.estimator == "ppml":
        found["deviance"] = measure_deviance(values, fit.fitted)
    return found


def show_estimates(estimates: Sequence[GravityEstimate], titles: Sequence[str] = ()) -> str:
    """Return estimates side by side, as the literature prints them.

    Parameters
    ----------
    estimates : sequence of GravityEstimate
    titles : sequence of str
        One for each; the estimators where left out.

    Returns
    -------
    str
        Coefficients with stars (10, 5 and 1 %), errors in parentheses below them, and what they rest on.
    """
    heads = list(titles) or [TITLES[estimate.specification.estimator] for estimate in estimates]
    names = list(dict.fromkeys(name for estimate in estimates for name in estimate.names))
    tables = [{row["regressor"]: row for row in estimate.to_table().to_pylist()} for estimate in estimates]
    lines: list[tuple[str, ...]] = [("", *heads)]
    for name in names:
        lines.append((name, *(_show_coefficient(table.get(name)) for table in tables)))
        lines.append(("", *(_show_error(table.get(name)) for table in tables)))
    lines.append(("Observations", *(f"{estimate.about['observations']:,}" for estimate in estimates)))
    lines.append(("R2", *(f"{estimate.about['r2']:.3f}" for estimate in estimates)))
    if any(estimate.reset for estimate in estimates):
        lines.append(("RESET p-value", *(_show_reset(estimate.reset) for estimate in estimates)))
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads) + 1)]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    rule = "-" * (sum(widths) + 2 * len(heads))
    notes = [f"{head}: {_describe_errors(e)}" for head, e in zip(heads, estimates, strict=True)]
    notes += [f"omitted, only separated rows carried it: {name}" for e in estimates for name in e.sample.omitted]
    return "\n".join([texts[0], rule, *texts[1:], rule, *dict.fromkeys(notes), "* p < 0.1, ** p < 0.05, *** p < 0.01"])


def _show_coefficient(row: dict[str, Any] | None) -> str:
    """Return a coefficient with its stars."""
    if row is None:
        return ""
    stars = next((stars for level, stars in STARS if row["p_value"] < level), "")
    return f"{row['coefficient']:.3f}{stars}"


def _show_error(row: dict[str, Any] | None) -> str:
    """Return an error in parentheses."""
    return "" if row is None else f"({row['error']:.3f})"


def _show_reset(reset: dict[str, Any] | None) -> str:
    """Return the p-value of the RESET test, where there is one."""
    return f"{reset['p_value']:.3f}" if reset and "p_value" in reset else ""


def _describe_errors(estimate: GravityEstimate) -> str:
    """Return what effects and errors an estimate has, in words."""
    specification = estimate.specification
    effects = ", ".join(WORDS.get(name, name.replace("_", "-")) for name in specification.effects) or "none"
    clusters = " and ".join(WORDS.get(name, name) for name in specification.errors)
    kind = clusters if clusters in ("robust", "dyadic") else f"clustered by {clusters}"
    way = f"Weidner and Zylkin{', errors by the jackknife' if specification.corrected_errors == 'jackknife' else ''}"
    corrected = f"; corrected for incidental parameters ({way})" if specification.correct_bias else ""
    return (
        f"effects {effects}; errors {kind} ({estimate.inference.clusters:,}), "
        f"convention {specification.convention}{corrected}"
    )

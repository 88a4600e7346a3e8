"""Integration: gravity estimates."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.integration.gravity.result import GravityEstimate


def estimate_gravity(source: Any, **settings: Any) -> GravityEstimate:
    """Estimate a gravity equation: what distance, borders and agreements have meant for flows.

    Parameters
    ----------
    source : Arrow table, frame, mapping of str to array, or path
        One row for each exporter, importer and year, and for domestic sales where they are known; or the path of a
        specification file (YAML), which names its data.
    **settings
        As `comity.integration.gravity.specification.Specification`: `regressors`, `effects`, `estimator`, `border`,
        `lags`, `event`, `errors`, `convention`, `correct_bias`, `reset`, and others. None with a path.

    Returns
    -------
    comity.integration.gravity.result.GravityEstimate
        Prints as the literature's table; `to_table()` gives coefficients with 95 % intervals, `list_dropped()` what was
        left out and why, `list_fitted()` fitted flows, all as Arrow tables; `describe()` gives plain values.

    Raises
    ------
    comity.integration.errors.PanelError
        Rows that would give a wrong number; they are named.
    comity.integration.errors.SpecificationError
        A specification that cannot be estimated.
    comity.integration.errors.NotConverged
        The estimator found no maximum.

    Examples
    --------
    >>> flows = {
    ...     "exporter": ["FRA", "FRA", "DEU", "DEU", "POL", "POL"],
    ...     "importer": ["DEU", "POL", "FRA", "POL", "FRA", "DEU"],
    ...     "value": [8.0, 2.0, 9.0, 6.0, 2.0, 7.0],
    ...     "near": [1, 0, 1, 1, 0, 1],
    ... }
    >>> found = estimate_gravity(flows, regressors=["near"], effects=["exporter"], errors="robust")
    >>> round(float(found.coefficients[0]), 3)
    1.322
    """
    from comity.integration.errors import SpecificationError
    from comity.integration.gravity import estimate, step
    from comity.integration.gravity.specification import read_specification

    if not isinstance(source, str | PathLike):
        return estimate.estimate_gravity(source, read_specification(settings))
    if settings:
        raise SpecificationError(
            f"settings beside a specification file: {', '.join(settings)}", todo="write them into the file"
        )
    return step.estimate_file(source)  # type: ignore[arg-type]

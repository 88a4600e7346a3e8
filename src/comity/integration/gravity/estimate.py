"""From a table of flows and a specification to one estimate."""

from __future__ import annotations

from typing import Any

import numpy as np

from comity.integration.gravity.effects import SparseEffects
from comity.integration.gravity.panel import Panel, read_panel
from comity.integration.gravity.poisson import fit_poisson
from comity.integration.gravity.specification import Specification


def estimate_gravity(table: Any, specification: Specification) -> dict[str, float]:
    """Estimate a gravity equation.

    Parameters
    ----------
    table : anything with columns
        One row for each exporter, importer and year.
    specification : Specification

    Returns
    -------
    dict of str to float
        Regressor to coefficient.

    References
    ----------
    `yotov-2016`, `santos-silva-tenreyro-2006`
    """
    panel = read_panel(table, specification)
    columns = np.stack([panel.read_column(name) for name in specification.regressors])
    effects = SparseEffects([_number_groups(panel, name) for name in specification.effects], len(panel.values))
    fit = fit_poisson(panel.values, columns, effects, np.ones(len(panel.values)))
    return dict(zip(specification.regressors, fit.coefficients.tolist(), strict=True))


def _number_groups(panel: Panel, name: str) -> Any:
    """Return the number of the group in which each row is, without gaps."""
    years, actors = len(panel.years), len(panel.actors)
    numbers = {
        "exporter_year": panel.exporter * years + panel.year,
        "importer_year": panel.importer * years + panel.year,
        "pair": panel.exporter * actors + panel.importer,
    }[name]
    return np.unique(numbers, return_inverse=True)[1]

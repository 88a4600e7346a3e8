"""Integration: gravity estimates."""

from __future__ import annotations

from typing import Any


def estimate_gravity(table: Any, **settings: Any) -> dict[str, float]:
    """Estimate a gravity equation.

    Parameters
    ----------
    table : Arrow table, frame, or mapping of str to array
        One row for each exporter, importer and year.
    **settings
        As `comity.integration.gravity.specification.Specification`.

    Returns
    -------
    dict of str to float
    """
    from comity.integration.gravity.estimate import estimate_gravity
    from comity.integration.gravity.specification import read_specification

    return estimate_gravity(table, read_specification(settings))

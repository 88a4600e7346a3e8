"""What can be wrong with an economy, a model or a solution."""

from __future__ import annotations

from collections.abc import Sequence

from comity.forms.problems import FormError
from comity.integration.errors import IntegrationError, NotConverged

__all__ = ["EconomyError", "EquilibriumError", "NoEquilibrium", "NotConverged", "ScenarioError", "name_some"]

MOST_NAMED = 8
"""Rows that one message names."""


class EquilibriumError(IntegrationError):
    """A question about general equilibrium cannot be answered as it was put."""


class EconomyError(EquilibriumError):
    """A table of flows is no economy that the model can be solved for; the rows are named."""


class NoEquilibrium(EquilibriumError):
    """The change leaves no equilibrium under the chosen closure; the states at which it fails are named."""


def name_some(names: Sequence[str], separator: str = ", ") -> str:
    """Return the first names of a list, and how many more there are."""
    shown = separator.join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


class ScenarioError(FormError, EquilibriumError):
    """A scenario breaks the rules of its form; every problem is listed with its line and field."""

    matters = "a change that can be misread would give a wrong number"

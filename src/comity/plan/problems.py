"""A plan's file that breaks the rules of its form, with every problem at its place."""

from __future__ import annotations

from comity.forms.problems import FormError
from comity.plan.errors import PlanError


class PlanFileError(FormError, PlanError):
    """A plan breaks the rules of its form; every problem is listed."""

    matters = "a plan that can be misread binds nobody"
    remedy = "correct the lines named; `comity plan check FILE` looks again"

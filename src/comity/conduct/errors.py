"""What can be wrong with a question about conduct, or with a profile."""

from __future__ import annotations

from comity.forms.problems import FormError
from comity.lexicon.errors import ComityError


class ConductError(ComityError):
    """A question about conduct cannot be answered as it was put."""


class ProfileError(FormError, ConductError):
    """A profile breaks the rules of its form; every problem is listed."""

    matters = "a rule that can be misread is no rule"
    remedy = "correct the lines named; `comity conduct check FILE` looks again"

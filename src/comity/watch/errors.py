"""What can be wrong with a watch, or with its file of rules."""

from __future__ import annotations

from comity.forms.problems import FormError
from comity.lexicon.errors import ComityError


class WatchError(ComityError):
    """A watch cannot be run as it was asked for."""


class WatchFileError(FormError, WatchError):
    """A file of rules breaks its form; every problem is listed."""

    matters = "a pair that is not watched as meant would be silent"
    remedy = "correct the lines named; `comity watch check FILE` looks again"

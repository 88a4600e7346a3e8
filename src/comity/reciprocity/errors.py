"""What can be wrong with a question about who answers whom."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class ReciprocityError(ComityError):
    """A question about reciprocity cannot be answered as it was put."""


class TooLittle(ReciprocityError):
    """The series or events are too few, or vary too little, to say anything."""

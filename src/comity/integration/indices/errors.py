"""What can be wrong with a specification, a table of indicators, or a pair."""

from __future__ import annotations

from comity.lexicon import ComityError


class SpecificationError(ComityError):
    """The specification of an index breaks the rules of its form; the place is named."""


class IndicatorError(ComityError):
    """A table of indicators holds what no index can be made of; rows and columns are named."""


class TooLittleKnown(ComityError):
    """Too few indicators are known to say anything about a unit, a pair or a group."""

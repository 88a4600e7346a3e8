"""What can be wrong with a table of indicators, or a pair; a specification has the room's own error."""

from __future__ import annotations

from comity.integration.errors import IntegrationError, SpecificationError

__all__ = ["IndicatorError", "SpecificationError", "TooLittleKnown"]


class IndicatorError(IntegrationError):
    """A table of indicators holds what no index can be made of; rows and columns are named."""


class TooLittleKnown(IntegrationError):
    """Too few indicators are known to say anything about a pair or a group."""

"""What can be wrong with a question about events."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class EventError(ComityError):
    """A question about events cannot be answered as it was put."""

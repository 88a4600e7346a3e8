"""The errors of the room: a document that cannot be shown rightly, a page that cannot be set."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class DocumentError(ComityError):
    """A brief document lacks a field or holds a value that no page can show rightly."""


class TypesettingError(ComityError):
    """The typesetter refused a page."""


class BriefError(ComityError):
    """There is nothing to write a brief about."""

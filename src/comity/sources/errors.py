"""What can be wrong with a file that a publisher, or a user, hands over."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class SourceError(ComityError):
    """A source is unknown, or its description is not what it should be."""


class FileRefused(ComityError):
    """A file cannot be read as what it should be; nothing of it is used.

    Parameters
    ----------
    status : str
        Ledger status: `truncated` when bytes are missing, `corrupt` otherwise.
    what, where, why, todo : str
        As in `ComityError`.
    """

    def __init__(self, status: str, what: str, *, where: str = "", why: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.status = status

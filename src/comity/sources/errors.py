"""What can be wrong with a file that a publisher, or a user, hands over."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class SourceError(ComityError):
    """A source is unknown, or its description is not what it should be."""


class FetchError(ComityError):
    """A publisher could not be reached, so that nothing was fetched; what was there before stays."""


class Setback(ComityError):
    """One request did not give what was asked for.

    Parameters
    ----------
    status : str
        What it was: `missing`, `unreachable`, `certificate`, `timeout`, `http_500` and the like, `redirect`,
        `size`, `checksum`, `not_data`, `busy` or `not_tried`.
    what : str
        One sentence.
    again : bool
        Whether another attempt may help.
    wait : float
        How long the publisher asks to wait before it [seconds].
    """

    def __init__(self, status: str, what: str, *, again: bool = True, wait: float = 0.0) -> None:
        super().__init__(what)
        self.status = status
        self.again = again
        self.wait = wait


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

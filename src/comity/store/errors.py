"""What can go wrong between Comity and the disk, in words that say what to do."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class StoreError(ComityError):
    """The store cannot be opened, read or written."""


class StoreMissing(StoreError):
    """There is no store where one was named."""


class StoreDamaged(StoreError):
    """A stored file is not what it was when it was written."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class DiskRefused(StoreError):
    """The disk would not take a file: full, read-only, not permitted, or failing.

    Parameters
    ----------
    what, where, why, todo : str
        As in `ComityError`.
    number : int
        The system's number of the error, or 0.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "", number: int = 0) -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.number = number


class PathRefused(DiskRefused):
    """No file can stand under that path: no such folder, a folder there already, a name too long."""

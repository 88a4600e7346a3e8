"""Where the register is that a user means, and opening it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from comity.commitments.errors import RegisterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.commitments.register import Register

VARIABLE = "COMITY_REGISTER"
"""Variable of the environment that names a register."""


def choose_register(register: str | Path | None = None) -> str | Path:
    """Return the place of a register: the one named, that of the environment, or the user's own file.

    Parameters
    ----------
    register : path-like or str, optional
        File of SQLite, or URL of PostgreSQL. Where left out: `COMITY_REGISTER`, or else `comity/register.db` in the
        user's folder for data (`XDG_DATA_HOME`, by default `~/.local/share`).

    Returns
    -------
    path-like or str
    """
    if register is not None:
        return register
    named = os.environ.get(VARIABLE)
    if named:
        return named
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(folder) / "comity" / "register.db"


@contextmanager
def open_named(register: str | Path | None = None, *, create: bool = False) -> Iterator[Register]:
    """Open the register that is named, or the user's own, and close it again.

    Raises
    ------
    RegisterError
        There is none, it is of another revision, or what it needs is not installed.
    """
    need_packages()
    from comity.commitments.register import open_register

    with open_register(choose_register(register), create=create) as opened:
        yield opened


def need_packages() -> None:
    """Raise `RegisterError` where what the register needs is not installed."""
    try:
        import_module("comity.commitments.register")
    except ModuleNotFoundError as error:
        todo = "install the extra `commitments`: pip install 'comity[commitments]'"
        raise RegisterError(f"the register needs the package {error.name!r}", todo=todo) from error


def require_agreement(opened: Register, agreement: str | None) -> None:
    """Raise `RegisterError` where an agreement is named that was never entered: nothing of it is not nothing kept."""
    from comity.commitments.register import read_history

    if agreement is not None and not read_history(opened, "agreement", agreement):
        todo = "`comity commitments agreements` lists them"
        raise RegisterError(f"there is no agreement {agreement[:200]!r}", where=opened.name, todo=todo)

"""The revisions of a register's tables, up and down, through Alembic."""

from __future__ import annotations

from pathlib import Path

from comity.commitments.errors import RegisterNewer
from comity.commitments.register.place import REVISIONS, Register, read_revision

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade_tables(register: Register, revision: str = REVISIONS[-1]) -> tuple[str | None, str]:
    """Bring a register's tables to a later revision, in one transaction.

    Parameters
    ----------
    register : Register
        As `connect_register` gives it.
    revision : str
        The newest one where left out.

    Returns
    -------
    tuple of str
        Revision before (None: there were no tables) and after.

    Raises
    ------
    RegisterNewer
        The register is of a revision that this version does not know.
    """
    return _move(register, revision, up=True)


def downgrade_tables(register: Register, revision: str) -> tuple[str | None, str]:
    """Bring a register's tables back to an earlier revision; no entry is lost, since entries never change."""
    return _move(register, revision, up=False)


def _move(register: Register, revision: str, *, up: bool) -> tuple[str | None, str]:
    """Run the migrations between two revisions."""
    from alembic import command
    from alembic.config import Config

    before = read_revision(register)
    if before is not None and before not in REVISIONS:
        todo = "install the newer version of Comity; the register was not touched"
        raise RegisterNewer(f"revision {before} is not known here", where=register.name, todo=todo)
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with register.change() as con:
        config.attributes["connection"] = con
        (command.upgrade if up else command.downgrade)(config, revision)
    return before, revision

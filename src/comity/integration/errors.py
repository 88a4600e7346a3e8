"""What can be wrong with a table of flows, a specification, or a run."""

from __future__ import annotations

from collections.abc import Sequence

from comity.lexicon.errors import ComityError

SHOWN = 5


class IntegrationError(ComityError):
    """A question about integration cannot be answered as it was put."""


class SpecificationError(IntegrationError):
    """A specification names something that is not there, or that cannot be estimated."""


class NotConverged(IntegrationError):
    """A run has not converged; there is no number to give."""


class PanelError(IntegrationError):
    """Rows of a table of flows cannot be used.

    Parameters
    ----------
    what, where, why, todo : str
        As in `ComityError`.
    rows : sequence of int
        Places of the rows in the table as it was given, from 0.
    """

    def __init__(self, what: str, *, rows: Sequence[int] = (), where: str = "", why: str = "", todo: str = "") -> None:
        super().__init__(what, where=where or name_rows(rows), why=why, todo=todo)
        self.rows = tuple(int(row) for row in rows)


def name_rows(rows: Sequence[int]) -> str:
    """Return the first few rows in words.

    Parameters
    ----------
    rows : sequence of int
        Places in the table, from 0.

    Returns
    -------
    str

    Examples
    --------
    >>> name_rows([3, 9])
    'rows 3, 9'
    >>> name_rows(range(100))
    'rows 0, 1, 2, 3, 4 and 95 more'
    """
    shown = ", ".join(str(row) for row in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{more}" if len(rows) else ""

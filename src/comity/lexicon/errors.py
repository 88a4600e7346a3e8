"""The one family of errors: each says what, where, why it matters and what to do next."""

from __future__ import annotations

from collections.abc import Sequence


class ComityError(Exception):
    """Root of every error that Comity raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value printed.
    where : str
        File, row, option or table in which it was met.
    why : str
        Why going on would matter: the wrong number that it would give.
    todo : str
        What the reader can do next.

    Examples
    --------
    >>> print(ComityError("column 'score' is missing", where="scale.csv", todo="add the column"))
    column 'score' is missing
      where: scale.csv
      next:  add the column
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        """Return the message, one line for each part that is given."""
        parts = (("where:", self.where), ("why:  ", self.why), ("next: ", self.todo))
        return "\n".join([self.what, *(f"  {label} {text}" for label, text in parts if text)])

    def as_dict(self) -> dict[str, str]:
        """Return the parts of the message, for ``--json``.

        Returns
        -------
        dict of str to str
            Keys ``error`` (the class name), ``what``, ``where``, ``why`` and ``todo``.
        """
        return {
            "error": type(self).__name__,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "todo": self.todo,
        }


class UnknownActor(ComityError):
    """No actor answers to a text; the nearest names are listed.

    Parameters
    ----------
    what, where, why, todo : str
        As in `ComityError`.
    text : str
        The text that was looked up.
    nearest : sequence of str
        At most five suggestions, each "Name (ID)", nearest first.
    """

    def __init__(
        self,
        what: str,
        *,
        text: str = "",
        nearest: Sequence[str] = (),
        where: str = "",
        why: str = "",
        todo: str = "",
    ) -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.text = text
        self.nearest = tuple(nearest)


class AmbiguousActor(ComityError):
    """Several actors answer to a text; each is listed with a key that is exact.

    Parameters
    ----------
    what, where, why, todo : str
        As in `ComityError`.
    text : str
        The text that was looked up.
    candidates : sequence of str
        One line for each candidate, "key: Name (ID)".
    """

    def __init__(
        self,
        what: str,
        *,
        text: str = "",
        candidates: Sequence[str] = (),
        where: str = "",
        why: str = "",
        todo: str = "",
    ) -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.text = text
        self.candidates = tuple(candidates)


class LexiconTableError(ComityError):
    """A table of the lexicon breaks its own rules, such as a row with an unknown status."""

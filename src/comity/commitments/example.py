"""The worked examples of a register: real agreements of two states, from their public texts in our own words."""

from __future__ import annotations

from pathlib import Path

from comity.commitments.errors import RegisterError
from comity.forms.examples import list_files, read_text

FOLDER = Path(__file__).parent / "examples"


def list_examples() -> list[str]:
    """Return the names of the examples, in alphabetical order.

    Examples
    --------
    >>> list_examples()
    ['air-quality', 'oresund']
    """
    return list_files(FOLDER, ".json")


def read_example(name: str) -> str:
    """Return the document of an example, as `comity commitments import` takes it.

    Parameters
    ----------
    name : str
        One of `list_examples`.

    Raises
    ------
    RegisterError
        There is no such example.
    """
    return read_text(FOLDER, name, RegisterError, ".json")

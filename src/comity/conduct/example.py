"""The example profiles, complete, tested, and about invented states; and the published form of a profile."""

from __future__ import annotations

from pathlib import Path

from comity.conduct.errors import ConductError
from comity.forms.examples import list_files, read_text

FOLDER = Path(__file__).parent / "examples"
SCHEMA = Path(__file__).parent / "schema.json"


def list_examples() -> list[str]:
    """Return the names of the example profiles, in alphabetical order.

    Examples
    --------
    >>> list_examples()
    ['arcadia', 'borduria', 'caledon']
    """
    return list_files(FOLDER)


def read_example(name: str) -> str:
    """Return the text of an example profile.

    Parameters
    ----------
    name : str
        One of `list_examples`.

    Raises
    ------
    ConductError
        There is no such example.
    """
    return read_text(FOLDER, name, ConductError)


def read_schema() -> str:
    """Return the JSON Schema of a profile, as published.

    Examples
    --------
    >>> '"title": "A profile of conduct' in read_schema()
    True
    """
    return SCHEMA.read_text("utf-8")

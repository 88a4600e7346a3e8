"""The example of a file of rules, and the published form of one."""

from __future__ import annotations

from pathlib import Path

from comity.forms.examples import list_files, read_text
from comity.watch.errors import WatchError

FOLDER = Path(__file__).parent / "examples"
SCHEMA = Path(__file__).parent / "schema.json"


def list_examples() -> list[str]:
    """Return the names of the examples, in alphabetical order."""
    return list_files(FOLDER)


def read_example(name: str) -> str:
    """Return the text of an example.

    Parameters
    ----------
    name : str
        One of `list_examples`.

    Raises
    ------
    WatchError
        There is no such example.
    """
    return read_text(FOLDER, name, WatchError)


def read_schema() -> str:
    """Return the JSON Schema of a file of rules, as published.

    Examples
    --------
    >>> '"title": "Rules of a watch' in read_schema()
    True
    """
    return SCHEMA.read_text("utf-8")

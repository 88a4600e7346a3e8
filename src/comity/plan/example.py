"""The example plans, complete and tested; and the published form of a plan."""

from __future__ import annotations

from pathlib import Path

from comity.forms.examples import list_files, read_text
from comity.plan.errors import PlanError

FOLDER = Path(__file__).parent / "examples"
SCHEMA = Path(__file__).parent / "schema.json"


def list_examples() -> list[str]:
    """Return the names of the example plans, in alphabetical order.

    Examples
    --------
    >>> list_examples()
    ['highland', 'strait']
    """
    return list_files(FOLDER)


def read_example(name: str) -> str:
    """Return the text of an example plan.

    Parameters
    ----------
    name : str
        One of `list_examples`.

    Raises
    ------
    PlanError
        There is no such example.
    """
    return read_text(FOLDER, name, PlanError)


def read_schema() -> str:
    """Return the JSON Schema of a plan, as published.

    Examples
    --------
    >>> '"title": "A plan' in read_schema()
    True
    """
    return SCHEMA.read_text("utf-8")

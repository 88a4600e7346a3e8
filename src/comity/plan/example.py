"""The example plans, complete and tested; and the published form of a plan."""

from __future__ import annotations

from pathlib import Path

from comity.conduct.catalogue import find_nearest
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
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


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
    if name not in list_examples():
        near = find_nearest(name, list_examples()) or list_examples()
        raise PlanError(f"there is no example {name!r}", todo=f"choose one of {', '.join(near)}")
    return (FOLDER / f"{name}.yml").read_text("utf-8")


def read_schema() -> str:
    """Return the JSON Schema of a plan, as published.

    Examples
    --------
    >>> '"title": "A plan' in read_schema()
    True
    """
    return SCHEMA.read_text("utf-8")

"""The package's own tables in YAML: parameters, catalogues and descriptions that are published with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def parse_yaml(text: str) -> Any:
    """Return what a text in YAML says: values, lists and mappings, never an object of another kind.

    Parameters
    ----------
    text : str
        The text. It is read by libyaml where PyYAML has it, which takes a tenth of the time.

    Raises
    ------
    yaml.YAMLError
        It is not YAML, or asks for another object.

    Examples
    --------
    >>> parse_yaml("window: 30  # days")
    {'window': 30}
    """
    import yaml

    return yaml.load(text, Loader=yaml.CSafeLoader) if yaml.__with_libyaml__ else yaml.safe_load(text)


def read_published(path: Path) -> Any:
    """Return what a table of the package says.

    Parameters
    ----------
    path : Path
        A YAML file of the package; it is as it was published, so that what is wrong with it is an error of ours.
    """
    return parse_yaml(path.read_text("utf-8"))

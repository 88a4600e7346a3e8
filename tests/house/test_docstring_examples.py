"""The examples in the docstrings run, and give what they say."""

import doctest
import importlib
from pathlib import Path


def test_the_examples_of_a_module_give_what_they_say(documented: Path, package: Path):
    parts = documented.relative_to(package.parent).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    found = importlib.import_module(name)
    result = doctest.testmod(found, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0

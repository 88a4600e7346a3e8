"""Series and acts made to a known rule, for every test of the room."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def courses() -> ModuleType:
    """Give the module `courses` beside this file."""
    spec = importlib.util.spec_from_file_location("reciprocity_courses", Path(__file__).with_name("courses.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

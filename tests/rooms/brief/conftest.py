"""Documents for the tests of the room, made anew for each test."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def load_neighbour(name: str) -> ModuleType:
    """Load a module that lies beside this one."""
    spec = importlib.util.spec_from_file_location(f"brief_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def documents() -> ModuleType:
    """Give the module that makes documents."""
    return load_neighbour("documents")


@pytest.fixture(scope="session")
def hostility() -> ModuleType:
    """Give the module that fills documents with hostile text."""
    return load_neighbour("hostility")


@pytest.fixture
def pair(documents: ModuleType) -> dict[str, Any]:
    """Give a document on a pair."""
    return documents.make_pair()


@pytest.fixture
def state(documents: ModuleType) -> dict[str, Any]:
    """Give a document on one state."""
    return documents.make_state()


@pytest.fixture(params=["pair", "state"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give one document after the other."""
    return request.getfixturevalue(request.param)

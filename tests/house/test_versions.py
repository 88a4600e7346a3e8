"""The version stands in several files, and says the same in each."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import comity


@pytest.fixture(scope="module")
def version(repository: Path) -> str:
    """Give the version that `pyproject.toml` declares."""
    declared: str = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return declared


def test_the_package_says_the_declared_version(version: str):
    assert comity.__version__ == version


def test_the_citation_says_the_declared_version(version: str, repository: Path):
    assert str(yaml.safe_load((repository / "CITATION.cff").read_text("utf-8"))["version"]) == version


def test_the_newest_entry_of_the_change_log_is_the_declared_version(version: str, repository: Path):
    entries = re.findall(r"^## ([0-9][^\s]*)", (repository / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert entries[0] == version


def test_the_citation_has_what_the_format_requires(repository: Path):
    citation = yaml.safe_load((repository / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors", "license"} <= set(citation)
    assert citation["license"] == "Apache-2.0"

"""Every work that a docstring, a published table or a page refers to by key stands in the bibliography."""

import re
from pathlib import Path

import pytest

KEY = re.compile(r"[a-z][a-z0-9-]*(?:-[0-9][0-9a-z.-]*[0-9a-z]|-[a-z]+)")
SECTION = re.compile(r"^ *References\n *-+\n(.*?)(?:\n\s*\n|\"\"\")", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^\s*(?:- )?(?:key|reference): ([a-z][a-z0-9.-]+)\s*$", re.MULTILINE)
YEARED = re.compile(r"`([a-z-]+-(?:19|20)[0-9]{2})`")


@pytest.fixture(scope="module")
def bibliography(repository: Path) -> str:
    """Give the text of the bibliography."""
    return (repository / "docs" / "bibliography.md").read_text("utf-8")


@pytest.fixture(scope="module")
def known(bibliography: str) -> set[str]:
    """Give the keys of the bibliography."""
    heads = re.findall(r"^(`[^\n]+`)\n:", bibliography, re.MULTILINE)
    return {key for head in heads for key in re.findall(r"`([^`]+)`", head)}


def test_the_keys_in_docstrings_are_known(known: set[str], package: Path):
    used = {
        (str(path.relative_to(package)), key)
        for path in package.rglob("*.py")
        for section in SECTION.findall(path.read_text("utf-8"))
        for key in KEY.findall(section.replace("docs/bibliography.md", ""))
    }
    assert used
    assert {(path, key) for path, key in used if key not in known} == set()


def test_the_keys_in_published_tables_are_known(known: set[str], package: Path):
    used = {key for path in package.rglob("*.yml") for key in FIELD.findall(path.read_text("utf-8"))}
    assert used
    assert used - known == set()


def test_the_keys_in_the_pages_are_known(known: set[str], repository: Path):
    used = {key for page in (repository / "docs").rglob("*.md") for key in YEARED.findall(page.read_text("utf-8"))}
    assert used
    assert used - known == set()


def test_a_doi_is_linked_as_it_is_written(bibliography: str):
    written = re.findall(r"\[doi:([^\]]+)\]\(https://doi\.org/([^\s]+)\)", bibliography)
    assert len(written) >= 10
    assert [pair for pair in written if pair[0] != pair[1]] == []

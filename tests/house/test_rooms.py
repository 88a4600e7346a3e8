"""Every room has a door, tests of its own, and a page that says how it works."""

import ast
from pathlib import Path

import pytest

ROOMS = [
    "lexicon",
    "forms",
    "store",
    "sources",
    "events",
    "foundations",
    "relations",
    "reciprocity",
    "conduct",
    "integration",
    "delivery",
    "plan",
    "commitments",
    "watch",
    "brief",
    "api",
    "cli",
]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_at_its_door_what_it_holds(room: str, package: Path):
    door = ast.parse((package / room / "__init__.py").read_text("utf-8"))
    assert len(ast.get_docstring(door) or "") > 40


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_tests_of_its_own(room: str, repository: Path):
    assert list((repository / "tests" / "rooms" / room).glob("test_*.py"))


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in ("api", "cli")])
def test_a_room_has_a_page_on_its_method(room: str, repository: Path):
    assert (repository / "docs" / "methods" / f"{room}.md").is_file()


def test_there_is_no_room_without_a_place_in_the_order(package: Path):
    rooms = {folder.name for folder in package.iterdir() if (folder / "__init__.py").is_file()}
    assert rooms <= set(ROOMS)

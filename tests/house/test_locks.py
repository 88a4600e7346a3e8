"""A lock pins every package by hash, names no address, and agrees with the other locks and with `pyproject.toml`."""

import re
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")
LOCKS = ["run.txt", "test.txt", "ci.txt", "bench.txt", "peers.txt", "scale.txt"]


def read_lock(path: Path) -> dict[str, str]:
    """Give the version that a lock pins for each package."""
    pins = map(PIN.match, path.read_text("utf-8").splitlines())
    return {pin[1].lower(): pin[2] for pin in pins if pin}


def normalise_name(requirement: str) -> str:
    """Give the name in a requirement, as the registry spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", requirement)[0]).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_of_a_lock_has_its_hashes(name: str, repository: Path):
    entries = re.split(r"\n(?=[A-Za-z0-9])", (repository / "requirements" / name).read_text("utf-8"))
    entries = [entry for entry in entries if PIN.match(entry)]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str, repository: Path):
    text = (repository / "requirements" / name).read_text("utf-8")
    assert not re.search(r"://|--index|--find-links|--extra-index|--trusted-host|@ ", text)


@pytest.mark.parametrize(("small", "large"), [("run.txt", "test.txt"), ("test.txt", "ci.txt")])
def test_a_smaller_lock_is_part_of_the_larger(small: str, large: str, repository: Path):
    part, whole = (read_lock(repository / "requirements" / name) for name in (small, large))
    assert part.items() <= whole.items()


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("run.txt", []),
        ("test.txt", ["test"]),
        ("ci.txt", ["test", "browser", "docs", "dev"]),
        ("bench.txt", ["bench"]),
        ("peers.txt", ["test", "peers"]),
        ("scale.txt", ["test", "scale", "spark", "bigquery"]),
    ],
)
def test_a_lock_holds_all_that_the_project_declares(name: str, extras: list[str], repository: Path):
    settings = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))
    project, groups = settings["project"], settings["dependency-groups"]
    declared = project["dependencies"] + groups["build"]
    declared += [line for extra in extras for line in project["optional-dependencies"][extra]]
    missing = {normalise_name(line) for line in declared} - set(read_lock(repository / "requirements" / name))
    assert missing == set()


def test_every_dependency_gives_its_reason(repository: Path):
    lines = (repository / "pyproject.toml").read_text("utf-8").splitlines()
    entries = [line for line in lines if re.match(r'\s+"[A-Za-z][\w-]*(>=[\d.]+)?",', line)]
    assert len(entries) >= 10
    assert [line for line in entries if "#" not in line and "classifiers" not in line and "::" not in line] == []

"""`make` alone lists the commands, and a brief needs no more than the smallest lock."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest


def run_make(repository: Path, *words: str) -> str:
    """Run make with `words` and give what it prints, or skip where there is no make."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    done = subprocess.run(["make", *words], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout


def test_make_alone_lists_every_command(repository: Path):
    listed = run_make(repository)
    phony = re.search(r"^\.PHONY: (.+)$", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    assert [name for name in phony[1].split() if not re.search(rf"^  {name} ", listed, re.MULTILINE)] == []


def test_a_brief_installs_the_smallest_lock_only(repository: Path, tmp_path: Path):
    planned = run_make(repository, "-n", "brief", f"VENV={tmp_path / 'none'}")
    assert "requirements/run.txt" in planned
    assert not re.search(r"requirements/(test|ci|bench)\.txt", planned)


@pytest.mark.parametrize(
    ("words", "parties"),
    [([], "DEU POL"), (["A=JPN"], "JPN"), (["A=BRA", "B=ARG"], "BRA ARG")],
    ids=["default pair", "one state", "a pair"],
)
def test_the_parties_of_a_brief_are_those_asked_for(words: list[str], parties: str, repository: Path, tmp_path: Path):
    planned = run_make(repository, "-n", "brief", f"VENV={tmp_path / 'none'}", *words)
    assert f"comity brief {parties} --format" in planned


def test_everything_is_installed_by_hash(repository: Path, tmp_path: Path):
    planned = run_make(repository, "-n", "test", "lint", f"VENV={tmp_path / 'none'}")
    installs = [line for line in planned.splitlines() if " install " in line and "pip" in line and "echo" not in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_continuous_integration_runs_the_test_command_of_the_readme(repository: Path):
    assert "make test" in (repository / "README.md").read_text("utf-8")
    assert "make test" in (repository / ".ci" / "run").read_text("utf-8")

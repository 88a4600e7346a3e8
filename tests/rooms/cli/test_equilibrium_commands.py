"""`comity integration simulate`, `package` and `scenario` parse, call once, print."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.cli.main import comity

TEXT = """comity_scenario: 1
id: test
title: A test
changes:
  - {kind: agreement, parties: [Kenya, Japan], when: 2030, source: an assumption}
candidates:
  - {id: more, kind: agreement, parties: [Kenya, Fiji], when: 2030, source: an assumption}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "s.yml"
    path.write_text(TEXT, "utf-8")
    return path


def run(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(comity, [str(word) for word in ("integration", *words)])
    assert done.exit_code == code, done.output
    return done.stdout


def test_a_simulation_prints_json_with_every_economy(written: Path):
    found = json.loads(run("simulate", written, "--json", "--draws", "20", "--seed", "3"))
    assert len(found["economies"]) == 194
    assert (found["draws"], found["seed"]) == (20, 3)
    assert found["certificate"]["market"] < 1e-9


def test_a_simulation_prints_the_parties_first(written: Path):
    lines = run("simulate", written, "--draws", "20").splitlines()
    assert {line[:3] for line in lines[1:3]} == {"KEN", "JPN"}


def test_a_package_is_printed(written: Path):
    found = json.loads(run("package", written, "--json", "--draws", "10"))
    assert found["found"]
    assert found["package"] == []


def test_a_check_ends_with_one_where_something_is_wrong_and_says_where(written: Path, tmp_path: Path):
    assert "in order" in run("scenario", written)
    bad = tmp_path / "bad.yml"
    bad.write_text(TEXT.replace("Kenya, Japan", "Kenya, Atlantis"), "utf-8")
    assert "bad.yml:5:" in run("scenario", bad, code=1)

"""From an example to a plan that is made, explained, changed and written out, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.specimens.command import read_json, run_comity
from tests.specimens.plans import SMALL, spoil

pytest.importorskip("ortools", reason="the extra `plan` is not installed")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_from_example_to_files(tmp_path: Path):
    file = tmp_path / "highland.yml"
    run_comity("plan", "example", "highland", "--out", file)
    assert "in order" in run_comity("plan", "check", file).stdout
    made = read_json("plan", "make", file, "--no-shares")
    assert made["exists"] and made["status"] == "optimal"
    out = tmp_path / "plan.xml"
    run_comity("plan", "make", file, "--no-shares", "--out", out)
    assert out.stat().st_size > 1000


def test_a_page_opens_with_what_stands_and_what_is_missing(plan: Path, tmp_path: Path):
    out = tmp_path / "plan.html"
    run_comity("plan", "make", plan, "--out", out)
    page = out.read_text("utf-8")
    assert page.index("What stands and what is missing") < page.index("What is done when")
    assert "Both are members of MERCOSUR" in page and "Exports of goods from Uruguay to Paraguay" in page


def test_a_wrong_file_ends_with_one_and_a_wrong_word_with_two(tmp_path: Path, plan: Path):
    bad = tmp_path / "bad.yml"
    bad.write_text(spoil("best: 2", "best: -2"), encoding="utf-8")
    assert "-2 is not from 0" in run_comity("plan", "check", bad, code=1).stdout
    assert "-2 is not from 0" in run_comity("plan", "make", bad, code=2).stderr
    run_comity("plan", "make", plan, "--objective", "greed", code=2)
    assert "has no initiative 'boat'" in run_comity("plan", "what-if", plan, "--fix", "boat", code=2).stderr
    assert "does nothing called" in run_comity("plan", "explain", plan, "ferry.sail", code=2).stderr


def test_where_no_plan_exists_the_answer_is_no(tmp_path: Path):
    file = tmp_path / "clash.yml"
    text = spoil("    field: transport\n", "    field: transport\n    required: true\n")
    file.write_text(text.replace("status: given}\n    gains", "status: withheld}\n    gains", 1), encoding="utf-8")
    said = run_comity("plan", "explain", file, code=1).stdout
    assert "ferry is required" in said and "withholds its consent" in said and "A plan exists with" in said
    assert not read_json("plan", "make", file, code=1)["exists"]


def test_what_if_says_what_followed(plan: Path):
    said = run_comity("plan", "what-if", plan, "--delay", "ferry.agree=2027-06-01").stdout
    assert "moved: ferry.agree from 2027-01-01" in said
    progress = "ferry.agree=2027-01-01..2027-03-20"
    told = read_json("plan", "what-if", plan, "--progress", progress, "--as-of", "2027-04-01")
    assert told["changes"]["progress"] == [progress]


def test_the_catalogue_names_fields_and_precedents():
    rows = read_json("plan", "catalogue", "--field", "water")
    assert {row["field"] for row in rows} == {"water"} and all(row["precedent"]["year"] for row in rows)
    run_comity("plan", "catalogue", "--field", "military", code=2)


def test_a_brief_shows_the_plan_of_its_parties(plan: Path):
    page = run_comity("brief", "Uruguay", "Paraguay", "--plan", plan, "--format", "md").stdout
    assert "## A plan of what to do together" in page and "Run a ferry together" in page
    assert "is one of URY, PRY" in run_comity("brief", "Uruguay", "Chile", "--plan", plan, code=2).stderr


def test_the_schema_is_json(tmp_path: Path):
    assert json.loads(run_comity("plan", "schema").stdout)["title"] == "A plan (comity_plan 1)"

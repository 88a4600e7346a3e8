"""From an example to a plan that is made, explained, changed and written out, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.specimens.command import run_comity
from tests.specimens.plans import SMALL, spoil

from comity.api.briefs import Extras, write_brief
from comity.api.view import View
from comity.cli.main import comity as main
from comity.cli.main import main as run_command
from comity.lexicon.errors import ComityError
from comity.plan.choice.search import Clock, make_absence
from comity.plan.choice.tables import Effort

pytest.importorskip("ortools", reason="the extra `plan` is not installed")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "plan.yml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(plan: Path) -> Path:
    """The plan, made once and kept as a file to start from."""
    path = plan.with_name("made.json")
    ask("plan", "make", plan, "--no-shares", "--out", path)
    return path


def ask(*words: str | Path, code: int = 0) -> str:
    """Run a command within this process; give what it prints, errors after answers."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == code, f"exit code {done.exit_code}\n{done.stdout}\n{done.stderr}\n{done.exception!r}"
    return done.stdout if code == 0 else done.stdout + done.stderr


def test_from_example_to_files_as_processes_of_their_own(tmp_path: Path):
    file, out = tmp_path / "highland.yml", tmp_path / "plan.xml"
    run_comity("plan", "example", "highland", "--out", file)
    run_comity("plan", "make", file, "--no-shares", "--out", out)
    assert out.stat().st_size > 1000


def test_an_example_is_in_order_and_its_plan_proven(tmp_path: Path):
    file = tmp_path / "highland.yml"
    file.write_text(ask("plan", "example", "highland"), encoding="utf-8")
    assert "in order" in ask("plan", "check", file)
    made = json.loads(ask("plan", "make", file, "--no-shares", "--json"))
    assert made["exists"] and made["status"] == "optimal"


def test_a_page_opens_with_what_stands_and_what_is_missing(plan: Path, tmp_path: Path):
    out = tmp_path / "plan.html"
    ask("plan", "make", plan, "--out", out)
    page = out.read_text("utf-8")
    assert page.index("What stands and what is missing") < page.index("What is done when")
    assert "Both are members of MERCOSUR" in page and "Exports of goods from Uruguay to Paraguay" in page


def test_a_wrong_file_ends_with_one_and_a_wrong_word_with_two(tmp_path: Path, plan: Path):
    bad = tmp_path / "bad.yml"
    bad.write_text(spoil("best: 2", "best: -2"), encoding="utf-8")
    assert "-2 is not from 0" in ask("plan", "check", bad, code=1)
    assert "-2 is not from 0" in run_comity("plan", "make", bad, code=2).stderr
    ask("plan", "make", plan, "--objective", "greed", code=2)


def test_time_that_runs_out_is_no_wrong_use(plan: Path, monkeypatch: pytest.MonkeyPatch):
    def give_up(*_: object, **__: object) -> None:
        raise make_absence(Clock(Effort(0.1)))

    monkeypatch.setattr("comity.api.plans.make_plan", give_up)
    monkeypatch.setattr("sys.argv", ["comity", "plan", "make", str(plan), "--seconds", "0.1"])
    with pytest.raises(SystemExit) as ended:
        run_command()
    assert ended.value.code == 75


def test_where_no_plan_exists_the_answer_is_no(tmp_path: Path):
    file = tmp_path / "clash.yml"
    text = spoil("    field: transport\n", "    field: transport\n    required: true\n")
    file.write_text(text.replace("status: given}\n    gains", "status: withheld}\n    gains", 1), encoding="utf-8")
    said = ask("plan", "explain", file, code=1)
    assert "ferry is required" in said and "withholds its consent" in said and "A plan exists with" in said
    assert not json.loads(ask("plan", "make", file, "--json", code=1))["exists"]


def test_what_if_says_what_moved_and_why(plan: Path, made: Path):
    said = ask("plan", "what-if", plan, "--from", made, "--delay", "ferry.agree=2027-06-01")
    assert "moved: ferry.agree from 2027-01-01" in said and "(asked: ferry.agree=2027-06-01)" in said
    assert "(it waits for ferry.agree)" in said


def test_a_task_is_fixed_to_a_day_at_once(plan: Path, made: Path):
    words = ("plan", "what-if", plan, "--from", made, "--first", "--fix", "ferry.consent-URY=2027-09-20", "--json")
    told = json.loads(ask(*words))
    consent = next(task for task in told["tasks"] if task["id"] == "ferry.consent-URY")
    assert consent["start"] == "2027-09-01" and consent["chances"] is None
    assert told["changes"]["fix"] == ["ferry.consent-URY=2027-09-20"]


def test_progress_is_told_of_phases_and_consents(plan: Path, made: Path):
    words = ("--progress", "ferry.agree=2027-01-01..2027-03-20", "--as-of", "2027-06-01", "--json")
    gate = ("--progress", "ferry.consent-URY=2027-04-01..2027-05-20")
    told = json.loads(ask("plan", "what-if", plan, "--from", made, *gate, *words))
    assert "ferry.consent-URY" not in {task["id"] for task in told["tasks"]}
    assert told["initiatives"][0]["consents"][0]["status"] == "given"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--require", "boat"), "has no initiative 'boat'"),
        (("--fix", "ferry"), "cannot be read"),
        (("--fix", "ferry.agree=2040-01-01"), "the plan goes from 2027-01-01 to 2028-12-31"),
        (("--fix", "ferry.agree=2027-02-01", "--forbid", "ferry"), "is forbidden, and a part of it fixed"),
        (("--require", "fair", "--forbid", "fair"), "required and forbidden"),
        (("--progress", "ferry.consent-URY=2027-01-01+2", "--as-of", "2027-02-01"), "is a consent"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_made_is_refused_by_name(plan: Path, made: Path, words: tuple[str, ...], said: str):
    with pytest.raises(ComityError) as caught:
        CliRunner().invoke(main, ["plan", "what-if", str(plan), "--from", str(made), *words], catch_exceptions=False)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan": {"id": "small"}, "exists": true, "tasks": [{}]}', "\x00"])
def test_a_made_plan_that_is_none_is_refused(plan: Path, tmp_path: Path, text: str):
    other = tmp_path / "other.json"
    other.write_text(text, encoding="utf-8")
    with pytest.raises(ComityError, match="no JSON|no made plan|not of this file"):
        CliRunner().invoke(main, ["plan", "what-if", str(plan), "--from", str(other)], catch_exceptions=False)


def test_a_made_plan_of_an_older_file_is_refused(tmp_path: Path, made: Path):
    other = tmp_path / "other.yml"
    other.write_text(spoil("worst: 5", "worst: 9").replace("likely: 3", "likely: 8"), encoding="utf-8")
    with pytest.raises(ComityError, match="not of this file"):
        CliRunner().invoke(main, ["plan", "what-if", str(other), "--from", str(made)], catch_exceptions=False)


def test_the_catalogue_names_fields_and_precedents():
    rows = json.loads(ask("plan", "catalogue", "--field", "water", "--json"))
    assert {row["field"] for row in rows} == {"water"} and all(row["precedent"]["year"] for row in rows)


def test_a_brief_shows_the_plan_of_its_parties(plan: Path, tmp_path: Path):
    out = tmp_path / "brief.md"
    view, extras = View(None), Extras(plan=plan)
    page = write_brief("Uruguay", "Paraguay", out=out, view=view, extras=extras).read_text("utf-8")
    assert "## A plan of what to do together" in page and "Run a ferry together" in page
    with pytest.raises(ComityError, match="is one of URY, PRY"):
        write_brief("Uruguay", "Chile", out=out, view=view, extras=extras)


def test_the_schema_is_json():
    assert json.loads(ask("plan", "schema"))["title"] == "A plan (comity_plan 1)"

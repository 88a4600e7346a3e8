"""Nothing chosen: said plainly, with the reasons, and never as the best of plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.specimens.plans import spoil

from comity.api.plans import explain_plan, make_plan, render_plan
from comity.cli.main import comity as main
from comity.plan.surety import describe_absence, describe_miss, describe_surety

pytest.importorskip("ortools", reason="the extra `plan` is not installed")

SECONDS = 5.0


def write_plan(folder: Path, old: str, new: str) -> Path:
    path = folder / "plan.yml"
    path.write_text(spoil(old, new), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of which each initiative costs a party more than it gains."""
    folder = tmp_path_factory.mktemp("poor")
    return write_plan(folder, "low: 0.1, likely: 0.2, high: 0.3", "low: 90, likely: 95, high: 99")


@pytest.fixture(scope="module")
def empty(poor: Path) -> dict[str, Any]:
    return make_plan(poor, seconds=SECONDS)


def test_a_page_without_a_plan_says_who_would_lose(empty: dict[str, Any]):
    assert not empty["exists"]
    assert next(one for one in empty["initiatives"] if one["id"] == "ferry")["missing"]["shortfalls"]["URY"] > 0
    page = render_plan(empty, "md").decode()
    assert "Run a ferry together: would leave a party worse off: Uruguay by" in page


def test_an_empty_plan_is_not_called_the_best(empty: dict[str, Any], poor: Path):
    said = "nothing can be chosen so that somebody gains and nobody is worse off; of 2 initiatives: "
    assert describe_surety(empty) == explain_plan(poor, seconds=SECONDS)["answer"]
    assert describe_surety(empty) == said + "2 would leave a party worse off"
    page = render_plan(empty, "md").decode()
    assert f"**Answer:** {said}" in page and "proven best" not in page


def test_an_empty_plan_on_the_command_line_names_the_reason_and_the_way_out(tmp_path: Path):
    path = write_plan(tmp_path, "by_year: {2027: 5, 2028: 5}", "by_year: {2027: 0, 2028: 5}")
    path.write_text(path.read_text("utf-8").replace("2028: 5", "2028: 1"), encoding="utf-8")
    done = CliRunner().invoke(main, ["plan", "make", str(path), "--no-shares"])
    assert done.exit_code == 1 and "proven best" not in done.stdout
    first, *lines = done.stdout.splitlines()
    assert first.startswith("No plan: nothing can be chosen") and first.endswith("of 2 initiatives: 2 cannot be done.")
    assert lines[:2] == ["ferry: cannot be done", "  These cannot hold together with it:"]
    assert "  It can be done with any one of these changes:" in lines
    required = CliRunner().invoke(main, ["plan", "what-if", str(path), "--require", "ferry"])
    assert required.stdout.startswith("No plan exists. These cannot hold together:\n  ferry is required\n")
    assert "\nA plan exists with any one of these changes:\n  leave ferry out\n" in required.stdout


def test_where_time_ran_out_nothing_is_said_to_be_impossible(empty: dict[str, Any]):
    harmless = {"doable": True, "shortfalls": {}, "conflict": None}
    short = {**empty, "status": "feasible", "initiatives": [{"missing": None}, {"missing": harmless}]}
    assert describe_surety(short) == (
        "nothing was found to choose in the time given, and it is not proven that nothing can be; of 2 initiatives: "
        "1 not looked into in the time given, 1 not weighed to the end in the time given"
    )
    proven = {**short, "status": "optimal", "initiatives": [{"missing": harmless}]}
    assert describe_absence(proven).endswith("of 1 initiative: 1 would bring nobody a gain")
    assert describe_miss(harmless, {"exists": True, "status": "optimal"}) == "the plan is no better with it"

"""A made plan: nobody worse off, everything dated, and files that other programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import icalendar
import pytest
from tests.specimens.plans import SMALL, spoil

from comity.api.plans import explain_plan, make_plan, render_plan, revise_plan
from comity.api.view import WrongUse
from comity.delivery.sheet import defuse_cell
from comity.plan.amendment import Basis
from comity.plan.changes import Changes
from comity.plan.example import read_example
from comity.plan.mspdi import NAMESPACE
from comity.plan.surety import describe_surety

pytest.importorskip("ortools", reason="the extra `plan` is not installed")

SECONDS = 5.0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "small.yml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(small: Path) -> dict[str, Any]:
    return make_plan(small, seconds=SECONDS)


@pytest.fixture(scope="module")
def highland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "highland.yml"
    path.write_text(read_example("highland"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def corridor(highland: Path) -> dict[str, Any]:
    return make_plan(highland, seconds=SECONDS, shares=False)


def find_task(made: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(task for task in made["tasks"] if task["id"] == name)


def test_nobody_is_worse_off_and_what_pays_is_done(made: dict[str, Any]):
    assert made["exists"]
    assert [one["id"] for one in made["initiatives"] if one["chosen"]] == ["ferry", "fair"]
    assert all(party["low"] >= 0 for party in made["parties"])
    assert all(party["low"] <= party["likely"] <= party["high"] for party in made["parties"])


def test_dates_follow_from_phases_consents_and_what_rests(made: dict[str, Any]):
    assert find_task(made, "ferry.agree")["start"] == "2027-01-01"
    assert find_task(made, "ferry.agree")["finish"] == "2027-03-31"
    assert find_task(made, "ferry.consent-URY")["finish"] == "2027-05-31"
    assert find_task(made, "ferry.run")["start"] == "2027-06-01"
    assert made["finish"] == find_task(made, "fair.hold")["finish"]


def test_a_rest_of_parliament_puts_a_consent_off(small: Path, tmp_path: Path):
    path = tmp_path / "rest.yml"
    path.write_text(spoil("from: 2027-01-01, to: 2027-02-28", "from: 2027-04-01, to: 2027-06-30"), encoding="utf-8")
    found = make_plan(path, seconds=SECONDS)
    assert find_task(found, "ferry.consent-URY")["finish"] == "2027-08-31"


def test_gains_of_a_party_add_up_from_the_file(made: dict[str, Any]):
    paraguay = next(party for party in made["parties"] if party["id"] == "PRY")
    assert (paraguay["low"], paraguay["likely"], paraguay["high"]) == (2.0, 5.0, 8.0)
    uruguay = next(party for party in made["parties"] if party["id"] == "URY")
    months = 24 - find_task(made, "ferry.run")["periods"][1]
    assert uruguay["likely"] == pytest.approx(1 - 0.2 + 2 / 12 * months, abs=0.01)


def test_what_a_resource_gives_is_never_overdrawn(corridor: dict[str, Any]):
    runs = [run for one in corridor["resources"] for run in one["profile"]]
    assert runs and all(run["used"] <= run["available"] + 1e-9 for run in runs)
    assert any(run["used"] for run in runs)
    assert all(one["source"] for one in corridor["resources"])


def test_shares_add_up_to_the_joint_gain(made: dict[str, Any]):
    shares = made["shares"]
    for name in ("shapley", "nucleolus"):
        assert sum(row[name] for row in shares["parties"]) == pytest.approx(shares["joint"], abs=1e-3)


def test_the_same_seed_gives_the_same_bytes(highland: Path, corridor: dict[str, Any]):
    again = make_plan(highland, seconds=SECONDS, shares=False)
    first, second = (render_plan(one, "json") for one in (corridor, again))
    assert first == second
    json.loads(first)


def test_dates_by_chance_never_come_before_each_other(made: dict[str, Any]):
    for task in made["tasks"]:
        assert task["chances"]["50"] <= task["chances"]["80"] <= task["chances"]["90"]


def test_renaming_the_parties_renames_the_result_and_nothing_else(tmp_path: Path, made: dict[str, Any]):
    path = tmp_path / "renamed.yml"
    path.write_text(SMALL.replace("Uruguay", "Ghana").replace("Paraguay", "Togo"), encoding="utf-8")
    text = json.dumps(make_plan(path, seconds=SECONDS))
    for old, new in (("GHA", "URY"), ("TGO", "PRY"), ("Ghana", "Uruguay"), ("Togo", "Paraguay")):
        text = text.replace(old, new)
    assert json.loads(text) == json.loads(json.dumps(made))


def test_where_no_plan_exists_the_clash_and_a_way_out_are_said(tmp_path: Path):
    text = spoil("    field: transport\n", "    field: transport\n    required: true\n")
    path = tmp_path / "clash.yml"
    path.write_text(text.replace("status: given}\n    gains", "status: withheld}\n    gains", 1), encoding="utf-8")
    found = make_plan(path, seconds=SECONDS)
    assert not found["exists"]
    kinds = {one["kind"] for one in found["conflict"]["requirements"]}
    assert {"required", "consent"} <= kinds
    assert found["conflict"]["remedies"]
    page = render_plan({**found, "foundations": []}, "html").decode()
    assert "Why there is no plan" in page
    with pytest.raises(WrongUse, match="no plan exists"):
        render_plan(found, "csv")


def test_a_gain_from_the_integration_room_says_where_it_is_from(tmp_path: Path):
    text = spoil(
        "{party: Paraguay, low: 2, likely: 4, high: 6, source: made up}\n    costs",
        "{party: Paraguay, from: integration, share: 5, source: a guess}\n    costs",
    )
    path = tmp_path / "simulated.yml"
    path.write_text(text, encoding="utf-8")
    found = make_plan(path, seconds=SECONDS)
    gain = next(worth for worth in found["initiatives"][0]["gains"] if worth["party"] == "PRY")
    assert gain["per"] == "year" and 0 < gain["low"] < gain["likely"] < gain["high"]
    assert "200 draws, seed 0" in gain["source"] and "a guess" in gain["source"]
    from comity.api import simulate_agreement

    row = simulate_agreement("URY", "PRY")["agreement"]["parties"][1]
    assert f"{row['welfare']:+.4f} %" in gain["source"]


def test_what_binds_the_end_is_named(highland: Path):
    found = explain_plan(highland, seconds=SECONDS)
    assert found["chain"][-1] == found["task"]
    assert found["reasons"][-1]["kind"] in ("start", "window", "calendar", "room")
    assert any(reason["kind"] == "resource" for reason in found["reasons"])
    assert {one["id"] for one in found["left_out"]} == {"line"}
    assert all(row["slack"] >= 0 for row in found["slack"])


def test_a_change_moves_as_little_as_it_can_and_says_so(highland: Path, corridor: dict[str, Any]):
    changes = Changes(delay=("posts.negotiate=2029-01-01",))
    found = revise_plan(highland, changes=changes, seconds=SECONDS, basis=Basis(corridor))
    fewest = found["differences"]["fewest"]
    assert (fewest["verdict"], fewest["tasks"]) == ("proved", fewest["least_tasks"])
    moved = {task["id"] for task in found["differences"]["moved"]}
    assert moved and all(name.startswith("posts.") for name in moved)
    assert (found["differences"]["added"], found["differences"]["dropped"]) == ([], [])
    assert find_task(found, "posts.negotiate")["start"] >= "2029-01-01"


def test_a_change_that_would_leave_somebody_worse_off_is_answered_by_another_choice(small: Path):
    found = revise_plan(small, changes=Changes(forbid=("ferry",)), seconds=SECONDS)
    assert found["differences"]["dropped"] in (["fair", "ferry"], [])
    assert not any(one["chosen"] for one in found["initiatives"])


def test_a_calendar_holds_each_span_once_with_a_reminder_of_consents(made: dict[str, Any]):
    calendar = icalendar.Calendar.from_ical(render_plan(made, "ics"))
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == len(made["tasks"])
    consent = events["small.ferry.consent-URY@comity"]
    assert consent["dtstart"].dt == date(2027, 4, 1) and consent["dtend"].dt == date(2027, 6, 1)
    assert len(consent.walk("VALARM")) == 1
    assert str(consent["summary"]) == "Consent of Uruguay: Parliament (Run a ferry together)"
    assert str(consent["description"]).endswith(" Asked of: Uruguay (URY).")
    assert ">Consent: Parliament (Uruguay)<" in render_plan(made, "xml").decode()


ORDER = ["UID", "ID", "Name", "Type", "IsNull", "WBS", "OutlineNumber", "OutlineLevel", "Start", "Finish", "Duration",
         "DurationFormat", "Milestone", "Summary", "ConstraintType", "ConstraintDate", "PredecessorLink",
         "Baseline"]  # fmt: skip


def test_project_files_keep_the_order_of_the_schema_and_name_what_they_link(made: dict[str, Any]):
    root = Tree.fromstring(render_plan(made, "xml"))
    assert root.tag == f"{{{NAMESPACE}}}Project"
    tasks = root.findall(".//{*}Tasks/{*}Task")
    assert len(tasks) == len(made["tasks"]) + 2
    numbers = {task.findtext("{*}UID") for task in tasks}
    for task in tasks:
        places = [ORDER.index(part.tag.partition("}")[2]) for part in task]
        assert places == sorted(places)
    links = [link.findtext("{*}PredecessorUID") for link in root.iter(f"{{{NAMESPACE}}}PredecessorLink")]
    assert links and set(links) <= numbers
    held = {one.findtext("{*}UID") for one in root.findall(".//{*}Resources/{*}Resource")}
    for one in root.findall(".//{*}Assignments/{*}Assignment"):
        assert one.findtext("{*}TaskUID") in numbers and one.findtext("{*}ResourceUID") in held


def test_an_answer_says_what_of_it_is_proven(made: dict[str, Any]):
    assert made["bound"] <= made["makespan"] and describe_surety(made) == "proven best"
    rest = {**made, "status": "feasible"}
    stages = [{**stage, "proven": stage["name"] != "makespan"} for stage in made["stages"]]
    late = [{**stage, "value": 9, "bound": 6} if stage["name"] == "makespan" else stage for stage in stages]
    said = describe_surety({**rest, "stages": late})
    assert said == "the choice is proven best; it could end at most 3 months earlier"
    near = [{**stages[0], "proven": False, "value": 50, "bound": 51}, *stages[1:]]
    assert "at most 2 % better is possible" in describe_surety({**rest, "stages": near})
    assert "is not known" in describe_surety({**rest, "stages": [{**near[0], "bound": None}, *stages[1:]]})


def test_a_tall_timeline_stands_in_parts_that_each_fit_a_sheet(made: dict[str, Any]):
    many = [{**made["initiatives"][0], "id": f"ferry{n}"} for n in range(30)]
    own = [task for task in made["tasks"] if task["initiative"] == "ferry"]
    tasks = [{**task, "initiative": one["id"]} for one in many for task in own]
    page = render_plan({**made, "initiatives": many, "tasks": tasks, "foundations": []}, "html").decode()
    assert "Part 1 of 4." in page and page.count("Timeline of the plan, part 4 of 4") == 2


def test_what_has_no_slack_is_striped_phase_or_consent_and_the_chain_is_part_of_it(made: dict[str, Any]):
    critical = {task["id"] for task in made["tasks"] if task["critical"]}
    assert set(made["chain"]) <= critical and "ferry.consent-URY" in critical
    loose = {**made, "tasks": [{**task, "critical": False} for task in made["tasks"]]}
    striped, plain = (
        render_plan({**one, "foundations": []}, "html").decode().count('-late)"') for one in (made, loose)
    )
    assert striped - plain == 2 * len(critical)


LAGS = {
    "finish-start": ("1", "{after: ferry.run, least: 2}", 2),
    "start-start": ("3", "{after: ferry.run, kind: start-start, least: 1}", 1),
    "finish-finish": ("0", "{after: ferry.run, kind: finish-finish, least: 3}", 3),
    "start-finish": ("2", "{after: ferry.run, kind: start-finish, least: 4}", 4),
}


@pytest.mark.parametrize("kind", LAGS)
def test_a_project_file_keeps_kind_and_lag_of_every_link(tmp_path: Path, kind: str):
    number, written, months = LAGS[kind]
    path = tmp_path / "lag.yml"
    path.write_text(spoil("after: [ferry.run]", f"lags: [{written}]"), encoding="utf-8")
    found = make_plan(path, seconds=SECONDS, shares=False)
    links = read_links(render_plan(found, "xml"))
    run = find_task(found, "ferry.run")
    anchor = date.fromisoformat(run["start"]) if kind.startswith("start") else None
    first = anchor or date.fromisoformat(run["finish"]) + timedelta(days=1)
    later = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
    assert ("run", "hold", number, (later - first).days) in links


def read_links(data: bytes) -> set[tuple[str, str, str, float]]:
    """Read a project file as another program would: names of both tasks, type of link, lag in days of 8 hours."""
    root = Tree.fromstring(data)
    space = {"p": "http://schemas.microsoft.com/project"}
    tasks = {task.findtext("p:UID", "", space): task for task in root.iterfind("p:Tasks/p:Task", space)}
    day = 10 * int(root.findtext("p:MinutesPerDay", "0", space))
    return {
        (
            tasks[link.findtext("p:PredecessorUID", "", space)].findtext("p:Name", "", space),
            task.findtext("p:Name", "", space),
            link.findtext("p:Type", "", space),
            int(link.findtext("p:LinkLag", "", space)) / day,
        )
        for task in tasks.values()
        for link in task.iterfind("p:PredecessorLink", space)
    }


def test_a_sheet_has_a_row_for_each_task_and_no_formula(made: dict[str, Any]):
    hostile = json.loads(json.dumps(made))
    hostile["tasks"][0]["title"] = "=cmd|' /C calc'!A0"
    rows = list(csv.DictReader(io.StringIO(render_plan(hostile, "csv").decode())))
    assert len(rows) == len(made["tasks"])
    assert not any(cell.startswith(("=", "+", "@", "-")) for row in rows for cell in row.values())
    assert defuse_cell(-3) == -3


def test_a_page_shows_hostile_text_as_text(made: dict[str, Any]):
    hostile = json.loads(json.dumps({**made, "foundations": []}))
    hostile["initiatives"][0]["title"] = "<script>alert(1)</script>"
    hostile["tasks"][0]["title"] = "<img src=x onerror=alert(1)>"
    page = render_plan(hostile, "html").decode()
    assert "<script" not in page and "<img" not in page
    assert "&lt;script&gt;" in page


def test_where_nothing_can_be_chosen_the_resource_and_the_change_that_helps_are_named(
    small: Path, made: dict[str, Any]
):
    found = revise_plan(small, changes=Changes(cut=("money=0",)), seconds=SECONDS, basis=Basis(made))
    assert not found["exists"]
    ferry, fair = (one["missing"] for one in found["initiatives"])
    for missing in (ferry, fair):
        kinds = {one["kind"] for one in missing["conflict"]["requirements"]}
        assert not missing["doable"] and "arrival" in kinds and "required" not in kinds
        assert missing["conflict"]["irreducible"]
    assert {change["text"] for changes in ferry["conflict"]["remedies"] for change in changes} == {
        f"2 x 1,000 USD more of money from {year}-01-01 on" for year in (2027, 2028)
    }
    assert "of money there is 0" in render_plan(found, "md").decode()


def test_progress_without_a_consent_or_out_of_order_is_remarked_on_and_stands(small: Path, made: dict[str, Any]):
    changes = Changes(progress=("ferry.run=2027-01-10..2027-03-20",), as_of="2027-04-01")
    found = revise_plan(small, changes=changes, seconds=SECONDS, basis=Basis(made, "first"))
    assert [(one["kind"], one["subject"]) for one in found["remarks"]] == [
        ("consent", "ferry.consent-URY"),
        ("order", "ferry.agree"),
    ]
    assert (find_task(found, "ferry.run")["finish"], find_task(found, "ferry.run")["slack"]) == ("2027-03-31", None)
    assert "without the consent of Uruguay (Parliament), which is pending" in render_plan(found, "md").decode()
    assert made["remarks"] == []


def test_after_a_change_no_date_by_chance_lies_before_the_plans_own(small: Path, made: dict[str, Any]):
    changed = revise_plan(small, changes=Changes(delay=("ferry.run=2028-01-01",)), seconds=SECONDS, basis=Basis(made))
    kept = revise_plan(small, changes=Changes(), seconds=SECONDS, basis=Basis(changed))
    assert find_task(kept, "ferry.run")["start"] == "2028-01-01"
    for task in [*changed["tasks"], *kept["tasks"]]:
        assert all(day > task["start"] for day in task["chances"].values())
    assert find_task(kept, "fair.hold")["chances"]["50"] >= find_task(kept, "fair.hold")["finish"]

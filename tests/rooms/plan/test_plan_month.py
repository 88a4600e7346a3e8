"""A plan made again month by month: what was told since, consents given since, and a file that is another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.specimens.plans import SMALL, spoil

from comity.api.plans import make_plan, render_plan, revise_plan
from comity.plan.amendment import Basis
from comity.plan.changes import Changes, change_plan
from comity.plan.errors import PlanError
from comity.plan.reading import parse_plan

pytest.importorskip("ortools", reason="the extra `plan` is not installed")

SECONDS = 5.0
STARTED = "    field: transport\n    progress:\n      - {{phase: agree, started: 2027-02-01, {rest}}}\n"


def write_month(path: Path, day: str, rest: str, given: bool = False) -> Path:
    text = SMALL.replace("unit: 1000\n", f"unit: 1000\nas_of: {day}\n", 1)
    text = text.replace("    field: transport\n", STARTED.format(rest=rest), 1)
    if given:
        first = text.index("      - {party: Uruguay, who: Parliament")
        last = text.index("\n", first)
        text = f"{text[:first]}      - {{party: Uruguay, who: Parliament, status: given, after: [agree]}}{text[last:]}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("plans") / "small.yml"
    path.write_text(SMALL, encoding="utf-8")
    return make_plan(path, seconds=SECONDS)


def find_moved(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(row for row in found["differences"]["moved"] if row["id"] == name)


def test_a_plan_made_before_is_compared_with_the_file_into_which_progress_was_written_since(
    made: dict[str, Any], tmp_path: Path
):
    first = write_month(tmp_path / "april.yml", "2027-04-01", "left: 2")
    april = revise_plan(first, seconds=SECONDS, basis=Basis(made))
    agree = find_moved(april, "ferry.agree")
    assert (agree["before"][1], agree["after"][1]) == ("2027-03-31", "2027-05-31")
    assert agree["why"] == "progress, told as of 2027-04-01"
    second = write_month(tmp_path / "july.yml", "2027-07-01", "finished: 2027-06-20", given=True)
    july = revise_plan(second, seconds=SECONDS, basis=Basis(april, "first"))
    assert find_moved(july, "ferry.agree")["after"][1] == "2027-06-30"
    starts = [{task["id"]: task["start"] for task in month["tasks"]} for month in (april, july)]
    assert starts[0]["ferry.run"] == starts[1]["ferry.run"] == "2027-08-01"
    assert "ferry.consent-URY" in starts[0] and "ferry.consent-URY" not in starts[1]


def test_what_is_not_told_of_by_the_day_is_said_not_to_have_begun(made: dict[str, Any], tmp_path: Path):
    path = tmp_path / "small.yml"
    path.write_text(SMALL, encoding="utf-8")
    late = revise_plan(path, changes=Changes(as_of="2027-03-10"), seconds=SECONDS, basis=Basis(made, "first"))
    assert find_moved(late, "ferry.agree")["why"] == "it had not begun by 2027-03-10"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "first_day: 2027-01-01\nperiod: month\nhorizon: 24",
            "first_day: 2027-02-01\nperiod: month\nhorizon: 23",
            "first_day: 2027-01-01 there, 2027-02-01 in the file",
        ),
        ("period: month\nhorizon: 24", "period: week\nhorizon: 100", "period: month there"),
        ("unit: 1000", "unit: 1000000", "unit: 1,000 there, 1,000,000 in"),
        ("currency: USD", "currency: EUR", "currency: USD there"),
        ("parties: [Uruguay, Paraguay]", "parties: [Paraguay, Uruguay]", "parties: URY, PRY there, PRY, URY in"),
    ],
)
def test_a_made_plan_that_counts_otherwise_than_the_file_is_refused(
    made: dict[str, Any], tmp_path: Path, old: str, new: str, said: str
):
    path = tmp_path / "other.yml"
    path.write_text(spoil(old, new), encoding="utf-8")
    with pytest.raises(PlanError, match="not of this file") as caught:
        revise_plan(path, seconds=SECONDS, basis=Basis(made, "first"))
    assert said in str(caught.value.why)


def test_a_day_before_what_the_file_tells_is_refused(tmp_path: Path):
    plan = parse_plan(write_month(tmp_path / "april.yml", "2027-04-01", "left: 2").read_text(encoding="utf-8"))
    with pytest.raises(PlanError, match=r"tells of ferry\.agree on 2027-02-01, after 2027-01-15"):
        change_plan(plan, Changes(as_of="2027-01-15"))
    told = change_plan(plan, Changes(progress=("ferry.agree=2027-01-05+2",), as_of="2027-01-15"))
    assert str(told.as_of) == "2027-01-15"


def test_a_cut_never_leaves_more_than_there_was():
    plan = parse_plan(spoil("{2027: 5, 2028: 5}", "{2027: 5, 2028: 2}"))
    assert change_plan(plan, Changes(cut=("money=3",))).supplies[1].by_year == {2027: 3, 2028: 2}
    with pytest.raises(PlanError, match="money cannot be cut to 3: there is 2 in 2028"):
        change_plan(plan, Changes(cut=("money@2028=3",)))
    with pytest.raises(PlanError, match="there is 5 at most"):
        change_plan(plan, Changes(cut=("money=10",)))


def test_what_lapses_is_shown_by_the_year_and_a_party_without_consent_by_its_name(tmp_path: Path):
    slots = "  - {id: slots, kind: ratification, party: Uruguay, by_year: {2027: 1, 2028: 1}, source: made up}\n"
    text = SMALL.replace("initiatives:\n", slots + "initiatives:\n", 1)
    text = text.replace("after: [agree], calendar: summer}",
                        "after: [agree], calendar: summer, use: [{resource: slots, amount: 1}]}", 1)  # fmt: skip
    path = tmp_path / "slots.yml"
    path.write_text(text, encoding="utf-8")
    found = make_plan(path, seconds=SECONDS, shares=False)
    runs = next(one["profile"] for one in found["resources"] if one["id"] == "slots")
    assert [(run["until"], run["used"], run["available"]) for run in runs] == [
        ("2027-03-31", 0.0, 1.0), ("2027-12-31", 1.0, 1.0), ("2028-12-31", 0.0, 1.0),
    ]  # fmt: skip
    assert b"slots (ratification, within the year)" in render_plan(found, "html")
    withheld = text.replace("who: Congress, status: given", "who: Congress, status: withheld", 1)
    path.write_text(withheld, encoding="utf-8")
    none = make_plan(path, seconds=SECONDS, shares=False)
    clash = next(one["missing"]["conflict"] for one in none["initiatives"] if one["id"] == "ferry")
    assert [one["text"] for one in clash["requirements"]] == ["Paraguay withholds its consent to ferry"]
    assert [[change["text"] for change in changes] for changes in clash["remedies"]] == [["Paraguay consents to ferry"]]


WINDOW = "{id: run, earliest: 2027-06-01, latest: 2027-07-31, duration:"


def test_a_window_that_is_missed_or_too_short_is_told_in_days_by_the_check():
    parse_plan(spoil("{id: run, duration:", WINDOW))
    for text, why in (
        (spoil("{id: run, duration:", WINDOW.replace("07-31", "07-30")), "no time is left"),
        (spoil("{id: run, duration:", WINDOW).replace("unit: 1000\n", "unit: 1000\nas_of: 2027-07-01\n", 1),
         "it had not begun by 2027-07-01"),
    ):  # fmt: skip
        with pytest.raises(PlanError, match=r"ferry\.run is to be finished by 2027-07-3[01], takes 2 months") as caught:
            parse_plan(text)
        assert why in str(caught.value)
    single = "{id: run, earliest: 2027-01-12, latest: 2027-01-12, duration: {best: 1, likely: 1, worst: 1}"
    day = spoil("period: month", "period: day").replace("{id: run, duration: {best: 1, likely: 2, worst: 4}", single, 1)
    assert parse_plan(day.replace("{2027: 5, 2028: 5}", "{2027: 5}")).initiatives[0].phases[1].latest


@pytest.mark.parametrize(
    "changes",
    [Changes(fix=("ferry.run=2027-07-01",)), Changes(delay=("ferry.run=2027-07-01",)), Changes(as_of="2027-07-01")],
    ids=["fix", "delay", "as of"],
)
def test_a_change_leaves_the_window_of_the_file_and_says_in_days_what_does_not_fit(changes: Changes):
    plan = parse_plan(spoil("{id: run, duration:", WINDOW))
    with pytest.raises(PlanError, match=r"starts on 2027-07-01 at the earliest") as caught:
        change_plan(plan, changes)
    assert caught.value.todo and "finished by 2027-07-31" in str(caught.value)
    fixed = change_plan(plan, Changes(fix=("ferry.run=2027-06-01",))).initiatives[0].phases[1]
    assert (str(fixed.earliest), str(fixed.latest)) == ("2027-06-01", "2027-07-31")


@pytest.mark.parametrize(
    "line",
    ["      - {party: Paraguay, who: Government, status: given}\n",
     "      - {party: Paraguay, low: 0, likely: 1, high: 2, source: made up}\n"],
)  # fmt: skip
def test_who_leaves_a_party_out_is_told_that_an_initiative_can_have_parties_of_its_own(line: str):
    with pytest.raises(PlanError, match="under parties: of the initiative"):
        parse_plan(spoil(line, ""))

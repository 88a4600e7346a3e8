"""A plan's file is read whole, or every problem in it is named with its line and field."""

from __future__ import annotations

from datetime import date

import pytest
from tests.specimens.plans import SMALL, spoil

from comity.plan.document import Duration
from comity.plan.errors import PlanError
from comity.plan.example import list_examples, read_example
from comity.plan.problems import PlanFileError
from comity.plan.reading import parse_plan, read_plan

BAD = {
    "a circle of phases": (
        "- {id: agree, duration", "- {id: agree, after: [fair.hold], duration",
        "phases wait for each other in a circle: ",
    ),
    "a window that ends before it begins": (
        "    field: transport\n", "    field: transport\n    earliest: 2027-06-01\n    latest: 2027-03-01\n",
        "no time is left",
    ),
    "a window that is too short": (
        "    field: transport\n", "    field: transport\n    latest: 2027-03-01\n", "no timetable is short enough",
    ),
    "a duration below 0": ("best: 2, likely: 3, worst: 5", "best: -2, likely: 3, worst: 5", "-2 is not from 0 to 4000"),
    "a duration out of order": ("best: 2, likely: 3, worst: 5", "best: 4, likely: 3, worst: 5", "are not in order"),
    "an interval out of order": ("low: 2, likely: 4, high: 6", "low: 5, likely: 4, high: 6", "are not in order"),
    "an unknown party": ("[Uruguay, Paraguay]", "[Uruguay, Atlantis]", "no state or IGO answers to 'Atlantis'"),
    "a firm as a party": ("[Uruguay, Paraguay]", "[Uruguay, Acme Corporation]", "states and intergovernmental"),
    "a person as a party": ("[Uruguay, Paraguay]", "[Uruguay, Jane Doe]", "states and intergovernmental"),
    "one party twice": ("[Uruguay, Paraguay]", "[Uruguay, Paraguay, URY]", "'URY' is named twice"),
    "one party alone": ("[Uruguay, Paraguay]", "[Uruguay]", "the plan has 1 parties"),
    "a field given twice": ("horizon: 24\n", "horizon: 24\nhorizon: 36\n", "'horizon' is given twice"),
    "an anchor": ("title: A small plan", "title: &x A small plan", "the anchor 'x' is used"),
    "a tag": ("title: A small plan", "title: !!python/name:os.system x", "the tag"),
    "a formula as a title": ("title: Run a ferry together", "title: '=HYPERLINK(1)'", "formula"),
    "a coercive initiative": ("title: Run a ferry together", "title: Blockade the river", "is refused"),
    "an unknown field": ("field: culture", "field: warfare", "there is no field 'warfare'"),
    "an unknown word": ("field: culture", "fields: culture", "there is no field 'fields' here"),
    "an unknown resource": ("resource: team, amount", "resource: teem, amount", "there is no resource 'teem'"),
    "an unknown calendar": ("calendar: summer", "calendar: winter", "there is no calendar 'winter'"),
    "an unknown phase": ("after: [ferry.run]", "after: [ferry.sail]", "which there is not"),
    "an unknown initiative": ("needs: [ferry]", "needs: [fery]", "there is no initiative 'fery'"),
    "a party without a gain": ("      - {party: Paraguay, low: 2, likely: 4, high: 6, source: made up}\n", "",
                               "neither gain nor cost is given for PRY"),
    "a party that nobody asks": ("      - {party: Paraguay, who: Congress, status: given}\n", "",
                                 "nothing is said of the consent of PRY"),
    "a gain without a source": ("high: 6, source: made up", "high: 6", "the figure has no source"),
    "a year of which nothing is said": ("{2027: 5, 2028: 5}", "{2027: 5}", "by_year says nothing of 2028"),
    "an amount of a year outside": ("{2027: 5, 2028: 5}", "{2027: 5, 2028: 5, 2031: 1}", "by_year names 2031"),
    "no day": ("first_day: 2027-01-01", "first_day: 2027-02-30", "'2027-02-30' is no day"),
    "an initiative twice": ("id: fair", "id: ferry", "the id 'ferry' is given twice"),
    "needed and excluded": ("needs: [ferry]", "needs: [ferry]\n    excludes: [ferry]", "needs and excludes ferry"),
    "required and forbidden": ("needs: [ferry]", "required: true\n    forbidden: true", "is required and forbidden"),
    "another version": ("comity_plan: 1", "comity_plan: 2", "the form has version 2"),
    "weights that nobody reads": ("unit: 1000", "unit: 1000\nweights: {Uruguay: 1}", "they would be read by nobody"),
    "not a number": ("unit: 1000", "unit: many", "'many' is no whole number"),
    "an unseen character": ("title: A small plan", "title: A \u202esmall plan", "unseen character U+202E"),
    "no number": ("low: 2, likely: 4, high: 6", "low: 2, likely: .nan, high: 6", "is no number"),
    "a gain beyond all bounds": ("low: 2, likely: 4, high: 6", "low: 2, likely: 4, high: 6e300", "is not from -1e+12"),
    "a horizon of nothing": ("horizon: 24", "horizon: 0", "0 is not from 1 to 4000"),
    "a horizon in words": ("horizon: 24", "horizon: two years", "'two years' is no whole number"),
    "a horizon in sixties": ("horizon: 24", "horizon: 1:30", "'1:30' is no whole number"),
    "a unit of nothing": ("unit: 1000", "unit: 0", "0 is not from 1"),
    "months as text": ("best: 2, likely", "best: 2 months, likely", "'2 months' is no whole number"),
    "a duration as one number": ("{best: 2, likely: 3, worst: 5}", "3", "here stands the text '3', not fields"),
    "a duration beyond the horizon": ("likely: 3, worst: 5", "likely: 300, worst: 500", "takes 304 periods"),
    "a timestamp": ("first_day: 2027-01-01", "first_day: 2027-01-01T00:00:00Z", "is no day"),
    "a year that nobody lives in": ("first_day: 2027-01-01", "first_day: 9999-12-01", "is not from 1900 to 2200"),
    "a merge": ("title: A small plan", "<<: {title: x}", "there is no field '<<'"),
    "a tab": ("    title: Run", "\ttitle: Run", "cannot start any token"),
    "a character that nobody sees": ("title: A small plan", "title: A small \x00plan", "U+0000 cannot be seen"),
    "a span turned round": ("from: 2027-01-01, to: 2027-02-28", "from: 2027-03-01, to: 2027-02-28", "ends before"),
    "a resource below nothing": ("amount: 1, source", "amount: -1, source", "-1 is not from 0"),
    "a use below nothing": ("{resource: money, amount: 2}", "{resource: money, amount: -2}", "-2 is not from 0"),
    "an amount said twice": ("amount: 1, source", "amount: 1, by_year: {2027: 1}, source", "must be said once"),
    "an army": ("kind: teams", "kind: army", "there is no kind 'army'"),
    "a consent that is neither": ("status: given", "status: maybe", "there is no status 'maybe'"),
    "a party asked twice": ("{party: Paraguay, who: Congress", "{party: Uruguay, who: Congress", "consents twice"),
    "a consent after nothing": ("after: [agree]", "after: [nothing]", "comes after 'nothing'"),
    "an initiative that needs itself": ("needs: [ferry]", "needs: [fair]", "names itself"),
    "a lag turned round": (
        "after: [ferry.run]", "lags: [{after: ferry.run, least: 5, most: 2}]", "at least 5 and at most 2",
    ),
    "a lag of centuries": ("after: [ferry.run]", "lags: [{after: ferry.run, least: 99999}]", "is not from -4000"),
    "weights of nothing": ("unit: 1000", "unit: 1000\nobjective: weighted\nweights: {Uruguay: 0}", "all weights are 0"),
    "an objective that there is not": ("unit: 1000", "unit: 1000\nobjective: best", "there is no objective 'best'"),
    "progress without a day": (
        "    field: transport\n",
        "    field: transport\n    progress: [{phase: agree, started: 2027-01-01, left: 2}]\n",
        "not as of when",
    ),
    "a template that there is not": (
        "    field: transport\n", "    field: transport\n    template: warship\n", "there is no template 'warship'",
    ),
    "a formula as a source": ("high: 6, source: made up", "high: 6, source: '=HYPERLINK(1)'", "formula"),
    "a title without end": ("title: A small plan", "title: " + "x" * 3000, "3,000 characters"),
    "a list of parties as fields": ("[Uruguay, Paraguay]", "{a: Uruguay}", "not a list"),
    "more initiatives than a plan may hold": (
        "initiatives:\n", "initiatives:\n" + "  - {id: a}\n" * 200, "'initiatives' holds more than 200",
    ),
    "infinite": ("low: 2, likely: 4, high: 6", "low: 2, likely: 4, high: .inf", "is no number"),
    "another currency than the simulation's": (
        "{party: Paraguay, low: 2, likely: 4, high: 6, source: made up}\n    costs",
        "{party: Paraguay, from: integration, share: 5}\n    costs", "the share has no source"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_with_line_and_what_to_do(case: str):
    old, new, said = BAD[case]
    with pytest.raises(PlanFileError) as caught:
        parse_plan(spoil(old, new), "plan.yml")
    told = [problem.describe("plan.yml") for problem in caught.value.problems]
    assert any(said in text for text in told), told
    assert all(problem.line >= 1 for problem in caught.value.problems)
    assert all(text.startswith("plan.yml:") for text in told)


def test_all_problems_are_listed_at_once():
    text = spoil("best: 2", "best: 9").replace("needs: [ferry]", "needs: [boat]").replace("kind: teams", "kind: crews")
    with pytest.raises(PlanFileError) as caught:
        parse_plan(text)
    assert len(caught.value.problems) >= 3
    assert [problem.line for problem in caught.value.problems] == sorted(p.line for p in caught.value.problems)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"title: [", "not readable YAML"),
        (b"- 1\n", "not fields"),
        (b"a: " + b"x" * 1_000_001, "more than 1,000,000 bytes"),
        (b"[" * 60 + b"]" * 60, "nested more than"),
        (b"a: &a [x]\nb: *a\n", "anchor"),
        (SMALL.encode() + b"---\n" + SMALL.encode(), "another document"),
        (SMALL.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_whole(data: bytes, said: str):
    with pytest.raises(PlanFileError, match=said):
        parse_plan(data)


def test_a_file_with_too_many_values_is_refused_before_it_is_built(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("comity.forms.document.MOST_NODES", 50)
    with pytest.raises(PlanFileError, match="more than 50 values"):
        parse_plan(SMALL)


def test_a_file_that_never_ends_is_read_no_further_than_it_may_be_long():
    with pytest.raises(PlanFileError, match="more than 1,000,000 bytes"):
        read_plan("/dev/zero")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(PlanError, match="cannot be read"):
        read_plan("nowhere/plan.yml")


def test_a_plan_is_read_as_it_is_written():
    plan = parse_plan(SMALL)
    ferry = plan.initiatives[0]
    assert dict(plan.parties) == {"URY": "Uruguay", "PRY": "Paraguay"}
    assert ferry.parties == ("URY", "PRY")
    assert ferry.phases[0].ways[0].duration == Duration(2, 3, 5)
    assert [link.before for link in ferry.phases[1].after] == ["ferry.agree"]
    assert [(one.party, one.status, one.after) for one in ferry.consents] == [
        ("URY", "pending", ("agree",)), ("PRY", "given", ()),
    ]  # fmt: skip
    assert plan.calendars[0].spans == ((date(2027, 1, 1), date(2027, 2, 28)),)
    assert plan.supplies[0].by_year == {2027: 1, 2028: 1}


def test_parties_may_be_named_in_any_way_that_the_lexicon_knows():
    plan = parse_plan(spoil("parties: [Uruguay, Paraguay]", "parties: [uy, cow:150]"))
    assert list(plan.parties) == ["URY", "PRY"]


@pytest.mark.parametrize("name", list_examples())
def test_the_examples_are_in_order_and_name_a_source_for_every_figure(name: str):
    plan = parse_plan(read_example(name))
    worths = [worth for one in plan.initiatives for worth in (*one.gains, *one.costs)]
    assert all(worth.source for worth in worths)
    assert all(supply.source for supply in plan.supplies)
    assert len(plan.parties) == {"strait": 2, "highland": 3}[name]


def test_a_template_gives_phases_and_the_place_of_consents_and_what_is_written_comes_first():
    text = spoil("    title: Hold a fair together\n    field: culture\n", "    template: film-coproduction\n").replace(
        "- {id: hold, duration: {best: 1, likely: 1, worst: 2}, after: [ferry.run]}",
        "- {id: apply, duration: {best: 1, likely: 1, worst: 2}}",
    )
    fair = parse_plan(text).initiatives[1]
    assert (fair.title, fair.field) == ("Count films made together as national ones", "culture")
    assert [(phase.id, phase.ways[0].duration.likely) for phase in fair.phases] == [("negotiate", 8), ("apply", 1)]
    assert fair.consents[0].after == ("negotiate",)


def test_an_example_that_there_is_not_is_named_with_the_nearest():
    with pytest.raises(PlanError, match="strait"):
        try:
            read_example("straits")
        except PlanError as error:
            raise PlanError(error.todo) from error

"""The verbs of `comity commitments` that follow up, on a small register."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.specimens.promises import TODAY, make_register

from comity.api.follow import RegisterView, describe_register
from comity.cli.main import comity
from comity.commitments.register import open_register, record_entries
from comity.lexicon.errors import ComityError


@pytest.fixture
def register(tmp_path: Path) -> str:
    """Give the path of a register with two parties."""
    place = tmp_path / "register.db"
    standing = make_register()
    rows = (standing.agreements, standing.articles, standing.commitments, standing.evidence, standing.assessments)
    with open_register(place, create=True) as opened:
        record_entries(opened, [record for kind in rows for record in kind])
    return str(place)


def run(register: str, *words: str) -> Result:
    verb = words[:2] if words[0] == "add" else words[:1]
    return CliRunner().invoke(comity, ["commitments", *verb, "--register", register, *words[len(verb) :]])


def read(register: str, *words: str) -> Any:
    return json.loads(run(register, *words, "--json").stdout)


DAY = ("--on", TODAY.isoformat())


def test_status_says_how_each_stands_and_selects(register: str):
    found = read(register, "status", *DAY)
    assert found["on"] == TODAY.isoformat() and len(found["rows"]) == 9
    assert [row["id"] for row in read(register, "status", *DAY, "--state", "overdue")["rows"]] == ["e-late"]
    assert {row["party"] for row in read(register, "status", *DAY, "--party", "Norway")["rows"]} == {"NOR"}
    assert "e-late" in run(register, "status", *DAY).output


def test_what_one_party_waits_for_is_looked_up_with_the_other(register: str):
    rows = read(register, "status", *DAY, "--party", "SWE")["rows"]
    assert next(row for row in rows if row["id"] == "f-waits")["next"]["commitment"] == "e-late"


def test_due_ends_with_one_where_something_is_overdue(register: str):
    assert run(register, "due", *DAY).exit_code == 1
    assert run(register, "due", "--on", "2021-01-01").exit_code == 0


def test_an_assessment_is_recorded_and_a_value_of_another_scale_is_not(register: str):
    words = ("assess", "i-silent", "--coder", "me", "--day", "2024-05-01", "--scale", "g7-g20", "--value")
    assert read(register, *words, "1")["value"] == "+1"
    refused = run(register, *words, "7")
    assert isinstance(refused.exception, ComityError) and "'7'" in str(refused.exception)
    row = next(row for row in read(register, "status", *DAY)["rows"] if row["id"] == "i-silent")
    assert (row["state"], row["scale"]) == ("fulfilled", "g7-g20")
    assert isinstance(run(register, "assess", "none", *words[2:], "1").exception, ComityError)


def test_an_assessment_is_corrected_and_withdrawn_and_its_name_is_never_given_again(register: str):
    words = ("assess", "i-silent", "--coder", "me", "--day", "2024-05-01", "--scale", "pam", "--value")
    first = read(register, *words, "2")
    office = ("--by", "registry", "--from", "2024-05-01", "--seen", first["head"].partition(":")[0])
    assert read(register, "add", "assessment", first["id"], "--value", "3", *office)["changed"] == 1
    office = (*office[:-1], str(int(office[-1]) + 1))
    assert read(register, "add", "assessment", first["id"], "--withdraw", *office)["withdrawn"] == 1
    row = next(row for row in read(register, "status", *DAY)["rows"] if row["id"] == "i-silent")
    assert row["scale"] == ""
    assert read(register, *words, "1")["id"] not in {first["id"], ""}
    said = [entry.get("value") for entry in read(register, "history", "assessment", first["id"])]
    assert said == ["2", "3", "3"]


def test_a_day_before_a_commitment_holds_is_said_with_the_refusal(register: str):
    words = ("--coder", "me", "--day", "1990-05-01", "--scale", "pam", "--value", "1")
    refused = run(register, "assess", "i-silent", *words)
    assert "no commitment 'i-silent' on 1990-05-01" in str(refused.exception)
    assert "status --on 1990-05-01" in str(refused.exception)


def test_estimates_answer_in_text_and_in_json(register: str):
    assert read(register, "coders", *DAY)[0]["alpha"] is None
    assert {row["party"] for row in read(register, "through", *DAY)["rows"]} == {"NOR"}
    assert read(register, "outlook", *DAY)["shown"] == "base rate"
    for verb in ("coders", "through", "outlook", "scales"):
        words = () if verb == "scales" else ("--register", register, *DAY)
        assert CliRunner().invoke(comity, ["commitments", verb, *words]).exit_code == 0


def test_a_horizon_in_the_past_is_refused(register: str):
    assert "--by" in str(run(register, "outlook", *DAY, "--by", "2020-01-01").exception)


def test_reminders_are_told_once(register: str, tmp_path: Path):
    sink = tmp_path / "sink.yml"
    sink.write_text(f"kind: jsonl\npath: {tmp_path / 'told.jsonl'}\n", "utf-8")
    words = ("remind", *DAY, "--within", "40", "--outbox", str(tmp_path / "outbox.db"))
    calendar, feed = tmp_path / "due.ics", tmp_path / "due.xml"
    first = read(register, *words, "--sink", str(sink), "--atom", str(feed), "--calendar", str(calendar))
    again = read(register, *words, "--sink", str(sink))
    assert (first["sink"]["sent"], again["sink"]["new"]) == (3, 0)
    assert len((tmp_path / "told.jsonl").read_text("utf-8").splitlines()) == 3
    assert b"BEGIN:VEVENT" in calendar.read_bytes() and "<entry" in feed.read_text("utf-8")
    assert run(register, "remind", *DAY).exit_code == 2


def test_a_sink_on_a_private_network_is_refused(register: str, tmp_path: Path):
    sink = tmp_path / "sink.yml"
    sink.write_text("kind: webhook\nurl: http://127.0.0.1:9/x\nkey: env:NOT_THERE\n", "utf-8")
    found = run(register, "remind", *DAY, "--sink", str(sink), "--outbox", str(tmp_path / "outbox.db"))
    assert isinstance(found.exception, ComityError)


def test_suggestions_come_from_the_store_and_are_not_recorded(register: str):
    before = read(register, "status")["rows"]
    rows = read(register, "suggest")
    assert all(row["kind"] == "suggestion" for row in rows)
    assert read(register, "status")["rows"] == before


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_status_page_is_written(register: str, tmp_path: Path, form: str):
    out = tmp_path / f"status.{form}"
    assert run(register, "status", *DAY, "--format", form, "--out", str(out)).exit_code == 0
    assert "What was kept" in out.read_text("utf-8")


def test_the_section_of_a_brief_holds_what_both_owe(register: str):
    found = describe_register(RegisterView(register, TODAY, None, "Norway", "SWE"))
    assert len(found["rows"]) == 9 and {row["party"] for row in found["parties"]} == {"NOR", "SWE"}

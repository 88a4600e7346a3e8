"""The worked examples: real agreements, entered from public texts, each with what its records need to be checked."""

from pathlib import Path

import pytest

from comity.api import RegisterView, follow_register, load_commitments, read_commitments, read_register_example
from comity.commitments.example import list_examples


@pytest.fixture(params=list_examples())
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a register that holds one of the examples."""
    document, register = tmp_path / "example.json", str(tmp_path / "register.db")
    document.write_text(read_register_example(request.param), "utf-8")
    load_commitments(document, register)
    return register


def test_each_record_can_be_checked_in_a_public_text(filled: str):
    standing = read_commitments(filled)
    assert all(row.reference.startswith("http") and len(row.parties) == 2 for row in standing.agreements)
    assert all(row.link.startswith("http") and row.quotation for row in standing.evidence)
    assert {row.party for row in standing.commitments} == set(standing.agreements[0].parties)
    assert all(row.target is not None and row.owner for row in standing.commitments)


def test_no_judgement_rests_on_what_came_after_it(filled: str):
    standing = read_commitments(filled)
    days = {row.id: row.day for row in standing.evidence}
    assert all(days[one] <= row.day for row in standing.assessments for one in row.evidence)


def test_an_example_with_due_days_stands_otherwise_on_each_of_them(tmp_path: Path):
    document, register = tmp_path / "air.json", str(tmp_path / "register.db")
    document.write_text(read_register_example("air-quality"), "utf-8")
    load_commitments(document, register)
    states = {}
    for day in ("1995-01-01", "2000-12-15", "2009-06-01", "2012-01-01"):
        states[day] = {row["party"]: row["state"] for row in follow_register(RegisterView(register, day))["rows"]}
    assert states == {
        "1995-01-01": {"CAN": "no evidence", "USA": "no evidence"},
        "2000-12-15": {"CAN": "due soon", "USA": "no evidence"},
        "2009-06-01": {"CAN": "fulfilled", "USA": "in progress"},
        "2012-01-01": {"CAN": "fulfilled", "USA": "fulfilled"},
    }

"""Entries are appended, chained and never changed; a past view never changes."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.specimens.registers import DAY, build_records

from comity.commitments.errors import Conflict, RecordsRefused, RegisterError, RegisterMissing
from comity.commitments.register import (
    Head,
    Register,
    Selection,
    open_register,
    read_head,
    read_history,
    read_standing,
    record_entries,
    verify_register,
    withdraw_entry,
)

LATER = date(2021, 1, 1)


def test_what_is_recorded_is_read_again(register: Register):
    records = build_records()
    receipt = record_entries(register, records)
    standing = read_standing(register)
    found = [*standing.agreements, *standing.articles, *standing.commitments, *standing.evidence, *standing.assessments]
    assert {replace(record, recorded_at=None) for record in found} == set(records)
    assert {record.recorded_at for record in found} == {receipt.recorded_at} == {standing.known}
    assert receipt.head == read_head(register)
    assert (receipt.added, receipt.changed, receipt.withdrawn, receipt.unchanged) == (len(records), 0, 0, 0)


def test_the_same_records_again_are_not_recorded_again(register: Register):
    first = record_entries(register, build_records())
    second = record_entries(register, build_records())
    assert second.head == first.head
    assert second.unchanged == len(build_records())


def test_a_correction_replaces_from_its_day_on_and_the_past_stays(register: Register):
    records = build_records(1, 0)
    record_entries(register, records)
    before, head = read_standing(register), read_head(register)
    changed = replace(before.commitments[0], valid_from=LATER, obligation="Build twice as much.")
    record_entries(register, [changed], seen=head)
    now = read_standing(register, valid=LATER)
    assert now.commitments[0].obligation == "Build twice as much."
    assert read_standing(register, valid=LATER - timedelta(days=1)).commitments == before.commitments
    assert read_standing(register, valid=before.valid, known=before.known) == before
    assert [version.seq for version in read_history(register, "commitment", changed.id)][-1] == head.seq + 1


def test_a_withdrawal_ends_a_record_from_its_day_on(register: Register):
    record_entries(register, build_records(1, 1))
    withdraw_entry(register, "assessment", "pact/1/NOR/0/a", entered_by="registrar", valid_from=LATER)
    assert "pact/1/NOR/0/a" not in {a.id for a in read_standing(register, valid=LATER).assessments}
    assert "pact/1/NOR/0/a" in {a.id for a in read_standing(register, valid=DAY).assessments}


def test_a_part_is_the_whole_narrowed(register: Register):
    record_entries(register, build_records(3, 2))
    whole = read_standing(register)
    mine = read_standing(register, only=Selection(party="SWE"))
    assert mine.commitments == tuple(c for c in whole.commitments if c.party == "SWE")
    assert mine.evidence == tuple(e for e in whole.evidence if "/SWE/" in e.commitment)
    assert read_standing(register, only=Selection(agreement="pact")) == whole
    assert read_standing(register, only=Selection(pair=("SWE", "NOR"))) == whole
    assert read_standing(register, only=Selection(pair=("SWE", "DNK"))).agreements == ()
    due = read_standing(register, only=Selection(due=(date(2022, 1, 1), date(2022, 12, 31))))
    assert {c.id for c in due.commitments} == {"pact/1/NOR/1", "pact/1/SWE/1"}
    assert len(read_standing(register, only=Selection(assessed=True, limit=4)).commitments) == 4
    assert read_standing(register, only=Selection(assessed=False)).commitments == ()
    assert read_standing(register, only=Selection(party="SWE", kinds=("commitment",))).evidence == ()


def test_moments_go_forward_also_when_the_clock_goes_back(register: Register):
    times = [datetime(2026, 1, 2, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)]
    moments = []
    for number, time in enumerate(times):
        record = replace(build_records(1, 0)[0], id=f"pact-{number}")
        moments.append(record_entries(register, [record], clock=lambda time=time: time).recorded_at)
    assert moments == sorted(set(moments))
    assert verify_register(register).holds


def test_an_edit_that_has_not_seen_the_last_entry_is_refused_and_both_are_shown(register: Register):
    record_entries(register, build_records(1, 0))
    head = read_head(register)
    mine = replace(build_records(1, 0)[0], title="Mine")
    theirs = replace(mine, title="Theirs")
    record_entries(register, [theirs], seen=head)
    with pytest.raises(Conflict, match=r"(?s)Theirs.*Mine") as refused:
        record_entries(register, [mine], seen=head)
    assert f"--seen {head.seq + 1}" in refused.value.todo
    assert "entered_by" in str(refused.value) and "parties" not in str(refused.value)
    with pytest.raises(Conflict):
        record_entries(register, [mine])
    record_entries(register, [mine], seen=head.seq + 1)
    assert read_standing(register).agreements[0].title == "Mine"


def test_an_edit_that_has_seen_another_register_is_refused(register: Register):
    record_entries(register, build_records(1, 0))
    with pytest.raises(Conflict, match="was seen"):
        record_entries(register, build_records(2, 0), seen=Head(2, "f" * 64))


def test_nothing_of_a_bad_batch_is_written(register: Register):
    record_entries(register, build_records(1, 0))
    head = read_head(register)
    good = replace(build_records(1, 0)[0], id="other")
    with pytest.raises(RecordsRefused):
        record_entries(register, [good, replace(good, id="third", parties=("XXX",))])
    assert read_head(register) == head


def change_by_force(place: str, statement: str) -> None:
    """Change the database past its guards, as somebody with its password can."""
    register = open_register(place)
    with register.change() as con:
        if register.is_shared:
            con.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for (name,) in con.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                con.exec_driver_sql(f"DROP TRIGGER {name}")
        con.exec_driver_sql(statement)
    register.close()


@pytest.mark.parametrize(
    ("statement", "at", "words"),
    [
        ("UPDATE entries SET content = replace(content, 'Build', 'Raze') WHERE seq = 3", 3, "was changed"),
        ("UPDATE entries SET recorded_at = recorded_at + 1 WHERE seq = 4", 4, "was changed"),
        ("UPDATE entries SET party = 'DNK' WHERE seq = 3", 3, "column"),
        ("DELETE FROM entries WHERE seq = 5", 5, "missing"),
        ("UPDATE entries SET seq = 100 WHERE seq = 2", 2, "missing"),
        ("DELETE FROM parties WHERE party = 'NOR'", None, "parties"),
        ("UPDATE entries SET agreement = 'other' WHERE seq = 3", None, "agreement"),
        ("UPDATE totals SET number = 7 WHERE party = 'NOR'", None, "totals"),
        ("DELETE FROM totals WHERE party = 'SWE'", None, "totals"),
    ],
)
def test_the_first_entry_at_which_the_chain_breaks_is_named(place: str, statement: str, at: int | None, words: str):
    with open_register(place, create=True) as register:
        record_entries(register, build_records(2, 0))
        assert verify_register(register).holds
    change_by_force(place, statement)
    with open_register(place) as register:
        verdict = verify_register(register)
    assert not verdict.holds
    assert verdict.broken_at == at
    assert words in verdict.what


def test_swapped_entries_are_found(place: str):
    with open_register(place, create=True) as register:
        record_entries(register, build_records(2, 0))
    for old, new in ((3, 99), (4, 3), (99, 4)):
        change_by_force(place, f"UPDATE entries SET seq = {new} WHERE seq = {old}")
    with open_register(place) as register:
        assert verify_register(register).broken_at == 3


def test_a_cut_end_is_found_with_the_head_that_was_kept_and_only_then(place: str):
    with open_register(place, create=True) as register:
        record_entries(register, build_records(2, 0))
        kept = read_head(register)
    change_by_force(place, f"DELETE FROM entries WHERE seq = {kept.seq}")
    with open_register(place) as register:
        assert verify_register(register).holds
        verdict = verify_register(register, kept)
    assert (verdict.holds, verdict.broken_at) == (False, kept.seq)
    assert "cut off" in verdict.what


def test_a_chain_written_anew_is_found_with_the_head_that_was_kept(tmp_path: Path):
    kept = []
    for name in ("first", "second"):
        with open_register(tmp_path / name, create=True) as register:
            record_entries(register, build_records(1, 0))
            kept.append(read_head(register))
    with open_register(tmp_path / "second") as register:
        assert "anew" in verify_register(register, kept[0]).what
        assert verify_register(register, kept[1]).holds


@pytest.mark.parametrize("statement", ["UPDATE entries SET id = 'x'", "DELETE FROM entries", "DELETE FROM parties"])
def test_the_database_itself_refuses_to_change_an_entry(register: Register, statement: str):
    record_entries(register, build_records(1, 0))
    with pytest.raises(RegisterError, match="only appended to"), register.change() as con:
        con.execute(sa.text(statement))


def test_a_register_that_is_not_there_is_not_made_by_reading(tmp_path: Path):
    with pytest.raises(RegisterMissing):
        open_register(tmp_path / "none.db")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("place", ["mysql://a@b/c", "http://example.org/register"])
def test_other_databases_are_refused(place: str):
    with pytest.raises(RegisterError, match="cannot be at a place"):
        open_register(place)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://who:hunter2@127.0.0.1:1/none",
        "postgresql://who@127.0.0.1:1/none?password=hunter2",
        "postgresql://who:hunter2@127.0.0.1:port/none",
    ],
)
def test_a_password_is_never_printed(address: str):
    with pytest.raises(RegisterError) as refused:
        open_register(address)
    assert "hunter2" not in f"{refused.value}{refused.value!r}{refused.value.as_dict()}"


def test_a_moment_without_a_zone_is_refused(register: Register):
    with pytest.raises(RegisterError, match="has no zone"):
        read_standing(register, known=datetime(2026, 1, 1))

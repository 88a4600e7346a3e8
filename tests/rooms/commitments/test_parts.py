"""A part of a register is followed as the whole is, and its answer does not depend on how it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.specimens.promises import HOSTILE, TODAY, make_assessment, make_commitment, make_evidence, make_register

from comity.api.follow import follow_due, follow_register, list_due_commitments, write_register_status
from comity.api.register_view import RegisterView
from comity.cli.main import comity as main
from comity.commitments.errors import RecordsRefused
from comity.commitments.following import follow_commitments
from comity.commitments.records import Agreement, Article, Standing
from comity.commitments.register import Register, Selection, read_head, read_part, record_entries


def record(register: Register, standing: Standing) -> None:
    kinds = ("agreements", "articles", "commitments", "evidence", "assessments")
    record_entries(register, [row for kind in kinds for row in getattr(standing, kind)])


def test_a_part_is_followed_as_the_whole_is(register: Register):
    standing = make_register()
    record(register, standing)
    part = read_part(register, TODAY)
    found = follow_commitments(part.ground, TODAY, tallies=part.tallies)
    plain = follow_commitments(standing, TODAY)
    undated = [replace(row, commitment=replace(row.commitment, recorded_at=None)) for row in found]
    assert undated == list(plain)
    assert not part.is_cut


def test_evidence_summed_up_by_the_database_is_not_misled_by_words(register: Register):
    words = '{"direction":"against","value":"10","day":"1999-01-01"}'
    evidence = make_evidence("a-done", direction="neither", quotation=words)
    standing = replace(make_register(), evidence=(evidence,))
    record(register, standing)
    tally = read_part(register, TODAY).tallies["a-done"]
    assert tally == (1, evidence.day, False, False, False)
    assert "a-done" not in read_part(register, date(2023, 4, 30)).tallies


def test_what_is_waited_for_is_fetched_though_another_owes_it(register: Register):
    record(register, make_register())
    part = read_part(register, TODAY, only=Selection(party="SWE"))
    assert {row.party for row in part.asked.commitments} == {"SWE"}
    assert {row.id for row in part.ground.commitments} - {row.id for row in part.asked.commitments} == {"e-late"}
    rows = follow_commitments(part.ground, TODAY, tallies=part.tallies)
    waiting = next(row for row in rows if row.commitment.id == "f-waits")
    assert (waiting.state, waiting.next.party) == ("blocked", "NOR")


def test_of_too_many_the_first_are_read_and_all_are_counted(register: Register):
    record(register, make_register())
    part = read_part(register, TODAY, bounds=(5, 7))
    assert part.is_cut and part.total == 9
    assert [row.due is None for row in part.asked.commitments].count(False) == 6
    assert len(part.asked.commitments) == 7
    counts = {one.name: one for one in part.counts}
    assert (counts["NOR"].total, counts["NOR"].past, counts["NOR"].undated) == (5, 2, 1)


def test_the_latest_evidence_comes_first_and_words_stay_inert(register: Register):
    days = [date(2023, month, 1) for month in (1, 2, 3)]
    pieces = tuple(make_evidence("a-done", day=day, quotation=HOSTILE) for day in days)
    record(register, replace(make_register(), evidence=pieces))
    part = read_part(register, TODAY, quoted=2)
    found = [row for row in part.latest if row.commitment == "a-done"]
    assert {row.day for row in found} == set(days[1:])
    assert all(row.quotation == HOSTILE for row in found)


@pytest.mark.parametrize("given", [{}, {"party": "NOR", "partner": "SWE", "field": "trade"}])
def test_due_days_are_listed_page_by_page_as_at_once(place: str, register: Register, given: dict, monkeypatch):
    record(register, make_register())
    asked = RegisterView(place, TODAY, **given)
    whole = list_due_commitments(asked, within=400)
    monkeypatch.setattr("comity.api.register_view.PAGE", 1)
    assert list_due_commitments(asked, within=400) == whole != []
    assert [row["due"] for row in whole] == sorted(row["due"] for row in whole)


def test_swapping_the_parties_swaps_the_status_and_nothing_else(tmp_path):
    from comity.commitments.register import open_register

    told = {}
    for parties in (("NOR", "SWE"), ("SWE", "NOR")):
        place = str(tmp_path / f"{parties[0]}.db")
        with open_register(place, create=True) as register:
            record(register, make_register(*parties))
        asked = RegisterView(place, TODAY, party="NOR", partner="SWE")
        told[parties] = follow_register(asked)
        page = write_register_status(asked, "html")
        assert "<script>alert" not in page and "<img src=x" not in page
    one, other = told.values()
    swap = {"NOR": "SWE", "SWE": "NOR"}
    for row in other["rows"]:
        row["party"], row["owner"] = swap[row["party"]], f"office of {swap[row['party']]}"
        if row["next"]:
            row["next"]["party"] = swap[row["next"]["party"]]
            row["next"]["owner"] = f"office of {row['next']['party']}"
    assert one["rows"] == other["rows"]
    assert {row["party"]: row for row in one["parties"]} == {
        swap[row["party"]]: {**row, "party": swap[row["party"]]} for row in other["parties"]
    }


@pytest.mark.parametrize(("scale", "value", "field"), [("g20", "0", "scale"), ("pam", "7", "value"),
                                                       ("iati-result", "=1+1", "value")])  # fmt: skip
def test_a_value_that_no_scale_has_is_refused_at_the_door(register: Register, scale: str, value: str, field: str):
    measured = make_commitment("x", "NOR", indicator="posts", baseline=Decimal(0), target=Decimal(1))
    standing = replace(make_register(), commitments=(measured,), evidence=(), assessments=())
    record(register, standing)
    with pytest.raises(RecordsRefused, match=f"assessment.{field}"):
        record_entries(register, [make_assessment("x", value, scale=scale)])


LATER = date(2025, 1, 1)


def record_later(register: Register) -> None:
    """Record a pact of the two and one of one with a third, both from a later day on, with what they owe before it."""
    record(register, make_register())
    for name, parties in (("new", ("NOR", "SWE")), ("other", ("NOR", "FIN"))):
        agreement = Agreement(name, "office", LATER, title="A pact", parties=parties)
        article = Article(f"{name}/1", "office", LATER, agreement=name, place="Article 1")
        owed = [
            make_commitment(f"{name}-{party}-{due.year}", party, article=article.id, due=due)
            for party in parties
            for due in (date(2024, 6, 10), date(2027, 1, 1))
        ]
        record_entries(register, [agreement, article, *owed])


def test_what_a_day_leaves_out_is_counted_also_where_both_parties_are_named(register: Register, place: str):
    record_later(register)
    both = RegisterView(place, TODAY, party="NOR", partner="SWE")
    assert follow_register(both)["left_out"] == 4
    assert follow_register(replace(both, most=3))["left_out"] == 4
    assert follow_register(replace(both, on=LATER))["left_out"] == 0
    assert follow_register(replace(both, partner="FIN"))["left_out"] == 4
    assert follow_register(RegisterView(place, TODAY))["left_out"] == 8
    assert follow_register(replace(both, field="water"))["left_out"] == 0
    only = Selection(pair=("NOR", "SWE"), agreement="other")
    assert read_part(register, TODAY, only=only).asked.left_out == 0


def test_what_is_due_is_listed_with_how_many_a_day_leaves_out_whatever_the_pages(register: Register, place: str):
    record_later(register)
    both = RegisterView(place, TODAY, party="SWE", partner="NOR")
    found = follow_due(both, limit=1)
    assert ([row["id"] for row in found["rows"]], found["more"], found["left_out"]) == (["e-late"], True, 2)
    assert follow_due(both) == {**found, "rows": list_due_commitments(both), "more": False}
    assert len(found["rows"]) < len(list_due_commitments(both))
    done = CliRunner().invoke(main, ["commitments", "due", "--register", place, "--on", "2024-06-01", "--party", "FIN"])
    assert done.stdout == "nothing is overdue on 2024-06-01, or due within 30 days\n"
    assert done.stderr.startswith("- 1 commitment is left out: entered as holding on 2024-06-01, under an article or")
    seen = [left for _, left in both.iterate_due_pages(None, 1)]
    assert len(seen) > 2 and sum(seen) == 4


def test_a_later_agreement_that_was_put_right_is_counted_by_its_last_word(register: Register, place: str):
    record_later(register)
    of_two = RegisterView(place, TODAY, party="FIN", partner="SWE")
    assert follow_register(of_two)["left_out"] == 0
    for parties, count in ((("NOR", "SWE", "FIN"), 2), (("NOR", "SWE"), 0)):
        changed = Agreement("new", "office", LATER, title="A pact", parties=parties)
        receipt = record_entries(register, [changed], seen=read_head(register))
        assert follow_register(of_two)["left_out"] == count
    assert follow_register(replace(of_two, known=receipt.recorded_at - timedelta(microseconds=1)))["left_out"] == 2

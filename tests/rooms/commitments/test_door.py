"""What the register takes: real parties, sane days, open links, plain text; what rests on something that stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.specimens.registers import DAY, build_records, open_empty

from comity.commitments.errors import RecordsRefused
from comity.commitments.records import Article, Record
from comity.commitments.register import Register, Selection, read_head, read_standing, record_entries, withdraw_entry
from comity.commitments.register.rules import check_record, is_link

AGREEMENT, ARTICLE, COMMITMENT, EVIDENCE, _, ASSESSMENT = build_records(1, 2)[:6]


@pytest.fixture
def register() -> Iterator[Register]:
    """Give a register with some records."""
    with open_empty() as opened:
        record_entries(opened, build_records(2, 2))
        yield opened


@pytest.mark.parametrize(
    ("record", "field", "change"),
    [
        (AGREEMENT, "id", {"id": ""}),
        (AGREEMENT, "id", {"id": "=cmd"}),
        (AGREEMENT, "id", {"id": "a b"}),
        (AGREEMENT, "title", {"title": "  "}),
        (AGREEMENT, "title", {"title": "a\u202eb"}),
        (AGREEMENT, "title", {"title": "a\nb"}),
        (AGREEMENT, "title", {"title": "a\x00b"}),
        (AGREEMENT, "title", {"title": "x" * 1001}),
        (AGREEMENT, "parties", {"parties": ()}),
        (AGREEMENT, "parties", {"parties": ("NOR", "NOR")}),
        (AGREEMENT, "parties", {"parties": ("NOR", "Some Firm Ltd")}),
        (AGREEMENT, "in_force", {"in_force": DAY - timedelta(days=1)}),
        (AGREEMENT, "valid_from", {"valid_from": date(20, 1, 1)}),
        (AGREEMENT, "entered_by", {"entered_by": ""}),
        (COMMITMENT, "due", {"due": date(9999, 1, 1)}),
        (COMMITMENT, "target", {"target": Decimal("NaN")}),
        (COMMITMENT, "target", {"target": Decimal("1e400")}),
        (COMMITMENT, "indicator", {"indicator": ""}),
        (COMMITMENT, "field", {"field": "espionage"}),
        (COMMITMENT, "depends_on", {"depends_on": (COMMITMENT.id,)}),
        (EVIDENCE, "link", {"link": "javascript:alert(1)"}),
        (EVIDENCE, "direction", {"direction": "sideways"}),
        (EVIDENCE, "strength", {"strength": 4}),
        (EVIDENCE, "quotation", {"quotation": "a\ud800"}),
        (ASSESSMENT, "evidence", {"evidence": ("x", "x")}),
    ],
)
def test_a_record_that_breaks_a_rule_is_told_by_field(record: Record, field: str, change: dict[str, Any]):
    assert list(check_record(record)) == []
    assert field in {fault.field for fault in check_record(replace(record, **change))}


def test_hostile_text_in_a_quotation_stays_plain_text(register: Register):
    text = "<script>alert(1)</script>\n=1+1 'quoted' {{7*7}} \u05d0\u200d"
    record_entries(register, [replace(EVIDENCE, id="hostile", quotation=text)])
    assert next(e for e in read_standing(register).evidence if e.id == "hostile").quotation == text


@pytest.mark.parametrize(
    "link",
    ["https://example.org", "http://example.org:8080/a?b=c#d", "https://xn--bcher-kva.example/%20", "https://b\u00fccher.example/a"],
)  # fmt: skip
def test_an_open_address_is_a_link(link: str):
    assert is_link(link)


@pytest.mark.parametrize(
    "link",
    ["", "example.org", "ftp://example.org", "file:///x", "data:text/html,x", "https://a@example.org/",
     "https://a b.org", "http://127.0.0.1/", "http://2130706433/", "https://example.org/<x>",
     "https://example.org\\@x", "http://[::1]/", "http://localhost/x", "http://LOCALHOST.:8080", "http://intranet/a",
     "https://files.lan/a", "http://a.localhost", "http://10.0.0.8/", "http://192.168.1.1./", "http://0x7f.1/",
     "http://127\u30020\u30020\u30021/", "http://\uff4cocalhost/", "http://%6cocalhost.org/", "http://example..org/"],
)  # fmt: skip
def test_what_is_no_open_address_is_no_link(link: str):
    assert not is_link(link)


def refuse(register: Register, *records: Record) -> dict[str, str]:
    """Give the problems by field."""
    head = read_head(register)
    with pytest.raises(RecordsRefused) as refused:
        record_entries(register, records, seen=head)
    assert read_head(register) == head
    return {problem.field: problem.what for problem in refused.value.problems}


def test_what_a_record_rests_on_must_be_there(register: Register):
    assert "none" in refuse(register, Article("n", "o", DAY, agreement="none", place="1"))["article.agreement"]
    assert "none" in refuse(register, replace(COMMITMENT, id="n", article="none"))["commitment.article"]
    assert "none" in refuse(register, replace(ASSESSMENT, id="n", evidence=("none",)))["assessment.evidence"]
    assert "none" in refuse(register, replace(COMMITMENT, id="n", depends_on=("none",)))["commitment.depends_on"]


def test_what_holds_before_that_on_which_it_rests_is_seen_with_it(register: Register):
    day = DAY - timedelta(days=9)
    record_entries(register, [replace(EVIDENCE, id="n", valid_from=day)])
    assert read_standing(register, valid=day).evidence == ()
    assert read_standing(register, valid=day, only=Selection(party="NOR")).commitments == ()
    assert "n" in {evidence.id for evidence in read_standing(register, valid=DAY).evidence}


def test_a_party_owes_only_what_it_agreed_to(register: Register):
    assert "no party of" in refuse(register, replace(COMMITMENT, id="n", party="DNK"))["commitment.party"]
    assert "owes" in refuse(register, replace(AGREEMENT, parties=("NOR",)))["agreement.parties"]


def test_days_must_be_in_order(register: Register):
    assert "before the signature" in refuse(register, replace(COMMITMENT, due=date(2019, 1, 1)))["commitment.due"]
    tomorrow = date.today() + timedelta(days=3)
    assert "not come yet" in refuse(register, replace(EVIDENCE, day=tomorrow))["evidence.day"]


def test_a_circle_of_dependencies_is_printed(register: Register):
    ids = [f"pact/1/{party}/{number}" for party in ("NOR", "SWE") for number in (0, 1)]
    found = {c.id: replace(c, recorded_at=None) for c in read_standing(register).commitments}
    chain = [replace(found[a], depends_on=(b,)) for a, b in zip(ids, ids[1:], strict=False)]
    record_entries(register, chain, seen=read_head(register))
    told = refuse(register, replace(found[ids[-1]], depends_on=(ids[0],)))["commitment.depends_on"]
    assert told.endswith(" -> ".join([*ids, ids[0]]))


def test_evidence_of_another_commitment_does_not_serve(register: Register):
    told = refuse(register, replace(ASSESSMENT, evidence=("pact/1/SWE/0/e0",)))
    assert "is of commitment" in told["assessment.evidence"]


def test_nothing_moves_to_another_place(register: Register):
    assert "cannot move" in refuse(register, replace(EVIDENCE, commitment="pact/1/SWE/0"))["evidence.commitment"]


def test_what_others_rest_on_is_withdrawn_with_them_or_not_at_all(register: Register):
    day = DAY + timedelta(days=400)
    with pytest.raises(RecordsRefused, match="still rest on it"):
        withdraw_entry(register, "agreement", "pact", entered_by="o", valid_from=day)
    standing = read_standing(register)
    kinds = (standing.agreements, standing.articles, standing.commitments, standing.evidence, standing.assessments)
    gone = [replace(r, recorded_at=None, withdrawn=True, valid_from=day) for kind in kinds for r in kind]
    record_entries(register, gone, seen=read_head(register))
    assert read_standing(register, valid=day).agreements == ()
    assert len(read_standing(register, valid=day - timedelta(days=1)).commitments) == 4
    assert "does not stand" in refuse(register, replace(ARTICLE, id="n", valid_from=day))["article.valid_from"]


def test_what_others_name_is_not_withdrawn_alone(register: Register):
    assert "rests on it" in refuse(register, replace(EVIDENCE, withdrawn=True))["evidence.withdrawn"]
    bare = replace(COMMITMENT, id="bare")
    record_entries(register, [bare, replace(COMMITMENT, id="waiting", depends_on=("bare",))])
    assert "waits for it" in refuse(register, replace(bare, withdrawn=True))["commitment.withdrawn"]
    freed = replace(COMMITMENT, id="waiting")
    record_entries(register, [freed, replace(bare, withdrawn=True)], seen=read_head(register))
    assert {c.id for c in read_standing(register).commitments} & {"bare", "waiting"} == {"waiting"}


def test_every_problem_of_a_batch_is_listed(register: Register):
    bad = [replace(EVIDENCE, id=f"bad{number}", link="x") for number in range(30)]
    with pytest.raises(RecordsRefused, match="and 10 more") as refused:
        record_entries(register, bad)
    assert [problem.row for problem in refused.value.problems] == list(range(1, 31))


def test_a_withdrawal_of_nothing_is_refused(register: Register):
    assert "to withdraw" in refuse(register, replace(AGREEMENT, id="other", withdrawn=True))["agreement.withdrawn"]

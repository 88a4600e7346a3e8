"""Whatever is recorded, a view of the past never changes, and every view is that of a naive model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.specimens.registers import open_empty

from comity.commitments.records import Agreement, Article, Commitment, Record
from comity.commitments.register import (
    Selection,
    count_commitments,
    read_head,
    read_standing,
    record_entries,
    verify_register,
)

FIRST = date(2020, 1, 1)
PARTIES = ("NOR", "SWE")
days = st.integers(0, 6).map(lambda n: FIRST + timedelta(days=n))
edits = st.tuples(
    st.sampled_from("abc"), days, st.sampled_from(PARTIES), st.booleans(), st.none() | days, st.integers(-3, 3)
)


def see(log: list[Record], valid: date, known: datetime) -> set[Record]:
    """Give what counts by the naive rule: of each id the last entry that was known and applies, unless withdrawn."""
    last: dict[str, Record] = {}
    for record in log:
        if record.valid_from <= valid and record.recorded_at is not None and record.recorded_at <= known:
            last[record.id] = record
    return {record for record in last.values() if not record.withdrawn}


@settings(max_examples=20)
@given(steps=st.lists(edits, max_size=7), asked=st.lists(days, min_size=1, max_size=2))
def test_views_are_those_of_a_naive_model_and_never_change(steps: list[tuple], asked: list[date]):
    clock = datetime(2026, 1, 1, tzinfo=UTC)
    log: list[Record] = []
    kept = []
    with open_empty() as register:
        above = [Agreement("x", "o", FIRST, title="X", parties=PARTIES)]
        record_entries(register, [*above, Article("y", "o", FIRST, agreement="x", place="1")], clock=lambda: clock)
        for id, day, party, withdrawn, due, hours in steps:
            clock += timedelta(hours=hours)
            known_before = {record.id for record in log}
            record = Commitment(id, "o", day, article="y", party=party, obligation=f"{len(log)}", due=due,
                                withdrawn=withdrawn and id in known_before)  # fmt: skip
            receipt = record_entries(register, [record], seen=read_head(register), clock=lambda now=clock: now)
            log.append(replace(record, recorded_at=receipt.recorded_at))
            for valid in asked:
                kept.append(read_standing(register, valid=valid))
        for standing in kept:
            assert set(standing.commitments) == see(log, standing.valid, standing.known)
            assert read_standing(register, valid=standing.valid, known=standing.known) == standing
            counted = count_commitments(register, valid=standing.valid, known=standing.known)
            assert {count.name: count.total for count in counted} == {
                party: n for party in PARTIES if (n := sum(c.party == party for c in standing.commitments))
            }
            part = read_standing(register, valid=standing.valid, known=standing.known, only=Selection(party="NOR"))
            assert part.commitments == tuple(c for c in standing.commitments if c.party == "NOR")
        assert verify_register(register).holds

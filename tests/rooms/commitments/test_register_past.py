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
dues = st.none() | days | st.sampled_from([date(2018, 7, 1), date(2019, 12, 31), date(2020, 12, 31), date(2021, 1, 1)])
edits = st.tuples(st.sampled_from("abc"), days, st.sampled_from(PARTIES), st.booleans(), dues, st.integers(-3, 3))


def see(log: list[Record], valid: date, known: datetime) -> set[Record]:
    """Give what counts by the naive rule: of each id the last entry that was known and applies, unless withdrawn."""
    last: dict[str, Record] = {}
    for record in log:
        if record.valid_from <= valid and record.recorded_at is not None and record.recorded_at <= known:
            last[record.id] = record
    return {record for record in last.values() if not record.withdrawn}


def tell_due(rows: tuple[Commitment, ...], party: str, day: date) -> tuple[str, int, int, int, int]:
    """Give a party with the number of its commitments: all, due before the day, later, and without a due day."""
    dues = [row.due for row in rows if row.party == party]
    past, undated = sum(due is not None and due < day for due in dues), dues.count(None)
    return party, len(dues), past, len(dues) - past - undated, undated


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
            told = [tell_due(standing.commitments, party, standing.valid) for party in PARTIES]
            assert list(counted) == [count for count in told if count[1]]
            part = read_standing(register, valid=standing.valid, known=standing.known, only=Selection(party="NOR"))
            assert part.commitments == tuple(c for c in standing.commitments if c.party == "NOR")
        assert verify_register(register).holds

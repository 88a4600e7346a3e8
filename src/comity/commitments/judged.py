"""What coders and readings say of each commitment by a day: one judgement each, with what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from comity.commitments.records import Assessment, Commitment, Evidence, Standing
from comity.commitments.scales import Reading, convert_value, find_scale, measure_share


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the coders said last of a commitment on one scale.

    `readings` holds one reading for each coder, in order of the coders; `day` is the last assessment's; `ids` are the
    assessments.
    """

    commitment: str
    scale: str
    period: str
    day: date
    coders: tuple[str, ...]
    readings: tuple[Reading, ...]
    ids: tuple[str, ...]

    @property
    def fulfilment(self) -> float | None:
        """Mean of the coders' points on [0, 1], None where none says how far."""
        known = [one.fulfilment for one in self.readings if one.fulfilment is not None]
        return sum(known) / len(known) if known else None

    @property
    def rank(self) -> int | None:
        """The rank of the level in the coders' middle, the lower of two; None where none says how far."""
        ranks = sorted(rank for one in self.readings if (rank := rank_reading(one)) is not None)
        return ranks[(len(ranks) - 1) // 2] if ranks else None

    @property
    def disputed(self) -> bool:
        """Whether the coders do not all say the same."""
        return len({one.value for one in self.readings}) > 1


def rank_reading(reading: Reading) -> int | None:
    """Return the rank of a reading on its scale, from 0; a number has none, part or all of the way."""
    scale = find_scale(reading.scale)
    if reading.fulfilment is None:
        return None
    if not scale.levels:
        return 0 if reading.fulfilment <= 0 else 2 if reading.fulfilment >= 1 else 1
    return [level.value for level in scale.rated].index(reading.value)


def judge_commitments(standing: Standing, on: date) -> list[Judgement]:
    """Return what was said last of each judged commitment, by assessments dated no later than a day.

    The scale is that of the last assessment (of two on one day, the one recorded later); each coder's last assessment
    on that scale and for that period counts.

    Parameters
    ----------
    standing : Standing
    on : date
        Nothing later is seen.

    Returns
    -------
    list of Judgement
        In order of the commitments.
    """
    given: dict[str, list[Assessment]] = defaultdict(list)
    for row in standing.assessments:
        if row.day <= on:
            given[row.commitment].append(row)
    return [_judge(commitment, given[commitment.id]) for commitment in standing.commitments if given[commitment.id]]


def _judge(commitment: Commitment, rows: Iterable[Assessment]) -> Judgement:
    """Return the judgement of one commitment."""
    ordered = sorted(rows, key=lambda row: (row.day, str(row.recorded_at or ""), row.period, row.id))
    newest = ordered[-1]
    latest: dict[str, Assessment] = {}
    for row in ordered:
        if (row.scale, row.period) == (newest.scale, newest.period):
            latest[row.coder] = row
    chosen = [latest[coder] for coder in sorted(latest)]
    readings = [convert_value(row.scale, row.value, commitment.baseline, commitment.target) for row in chosen]
    return Judgement(
        commitment=commitment.id,
        scale=newest.scale,
        period=newest.period,
        day=newest.day,
        coders=tuple(row.coder for row in chosen),
        readings=tuple(readings),
        ids=tuple(row.id for row in chosen),
    )


def read_indicator(commitment: Commitment, evidence: Sequence[Evidence], on: date) -> tuple[Evidence, float] | None:
    """Return the last reading of a commitment's indicator by a day, with the achieved share; None without one."""
    known = [row for row in evidence if row.value is not None and row.day <= on]
    if not known:
        return None
    last = max(known, key=lambda row: (row.day, str(row.recorded_at or ""), row.id))
    share = measure_share(last.value, commitment.baseline, commitment.target) if last.value is not None else None
    return None if share is None else (last, share)

"""What coders and readings say of each commitment by a day: one judgement each, with what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product, starmap
from math import fsum

from comity.commitments.records import Assessment, Commitment, Evidence, Standing
from comity.commitments.scales import Reading, convert_value, find_scale, measure_share

CLOSED = ("fulfilled", "broken", "withdrawn")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the coders said last of a commitment, each on the scale of her own last word.

    `readings` holds one reading for each coder, in order of the coders; `day` is the last assessment's; `ids` are the
    assessments. `scale` is the one that most of the coders used, of as many the one used last; `period` is what the
    last words are about. `surpassed` tells whether other coders said otherwise of another period and nothing since.
    """

    commitment: str
    scale: str
    period: str
    day: date
    coders: tuple[str, ...]
    readings: tuple[Reading, ...]
    ids: tuple[str, ...]
    surpassed: bool = False

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that the coders used, in order of name."""
        return tuple(sorted({one.scale for one in self.readings}))

    @property
    def values(self) -> tuple[str, ...]:
        """What was said, each value once, from the lowest up; with its scale where the coders used several."""
        ordered = sorted(self.readings, key=lambda one: (one.scale, one.fulfilment or 0.0, one.value))
        mixed = len(self.scales) > 1
        return tuple(dict.fromkeys(f"{one.scale} {one.value}" if mixed else one.value for one in ordered))

    @property
    def fulfilment(self) -> float | None:
        """Mean of the coders' points on [0, 1], None where none says how far."""
        known = [one.fulfilment for one in self.readings if one.fulfilment is not None]
        return fsum(known) / len(known) if known else None

    @property
    def rank(self) -> int | None:
        """The rank of the level in the middle of the coders on `scale`, the lower of two; None where none says it."""
        ranks = sorted(
            rank for one in self.readings if one.scale == self.scale and (rank := rank_reading(one)) is not None
        )
        return ranks[(len(ranks) - 1) // 2] if ranks else None

    @property
    def disputed(self) -> bool:
        """Whether the coders do not all say the same."""
        return len(self.readings) > 1 and any(starmap(differ, combinations(set(self.readings), 2)))

    @property
    def settled(self) -> str:
        """The state that all coders agree on, where it closes the commitment; else empty."""
        said = {one.state for one in self.readings}
        closing = said.pop() if len(said) == 1 else ""
        return closing if closing in CLOSED else ""


def differ(one: Reading, other: Reading) -> bool:
    """Tell whether two readings contradict each other.

    On one scale they do where the values are not the same; on two scales where the states are not, or the parts of
    [0, 1] that the levels cover have no point in common.

    Examples
    --------
    >>> from comity.commitments.scales import convert_value
    >>> differ(convert_value("pam", "3"), convert_value("kept", "done"))
    False
    >>> differ(convert_value("pam", "0"), convert_value("kept", "done"))
    True
    """
    if one.scale == other.scale:
        return one.value != other.value
    if one.state != other.state:
        return True
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return max(one.low, other.low) > min(one.high, other.high)


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

    Each coder's last word counts, on whatever scale (of two on one day, the one recorded later); a coder who uses
    another scale replaces her own earlier word and nobody else's. The period is the last one that was named: words
    about others do not count, words about none in particular do.

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
    return [
        judge_commitment(commitment, given[commitment.id])
        for commitment in standing.commitments
        if given[commitment.id]
    ]


def judge_commitment(commitment: Commitment, rows: Iterable[Assessment]) -> Judgement:
    """Return what some assessments of one commitment, at least one, say in the end; see `judge_commitments`."""
    ordered = sorted(rows, key=lambda row: (row.day, str(row.recorded_at or ""), row.period, row.id))
    period = next((row.period for row in reversed(ordered) if row.period), "")
    latest = {row.coder: row for row in ordered if row.period in ("", period)}
    past = {row.coder: row for row in ordered if row.coder not in latest}
    before = {_read(row, commitment) for row in past.values()}
    chosen = [latest[coder] for coder in sorted(latest)]
    readings = tuple(_read(row, commitment) for row in chosen)
    return Judgement(
        commitment=commitment.id,
        scale=_choose_scale([row for row in ordered if latest.get(row.coder) is row]),
        period=period,
        day=max(row.day for row in chosen),
        coders=tuple(row.coder for row in chosen),
        readings=readings,
        ids=tuple(row.id for row in chosen),
        surpassed=bool(before) and any(starmap(differ, product(before, set(readings)))),
    )


def _read(row: Assessment, commitment: Commitment) -> Reading:
    """Return what an assessment says of fulfilment."""
    return convert_value(row.scale, row.value, commitment.baseline, commitment.target)


def _choose_scale(rows: Sequence[Assessment]) -> str:
    """Return the scale that most of the coders used, of as many the one used last; rows are in order of time."""
    used = [row.scale for row in rows]
    return max(reversed(used), key=used.count)


def read_indicator(commitment: Commitment, evidence: Sequence[Evidence], on: date) -> tuple[Evidence, float] | None:
    """Return the last reading of a commitment's indicator by a day, with the achieved share; None without one."""
    known = [row for row in evidence if row.value is not None and row.day <= on]
    if not known:
        return None
    last = max(known, key=lambda row: (row.day, str(row.recorded_at or ""), row.id))
    share = measure_share(last.value, commitment.baseline, commitment.target) if last.value is not None else None
    return None if share is None else (last, share)

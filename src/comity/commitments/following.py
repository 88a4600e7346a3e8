"""Where each commitment stands on a day: its state, what it waits for, and who owes the next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from comity.commitments.blocking import find_cycles, find_roots
from comity.commitments.judged import CLOSED, Judgement, judge_commitments, read_indicator
from comity.commitments.records import Agreement, Article, Commitment, Evidence, Standing
from comity.commitments.tallies import Tally, tally_evidence

if TYPE_CHECKING:
    from comity.commitments.register.counting import Count

OPEN = ("overdue", "blocked", "due soon", "in progress", "no evidence")
STATES = (*OPEN, *CLOSED)
SOON_DAYS = 90
DIFFER = "coders differ"
_OF_COMMITMENT = ("id", "article", "party", "obligation", "field", "owner", "indicator", "unit")
_OF_FOLLOWED = ("agreement", "place", "state", "basis", "days", "share", "scale", "value", "evidence")


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, and who owes it: an office where the register names one, always the party."""

    what: str
    commitment: str
    party: str
    owner: str


_OF_STEP = tuple(part.name for part in fields(Step))
_TAKE_COMMITMENT, _TAKE_FOLLOWED = attrgetter(*_OF_COMMITMENT), attrgetter(*_OF_FOLLOWED)
_TAKE_STEP = attrgetter(*_OF_STEP)


@dataclass(frozen=True, slots=True)
class Followed:
    """A commitment on a day.

    `basis` says on what the state rests (assessment, reading, dates, evidence, nothing), `share` is fulfilment on
    [0, 1] where something says it (the mean of the coders), `scale` and `value` are what the coders said last, each
    value with its scale where they used several; `days` runs to the due day (negative after it), `blocked_by` names
    what it depends on and is not fulfilled, `notes` what a reader should know.
    """

    commitment: Commitment
    agreement: str
    place: str
    state: str
    basis: str
    days: int | None
    share: float | None
    scale: str
    value: str
    judged: date | None
    evidence: int
    last_evidence: date | None
    blocked_by: tuple[str, ...]
    blocks: tuple[str, ...]
    next: Step | None
    notes: tuple[str, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Ground:
    """What the register says of one commitment by a day."""

    commitment: Commitment
    judgement: Judgement | None
    evidence: Tally
    reading: tuple[Evidence, float] | None

    def settle(self) -> tuple[str, str]:
        """Return how it is settled and on what basis; an empty state where it is open."""
        judged = self.judgement.settled if self.judgement else ""
        if judged and not self._is_reading_newer():
            return judged, "assessment"
        if self._is_reading_newer() and self.reading is not None and self.reading[1] >= 1:
            return "fulfilled", "reading"
        return judged, "assessment" if judged else ""

    def _is_reading_newer(self) -> bool:
        """Tell whether the indicator was read after the last assessment."""
        if self.reading is None:
            return False
        return self.judgement is None or self.reading[0].day > self.judgement.day


def follow_commitments(
    standing: Standing, on: date, *, soon: int = SOON_DAYS, tallies: Mapping[str, Tally] | None = None
) -> tuple[Followed, ...]:
    """Follow each commitment of a register to a day.

    Nothing dated after the day is seen. A state is closed only by what coders agree on, or by a reading that reached
    the target; a day that has passed makes a commitment overdue, never broken. Both sides are treated alike.

    Parameters
    ----------
    standing : Standing
        From `comity.commitments.register.read_standing`.
    on : date
        The day.
    soon : int
        Days before the due day within which it is due soon.
    tallies : mapping of str to Tally, optional
        Sums of all evidence, where the standing holds readings of the indicator only.

    Returns
    -------
    tuple of Followed
        In order of the commitments.
    """
    grounds = _gather(standing, on, tallies)
    settled = {name: ground.settle() for name, ground in grounds.items()}
    waits = {
        name: tuple(other for other in ground.commitment.depends_on if settled.get(other, ("", ""))[0] != "fulfilled")
        for name, ground in grounds.items()
    }
    blocks: dict[str, list[str]] = defaultdict(list)
    for name, others in waits.items():
        for other in others if not settled[name][0] else ():
            blocks[other].append(name)
    articles = {row.id: row for row in standing.articles}
    cyclic = {name for cycle in find_cycles({n: others for n, others in waits.items() if others}) for name in cycle}
    found = []
    for name, ground in grounds.items():
        state, basis = settled[name]
        article = articles.get(ground.commitment.article)
        found.append(
            _follow(
                ground,
                (article.agreement if article else "", article.place if article else ""),
                (state, basis) if state else _describe_open(ground, on, soon, bool(waits[name])),
                on,
                (() if state else waits[name], tuple(blocks[name])),
                _owe(name, grounds, waits, settled, cyclic),
            )
        )
    return tuple(found)


def _gather(standing: Standing, on: date, tallies: Mapping[str, Tally] | None) -> dict[str, Ground]:
    """Return what is said of each commitment that holds by the day."""
    tallies = tally_evidence(standing.evidence, on) if tallies is None else tallies
    judged = {row.commitment: row for row in judge_commitments(standing, on)}
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in standing.evidence:
        if row.day <= on and row.value is not None:
            evidence[row.commitment].append(row)
    return {
        row.id: Ground(row, judged.get(row.id), tallies.get(row.id, Tally()), read_indicator(row, evidence[row.id], on))
        for row in standing.commitments
        if row.valid_from <= on
    }


def _describe_open(ground: Ground, on: date, soon: int, blocked: bool) -> tuple[str, str]:
    """Return the state of an open commitment and its basis."""
    due = ground.commitment.due
    if due is not None and due < on:
        return "overdue", "dates"
    if blocked:
        return "blocked", "dependencies"
    if due is not None and (due - on).days <= soon:
        return "due soon", "dates"
    if ground.judgement is not None:
        return "in progress", "assessment"
    return ("in progress", "evidence") if ground.evidence.bears else ("no evidence", "nothing")


def _follow(
    ground: Ground,
    place: tuple[str, str],
    state: tuple[str, str],
    on: date,
    links: tuple[tuple[str, ...], tuple[str, ...]],
    step: Step | None,
) -> Followed:
    """Return one commitment with all that is said of it."""
    commitment, judgement, reading = ground.commitment, ground.judgement, ground.reading
    share = judgement.fulfilment if judgement else None
    if reading is not None and (share is None or state[1] == "reading"):
        share = min(1.0, max(0.0, reading[1]))
    return Followed(
        commitment=commitment,
        agreement=place[0],
        place=place[1],
        state=state[0],
        basis=state[1],
        days=None if commitment.due is None else (commitment.due - on).days,
        share=share,
        scale=", ".join(judgement.scales) if judgement else "",
        value=", ".join(judgement.values) if judgement else "",
        judged=judgement.day if judgement else None,
        evidence=ground.evidence.pieces,
        last_evidence=ground.evidence.last,
        blocked_by=links[0],
        blocks=links[1],
        next=step,
        notes=tuple(_note(ground, state[0])),
    )


def _note(ground: Ground, state: str) -> list[str]:
    """Return what a reader should know of a commitment beside its state."""
    judgement, reading, notes = ground.judgement, ground.reading, []
    if judgement is not None and judgement.disputed:
        notes.append(DIFFER)
    if judgement is not None and judgement.surpassed:
        notes.append("another coder said otherwise of another period")
    if reading is not None and reading[1] >= 1 and (judgement is None or state != "fulfilled"):
        notes.append("the last reading reaches the target")
    if ground.evidence.supports and ground.evidence.opposes:
        notes.append("evidence points both ways")
    if ground.commitment.due is None:
        notes.append("no due day is stated")
    return notes


def _owe(
    name: str,
    grounds: Mapping[str, Ground],
    waits: Mapping[str, Sequence[str]],
    settled: Mapping[str, tuple[str, str]],
    cyclic: set[str],
) -> Step | None:
    """Return what comes next for a commitment: its own step, or that of what it waits for in the end."""
    state, basis = settled[name]
    own = grounds[name].commitment
    if state:
        return Step("assess", name, own.party, own.owner) if basis == "reading" else None
    if name in cyclic:
        return Step("mend the circle of dependencies", name, own.party, own.owner)
    roots = [root for root in find_roots(name, waits) if root in grounds]
    first = grounds[min(roots, key=lambda root: _rank(grounds[root].commitment))].commitment if roots else own
    return Step("fulfil", first.id, first.party, first.owner)


def _rank(commitment: Commitment) -> tuple[bool, date, str]:
    """Return what puts commitments in order: the earliest due day first."""
    return commitment.due is None, commitment.due or date.max, commitment.id


def count_states(followed: Sequence[Followed]) -> list[dict[str, Any]]:
    """Count the commitments of each party by state; every party has every state, also where it has none."""
    parties = sorted({row.commitment.party for row in followed})
    return [
        {"party": party, "commitments": sum(row.commitment.party == party for row in followed)}
        | {state: sum(row.commitment.party == party and row.state == state for row in followed) for state in STATES}
        for party in parties
    ]


def count_parties(followed: Sequence[Followed], counts: Sequence[Count]) -> list[dict[str, Any]]:
    """Count by state; where not all are followed, count all of them by due day instead."""
    if not counts:
        return count_states(followed)
    return [
        {"party": one.name, "commitments": one.total, "past": one.past, "ahead": one.ahead, "undated": one.undated}
        for one in counts
    ]


def describe_followed(row: Followed) -> dict[str, Any]:
    """Return a followed commitment as plain values."""
    commitment, step = row.commitment, row.next
    numbers = {"baseline": commitment.baseline, "target": commitment.target}
    return {
        **dict(zip(_OF_COMMITMENT, _TAKE_COMMITMENT(commitment), strict=True)),
        "due": _write_day(commitment.due),
        **{name: None if number is None else str(number) for name, number in numbers.items()},
        **dict(zip(_OF_FOLLOWED, _TAKE_FOLLOWED(row), strict=True)),
        "judged": _write_day(row.judged),
        "last_evidence": _write_day(row.last_evidence),
        "blocked_by": list(row.blocked_by),
        "blocks": list(row.blocks),
        "next": None if step is None else dict(zip(_OF_STEP, _TAKE_STEP(step), strict=True)),
        "notes": list(row.notes),
    }


def select_pair(standing: Standing, parties: Sequence[str]) -> tuple[tuple[Agreement, ...], tuple[Article, ...]]:
    """Return the agreements that all the parties have in common, and their articles."""
    agreements = tuple(row for row in standing.agreements if set(parties) <= set(row.parties))
    ids = {row.id for row in agreements}
    return agreements, tuple(row for row in standing.articles if row.agreement in ids)


def _write_day(day: date | None) -> str | None:
    """Return a day as ISO text."""
    return None if day is None else day.isoformat()

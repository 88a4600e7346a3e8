"""What the evidence of a commitment says in short: how much there is, how late, and in which directions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from comity.commitments.records import Evidence


class Tally(NamedTuple):
    """Pieces of evidence of one commitment: their number, last day, and whether any speaks for, against or reads."""

    pieces: int = 0
    last: date | None = None
    supports: bool = False
    opposes: bool = False
    reads: bool = False

    @property
    def bears(self) -> bool:
        """Whether any has a direction or a reading."""
        return self.supports or self.opposes or self.reads


def tally_evidence(evidence: Iterable[Evidence], on: date) -> dict[str, Tally]:
    """Sum up the evidence of each commitment that is dated no later than a day.

    Returns
    -------
    dict of str to Tally
        By commitment; one without evidence is left out.
    """
    found: dict[str, Tally] = {}
    for row in evidence:
        if row.day > on:
            continue
        before = found.get(row.commitment, Tally())
        found[row.commitment] = Tally(
            before.pieces + 1,
            max(row.day, before.last or row.day),
            before.supports or row.direction == "for",
            before.opposes or row.direction == "against",
            before.reads or row.value is not None,
        )
    return found

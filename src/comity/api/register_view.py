"""Which part of a register is asked, for which day: read and followed without reading the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.commitments import select_records
from comity.api.register_place import open_named, require_agreement
from comity.api.view import WrongUse, read_date, read_time
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    from comity.commitments.following import Followed
    from comity.commitments.records import Standing
    from comity.commitments.register import Part, Register, Selection

MOST = 500
FIRST = 200
PAGE = 200
"""Commitments that are read at a time where due days are listed."""
LEARNED = 2_000


@dataclass(frozen=True)
class RegisterView:
    """Which part of a register is asked, and for which day.

    Parameters
    ----------
    place : path-like or str, optional
        See `comity.api.register_place.choose_register`.
    on : date or str, optional
        The day to which is followed; today where left out. Nothing dated later is seen.
    known : datetime or str, optional
        By what was recorded then; everything where left out.
    party, partner : str, optional
        Any code or unambiguous name: what the first owes; with both, what the two owe under what they share.
    agreement : str, optional
        Id of an agreement.
    field : str, optional
        A field of cooperation.
    most : int
        Where more commitments are asked for, only those due first are followed, and all are counted.
    """

    place: str | Path | None = None
    on: date | str | None = None
    known: datetime | str | None = None
    party: str | None = None
    partner: str | None = None
    agreement: str | None = None
    field: str | None = None
    most: int = MOST

    def __post_init__(self) -> None:
        """Refuse to follow nothing."""
        if self.most < 1:
            raise WrongUse(f"at most {self.most} commitments cannot be followed", todo="give 1 or more")

    @property
    def day(self) -> date:
        """The day to which is followed."""
        return read_date(self.on) or datetime.now(UTC).date()

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the parties that are asked about; none where all are."""
        return tuple(identify_actor(name).id for name in (self.party, self.partner) if name is not None)

    @contextmanager
    def open(self) -> Iterator[Register]:
        """Open the register that is asked; an agreement that was never entered is refused."""
        with open_named(self.place) as register:
            require_agreement(register, self.agreement)
            yield register

    def select(self, **given: Any) -> Selection:
        """Return the selection that is asked for, narrowed further by what is given."""
        return replace(select_records(self.agreement, self.party, self.partner, self.field), **given)

    def read(self, **given: Any) -> Standing:
        """Read how the part stood, with all evidence; narrowed further by the fields of a selection."""
        with self.open() as register:
            from comity.commitments.register import read_standing

            return read_standing(register, valid=self.day, known=read_time(self.known), only=self.select(**given))

    def read_part(self, *, quoted: int = 0, **given: Any) -> Part:
        """Read what a status page needs of the part, with so many quotations; what it waits for is fetched by id."""
        bounds = (self.most, min(FIRST, self.most))
        with self.open() as register:
            from comity.commitments.register import read_part

            known = read_time(self.known)
            only = self.select(**given)
            return read_part(register, self.day, known=known, only=only, bounds=bounds, quoted=quoted)

    def follow(self, soon: int | None = None, part: Part | None = None) -> tuple[Followed, ...]:
        """Follow what is asked for; `blocks` names only what is asked for too."""
        from comity.commitments.following import SOON_DAYS, follow_commitments

        part = part or self.read_part()
        soon = SOON_DAYS if soon is None else soon
        own = {row.id for row in part.asked.commitments}
        found = follow_commitments(part.ground, self.day, soon=soon, tallies=part.tallies)
        return tuple(
            row if own.issuperset(row.blocks) else replace(row, blocks=tuple(n for n in row.blocks if n in own))
            for row in found
            if row.commitment.id in own
        )

    def iterate_due(self, within: int | None, first: int = PAGE) -> Iterator[Followed]:
        """Yield the open commitments due by some days from the day, the earliest first; with None, all with a due day.

        See `iterate_due_pages`.
        """
        for rows, _ in self.iterate_due_pages(within, first):
            yield from rows

    def iterate_due_pages(self, within: int | None, first: int = PAGE) -> Iterator[tuple[list[Followed], int]]:
        """Yield open commitments by due day a page at a time, and how many others the day leaves out of each.

        They are read a page at a time, so that the first cost no more than themselves; so `blocks` is left empty here.
        `first` is how many will be wanted at first: a page has half as many more, since some are settled.
        """
        from comity.commitments.reminders import list_due

        last = None if within is None else self.day + timedelta(days=min(within, (date.max - self.day).days))
        after: tuple[date, str] | None = None
        size = min(first, PAGE) * 3 // 2 + 1
        while True:
            part = self.read_part(due=(None, last), after=after, limit=size)
            due = list_due(self.follow(part=part), (date.max - self.day).days)
            yield [row if not row.blocks else replace(row, blocks=()) for row in due], part.asked.left_out
            if len(part.asked.commitments) < size:
                return
            after = max((row.due or date.min, row.id) for row in part.asked.commitments)

    def read_learned(self, wanted: set[str]) -> tuple[Standing, int]:
        """Read from what an outlook is learned, with what is wanted: all of a small register, of a large one a part."""
        with self.open() as register:
            from comity.commitments.register import read_learned

            return read_learned(register, self.day, wanted, known=read_time(self.known), most=LEARNED)

    def read_peers(self) -> Standing:
        """Read assessments of all parties to the agreements of the part: what tells how hard commitments are."""
        listed = ("agreement", "article", "commitment", "assessment")
        with self.open() as register:
            from comity.commitments.register import read_standing

            known = read_time(self.known)
            only = self.select(kinds=("agreement",))
            if only.is_whole:
                return read_standing(register, valid=self.day, known=known, only=replace(only, kinds=listed))
            part = read_standing(register, valid=self.day, known=known, only=only)
            return read_standing(
                register, valid=self.day, known=part.known,
                only=replace(self.select(kinds=listed), agreement=None, party=None, pair=None,
                             agreements=tuple(row.id for row in part.agreements)),
            )  # fmt: skip

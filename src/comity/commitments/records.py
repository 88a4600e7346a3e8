"""What a register holds, row by row: the table between the register and those who follow it up.

Each record is what somebody entered; a later entry under the same `id` replaces it from then on and never erases it.
`valid_from` says from which day the world was so, `recorded_at` when the register learned of it (set by the register,
UTC, to the microsecond). Texts are plain; nothing in them is markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Direction = Literal["for", "against", "neither"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What every record has: its name, who entered it, from when it holds, when it was recorded, whether withdrawn."""

    id: str
    entered_by: str
    valid_from: date
    recorded_at: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Entry):
    """An agreement or pledge: its parties (actor ids), the day of signature or adoption, and where its text is."""

    title: str
    parties: tuple[str, ...]
    signed: date | None = None
    in_force: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Entry):
    """A place in an agreement (article, paragraph, annex), with a heading in words of one's own."""

    agreement: str
    place: str
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Entry):
    """One party's obligation under an article.

    `baseline` and `target` are in `unit` of the indicator (None: not measurable, or not stated); `owner` is an office,
    not a person; `field` is one of the register's fields; `depends_on` names commitments that must be fulfilled before.
    """

    article: str
    party: str
    obligation: str
    field: str = "other"
    indicator: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    due: date | None = None
    depends_on: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entry):
    """Something open that bears on a commitment: a link, a day, a quotation, its direction and strength (1 to 3).

    `value` is a reading of the commitment's indicator, where the source gives one.
    """

    commitment: str
    link: str
    day: date
    quotation: str = ""
    direction: Direction = "neither"
    strength: int = 1
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Entry):
    """What a coder judged: a value of a named scale (as the scale writes it), for a period, and the reason."""

    commitment: str
    scale: str
    value: str
    coder: str
    day: date
    period: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()


Record = Agreement | Article | Commitment | Evidence | Assessment


@dataclass(frozen=True, slots=True)
class Standing:
    """The register as it stood on day `valid`, by what was known at `known`: records in order of id, none withdrawn.

    `left_out` counts the commitments that are not among them because what they rest on does not hold yet on that day.
    """

    valid: date
    known: datetime
    agreements: tuple[Agreement, ...]
    articles: tuple[Article, ...]
    commitments: tuple[Commitment, ...]
    evidence: tuple[Evidence, ...]
    assessments: tuple[Assessment, ...]
    left_out: int = field(default=0, compare=False)

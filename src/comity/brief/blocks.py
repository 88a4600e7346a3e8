"""What a page is made of: a few kinds of block that every format knows how to show.

The outline is written once, in these blocks; HTML, PDF and Markdown differ only in how a block looks. Every text
in a block is plain text, cleaned but not escaped: escaping belongs to the format.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Draw = Callable[[str, float], str]
Kind = Literal["text", "head", "date", "number", "chart"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with what may hang on it.

    Parameters
    ----------
    text : str
        The words or the number; with `href`, the host that the link goes to.
    href : str
        A checked address, or empty.
    missing : bool
        The text says that a value is missing.
    drawing : str
        SVG that repeats the row's numbers, or empty.
    number : int
        Number of the linked address in the list of addresses, 0 for none.
    """

    text: str
    href: str = ""
    missing: bool = False
    drawing: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    label : str
        What stands above it.
    kind : {"text", "head", "date", "number", "chart"}
        A head or a date names its row, a date on one line; numbers stand to the right.
    share : int
        Part of the width [%]; 0 leaves it to the words. A table uses it in all columns or in none.
    drawing : str
        The scale of a column of drawings.
    """

    label: str
    kind: Kind = "text"
    share: int = 0
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption; one column is the head of its row."""

    block: ClassVar[str] = "table"
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `quiet` for an explanation beside the numbers."""

    block: ClassVar[str] = "text"
    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part of a section."""

    block: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of texts, each with an optional link behind it; `small` for what is looked up and not read."""

    block: ClassVar[str] = "items"
    entries: Sequence[Sequence[Cell]]
    ordered: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what is said of each."""

    block: ClassVar[str] = "facts"
    pairs: Sequence[tuple[str, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the data cannot say; stands where the numbers stand."""

    block: ClassVar[str] = "limits"
    title: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One direction's index now: who to whom, number, interval, words and what it rests on."""

    title: str
    period: str
    score: str
    interval: str
    words: str
    basis: Sequence[str]
    drawing: str


@dataclass(frozen=True, slots=True)
class Readings:
    """The state of relations now, with the limits of the data beside it."""

    block: ClassVar[str] = "readings"
    readings: Sequence[Reading]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart of a figure: its title and how to draw it under an id at a width [px]."""

    title: str
    draw: Draw


@dataclass(frozen=True, slots=True)
class Figure:
    """Charts side by side on one scale, with a caption and, where needed, a key."""

    block: ClassVar[str] = "figure"
    caption: str
    panels: Sequence[Panel]
    key: Draw | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that the reader may open; paper shows them all."""

    block: ClassVar[str] = "fold"
    summary: str
    blocks: Sequence[Block]
    opened: bool = False


Block = Table | Text | Heading | Items | Facts | Limits | Readings | Figure | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under its own title; `uid` is its address in the page."""

    uid: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole brief in blocks.

    Parameters
    ----------
    title, kind, summary : str
        Title, what kind of brief it is, and one sentence that describes it.
    made : str
        Time as of which the store was read, as ISO text, empty when it is no date.
    facts : Facts
        Period, data, scale and level, time.
    notes : sequence of sequence of Cell
        Remarks on the status of the parties, each with its source.
    sections : sequence of Section
        In reading order.
    version : str
        Version of Comity.
    product : str
        What the page is: a brief, or a plan.
    """

    title: str
    kind: str
    summary: str
    made: str
    facts: Facts
    notes: Sequence[Sequence[Cell]]
    sections: Sequence[Section]
    version: str
    product: str = "brief"

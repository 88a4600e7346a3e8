"""The layout of a file beside the one that its source states: what was added, removed, renamed or reordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from comity.sources.catalogue import read_source
from comity.sources.errors import FileRefused
from comity.sources.shape import recognise_source, split_header

LIKE = 0.6  # least likeness of two names of which one is taken for the other renamed
SHOWN = 6


@dataclass(frozen=True)
class LayoutChange:
    """How a header differs from a layout.

    Parameters
    ----------
    added, removed : tuple of str
        Names that only the header has, and that only the layout has.
    renamed : tuple of (str, str)
        Name in the layout and the one that took its place.
    reordered : tuple of str
        Names that both have, in another order; in the order of the header.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reordered: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return the difference in one line; empty where there is none."""
        parts = (
            ("added", self.added),
            ("removed", self.removed),
            ("renamed", tuple(f"{old} to {new}" for old, new in self.renamed)),
            ("reordered", self.reordered),
        )
        return "; ".join(f"{kind}: {_shorten(names)}" for kind, names in parts if names)


def compare_layouts(expected: Sequence[str], found: Sequence[str]) -> LayoutChange:
    """Compare the names in a header with those of a layout.

    Parameters
    ----------
    expected, found : sequence of str
        Names in order.

    Returns
    -------
    LayoutChange
        A removed name and an added one that stand in the same place, or are written alike, count as renamed.

    Examples
    --------
    >>> compare_layouts(["id", "date", "code"], ["id", "code", "day", "note"]).describe()
    'added: day, note; removed: date'
    """
    removed = [name for name in expected if name not in found]
    added = [name for name in found if name not in expected]
    renamed = []
    for old in list(removed):
        new = next((name for name in added if _is_renamed(old, name, expected, found)), None)
        if new is not None:
            renamed.append((old, new))
            removed.remove(old)
            added.remove(new)
    both = [name for name in expected if name in found]
    order = [name for name in dict.fromkeys(found) if name in expected]
    moved = tuple(name for name, other in zip(order, both, strict=True) if name != other)
    twice = tuple(name for name in dict.fromkeys(found) if name in expected and list(found).count(name) > 1)
    return LayoutChange((*added, *twice), tuple(removed), tuple(renamed), moved)


def _is_renamed(old: str, new: str, expected: Sequence[str], found: Sequence[str]) -> bool:
    """Say whether one name took another's place."""
    same_place = len(expected) == len(found) and list(expected).index(old) == list(found).index(new)
    a, b = ("".join(c for c in name.casefold() if c.isalnum()) for name in (old, new))
    return same_place or SequenceMatcher(None, a, b).ratio() >= LIKE


def check_layout(expected: Sequence[str], found: Sequence[str], name: str, first: bytes = b"") -> None:
    """Refuse a file whose header is not its source's layout, and say the difference.

    Parameters
    ----------
    expected, found : sequence of str
        Names in order.
    name : str
        File name, for the message.
    first : bytes
        The line as it stands in the file, by which the header of another source is known.

    Raises
    ------
    FileRefused
        With the difference: columns added, removed, renamed or reordered.
    """
    change = compare_layouts(expected, found).describe()
    if not change:
        return
    other_mark = _find_mark(expected, first)
    if other_mark:
        what = f"its fields are separated by {other_mark}, and not as the publisher separates them"
    elif not set(expected) & set(found):
        names = "1 name" if len(found) == 1 else f"{len(found)} names"
        what = f"the first line is no header of this layout: {names}, none of the {len(expected)} expected"
        what += f" ({_shorten(expected)})"
    else:
        what = f"the layout has changed: {change}"
    if (other := recognise_source(first)) and list(read_source(other).layout) != list(expected):
        what += f"; it is the header of {other}"
    raise FileRefused(
        "corrupt",
        what,
        where=f"{name}, line 1",
        why="values would be read into wrong columns",
        todo="check that this is a file of that source; if the publisher changed the layout, compare with source.yml",
    )


def _find_mark(expected: Sequence[str], first: bytes) -> str:
    """Return in words the mark that separates the names of a layout in a line where it is not the publisher's."""
    marks = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
    return next((said for mark, said in marks.items() if split_header(first, mark) == list(expected)), "")


def _shorten(names: Sequence[str]) -> str:
    """Return names, many of them cut and counted."""
    shown = ", ".join(name[:40] for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")

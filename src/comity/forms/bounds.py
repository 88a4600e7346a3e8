"""What an answer, an initiative or a name may never be: the bounds of the mission, as a table of words."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from comity.lexicon.published import read_published


class Breach(NamedTuple):
    """A text that goes beyond the bounds: class, the words met, what they say, and what to do instead."""

    kind: str
    words: str
    says: str
    instead: str


@cache
def _read_bounds() -> dict[str, Any]:
    """Return the table."""
    table: dict[str, Any] = read_published(Path(__file__).parent / "bounds.yml")
    return table


@cache
def _read_patterns() -> dict[str, re.Pattern[str]]:
    """Return one pattern for each class: whole words, or beginnings of words."""
    return {
        kind: re.compile("|".join(_write_pattern(str(word)) for word in entry["words"]))
        for kind, entry in _read_bounds()["classes"].items()
    }


def _write_pattern(word: str) -> str:
    """Return the pattern of one word; a hyphen or underscore in a text counts as a space."""
    stem = re.escape(word.casefold().rstrip("*").replace("-", " "))
    return rf"\b{stem}\w*" if word.endswith("*") else rf"\b{stem}\b"


def list_classes() -> tuple[str, ...]:
    """Return the classes of what is refused: coercive, covert, punitive, opinion."""
    return tuple(_read_bounds()["classes"])


def find_breach(text: str, classes: Collection[str] | None = None) -> Breach | None:
    """Return the first way in which a text goes beyond the bounds.

    Parameters
    ----------
    text : str
        A name, an office or a description, in English.
    classes : collection of str, optional
        Only these; all where left out.

    Returns
    -------
    Breach or None
        None says only that no word of the table was met: the closed catalogue is what keeps the bounds.

    Examples
    --------
    >>> find_breach("trade-embargo").kind
    'coercive'
    >>> find_breach("protest note") is None
    True
    """
    plain = re.sub(r"[\s_-]+", " ", text.casefold())
    table = _read_bounds()["classes"]
    for kind, pattern in _read_patterns().items():
        met = pattern.search(plain) if classes is None or kind in classes else None
        if met:
            return Breach(kind, met.group(), table[kind]["says"], table[kind]["instead"])
    return None

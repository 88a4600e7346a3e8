"""Coded values of IATI, held against the code lists that they belong to: what no list has is told, and nothing is lost.

References
----------
iati-codelists; see docs/bibliography.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from comity.commitments.exchange.iati_fields import tell
from comity.lexicon import find_actor
from comity.lexicon.published import read_published

OF_STATES = ("10", "40")
"""Types of organisation among which a register looks for its parties: governments, and organisations between them."""
_TABLE = Path(__file__).with_name("iati_codes.yml")
_SHOWN = 60


class Coded(NamedTuple):
    """Where a coded value stands, the name of its list, and the codes of that."""

    path: str
    attribute: str
    list: str
    codes: frozenset[str]


class Odd(NamedTuple):
    """Something of an activity that a register cannot read for sure: where, what, and what becomes of it."""

    field: str
    what: str
    then: str


@cache
def read_codes() -> tuple[Coded, ...]:
    """Return the coded values of an activity that a register writes or reads.

    References
    ----------
    iati-codelists; see docs/bibliography.md.
    """
    table = read_published(_TABLE)
    lists = {name: frozenset(codes) for name, codes in table["lists"].items()}
    return tuple(Coded(row["path"], row["attribute"], row["list"], lists[row["list"]]) for row in table["elements"])


def list_odd(activity: Element) -> Iterator[Odd]:
    """Yield each coded value of an activity that its list does not have, and each party that cannot be told."""
    for coded in read_codes():
        for element in activity.findall(coded.path):
            code = element.get(coded.attribute)
            if code is not None and code not in coded.codes:
                where = f"{coded.path}/@{coded.attribute}"
                what = f"{where} is {code[:_SHOWN]!r}, which the list {coded.list} of IATI 2.03 does not have"
                yield Odd(where, what, "the rest was taken, and this value meant nothing")
    yield from _list_unknown(activity)


def _list_unknown(activity: Element) -> Iterator[Odd]:
    """Yield the states and organisations between states that the lexicon does not know."""
    named = [("participating-org", tell(each)) for each in activity.findall("participating-org")
             if each.get("type") in OF_STATES]  # fmt: skip
    coded = [("recipient-country/@code", each.get("code", "")) for each in activity.findall("recipient-country")]
    for where, name in (*named, *coded):
        if find_actor(name) is None:
            what = f"{where} {name[:_SHOWN]!r} is no state or organisation between states that is known here"
            yield Odd(where, what, "it was not entered as a party")


def tell_odd(found: Iterable[tuple[int, Odd]]) -> list[str]:
    """Return what was odd in words, each once, with the first of its activities and how many there are."""
    places: dict[Odd, list[int]] = {}
    for row, odd in found:
        rows = places.setdefault(odd, [])
        if not rows or rows[-1] != row:
            rows.append(row)
    return [
        f"activity {rows[0]:,}"
        + (f" and {len(rows) - 1:,} more" if len(rows) > 1 else "")
        + f": {odd.what}; {odd.then}"
        for odd, rows in places.items()
    ]

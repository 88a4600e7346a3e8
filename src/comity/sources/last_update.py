"""What the publisher announces as its newest: three lines that change every quarter of an hour.

>>> parse_last_update(
...     b"99 0123456789abcdef0123456789abcdef http://data.publisher.example/gdeltv2/20260101000000.export.CSV.zip"
... )
{'20260101000000.export.CSV.zip': Promise(size=99, md5='0123456789abcdef0123456789abcdef')}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from comity.sources.catalogue import read_source
from comity.sources.courier import Courier, Visit, check_address
from comity.sources.errors import FetchError, Setback
from comity.sources.fetch import ENDING, SOURCE
from comity.sources.gdelt import read_slot
from comity.sources.loop import run_whole
from comity.sources.publisher_list import Promise, match_line

ANNOUNCEMENT = "lastupdate.txt"
MOST_BYTES = 65_536
MOST_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Newest:
    """The newest slot that the publisher announces [UTC], or None with the reason; and what it says of its file."""

    slot: datetime | None
    detail: str = ""
    promises: Mapping[str, Promise] = field(default_factory=dict)


def parse_last_update(text: bytes) -> dict[str, Promise]:
    """Return what a text says of the event files that it announces; lines of another form are passed over."""
    lines = [found for line in text.splitlines() if (found := match_line(line))]
    return {
        name: promise
        for name, promise in lines
        if name.endswith(ENDING) and ".translation." not in name and read_slot(name)
    }


def read_newest(base: str | None = None, visit: Visit | None = None) -> Newest:
    """Ask the publisher for its newest slot.

    Parameters
    ----------
    base : str, optional
        http or https address under which the files lie; that of `source.yml` where left out.
    visit : Visit, optional
        Patience, limits and time of the visit.

    Returns
    -------
    Newest
        Without a slot where the announcement is missing, is something else, or names a slot more than a day ahead.

    Raises
    ------
    FetchError
        The publisher did not answer at all.
    SourceError
        The address cannot be used.
    """
    visit = visit or Visit()
    address = check_address(base or read_source(SOURCE).fetch)
    return run_whole(_ask(address, visit))


async def _ask(address: str, visit: Visit) -> Newest:
    """Put the request, again where that may help."""
    async with Courier.start(address, visit) as courier:

        async def read() -> bytes:
            text = b""
            async with courier.ask(ANNOUNCEMENT) as answer:
                async for piece in answer.aiter_raw():
                    text += piece
                    if len(text) > MOST_BYTES:
                        raise Setback("size", f"{ANNOUNCEMENT} has more than {MOST_BYTES:,} bytes", again=False)
            return text

        try:
            promises = parse_last_update(await courier.persist(read))
        except Setback as setback:
            if not courier.answered:
                raise FetchError(
                    f"the publisher cannot be reached: {setback.what}",
                    where=address,
                    todo="check the connection and the address; the watch goes on and asks again",
                ) from setback
            return Newest(None, f"{ANNOUNCEMENT}: {setback.what}")
    slot = max((found for name in promises if (found := read_slot(name))), default=None)
    if slot is None:
        return Newest(None, f"{ANNOUNCEMENT} names no event file")
    if slot > visit.read_clock() + MOST_AHEAD:
        return Newest(None, f"{ANNOUNCEMENT} names a slot that lies ahead: {slot:%Y-%m-%d %H:%M} UTC")
    return Newest(slot, "", promises)

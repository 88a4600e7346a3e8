"""The publisher's list of its files: one line each, with size, MD5 and address.

The list holds every file since 2015 and is larger than 100 MB. It grows at its end, so that a recent span is asked for
as the list's last bytes; where the server does not give parts, the whole list streams through and is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from comity.sources.courier import Courier, read_range_start
from comity.sources.errors import FetchError, Setback

LIST = "masterfilelist.txt"
LONGEST_LINE = 4096
BYTES_A_DAY = 36_000
_LINE = re.compile(rb"(\d{1,12})[ \t]+([0-9A-Fa-f]{32})[ \t]+\S*/([^/\s]{1,200})")
_STAMP = re.compile(r"[0-9]{14}")


class Promise(NamedTuple):
    """What the list says of a file: its size [bytes] and its MD5 in lower-case hexadecimal."""

    size: int
    md5: str


def match_line(line: bytes) -> tuple[str, Promise] | None:
    """Return the name of the file that a line of a list names and what it says of it; None where it names none."""
    match = _LINE.fullmatch(line.strip()) if len(line) <= LONGEST_LINE else None
    return (match[3].decode("ascii", "replace"), Promise(int(match[1]), match[2].decode().lower())) if match else None


@dataclass
class PublisherList:
    """What a list says of the files that are wanted; it is read in pieces and never kept whole.

    Parameters
    ----------
    wanted : collection of str
        Names of the files that matter; all other lines are checked for their form and forgotten.
    whole : bool
        Whether reading begins at the start of the list; else what comes before the first line's end is passed over.
    promises : dict
        Name to what the list says, of the wanted files that it names.
    lines, malformed : int
        Lines that name a file, and lines that are something else [count].
    first_stamp : str
        Slot of the first line read (`YYYYMMDDHHMMSS`).
    detail : str
        Why the list could not be had, or not to its end; empty where it was read.
    """

    wanted: Collection[str]
    whole: bool = True
    promises: dict[str, Promise] = field(default_factory=dict)
    lines: int = 0
    malformed: int = 0
    first_stamp: str = ""
    detail: str = ""
    _rest: bytes = b""
    _skipping: bool = False

    def __post_init__(self) -> None:
        """Begin within a line where reading does."""
        self._skipping = not self.whole

    def add(self, piece: bytes) -> None:
        """Read the next piece of the list.

        Parameters
        ----------
        piece : bytes
            Bytes that follow those read before; lines may be cut anywhere.
        """
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            if self._skipping:
                self._skipping = False
            else:
                self._add_line(line)
        if len(self._rest) > LONGEST_LINE:
            self.malformed += not self._skipping
            self._skipping, self._rest = True, b""

    def finish(self) -> None:
        """Read the last line, which may have no end; to be called when nothing was cut off."""
        if self._rest and not self._skipping:
            self._add_line(self._rest)
        self._rest = b""

    def _add_line(self, line: bytes) -> None:
        """Keep what a line promises of a wanted file; of an address only the file's name counts."""
        if not line.strip():
            return
        found = match_line(line)
        if found is None:
            self.malformed += 1
            return
        self.lines += 1
        name, promise = found
        if not self.first_stamp and (stamp := _STAMP.match(name)):
            self.first_stamp = stamp[0]
        if name in self.wanted:
            self.promises[name] = promise


@dataclass
class _Tail:
    """The last bytes of the list on their way, continued where they broke off."""

    courier: Courier
    wanted: Collection[str]
    size: int
    listed: PublisherList = field(init=False)
    position: int = 0

    def __post_init__(self) -> None:
        """Begin with a list of which nothing was read."""
        self.listed = PublisherList(self.wanted)

    async def read(self) -> None:
        """Ask once for what was not read yet."""
        asked = f"bytes={self.position}-" if self.position else f"bytes=-{self.size}"
        try:
            async with self.courier.ask(LIST, {"Range": asked}) as answer:
                start = read_range_start(answer)
                if start < 0:
                    raise Setback("http_206", "the server does not say which part of the list it sends")
                if not self.position or start != self.position:
                    self.listed, self.position = PublisherList(self.wanted, whole=start == 0), start
                async for piece in answer.aiter_raw():
                    self.listed.add(piece)
                    self.position += len(piece)
                    if self.position > self.courier.visit.most_bytes:
                        raise Setback("size", f"the list has more than {self.position:,} bytes", again=False)
        except Setback as setback:
            if setback.status == "http_416":
                self.position = 0
            raise
        self.listed.finish()


async def read_publisher_list(courier: Courier, wanted: Mapping[str, datetime]) -> PublisherList:
    """Read what the publisher's list says of files.

    Parameters
    ----------
    courier : Courier
        Puts the requests.
    wanted : mapping of str to datetime
        Names of the files and the slots that they stand for [UTC]; at least one.

    Returns
    -------
    PublisherList
        Of a list that broke off, what was read; `detail` says why there is no more.

    Raises
    ------
    FetchError
        The publisher did not answer at all.
    """
    first = min(wanted.values())
    size = BYTES_A_DAY * max(2, (courier.visit.read_clock() - first).days + 3)
    while True:
        tail = _Tail(courier, wanted, size)
        try:
            await courier.persist(tail.read)
        except Setback as setback:
            if not courier.answered:
                raise FetchError(
                    f"the publisher cannot be reached: {setback.what}",
                    where=courier.base,
                    why="nothing was fetched; what was there before stays",
                    todo="check the connection and the address, and run the same command again",
                ) from setback
            tail.listed.detail = f"{LIST}: {setback.what}"
            return tail.listed
        if tail.listed.whole or "" < tail.listed.first_stamp < first.strftime("%Y%m%d%H%M%S"):
            return _check_list(tail.listed)
        size *= 4


def _check_list(listed: PublisherList) -> PublisherList:
    """Say so where what was read is no list at all."""
    if not listed.lines:
        listed.detail = f"{LIST} holds no line that names a file"
    return listed

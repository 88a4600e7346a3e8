"""The publisher's list of its files: one line each, with size, MD5 and address.

The list holds every file since 2015 and is larger than 100 MB. It grows at its end, so that a recent span is asked for
as the list's last bytes; where the server does not give parts, the whole list streams through and is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_LINE = 4096
BYTES_A_DAY = 36_000
_LINE = re.compile(rb"(\d{1,12})[ \t]+([0-9A-Fa-f]{32})[ \t]+\S*/([^/\s]{1,200})")
_STAMP = re.compile(rb"\d{14}")


class Promise(NamedTuple):
    """What the list says of a file: its size [bytes] and its MD5 in lower-case hexadecimal."""

    size: int
    md5: str


@dataclass
class PublisherList:
    """What a list says of the files that are wanted; it is read in pieces and never kept whole.

    Parameters
    ----------
    wanted : collection of str
        Names of the files that matter; all other lines are checked for their form and forgotten.
    whole : bool
        Whether reading begins at the start of a line; else what comes before the first line's end is passed over.
    """

    wanted: Collection[str]
    whole: bool = True
    promises: dict[str, Promise] = field(default_factory=dict)
    lines: int = 0
    malformed: int = 0
    first_stamp: str = ""
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
        match = _LINE.fullmatch(line.strip())
        if match is None:
            self.malformed += 1
            return
        self.lines += 1
        name = match[3].decode("ascii", "replace")
        if not self.first_stamp and (stamp := _STAMP.match(match[3])):
            self.first_stamp = stamp[0].decode()
        if name in self.wanted:
            self.promises[name] = Promise(int(match[1]), match[2].decode().lower())

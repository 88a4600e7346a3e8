"""The chain of hashes: each entry's SHA-256 is taken over its content, its moment, its number and the hash before it.

A chain shows that nothing before a hash that you kept was changed, removed, reordered or put in between. It cannot show
who wrote an entry, whether an entry is true, or that the last entries were cut off or all of it was written anew by
somebody who may write to the database: for that, keep the head (number and hash) in another place and give it again.

References
----------
haber-stornetta-1991; see docs/bibliography.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

START = "0" * 64
"""What stands before the first entry."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEAD = re.compile(r"(\d{1,15}):([0-9a-f]{64})\Z")


class Head(NamedTuple):
    """The last entry: its number (0: none) and its hash. Written `number:hash`, it is what a user keeps elsewhere."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return `number:hash`."""
        return f"{self.seq}:{self.hash}"


def parse_head(text: str) -> Head | None:
    """Return the head that a text `number:hash` means, or None."""
    found = _HEAD.match(text.strip())
    return Head(int(found[1]), found[2]) if found else None


def hash_entry(previous: str, seq: int, recorded_at: int, content: str) -> str:
    """Return the hash of an entry: SHA-256 of the canonical JSON `[previous, seq, recorded_at, content]`.

    Parameters
    ----------
    previous : str
        Hash of the entry before, or `START`.
    seq : int
        Number of the entry, counted from 1.
    recorded_at : int
        Moment [microseconds since 1970-01-01T00:00:00Z].
    content : str
        Canonical JSON of the record.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return sha256(f'["{previous}",{seq},{recorded_at},{content}]'.encode()).hexdigest()


def count_microseconds(moment: datetime) -> int:
    """Return microseconds since 1970-01-01T00:00:00Z of a moment with a zone."""
    return (moment - EPOCH) // _MICROSECOND


@lru_cache(maxsize=1024)
def read_microseconds(count: int) -> datetime:
    """Return the moment in UTC of a count of microseconds."""
    return EPOCH + timedelta(microseconds=count)

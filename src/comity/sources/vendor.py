"""The border between a publisher's words and ours: the columns that every reader of events gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.sources.catalogue import Source
    from comity.sources.lines import Lines

SEPARATOR = b"\x1f"
TAB = b"\t"
ACTOR_FIELDS = ("country", "group", "ethnic", "religion1", "religion2", "type1")
VENDOR_COLUMNS = (
    "event_id",
    "date",
    "added",
    "sender_key",
    "receiver_key",
    "code",
    "reports",
    "articles",
    "num_mentions",
    "num_sources",
    "num_articles",
    "url",
    "line",
)


@dataclass(frozen=True)
class Reading:
    """A file as its reader gives it, nothing judged yet.

    Parameters
    ----------
    source : Source
        Whose layout it was read by.
    slot : datetime or None
        Start of the period that the file stands for, from its name [UTC].
    lines : Lines
        Columns as in `VENDOR_COLUMNS`, all binary but `line`. `sender_key` and `receiver_key` hold what
        the source's actor rule needs: for `cameo` the six `ACTOR_FIELDS` as they stand in the line, with the
        tabs between them, for `names` the text itself.
    """

    source: Source
    slot: datetime | None
    lines: Lines


def fill_columns(table: pa.Table) -> pa.Table:
    """Put columns in order and add those that a source does not have as empty ones."""
    import pyarrow as pa

    empty = pa.nulls(table.num_rows, pa.binary())
    names = table.schema.names
    columns = [table[name] if name in names else empty for name in VENDOR_COLUMNS]
    return pa.table(columns, names=list(VENDOR_COLUMNS))


def name_event(source: str, *parts: bytes) -> bytes:
    """Return a whole number for a publisher's name of an event, the same for the same source and parts.

    Parameters
    ----------
    source : str
        Id of the source, so that equal names of two publishers give two numbers.
    *parts : bytes
        What identifies the event for its publisher.

    Returns
    -------
    bytes
        Decimal digits of the first 63 bits of the SHA-256; empty where all parts are.

    Examples
    --------
    >>> name_event("one", b"7") == name_event("other", b"7")
    False
    """
    if not any(parts):
        return b""
    digest = hashlib.sha256(SEPARATOR.join((source.encode(), *parts))).digest()
    return str(int.from_bytes(digest[:8], "big") >> 1).encode()


def shape_rows(rows: Sequence[Mapping[str, bytes | int | None]]) -> pa.Table:
    """Return rows of the common columns as a table; what a row does not have is empty.

    Parameters
    ----------
    rows : sequence of mappings
        Names of `VENDOR_COLUMNS` to bytes, `line` to a number.
    """
    import pyarrow as pa

    kinds = {name: pa.int64() if name == "line" else pa.binary() for name in VENDOR_COLUMNS}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})

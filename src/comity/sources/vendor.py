"""The border between a publisher's words and ours: the columns that every reader of events gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.sources.catalogue import Source
    from comity.sources.lines import Lines

SEPARATOR = b"\x1f"
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
        the source's actor rule needs: for `cameo` the six `ACTOR_FIELDS` joined by `SEPARATOR`, for
        `names` the text itself.
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

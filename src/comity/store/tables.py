"""What the store holds: three tables, each column with its type, unit and meaning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa


class Column(NamedTuple):
    """A column: name, type (`text`, `date`, `time`, `int32`, `int64`, `flag`), and meaning with unit."""

    name: str
    type: str
    meaning: str


EVENTS = (
    Column("source", "text", "reader that read the row, such as gdelt2, icews or comity"),
    Column("event_id", "int64", "the publisher's number of the event; missing in tables of one's own without one"),
    Column("date", "date", "day of the event [UTC day as the publisher gives it]"),
    Column("sender", "text", "actor id of the state or organisation that acts"),
    Column("receiver", "text", "actor id of the state or organisation acted upon"),
    Column("code", "text", "CAMEO event code, two to four digits"),
    Column("reports", "int32", "how many reports the row stands for [count; 1 for a row of GDELT]"),
    Column("articles", "int32", "how many different links the row stands for [count; 1 for a row of GDELT]"),
    Column("num_mentions", "int32", "GDELT's NumMentions, frozen at the first 15 minutes [count]"),
    Column("num_sources", "int32", "GDELT's NumSources, frozen at the first 15 minutes [count]"),
    Column("num_articles", "int32", "GDELT's NumArticles, frozen at the first 15 minutes [count]"),
    Column("url", "text", "link to one report, as a citation"),
    Column("added", "time", "when the publisher added the row [UTC]"),
    Column("file", "text", "first 16 hexadecimal digits of the SHA-256 of the file it came in"),
)

SET_ASIDE = (
    Column("batch", "text", "load that set the row aside; rows of a load that did not finish are not shown"),
    Column("file", "text", "first 16 hexadecimal digits of the SHA-256 of the file it came in"),
    Column("line", "int64", "line in that file, counted from 1; missing where the format has no lines"),
    Column("reason", "text", "why it was set aside"),
    Column("event_id", "int64", "the publisher's number, where it could be read"),
    Column("date", "date", "day that the row names, where it could be read"),
    Column("sender", "text", "actor id, where both actors are states or organisations"),
    Column("receiver", "text", "actor id, where both actors are states or organisations"),
    Column("code", "text", "CAMEO event code, where both actors are states or organisations"),
    Column("added", "time", "when the publisher added the row [UTC]"),
)

LEDGER = (
    Column("batch", "text", "load in which the entry was made"),
    Column("seen_at", "time", "when the entry was made [UTC]"),
    Column("events_version", "int64", "version of the event table that holds the file's rows"),
    Column("source", "text", "reader, such as gdelt2, icews or comity"),
    Column("name", "text", "name of the file as it was given, without folders"),
    Column("slot", "time", "start of the period that the file stands for, from its name [UTC]"),
    Column("status", "text", "loaded, empty, duplicate, superseded, truncated, corrupt or missing"),
    Column("late", "flag", "the slot was filled after a later one had been"),
    Column("sha256", "text", "SHA-256 of the bytes as received; missing where nothing was received"),
    Column("bytes", "int64", "size as received [bytes]"),
    Column("member_time", "text", "time stamp inside the archive, by which two issues of one slot are ordered"),
    Column("rows_read", "int64", "rows met = kept + set aside + dropped [count]"),
    Column("rows_kept", "int64", "rows that went into the event table [count]"),
    Column("dropped", "text", "JSON object: reason to count"),
    Column("set_aside", "text", "JSON object: reason to count"),
    Column("id_low", "int64", "smallest event number kept"),
    Column("id_high", "int64", "largest event number kept"),
    Column("date_low", "date", "earliest event day kept"),
    Column("date_high", "date", "latest event day kept"),
    Column("detail", "text", "what was wrong, or what the entry replaces"),
)

TABLES: dict[str, tuple[Column, ...]] = {"events": EVENTS, "set_aside": SET_ASIDE, "ledger": LEDGER}


@cache
def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of one of the store's tables, meanings as field metadata."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "date": pa.date32(),
        "time": pa.timestamp("us", tz="UTC"),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "flag": pa.bool_(),
    }
    return pa.schema([pa.field(c.name, types[c.type], metadata={"meaning": c.meaning}) for c in TABLES[table]])

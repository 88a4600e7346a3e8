"""The tables of a register, as the newest revision has them.

`entries` holds one row for each entry, in the order of recording, and is only ever appended to. `content` is the record
in canonical JSON, and the only thing that is read as the record; the other columns repeat parts of it so that the
database can find entries: days as their ordinal in the Gregorian calendar (1 is 0001-01-01), moments as microseconds
since 1970-01-01T00:00:00Z. `day` is that of evidence and assessments, `says` what evidence says (`SAYS_FOR`,
`SAYS_AGAINST` and `SAYS_VALUE` added up), so that evidence is summed up from an index without reading any of it.
`parties` repeats the parties of each entry of an agreement.
`totals` counts the commitments that each batch entered, by party, year due (0: no due day) and first day, so that all
of a register is counted without passing over it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")
COMMITMENT = 2
"""Number of the kind `commitment`, in `comity.commitments.register.content.NAMES`."""
SAYS_FOR, SAYS_AGAINST, SAYS_VALUE = 1, 2, 4
"""What a piece of evidence says: it speaks for fulfilment, against it, gives a reading of the indicator."""
_OF_COMMITMENTS = text("kind = 2")
_OF_STRUCTURE = text("kind <= 2")

entries = Table(
    "entries",
    metadata,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, nullable=False),
    Column("id", Text, nullable=False),
    Column("parent", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("due", Integer),
    Column("day", Integer),
    Column("says", SmallInteger, nullable=False, server_default=text("0")),
    Column("valid_from", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("amends", Boolean, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("content", Text, nullable=False),
)
Index("entries_by_id", entries.c.id, entries.c.kind, entries.c.seq, unique=True)
Index(
    "entries_by_parent",
    entries.c.parent,
    entries.c.kind,
    entries.c.day,
    entries.c.says,
    entries.c.valid_from,
    entries.c.recorded_at,
    entries.c.withdrawn,
)
Index(
    "entries_by_agreement",
    entries.c.agreement,
    entries.c.kind,
    sqlite_where=_OF_STRUCTURE,
    postgresql_where=_OF_STRUCTURE,
)

Index(
    "entries_by_party",
    entries.c.party,
    entries.c.field,
    entries.c.due,
    entries.c.valid_from,
    entries.c.recorded_at,
    entries.c.withdrawn,
    sqlite_where=_OF_COMMITMENTS,
    postgresql_where=_OF_COMMITMENTS,
)
Index(
    "entries_by_due",
    entries.c.due,
    entries.c.id,
    entries.c.party,
    entries.c.valid_from,
    entries.c.recorded_at,
    entries.c.withdrawn,
    sqlite_where=_OF_COMMITMENTS,
    postgresql_where=_OF_COMMITMENTS,
)
Index(
    "entries_by_field",
    entries.c.field,
    entries.c.due,
    entries.c.id,
    entries.c.party,
    entries.c.valid_from,
    entries.c.recorded_at,
    entries.c.withdrawn,
    sqlite_where=_OF_COMMITMENTS,
    postgresql_where=_OF_COMMITMENTS,
)
Index(
    "entries_amended",
    entries.c.parent,
    entries.c.kind,
    sqlite_where=text("amends"),
    postgresql_where=text("amends"),
)
Index(
    "entries_amending",
    entries.c.kind,
    entries.c.id,
    sqlite_where=text("amends"),
    postgresql_where=text("amends"),
)

parties = Table(
    "parties",
    metadata,
    Column("party", Text, primary_key=True),
    Column("agreement", Text, primary_key=True),
    Column("seq", _NUMBER, ForeignKey("entries.seq"), primary_key=True),
)
totals = Table(
    "totals",
    metadata,
    Column("recorded_at", BigInteger, primary_key=True, autoincrement=False),
    Column("party", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("valid_from", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)
COLUMNS = tuple(column.name for column in entries.columns)

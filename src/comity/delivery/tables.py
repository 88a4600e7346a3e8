"""What the outbox holds: two tables in one SQLite file, each column with its type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.delivery.message import Message

FORMAT = 1
STATES = ("pending", "sent", "dead", "digested")

SCHEMA = """
create table messages (
    key text primary key,       -- names the decision that the message tells of
    made text not null,         -- when it was decided (ISO, UTC)
    subject text not null,
    body text not null,
    data text not null          -- JSON
) without rowid;
create table deliveries (
    key text not null references messages (key),
    sink text not null,         -- name of the sink
    state text not null check (state in ('pending', 'sent', 'dead', 'digested')),
    attempts integer not null default 0,
    made real not null,         -- when the message was decided [seconds since 1970]
    due real not null,          -- not before [seconds since 1970]
    tried real,                 -- last attempt [seconds since 1970]
    settled real,               -- when it was sent, given up or put into a digest [seconds since 1970]
    note text not null default '',  -- what the last attempt said, or the key of the digest
    digest integer not null default 0,  -- whether the message is a digest itself
    primary key (key, sink)
) without rowid;
create index deliveries_by_state on deliveries (sink, state, due);
create index deliveries_by_made on deliveries (sink, made);
"""


@dataclass(frozen=True)
class Delivery:
    """A message on its way to one sink.

    Parameters
    ----------
    message : Message
        What is delivered.
    sink : str
        Name of the sink.
    state : str
        `pending`, `sent`, `dead` or `digested`.
    attempts : int
        Attempts so far [count].
    due : datetime
        Not before [UTC].
    note : str
        What the last attempt said.
    """

    message: Message
    sink: str
    state: str
    attempts: int
    due: datetime
    note: str

    def as_dict(self) -> dict[str, object]:
        """Return it as plain values, without body and data."""
        said = self.message.as_dict()
        return {
            "key": said["key"],
            "made": said["made"],
            "subject": said["subject"],
            "sink": self.sink,
            "state": self.state,
            "attempts": self.attempts,
            "due": self.due.isoformat(timespec="seconds"),
            "note": self.note,
        }

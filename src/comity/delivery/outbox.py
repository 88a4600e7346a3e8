"""The outbox: every message that was decided, and what became of it at each sink.

One SQLite file (write-ahead log, flushed at each commit). A message is put in once, by its key; each of its deliveries
is pending until the sink took it, and only then marked. Between the two a process may die: then the sink is given the
message again, and knows it by its key.

>>> from datetime import UTC, datetime
>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> now = datetime(2026, 1, 1, tzinfo=UTC)
>>> with TemporaryDirectory() as folder, Outbox.open(Path(folder) / "outbox.sqlite") as outbox:
...     message = Message("hello", now, "Hello")
...     outbox.add(message, ["log"], now), outbox.add(message, ["log"], now), outbox.count_states()
(True, False, {'pending': 1, 'sent': 0, 'dead': 0, 'digested': 0})
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from comity.delivery.errors import OutboxDamaged
from comity.delivery.message import Message
from comity.delivery.pace import Pace, compose_digest, find_window
from comity.delivery.tables import FORMAT, SCHEMA, STATES, Delivery
from comity.store.disk import say_why_disk_refused

_SELECT = (
    "select m.key, m.made, m.subject, m.body, m.data, d.sink, d.state, d.attempts, d.due, d.note "
    "from deliveries d join messages m using (key) "
)
_MOST_NOTE = 500


class Outbox:
    """An open outbox; `open` gives one."""

    def __init__(self, path: Path, base: sqlite3.Connection) -> None:
        self.path = path
        self._base = base

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Outbox]:
        """Open an outbox, made where there is none.

        Parameters
        ----------
        path : Path
            Its file.

        Raises
        ------
        OutboxDamaged
            It is none, it has another format, or the disk would not take a change.
        DiskRefused
            Its folder cannot be made.
        """
        with say_why_disk_refused(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with _say_what_is_wrong(path):
            base = sqlite3.connect(path, timeout=10.0, isolation_level=None)
            try:
                for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
                    base.execute(f"pragma {setting}")
                outbox = cls(path, base)
                outbox._prepare()
                yield outbox
            finally:
                base.close()

    @classmethod
    @contextmanager
    def read(cls, path: Path) -> Iterator[Outbox]:
        """Open an outbox that is there to look into it, also for who may not write it.

        Parameters
        ----------
        path : Path
            Its file.

        Raises
        ------
        OutboxDamaged
            It is none, it has another format, or it may not be read.
        """
        if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
            with cls.open(path) as outbox:
                yield outbox
            return
        # SQLite wants files beside it: those of a writer at work are there, and without one nothing changes meanwhile
        way = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
        with _say_what_is_wrong(path):
            base = sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True, timeout=10.0, isolation_level=None)
            try:
                outbox = cls(path, base)
                outbox._check_format(outbox._read_format())
                yield outbox
            finally:
                base.close()

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse another format."""
        found = self._read_format()
        if not found:
            with self._change():
                if not self._base.execute("select count(*) from sqlite_master").fetchone()[0]:
                    for statement in SCHEMA.split(";")[:-1]:
                        self._base.execute(statement)
                    self._base.execute(f"pragma user_version = {FORMAT}")
            found = self._read_format()
        self._check_format(found)

    def _check_format(self, found: int) -> None:
        """Refuse another format."""
        if found != FORMAT:
            raise OutboxDamaged(
                f"the outbox has format {found}; this version of Comity knows format {FORMAT}",
                where=str(self.path),
                todo="use the version of Comity that wrote it, or name another file",
            )

    def _read_format(self) -> int:
        """Return the format that the file states; 0 where it is new."""
        return int(self._base.execute("pragma user_version").fetchone()[0])

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Hold one change together: all of it or nothing."""
        self._base.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._base.execute("rollback")
            raise
        self._base.execute("commit")

    def add(self, message: Message, sinks: Collection[str], now: datetime) -> bool:
        """Put a message in, for some sinks; a key that is known keeps the message and the state that it has.

        Parameters
        ----------
        message : Message
            What was decided.
        sinks : collection of str
            Names of sinks; those that the message did not have yet are added.
        now : datetime
            From when it is due [UTC].

        Returns
        -------
        bool
            Whether the key is new.
        """
        with self._change():
            return self._insert(message, sinks, now, digest=False)

    def _insert(self, message: Message, sinks: Collection[str], now: datetime, *, digest: bool) -> bool:
        """Insert what is not there; within a change."""
        made = message.made.astimezone(UTC).isoformat()
        values = (message.key, made, message.subject, message.body, message.write_data())
        new = self._base.execute("insert or ignore into messages values (?, ?, ?, ?, ?)", values).rowcount
        rows = [(message.key, sink, message.made.timestamp(), now.timestamp(), digest) for sink in sorted(sinks)]
        self._base.executemany(
            "insert or ignore into deliveries (key, sink, state, made, due, digest) values (?, ?, 'pending', ?, ?, ?)",
            rows,
        )
        return bool(new)

    def find_messages(self, prefix: str) -> list[Message]:
        """Return the messages whose key begins with a text, oldest first."""
        rows = self._base.execute(
            "select key, made, subject, body, data from messages where substr(key, 1, ?) = ? order by made, key",
            (len(prefix), prefix),
        )
        return [_read_message(row) for row in rows]

    def list_due(self, sink: str, now: datetime, pace: Pace, *, held: bool = False) -> list[Delivery]:
        """Return what a sink may be given now: due, oldest first, and no more than its pace allows.

        What is noted for times that no pause reaches was noted by a clock that has been set back since.

        Parameters
        ----------
        sink : str
            Name of the sink.
        now : datetime
            Time [UTC].
        pace : Pace
            Attempts within a time.
        held : bool
            Whether messages that were not tried yet wait for a digest.

        Returns
        -------
        list of Delivery
        """
        time = now.timestamp()
        tried = self._base.execute(
            "select count(*) from deliveries where sink = ? and tried > ? and tried <= ?",
            (sink, time - pace.within, time + pace.within),
        ).fetchone()[0]
        rows = self._base.execute(
            _SELECT + "where d.sink = ? and d.state = 'pending' and not (d.due > ? and d.due <= ?) "
            "and (d.digest or d.attempts or not ?) order by d.due, d.made, d.key limit ?",
            (sink, time, time + pace.longest, held, max(0, pace.most - tried)),
        )
        return [_read_delivery(row) for row in rows]

    def fold_digest(self, sink: str, now: datetime, pace: Pace) -> bool:
        """Where there are too many messages for a sink, make one of those that were not sent yet.

        Parameters
        ----------
        sink : str
            Name of the sink.
        now : datetime
            Time [UTC].
        pace : Pace
            How many are too many, in which time.

        Returns
        -------
        bool
            Whether messages are held back: until the window of the last digest is over, those that come wait.
        """
        begin = find_window(pace, now).timestamp()
        with self._change():
            counted, folded = self._base.execute(
                "select count(*) filter (where not digest), count(*) filter (where digest) "
                "from deliveries where sink = ? and made > ? and made <= ?",
                (sink, begin, now.timestamp() + pace.window),
            ).fetchone()
            if counted <= pace.digest_above:
                return False
            if folded:
                return True
            rows = self._base.execute(
                _SELECT + "where d.sink = ? and d.state = 'pending' and not d.digest and d.attempts = 0 "
                "order by d.made, d.key",
                (sink,),
            )
            messages = [_read_delivery(row).message for row in rows]
            if len(messages) > 1:
                self._fold(sink, messages, now)
        return False

    def _fold(self, sink: str, messages: Sequence[Message], now: datetime) -> None:
        """Put a digest in place of messages; within a change."""
        digest = compose_digest(sink, messages, now)
        self._insert(digest, [sink], now, digest=True)
        self._base.executemany(
            "update deliveries set state = 'digested', settled = ?, note = ? where key = ? and sink = ?",
            [(now.timestamp(), digest.key, message.key, sink) for message in messages],
        )

    def begin(self, delivery: Delivery, now: datetime) -> None:
        """Count an attempt before it is made."""
        with self._change():
            self._base.execute(
                "update deliveries set attempts = attempts + 1, tried = ? where key = ? and sink = ?",
                (now.timestamp(), delivery.message.key, delivery.sink),
            )

    def settle(self, delivery: Delivery, state: str, now: datetime, note: str = "") -> None:
        """Mark a delivery as `sent` or `dead`."""
        with self._change():
            self._base.execute(
                "update deliveries set state = ?, settled = ?, note = ? where key = ? and sink = ?",
                (state, now.timestamp(), note[:_MOST_NOTE], delivery.message.key, delivery.sink),
            )

    def postpone(self, delivery: Delivery, due: datetime, note: str) -> None:
        """Leave a delivery for later."""
        with self._change():
            self._base.execute(
                "update deliveries set due = ?, note = ? where key = ? and sink = ?",
                (due.timestamp(), note[:_MOST_NOTE], delivery.message.key, delivery.sink),
            )

    def list_deliveries(self, state: str, sink: str | None = None) -> list[Delivery]:
        """Return the deliveries in a state (`dead`: the dead letters), oldest first."""
        rows = self._base.execute(
            _SELECT + "where d.state = ? and (? is null or d.sink = ?) order by d.made, d.key, d.sink",
            (state, sink, sink),
        )
        return [_read_delivery(row) for row in rows]

    def retry_dead(self, *, sink: str | None = None, key: str | None = None) -> int:
        """Make dead letters pending again, due at once, with their attempts counted from the start.

        Parameters
        ----------
        sink, key : str, optional
            Only those of a sink, or of a message.

        Returns
        -------
        int
            How many.
        """
        with self._change():
            return self._base.execute(
                "update deliveries set state = 'pending', attempts = 0, settled = null, due = made "
                "where state = 'dead' and (? is null or sink = ?) and (? is null or key = ?)",
                (sink, sink, key, key),
            ).rowcount

    def give_up_others(self, sinks: Collection[str], until: datetime, now: datetime) -> int:
        """Make dead letters of what waits for sinks that are no more.

        Parameters
        ----------
        sinks : collection of str
            Those that there are.
        until : datetime
            Only messages decided before [UTC].
        now : datetime
            Time [UTC].

        Returns
        -------
        int
            How many.
        """
        with self._change():
            return self._base.execute(
                "update deliveries set state = 'dead', settled = ?, note = 'there is no sink of this name any more' "
                "where state = 'pending' and made < ? and sink not in (select value from json_each(?))",
                (now.timestamp(), until.timestamp(), json.dumps(sorted(sinks))),
            ).rowcount

    def count_states(self) -> dict[str, int]:
        """Return how many deliveries are in each state."""
        counts = dict(self._base.execute("select state, count(*) from deliveries group by 1").fetchall())
        return {state: int(counts.get(state, 0)) for state in STATES}


@contextmanager
def _say_what_is_wrong(path: Path) -> Iterator[None]:
    """Turn a complaint of SQLite into words."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise OutboxDamaged(
            f"the outbox cannot be read or written: {error}",
            where=str(path),
            why="what was decided stays undelivered",
            todo="check disk and rights; restore the file from a copy where it is damaged",
        ) from error


def _read_message(row: Sequence[str]) -> Message:
    """Return a message from its columns."""
    key, made, subject, body, data = row
    return Message(key, datetime.fromisoformat(made), subject, body, json.loads(data))


def _read_delivery(row: Sequence[str]) -> Delivery:
    """Return a delivery from its columns."""
    sink, state, attempts, due, note = row[5:]
    return Delivery(_read_message(row[:5]), sink, state, int(attempts), datetime.fromtimestamp(float(due), UTC), note)

"""From a publisher's rows to Comity's events: judge each row once, and account for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from comity.events.actor_rule import NO_ACTOR, REASONS, RULES
from comity.events.day_rule import judge_days
from comity.events.scale import read_scale
from comity.sources import Reading
from comity.store.tables import schema_of

if TYPE_CHECKING:
    from datetime import date, datetime

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

_WITHOUT = {"sender_key": "no_first_actor", "receiver_key": "no_second_actor"}
MOST_DIGITS = 19  # of a whole number that 64 bits may hold


@dataclass(frozen=True)
class Coded:
    """What became of a file's rows.

    Parameters
    ----------
    events : pyarrow.Table
        Kept rows, columns as the store's table `events`.
    set_aside : pyarrow.Table
        Rows set aside, columns as the store's table `set_aside` without `batch`.
    rows_read : int
        Rows met; always kept + set aside + dropped.
    dropped : dict of str to int
        Reason to count; these rows are nowhere stored.
    """

    events: pa.Table
    set_aside: pa.Table
    rows_read: int
    dropped: dict[str, int]

    def count_set_aside(self) -> dict[str, int]:
        """Return reason to count of the rows set aside."""
        reasons = self.set_aside["reason"].to_pylist()
        return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def code_events(reading: Reading, file: str) -> Coded:
    """Judge every row of a reading: kept, set aside, or dropped by reason.

    Parameters
    ----------
    reading : Reading
        A file as its reader gives it.
    file : str
        Mark of the file: first 16 hexadecimal digits of its SHA-256.

    Returns
    -------
    Coded
        A row is dropped when it has not two different states or organisations for actors; otherwise set
        aside when its code, date, number or link cannot be used, or when its date is one that GDELT gets
        wrong (see `comity.events.day_rule`); otherwise kept.

    References
    ----------
    `leetaru-schrodt-2013`, `cameo-1.1b3` in docs/bibliography.md
    """
    return code_readings([(reading, file)])[0]


def code_readings(readings: Sequence[tuple[Reading, str]]) -> list[Coded]:
    """Judge the rows of many small files at once, which is several times as fast as one after the other.

    Parameters
    ----------
    readings : sequence of (Reading, str)
        Each with the mark of its file, as `code_events` takes them.

    Returns
    -------
    list of Coded
        In the same order, each as `code_events` gives it.
    """
    found: dict[int, Coded] = {}
    for source in dict.fromkeys(reading.source.id for reading, _ in readings):
        places = [place for place, (reading, _) in enumerate(readings) if reading.source.id == source]
        found |= zip(places, _code_source([readings[place] for place in places]), strict=True)
    return [found[place] for place in range(len(readings))]


def _code_source(readings: Sequence[tuple[Reading, str]]) -> list[Coded]:
    """Judge the files of one source: their rows in one table, then each file's part of what came of it."""
    import numpy as np
    import pyarrow as pa

    source = readings[0][0].source
    tables = [reading.lines.table for reading, _ in readings]
    files = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
    table = pa.concat_tables(tables)
    verdict = _judge_actors(table, source.actors)
    rows = table.drop_columns(["sender_key", "receiver_key"]).filter(pa.array(verdict.reasons < 0)).combine_chunks()
    coded, reasons = _judge_rows(rows)
    coded = coded.set_column(coded.schema.get_field_index("sender"), "sender", verdict.senders)
    coded = coded.set_column(coded.schema.get_field_index("receiver"), "receiver", verdict.receivers)
    kept_files = files[verdict.reasons < 0]
    marks = pa.array([mark for _, mark in readings], pa.string()).take(pa.array(kept_files))
    coded = coded.append_column("file", marks)
    good = reasons.is_null()
    events = _shape(coded.filter(good), "events", {"source": source.id})
    aside = _shape(coded.append_column("reason", reasons).filter(reasons.is_valid()), "set_aside", {})
    is_good = good.to_numpy(zero_copy_only=False)
    parts = zip(
        readings,
        _cut_by_file(events, kept_files[is_good], len(tables)),
        _cut_by_file(aside, kept_files[~is_good], len(tables)),
        _count_dropped(verdict.reasons, files, [reading for reading, _ in readings]),
        strict=True,
    )
    return [
        Coded(kept, _with_bad_lines(set_aside, reading, mark), reading.lines.rows_read, dropped)
        for (reading, mark), kept, set_aside, dropped in parts
    ]


def _cut_by_file(table: pa.Table, files: Codes, count: int) -> list[pa.Table]:
    """Cut a table whose rows lie in order of their files into one part for each file."""
    import numpy as np

    ends = np.searchsorted(files, np.arange(count + 1))
    return [table.slice(int(ends[n]), int(ends[n + 1] - ends[n])) for n in range(count)]


def _count_dropped(reasons: Codes, files: Codes, readings: Sequence[Reading]) -> list[dict[str, int]]:
    """Count the dropped rows of each file by reason, with those whose other columns were not read."""
    import numpy as np

    width = len(REASONS) + 1
    size = (len(readings), width)
    counts = np.bincount(files * width + reasons + 1, minlength=size[0] * width).reshape(size)[:, 1:]
    for place, reading in enumerate(readings):
        for name, lines in reading.lines.without.items():
            counts[place, REASONS.index(_WITHOUT[name])] += lines
    return [{name: int(n) for name, n in zip(REASONS, row, strict=True) if n} for row in counts]


@dataclass(frozen=True)
class _Verdict:
    """Of all rows the place of the reason to drop them, or -1; of the others both actors."""

    reasons: Codes
    senders: pa.Array
    receivers: pa.Array


def _judge_actors(table: pa.Table, rule: str) -> _Verdict:
    """Find the rows that have two different actors, and say why the others have not."""
    import numpy as np
    import pyarrow as pa

    known: dict[str, int] = {}
    keys = pa.chunked_array([*table["sender_key"].chunks, *table["receiver_key"].chunks], pa.binary())
    verdicts, rows = _judge_unique(keys, RULES[rule])
    actor = np.array([known.setdefault(name, len(known)) if name else -1 for name, _ in verdicts] or [-1])
    places = {"": -1, NO_ACTOR: len(REASONS), **{reason: place for place, reason in enumerate(REASONS)}}
    why = np.array([places[reason] for _, reason in verdicts] or [-1])
    first, second = rows[: table.num_rows], rows[table.num_rows :]
    sender, receiver, nobody = actor[first], actor[second], why == places[NO_ACTOR]
    reason = np.where(sender < 0, why[first], why[second])
    reason[nobody[second]] = places["no_second_actor"]
    reason[nobody[first]] = places["no_first_actor"]
    names = list(known)
    organisation = np.array([name.startswith("IGO:") for name in names] or [False])
    same = np.flatnonzero((reason < 0) & (sender == receiver))
    reason[same] = np.where(organisation[sender[same]], places["same_organisation"], places["same_state"])
    kept = reason < 0
    actors = pa.array(names, pa.string())
    return _Verdict(reason, actors.take(pa.array(sender[kept])), actors.take(pa.array(receiver[kept])))


def _judge_unique(keys: pa.ChunkedArray, judge: Callable[[bytes], Any]) -> tuple[list[Any], Codes]:
    """Judge each different key once; return the verdicts and for each row the place of its verdict."""
    import numpy as np
    import pyarrow.compute as pc

    filled = pc.fill_null(keys, b"") if keys.null_count else keys
    encoded = filled.combine_chunks().dictionary_encode()
    verdicts = [judge(key) for key in encoded.dictionary.to_pylist()]
    return verdicts, np.asarray(encoded.indices, np.int64)


def _judge_rows(rows: pa.Table) -> tuple[pa.Table, pa.Array]:
    """Give typed columns, and for each row the reason to set it aside, or null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    separator = pa.scalar(b"\x1f", pa.binary())
    both = pc.binary_join_element_wise(*(pc.fill_null(rows[c], b"") for c in ("date", "added")), separator)
    days, places = _judge_unique(both, _judge_days)
    codes, code_places = _judge_unique(rows["code"], _judge_code)
    take = pa.array(places)
    columns: dict[str, Any] = {
        "date": pa.array([d[0] for d in days], pa.date32()).take(take),
        "added": pa.array([d[1] for d in days], pa.timestamp("us", tz="UTC")).take(take),
        "code": pa.array(codes, pa.string()).take(pa.array(code_places)),
        "line": rows["line"],
        "sender": pa.nulls(rows.num_rows, pa.string()),
        "receiver": pa.nulls(rows.num_rows, pa.string()),
    }
    unknown = pa.array([None if code else "unknown_event_code" for code in codes], pa.string())
    verdicts = [unknown.take(pa.array(code_places)), pa.array([d[2] or None for d in days], pa.string()).take(take)]
    for name in ("event_id", "reports", "articles", "num_mentions", "num_sources", "num_articles"):
        columns[name], reason = _read_numbers(rows[name], name)
        verdicts.append(reason)
    columns["url"], reason = _read_links(rows["url"])
    return pa.table(columns), pc.coalesce(*verdicts, reason)


def _judge_days(key: bytes) -> tuple[date | None, datetime | None, str]:
    """Judge a day and the time of adding that were joined; a separator within them is part of a bad value."""
    day, _, added = key.decode("utf-8", "replace").partition("\x1f")
    return judge_days(day, added)


def _judge_code(key: bytes) -> str | None:
    """Return the CAMEO code, or None where the code list has none such."""
    code = key.decode("utf-8", "replace").strip()
    return code if code in _list_codes() else None


@cache
def _list_codes() -> frozenset[str]:
    """Return all CAMEO codes."""
    return frozenset(row.code for row in read_scale().rows)


def _read_numbers(column: pa.ChunkedArray, name: str) -> tuple[pa.Array, pa.Array]:
    """Read whole numbers; return them, and a reason where a text is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    low = 1 if name in ("reports", "articles") else 0
    kind = pa.int64() if name == "event_id" else pa.int32()
    array = column.combine_chunks()
    none = pa.nulls(len(array), pa.string())
    if array.null_count == len(array):
        return pa.nulls(len(array), kind), none
    try:
        texts = _empty_to_null(pc.cast(array, pa.string()))
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest <= MOST_DIGITS and pc.all(pc.ascii_is_decimal(texts)).as_py() is not False:
            numbers = pc.cast(texts, kind)
            least = pc.min(numbers).as_py()
            if least is None or least >= low:
                return numbers, none
    except pa.ArrowInvalid:
        pass
    read = [_read_number(value, low, 2 ** (kind.bit_width - 1)) for value in array.to_pylist()]
    reasons = [
        f"bad_{name}" if number is None and value else None
        for number, value in zip(read, array.to_pylist(), strict=True)
    ]
    return pa.array(read, kind), pa.array(reasons, pa.string())


def _read_number(value: bytes | None, low: int, limit: int) -> int | None:
    """Return a whole number in [low, limit), or None."""
    text = (value or b"").strip()
    if not text.isdigit() or len(text) > MOST_DIGITS:
        return None
    return int(text) if low <= int(text) < limit else None


def _read_links(column: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Read links as text; return them, and a reason where the bytes are not UTF-8."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = column.combine_chunks()
    try:
        return _empty_to_null(pc.cast(array, pa.string())), pa.nulls(len(array), pa.string())
    except pa.ArrowInvalid:
        texts = [_decode(value) for value in array.to_pylist()]
        reasons = [
            "bad_utf8" if text is None and value else None for text, value in zip(texts, array.to_pylist(), strict=True)
        ]
        return pa.array(texts, pa.string()), pa.array(reasons, pa.string())


def _empty_to_null(texts: pa.Array) -> pa.Array:
    """Return texts, the empty ones missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = pc.equal(texts, pa.scalar("", pa.string()))
    return pc.if_else(empty, pa.scalar(None, pa.string()), texts) if pc.any(empty).as_py() else texts


def _decode(value: bytes | None) -> str | None:
    """Return text, or None where there is none or it is not UTF-8."""
    try:
        return value.decode() if value else None
    except UnicodeDecodeError:
        return None


def _shape(table: pa.Table, name: str, constants: dict[str, str]) -> pa.Table:
    """Arrange columns as a table of the store has them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = schema_of(name)
    columns: Sequence[Any] = []
    for field in (f for f in schema if f.name != "batch"):
        if field.name in constants:
            column = pa.repeat(pa.scalar(constants[field.name], pa.string()), table.num_rows)
        else:
            column = table[field.name]
        if name == "events" and field.name in ("reports", "articles"):
            column = pc.fill_null(column, 1)
        columns = [*columns, column]
    names = [f for f in schema.names if f != "batch"]
    return pa.table(list(columns), names=names).cast(pa.schema([schema.field(f) for f in names]))


def _with_bad_lines(aside: pa.Table, reading: Reading, file: str) -> pa.Table:
    """Add the lines that could not be read: their number and reason, none of their text."""
    import pyarrow as pa

    if not reading.lines.bad:
        return aside
    rows = [{"file": file, "line": number, "reason": reason} for number, reason in reading.lines.bad]
    return pa.concat_tables([aside, pa.Table.from_pylist(rows, schema=aside.schema)])

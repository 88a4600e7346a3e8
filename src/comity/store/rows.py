"""From what a load says to the rows of a table: the same words give the same rows, whenever they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from comity.store.tables import schema_of

if TYPE_CHECKING:
    import pyarrow as pa


def mark_batch(set_aside: pa.Table, batch: str) -> pa.Table:
    """Return rows set aside with the batch in which they came."""
    return set_aside.add_column(0, "batch", [[batch] * set_aside.num_rows]).cast(schema_of("set_aside"))


def make_ledger(entries: Sequence[Mapping[str, Any]], version: int) -> pa.Table:
    """Return ledger entries as rows, for the version of the event table with which they belong."""
    import pyarrow as pa

    schema = schema_of("ledger")
    rows = [{**dict.fromkeys(schema.names), **_read_times(entry), "events_version": version} for entry in entries]
    return pa.Table.from_pylist(rows, schema=schema)


def _read_times(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the ISO texts of an entry's times and days back into values."""
    times = {k: datetime.fromisoformat(entry[k]) for k in ("seen_at", "slot") if isinstance(entry.get(k), str)}
    days = {k: date.fromisoformat(entry[k]) for k in ("date_low", "date_high") if isinstance(entry.get(k), str)}
    return {**entry, **times, **days}

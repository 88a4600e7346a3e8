"""What evidence says is summed up from an index alone, and what is due in a field is found at once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_AMENDING = sa.text("amends")
_OF_COMMITMENTS = sa.text("kind = 2")
_AS_KNOWN = ["valid_from", "recorded_at", "withdrawn"]
_GUARD = "entries_refuse_update"
_REFUSAL = "a register is only appended to: record a new entry under the same id"


def upgrade() -> None:
    """Add the day and the sense of evidence, as each content gives them, and the indexes that hold them."""
    op.add_column("entries", sa.Column("day", sa.Integer))
    op.add_column("entries", sa.Column("says", sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    op.drop_index("entries_by_parent", "entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE entries DISABLE TRIGGER entries_append_only")
        _fill("CAST(content AS json) ->> '{0}'", "CAST({0} AS date) - DATE '0001-01-01' + 1")
        op.execute("ALTER TABLE entries ENABLE TRIGGER entries_append_only")
    else:
        op.execute(f"DROP TRIGGER {_GUARD}")
        _fill("json_extract(content, '$.{0}')", "CAST(julianday({0}) - 1721424.5 AS INTEGER)")
        body = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        op.execute(f"CREATE TRIGGER {_GUARD} BEFORE UPDATE ON entries {body}")
    op.create_index("entries_by_parent", "entries", ["parent", "kind", "day", "says", *_AS_KNOWN])
    _index("entries_by_field", ["field", "due", "id", "party", *_AS_KNOWN], _OF_COMMITMENTS)
    _index("entries_amended", ["parent", "kind"], _AMENDING)


def downgrade() -> None:
    """Remove the columns and put the earlier indexes back; every entry stays."""
    for name in ("entries_amended", "entries_by_field", "entries_by_parent"):
        op.drop_index(name, "entries")
    op.drop_column("entries", "says")
    op.drop_column("entries", "day")
    op.create_index("entries_by_parent", "entries", ["parent", "kind"])


def _fill(read: str, number: str) -> None:
    """Fill the new columns of every piece of evidence, and the day of every assessment."""
    day, direction, value = (read.format(name) for name in ("day", "direction", "value"))
    signs = f"CASE {direction} WHEN 'for' THEN 1 WHEN 'against' THEN 2 ELSE 0 END"
    signs += f" + CASE WHEN {value} IS NULL THEN 0 ELSE 4 END"
    set_both = f"day = {number.format(f'({day})')}, says = CASE WHEN kind = 3 THEN {signs} ELSE 0 END"
    op.execute(f"UPDATE entries SET {set_both} WHERE kind IN (3, 4)")


def _index(name: str, columns: list[str], where: Any) -> None:
    """Make an index of a part of the entries."""
    op.create_index(name, "entries", columns, sqlite_where=where, postgresql_where=where)

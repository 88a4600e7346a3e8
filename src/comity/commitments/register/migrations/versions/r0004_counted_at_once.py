"""All commitments of a register are counted from what each batch entered, and those due in a year from an index."""

from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OF_COMMITMENTS = sa.text("kind = 2")
_COUNTED = ("recorded_at", "party", "year", "valid_from", "number")
_REFUSAL = "a register is only appended to: record a new entry under the same id"


def upgrade() -> None:
    """Add the totals of every batch that is there, their guards, and what the index by due day needs."""
    op.create_table(
        "totals",
        sa.Column("recorded_at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("party", sa.Text, primary_key=True),
        sa.Column("year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    _fill()
    _guard()
    op.drop_index("entries_by_due", "entries")
    _index(["due", "id", "party", "valid_from", "recorded_at", "withdrawn"])


def downgrade() -> None:
    """Remove the totals and put the earlier index back; every entry stays."""
    op.drop_table("totals")
    op.drop_index("entries_by_due", "entries")
    _index(["due", "id"])


def _fill() -> None:
    """Count the commitments that each batch entered."""
    asked = "SELECT recorded_at, party, due, valid_from FROM entries WHERE kind = 2 AND NOT withdrawn"
    counted: Counter[tuple[Any, ...]] = Counter()
    for moment, party, due, first in op.get_bind().execute(sa.text(asked)):
        counted[moment, party, date.fromordinal(due).year if due else 0, first] += 1
    rows = [dict(zip(_COUNTED, (*key, number), strict=True)) for key, number in counted.items()]
    if rows:
        op.bulk_insert(sa.table("totals", *(sa.column(name) for name in _COUNTED)), rows)


def _guard() -> None:
    """Let the database refuse to change or remove a total."""
    if op.get_bind().dialect.name == "postgresql":
        row = "BEFORE UPDATE OR DELETE ON totals FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        whole = "BEFORE TRUNCATE ON totals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER totals_append_only {row}")
        op.execute(f"CREATE TRIGGER totals_keep_all {whole}")
        return
    for act in ("UPDATE", "DELETE"):
        body = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        op.execute(f"CREATE TRIGGER totals_refuse_{act.lower()} BEFORE {act} ON totals {body}")


def _index(columns: list[str]) -> None:
    """Make the index of commitments by due day."""
    op.create_index(
        "entries_by_due", "entries", columns, sqlite_where=_OF_COMMITMENTS, postgresql_where=_OF_COMMITMENTS
    )

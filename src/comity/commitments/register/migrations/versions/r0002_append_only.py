"""The database itself refuses to change or remove an entry; lists by party, field and due day are found at once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = ("entries", "parties")
_OF_COMMITMENTS = sa.text("kind = 2")
_AMENDING = sa.text("amends")
_COUNTED = ["party", "field", "due", "valid_from", "recorded_at", "withdrawn"]
_REFUSAL = "a register is only appended to: record a new entry under the same id"


def upgrade() -> None:
    """Add the guards and the indexes."""
    of_commitments: dict[str, Any] = {"sqlite_where": _OF_COMMITMENTS, "postgresql_where": _OF_COMMITMENTS}
    amending: dict[str, Any] = {"sqlite_where": _AMENDING, "postgresql_where": _AMENDING}
    op.create_index("entries_by_party", "entries", _COUNTED, **of_commitments)
    op.create_index("entries_by_due", "entries", ["due", "id"], **of_commitments)
    op.create_index("entries_amending", "entries", ["kind", "id"], **amending)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        for table in _TABLES:
            for act in ("UPDATE", "DELETE"):
                body = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                op.execute(f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} {body}")


def downgrade() -> None:
    """Remove the guards and the indexes; every entry stays."""
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP TRIGGER {table}_keep_all ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
    else:
        for table in _TABLES:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuse_{act}")
    for name in ("entries_amending", "entries_by_due", "entries_by_party"):
        op.drop_index(name, "entries")


def _guard_postgresql() -> None:
    """Add triggers for rows and for the emptying of a whole table."""
    raising = f"BEGIN RAISE EXCEPTION '{_REFUSAL}'; END"
    op.execute(f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$")
    for table in _TABLES:
        row = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER {table}_append_only {row}")
        op.execute(f"CREATE TRIGGER {table}_keep_all {whole}")

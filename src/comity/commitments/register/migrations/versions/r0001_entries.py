"""Entries in the order of recording, each with its hash; the parties of agreements."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OF_STRUCTURE = sa.text("kind <= 2")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "entries",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("due", sa.Integer),
        sa.Column("valid_from", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("amends", sa.Boolean, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_index("entries_by_id", "entries", ["id", "kind", "seq"], unique=True)
    op.create_index("entries_by_parent", "entries", ["parent", "kind"])
    of_structure: dict[str, Any] = {"sqlite_where": _OF_STRUCTURE, "postgresql_where": _OF_STRUCTURE}
    op.create_index("entries_by_agreement", "entries", ["agreement", "kind"], **of_structure)
    op.create_table(
        "parties",
        sa.Column("party", sa.Text, primary_key=True),
        sa.Column("agreement", sa.Text, primary_key=True),
        sa.Column("seq", _NUMBER, sa.ForeignKey("entries.seq"), primary_key=True),
    )


def downgrade() -> None:
    """Remove the tables, and with them every entry."""
    op.drop_table("parties")
    op.drop_table("entries")

"""The migrations of a register's tables, as Alembic reads them."""

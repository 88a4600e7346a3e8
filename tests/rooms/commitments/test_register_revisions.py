"""The tables of a register go up and down between revisions, and no entry is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.specimens.registers import build_records

from comity.commitments.errors import RegisterNewer, RegisterOlder
from comity.commitments.register import open_register, read_standing, record_entries, verify_register
from comity.commitments.register.migration import downgrade_tables, upgrade_tables
from comity.commitments.register.place import REVISIONS, connect_register, read_revision
from comity.commitments.register.tables import metadata


def list_tables(place: str) -> dict[str, set[tuple[str, bool]]]:
    """Give the columns and indexes of each table that the database has."""
    with connect_register(place) as register, register.read() as con:
        look = sa.inspect(con)
        return {
            name: {(column["name"], bool(column["nullable"])) for column in look.get_columns(name)}
            | {(str(index["name"]), True) for index in look.get_indexes(name)}
            for name in look.get_table_names()
            if name != "alembic_version"
        }


def test_a_register_of_an_older_revision_opens_after_an_upgrade(place: str):
    with connect_register(place, create=True) as register:
        assert upgrade_tables(register, REVISIONS[0]) == (None, REVISIONS[0])
        record_entries(register, build_records())
        before = read_standing(register)
    with pytest.raises(RegisterOlder, match="0001"):
        open_register(place)
    with connect_register(place) as register:
        assert upgrade_tables(register) == (REVISIONS[0], REVISIONS[-1])
    with open_register(place) as register:
        assert read_standing(register, valid=before.valid, known=before.known) == before
        assert verify_register(register).holds


def test_down_and_up_again_keeps_every_entry(place: str):
    with open_register(place, create=True) as register:
        record_entries(register, build_records())
        before = read_standing(register)
        downgrade_tables(register, REVISIONS[0])
        assert read_revision(register) == REVISIONS[0]
        upgrade_tables(register)
        assert read_standing(register, valid=before.valid) == before
        assert verify_register(register).holds


def test_all_the_way_down_leaves_nothing(place: str):
    with open_register(place, create=True) as register:
        downgrade_tables(register, "base")
    assert list_tables(place) == {}


def test_the_migrations_make_the_tables_that_the_code_asks(place: str):
    open_register(place, create=True).close()
    expected = {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        | {(str(index.name), True) for index in table.indexes}
        for table in metadata.tables.values()
    }
    assert list_tables(place) == expected


def test_a_register_of_an_unknown_revision_is_refused_and_left_alone(place: str):
    with open_register(place, create=True) as register, register.change() as con:
        con.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegisterNewer, match="9999"):
        open_register(place)
    with connect_register(place) as register, pytest.raises(RegisterNewer):
        upgrade_tables(register)

"""The tables of a register go up and down between revisions, and no entry is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.specimens.registers import build_records

from comity.commitments.errors import RegisterError, RegisterNewer, RegisterOlder
from comity.commitments.register import (
    Register,
    open_register,
    read_head,
    read_history,
    read_part,
    read_standing,
    record_entries,
    verify_register,
)
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


def copy_entries(source: Register, target: Register) -> None:
    """Give a register of an older revision the entries of another, with the columns that it has."""
    for table in metadata.sorted_tables:
        with source.read() as con:
            rows = [dict(row) for row in con.execute(sa.select(table)).mappings()]
        with target.change() as con:
            if not sa.inspect(con).has_table(table.name):
                continue
            has = {column["name"] for column in sa.inspect(con).get_columns(table.name)}
            columns = [sa.column(each.name, each.type) for each in table.columns if each.name in has]
            older = sa.table(table.name, *columns)
            con.execute(sa.insert(older), [{name: row[name] for name in has} for row in rows])


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_register_of_an_older_revision_opens_after_an_upgrade(place: str, tmp_path: Path, revision: str):
    with open_register(tmp_path / "aside.db", create=True) as aside:
        record_entries(aside, build_records())
        last = read_history(aside, "evidence", "pact/1/NOR/0/e0")[-1]
        edit = replace(last.record, direction="against", value=None, day=date(2021, 3, 4))
        record_entries(aside, [edit], seen=read_head(aside))
        before = read_part(aside, date(2022, 1, 1))
        with connect_register(place, create=True) as register:
            assert upgrade_tables(register, revision) == (None, revision)
            copy_entries(aside, register)
    with pytest.raises(RegisterOlder, match=revision):
        open_register(place)
    with connect_register(place) as register:
        assert upgrade_tables(register) == (revision, REVISIONS[-1])
    with open_register(place) as register:
        assert read_part(register, date(2022, 1, 1)) == before
        assert verify_register(register).holds
        with pytest.raises(RegisterError, match="only appended to"), register.change() as con:
            con.execute(sa.text("UPDATE entries SET says = 0"))


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

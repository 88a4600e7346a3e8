"""Asking for many names at once: they travel as one value, so that a question with a thousand is put as fast as one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

MOST_NAMED = 10_000
"""Names that one question to the database holds."""


class Names(TypeDecorator[Collection[str]]):
    """Names as one value: an array of PostgreSQL, a list of JSON in SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that a database has for it."""
        kind: TypeEngine[Any] = ARRAY(sa.Text()) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """Return names as the database takes them."""
        names = list(value or ())
        return names if dialect.name == "postgresql" else json.dumps(names)


class Among(FunctionElement[Any]):
    """Whether a column holds one of some names; of no type, since as a boolean SQLite would compare it with 1."""

    inherit_cache = True


def is_among(column: sa.ColumnElement[str], names: Collection[str]) -> Among:
    """Return the condition that a column holds one of some names; none where there are none."""
    return Among(column, sa.bindparam(None, names, type_=Names(), unique=True))


@compiles(Among, "sqlite")
def _write_sqlite(element: Among, compiler: Any, **given: Any) -> str:
    """Write the condition for SQLite."""
    column, names = (compiler.process(each, **given) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({names}))"


@compiles(Among, "postgresql")
def _write_postgresql(element: Among, compiler: Any, **given: Any) -> str:
    """Write the condition for PostgreSQL."""
    column, names = (compiler.process(each, **given) for each in element.clauses)
    return f"{column} = ANY({names})"


def split_names(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield names in parts that one question can hold."""
    for start in range(0, len(names), MOST_NAMED):
        yield names[start : start + MOST_NAMED]

"""A record as canonical JSON, and back: what is stored, and what the chain of hashes is taken over.

The form is that of RFC 8785 for the values that occur: keys in order, no white space, UTF-8, decimals as text. A field
that has its default is left out, so that a field that a later version adds changes no entry that exists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from comity.commitments.records import Agreement, Article, Assessment, Commitment, Evidence, Record

KINDS: Mapping[str, type[Record]] = {
    "agreement": Agreement,
    "article": Article,
    "commitment": Commitment,
    "evidence": Evidence,
    "assessment": Assessment,
}
"""Kinds in the order in which they rest on one another; the place of each is its number in the register."""
NUMBERS: Mapping[type[Record], int] = {kind: number for number, kind in enumerate(KINDS.values())}
NAMES = tuple(KINDS)
PARENTS = ("", "agreement", "article", "commitment", "commitment")
"""For each kind the field that names what it belongs to."""
DATES = frozenset({"valid_from", "signed", "in_force", "due", "day"})
DECIMALS = frozenset({"baseline", "target", "value"})
LISTS = frozenset({"parties", "depends_on", "evidence"})
SET_BY_REGISTER = "recorded_at"
_VALUE_IS_TEXT = "assessment"
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_parse = json.JSONDecoder().raw_decode


@cache
def list_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind in the order of its class, without the one that the register sets."""
    return tuple(item.name for item in fields(KINDS[kind]) if item.name != SET_BY_REGISTER)


@cache
def list_required(kind: str) -> frozenset[str]:
    """Return the fields of a kind that have no default."""
    return frozenset(item.name for item in fields(KINDS[kind]) if item.default is MISSING)


def name_kind(record: Record) -> str:
    """Return the name of a record's kind."""
    return NAMES[NUMBERS[type(record)]]


def is_date(name: str) -> bool:
    """Say whether a field holds a day."""
    return name in DATES


def is_decimal(kind: str, name: str) -> bool:
    """Say whether a field holds a number with decimals; an assessment's value is a word of its scale."""
    return name in DECIMALS and not (name == "value" and kind == _VALUE_IS_TEXT)


def is_list(kind: str, name: str) -> bool:
    """Say whether a field holds several names."""
    return name in LISTS and (kind, name) != ("evidence", "evidence")


def encode_json(value: object) -> str:
    """Return canonical JSON.

    Examples
    --------
    >>> encode_json({"b": 1, "a": ["x"]})
    '{"a":["x"],"b":1}'
    """
    return _encode(value)


def describe_record(record: Record) -> dict[str, Any]:
    """Return a record as plain values: its kind and every field that has not its default, without `recorded_at`.

    Parameters
    ----------
    record : Record
        Of any kind.

    Returns
    -------
    dict of str to str, int, bool or list of str
        Days and decimals are texts.
    """
    kind, plain = _PLANS[type(record)]
    described: dict[str, Any] = {"kind": kind}
    for name, default, convert in plain:
        value = getattr(record, name)
        if value != default:
            described[name] = value if convert is None else convert(value)
    return described


def encode_record(record: Record) -> str:
    """Return the canonical JSON of a record, which is what the register stores."""
    return _encode(describe_record(record))


def decode_record(content: str, recorded_at: datetime | None = None) -> Record:
    """Return the record that a stored content means, as `describe_record` describes it."""
    given = _parse(content)[0]
    kind = given.pop("kind")
    for name, reader in _READERS[kind]:
        if name in given:
            given[name] = reader(given[name])
    return KINDS[kind](recorded_at=recorded_at, **given)


def name_parent(record: Record) -> str:
    """Return the id of what a record belongs to, or "" for an agreement."""
    field = PARENTS[NUMBERS[type(record)]]
    return str(getattr(record, field)) if field else ""


def _choose_writer(kind: str, name: str) -> Callable[[Any], Any] | None:
    """Return how a field becomes a plain value."""
    if is_date(name):
        return date.isoformat
    if is_decimal(kind, name):
        return str
    return list if is_list(kind, name) else None


def _choose_reader(kind: str, name: str) -> Callable[[Any], Any] | None:
    """Return how a plain value becomes a field."""
    if is_date(name):
        return date.fromisoformat
    if is_decimal(kind, name):
        return Decimal
    return tuple if is_list(kind, name) else None


def _plan(kind: str) -> tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]:
    """Return name, default and writer of the fields of a kind."""
    found = [item for item in fields(KINDS[kind]) if item.name != SET_BY_REGISTER]
    return tuple((item.name, item.default, _choose_writer(kind, item.name)) for item in found)


_PLANS = {cls: (kind, _plan(kind)) for kind, cls in KINDS.items()}
_READERS = {
    kind: [(name, reader) for name in list_fields(kind) if (reader := _choose_reader(kind, name))] for kind in KINDS
}

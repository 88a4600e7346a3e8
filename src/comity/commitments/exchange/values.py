"""From what a file says to a record: each value by its field, each fault by its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from comity.commitments.records import Record
from comity.commitments.register.content import KINDS, is_date, is_decimal, is_list, list_fields, list_required
from comity.commitments.register.rules import LONGEST, MOST_DIGITS, Fault, show

FLAGS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
SEPARATOR = ";"
_DEFAULT_LONGEST = 40_000
Reader = Callable[[Any], Any]


def read_record(kind: str, given: Mapping[str, Any], faults: list[Fault]) -> Record | None:
    """Return the record of a kind that a file's values mean.

    Parameters
    ----------
    kind : str
        Such as `commitment`.
    given : mapping of str to object
        Field to value: texts (of a table), or the values of JSON. An empty one means the field's default.
    faults : list of Fault
        Takes what is wrong.

    Returns
    -------
    Record or None
        None where anything is wrong.
    """
    readers, required = _READERS[kind], _REQUIRED[kind]
    values: dict[str, Any] = {}
    wrong = len(faults)
    for name, value in given.items():
        if value is None or value == "":
            continue
        reader = readers.get(name)
        if reader is None:
            todo = f"the fields are {', '.join(readers)}"
            faults.append(Fault(name, "there is no such field", "it would be read by nobody", todo))
            continue
        try:
            values[name] = reader(value)
        except (ValueError, InvalidOperation) as error:
            faults.append(Fault(name, f"{show(value)} {error.args[0]}", todo=_advise(kind, name)))
    faults += [
        Fault(name, "it is missing", todo="give it")
        for name in required
        if name not in values and _is_empty(name, given)
    ]
    return None if len(faults) > wrong else KINDS[kind](**values)


def _is_empty(name: str, given: Mapping[str, Any]) -> bool:
    """Say whether a field was not given at all."""
    return given.get(name) in (None, "")


def _read_text(value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError("is no text")
    if len(value) > _DEFAULT_LONGEST:
        raise ValueError("is too long")
    return value.replace("\r\n", "\n") if "\r" in value else value


def _read_date(value: Any) -> date:
    """Return a day; a time after it is refused."""
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("is no day")


def _read_decimal(value: Any) -> Decimal:
    """Return a number; a comma is refused, since it means two things."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is no number")
    text = str(value).strip()
    if len(text) > 2 * MOST_DIGITS or "_" in text:
        raise ValueError("is no number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("is no number") from None
    if not number.is_finite():
        raise ValueError("is no number")
    return number


def _read_whole(value: Any) -> int:
    """Return a whole number."""
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("is no whole number")
    return int(text)


def _read_flag(value: Any) -> bool:
    """Return yes or no."""
    if isinstance(value, bool):
        return value
    found = FLAGS.get(str(value).strip().lower())
    if found is None:
        raise ValueError("is neither yes nor no")
    return found


def _read_list(value: Any) -> tuple[str, ...]:
    """Return several names: a list, or a text in which semicolons stand between them."""
    parts = [part.strip() for part in value.split(SEPARATOR)] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("is no list of names")
    return tuple(parts)


def _advise(kind: str, name: str) -> str:
    """Return what to write into a field."""
    if is_date(name):
        return "write it as 2026-01-31"
    if is_decimal(kind, name):
        return "write digits, with a point before the decimals"
    return f"write at most {LONGEST[name]:,} characters of text" if name in LONGEST else "write it as the schema says"


def _choose(kind: str, name: str) -> Reader:
    """Return how a field is read."""
    if name == "withdrawn":
        return _read_flag
    if name == "strength":
        return _read_whole
    if is_date(name):
        return _read_date
    if is_decimal(kind, name):
        return _read_decimal
    return _read_list if is_list(kind, name) else _read_text


_READERS = {kind: {name: _choose(kind, name) for name in list_fields(kind)} for kind in KINDS}
_REQUIRED = {kind: list_required(kind) for kind in KINDS}

"""Reading the two parts of a scale that are tables: the event types and the rows of codes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.lexicon.errors import ComityError
from comity.lexicon.published import parse_yaml

SCALES = Path(__file__).with_name("scales")
TYPES_FILE = "types.yml"
COLUMNS = ("code", "type", "quad", "score", "label", "reference")
QUADS = ("1", "2", "3", "4")


class ScaleError(ComityError):
    """A scale cannot be read: the file and the line are named."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type: its PLOVER name, label, class (1-4) and side of zero."""

    type: str
    label: str
    quad: int
    side: str


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One code: type, class (1-4), score (None where the scale has none), label and where it comes from."""

    code: str
    type: str
    quad: int
    score: float | None
    label: str
    reference: str


def read_types() -> dict[str, EventType]:
    """Read the event types that a row may carry.

    Returns
    -------
    dict of str to EventType
        The sixteen PLOVER types and STATEMENT, in PLOVER's order from cooperation to conflict.

    References
    ----------
    plover-0.8, halterman-2023
    """
    path = SCALES / TYPES_FILE
    entries = read_yaml(path)["types"]
    return {name: EventType(type=name, **entry) for name, entry in entries.items()}


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one mapping from a YAML file."""
    import yaml

    try:
        head = parse_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScaleError(
            f"the file {path.name!r} is not readable YAML: {' '.join(str(error).split())}",
            where=str(path),
            todo="save it as UTF-8 YAML",
        ) from error
    if not isinstance(head, dict):
        raise ScaleError(
            f"the file {path.name!r} holds {type(head).__name__}, not fields",
            where=str(path),
            todo="give at least id, title, version, range, neutral and references",
        )
    return head


def read_rows(path: Path, low: float, high: float) -> tuple[ScaleRow, ...]:
    """Read and check the table of codes of a scale.

    Parameters
    ----------
    path : Path
        The ``.csv`` with the columns code, type, quad, score, label and reference.
    low, high : float
        Range that no score may leave [points].

    Returns
    -------
    tuple of ScaleRow
        In the order of the file.

    Raises
    ------
    ScaleError
        The first bad cell, with file and line.
    """
    types = read_types()
    rows: dict[str, ScaleRow] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScaleError(
            f"the file {path.name!r} is not UTF-8 (byte {error.start})",
            where=str(path),
            todo="save it as UTF-8",
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    _check_columns(reader.fieldnames or (), path)
    for entry in reader:
        where = f"{path}, line {reader.line_num}"
        row = _read_row(entry, types, where)
        if row.score is not None and not low <= row.score <= high:
            raise _refuse("score", f"{row.score:g}", where, f"give a score from {low:g} to {high:g}")
        if row.code in rows:
            raise ScaleError(
                f"the code {row.code!r} is given twice",
                where=where,
                why="one code would have two values",
                todo="keep one of the two rows",
            )
        rows[row.code] = row
    if not rows:
        raise ScaleError("the table has no row", where=str(path), todo="give one row for each code")
    return tuple(rows.values())


def _check_columns(found: Sequence[str], path: Path) -> None:
    """Stop where a column is missing from the header."""
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise ScaleError(
            f"the column {missing[0]!r} is missing; the header has {', '.join(found) or 'nothing'}",
            where=f"{path}, line 1",
            why="a row could not be read",
            todo=f"start the file with the header {','.join(COLUMNS)}",
        )


def _read_row(entry: Mapping[str | None, object], types: Mapping[str, EventType], where: str) -> ScaleRow:
    """Check one row and return it."""
    if None in entry or None in entry.values():
        raise ScaleError(
            f"the row has {'more' if None in entry else 'fewer'} cells than the header",
            where=where,
            why="a value could land in the wrong column",
            todo="put quotes around a text that holds a comma",
        )
    values = {name: str(entry[name]).strip() for name in COLUMNS}
    code = values["code"]
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 4):
        raise _refuse("code", code, where, "write a CAMEO code of two to four digits, with its leading zero")
    if values["type"] not in types:
        raise _refuse("type", values["type"], where, f"use one of {', '.join(types)}")
    if values["quad"] not in QUADS:
        raise _refuse("quad", values["quad"], where, "use 1, 2, 3 or 4")
    if not values["label"]:
        raise _refuse("label", "", where, f"name the code {code} in a few words")
    score = _read_score(values["score"], where)
    return ScaleRow(code, values["type"], int(values["quad"]), score, values["label"], values["reference"])


def _read_score(text: str, where: str) -> float | None:
    """Return a finite number, or None for an empty cell."""
    if not text:
        return None
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise _refuse("score", text, where, "write a number, or leave the cell empty where there is none")
    return score


def _refuse(name: str, value: str, where: str, todo: str) -> ScaleError:
    """Build the error for one bad cell."""
    return ScaleError(
        f"the {name} is {value!r}",
        where=where,
        why="every event with this code would be scored wrongly",
        todo=todo,
    )

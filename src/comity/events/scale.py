"""The published scale: what a CAMEO code is called, its type, its class and its value.

A scale is two files side by side, ``<id>.yml`` (title, range, references) and ``<id>.csv`` (one row a code).
Those of the package lie in ``events/scales``; a user's own pair is read by its path. Nothing is guessed: a
code that has no row is unknown (a four-digit code does not fall back to its base code), and a code without a
score has none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.events.scale_table import (
    SCALES,
    TYPES_FILE,
    EventType,
    ScaleError,
    ScaleRow,
    read_rows,
    read_types,
    read_yaml,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "EventType",
    "Scale",
    "ScaleError",
    "ScaleReference",
    "ScaleRow",
    "list_scales",
    "read_scale",
    "read_types",
]


@dataclass(frozen=True, slots=True)
class ScaleReference:
    """One reference of a scale: key, full text and DOI (or None)."""

    key: str
    text: str
    doi: str | None


@dataclass(frozen=True)
class Scale:
    """A published scale of event codes.

    Parameters
    ----------
    id : str
        Short name, such as "goldstein".
    title, version : str
        As published; every result that uses the scale names them.
    references : tuple of ScaleReference
        Where the values come from.
    low, high : float
        Range that no score may leave [points].
    neutral : tuple of float
        Lowest and highest score that counts as neither friendly nor unfriendly [points].
    rows : tuple of ScaleRow
        One row for each code, in the order of the file.
    terms, note : str
        Terms of the values, and what a reader should know.
    """

    id: str
    title: str
    version: str
    references: tuple[ScaleReference, ...]
    low: float
    high: float
    neutral: tuple[float, float]
    rows: tuple[ScaleRow, ...]
    terms: str = ""
    note: str = ""
    _by_code: Mapping[str, ScaleRow] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the rows by code."""
        object.__setattr__(self, "_by_code", {row.code: row for row in self.rows})

    @property
    def codes(self) -> frozenset[str]:
        """All codes of the scale."""
        return frozenset(self._by_code)

    def get(self, code: str) -> ScaleRow | None:
        """Return the row of exactly this code, or None: an unknown code stays unknown.

        Parameters
        ----------
        code : str
            CAMEO code as text, with its leading zero.
        """
        return self._by_code.get(code)

    def name_side(self, score: float | None) -> str | None:
        """Say on which side of the neutral band a score lies.

        Parameters
        ----------
        score : float or None
            Score, or mean of scores [points].

        Returns
        -------
        str or None
            "friendly", "unfriendly" or "neutral"; None where there is no score.
        """
        if score is None or math.isnan(score):
            return None
        if score > self.neutral[1]:
            return "friendly"
        return "unfriendly" if score < self.neutral[0] else "neutral"

    def to_table(self) -> pa.Table:
        """Return the rows as an Arrow table.

        Returns
        -------
        pyarrow.Table
            Columns code, type, label (string), quad (int8) and score (float64, null = no value).
        """
        import pyarrow as pa

        schema = pa.schema(
            [
                ("code", pa.string()),
                ("type", pa.string()),
                ("quad", pa.int8()),
                ("score", pa.float64()),
                ("label", pa.string()),
            ]
        )
        columns = {name: [getattr(row, name) for row in self.rows] for name in schema.names}
        return pa.table(columns, schema=schema)

    def describe(self) -> str:
        """Return one line that cites the scale, for the foot of a result."""
        sources = "; ".join(f"{ref.text} doi:{ref.doi}" if ref.doi else ref.text for ref in self.references[:2])
        span = f"{self.low:g} to {self.high:g}"
        return f"{self.title} (scale {self.id}, version {self.version}, {span}). {sources}"


def read_scale(name_or_path: str | Path = "goldstein") -> Scale:
    """Read a scale of the package by its id, or a user's own by the path of its ``.yml``.

    Parameters
    ----------
    name_or_path : str or Path
        Id of a scale of the package (see `list_scales`), or path of a ``.yml`` with its ``.csv`` beside it.

    Returns
    -------
    Scale
        The checked scale.

    Raises
    ------
    ScaleError
        No such scale; a file, field or column is missing; an unknown type; a code given twice; a quad that is
        not 1 to 4; a score that is no number or lies outside the range.

    References
    ----------
    goldstein-1992, plover-0.8, halterman-2023

    Examples
    --------
    >>> scale = read_scale()
    >>> scale.get("042").score
    1.9
    >>> scale.get("1213").score is None
    True
    """
    text = str(name_or_path)
    return _read_own_scale(text) if text in list_scales() else _read_files(_find_scale(text))


def list_scales() -> list[str]:
    """Return the ids of the scales that come with the package, in alphabetical order."""
    return sorted(path.stem for path in SCALES.glob("*.yml") if path.name != TYPES_FILE)


@cache
def _read_own_scale(name: str) -> Scale:
    """Read a scale of the package, once."""
    return _read_files(SCALES / f"{name}.yml")


def _read_files(path: Path) -> Scale:
    """Read the ``.yml`` at this path and the ``.csv`` beside it."""
    head = read_yaml(path)
    low, high = _read_pair(head, "range", path)
    neutral = _read_pair(head, "neutral", path)
    if not low <= neutral[0] <= neutral[1] <= high:
        raise ScaleError(
            f"neutral {list(neutral)} is not inside range {[low, high]}",
            where=str(path),
            why="friendly and unfriendly events would be counted wrongly",
            todo="give neutral as [lowest, highest] inside range",
        )
    return Scale(
        id=_read_text(head, "id", path),
        title=_read_text(head, "title", path),
        version=_read_text(head, "version", path),
        references=_read_references(head, path),
        low=low,
        high=high,
        neutral=neutral,
        rows=read_rows(path.with_suffix(".csv"), low, high),
        terms=str(head.get("terms", "")).strip(),
        note=str(head.get("note", "")).strip(),
    )


def _find_scale(text: str) -> Path:
    """Return the path of a user's ``.yml``."""
    path = Path(text)
    if path.suffix.lower() not in (".yml", ".yaml"):
        raise ScaleError(
            f"there is no scale {text!r}",
            where="scale",
            why="every score depends on the scale",
            todo=f"name one of {', '.join(list_scales())}, or the path of a .yml with its .csv beside it",
        )
    for file in (path, path.with_suffix(".csv")):
        if not file.is_file():
            raise ScaleError(
                f"the file {file.name!r} does not exist",
                where=str(file),
                why="a scale is a .yml and a .csv of the same name",
                todo="check the path, or put the two files side by side",
            )
    return path


def _read_text(head: Mapping[str, Any], name: str, path: Path) -> str:
    """Return one text field that must be there."""
    value = head.get(name)
    if value is None or not str(value).strip():
        raise ScaleError(
            f"the field {name!r} is missing",
            where=str(path),
            why="every result names the scale that it used",
            todo=f"add {name}: ...",
        )
    return str(value).strip()


def _read_pair(head: Mapping[str, Any], name: str, path: Path) -> tuple[float, float]:
    """Return one field of two rising numbers."""
    value = head.get(name)
    numbers = isinstance(value, list) and all(
        isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item) for item in value
    )
    if not isinstance(value, list) or not numbers or len(value) != 2 or value[0] > value[1]:
        raise ScaleError(
            f"the field {name!r} is {value!r}",
            where=str(path),
            why="scores are checked against it",
            todo=f"write {name}: [lowest, highest]",
        )
    return float(value[0]), float(value[1])


def _read_references(head: Mapping[str, Any], path: Path) -> tuple[ScaleReference, ...]:
    """Return the references, at least one."""
    entries = head.get("references")
    good = isinstance(entries, list) and all(
        isinstance(entry, dict) and entry.get("key") and entry.get("text") for entry in entries
    )
    if not entries or not good:
        raise ScaleError(
            f"the field 'references' is {entries!r}",
            where=str(path),
            why="a value without a source cannot be cited",
            todo="list at least one reference with key, text and doi (null where there is none)",
        )
    return tuple(
        ScaleReference(str(entry["key"]), " ".join(str(entry["text"]).split()), entry.get("doi") or None)
        for entry in entries
    )

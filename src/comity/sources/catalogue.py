"""What is known of each publisher: the `source.yml` beside each reader."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from comity.lexicon.published import read_published
from comity.sources.errors import SourceError

_FOLDER = Path(__file__).parent
_FIELDS = ("id", "title", "publisher", "url", "terms", "citation", "cadence", "actors", "layout")
_WORDS = {"kind": "events", "licence": "", "rhythm": "", "had": "", "tested": ""}


@dataclass(frozen=True)
class Source:
    """One publisher's product, as its `source.yml` states it.

    Parameters
    ----------
    id, title, publisher, url, terms, citation : str
        Who publishes what, where, under which terms, and how it is cited.
    cadence : int or None
        Seconds between files; None where there is no timetable.
    actors : str
        Rule by which actors are recognised: `cameo` or `names`.
    layout : tuple of str
        Names of the columns, in order.
    fetch : str
        Address under which the publisher's files lie; empty where there is none.
    first : str
        First slot under that address (ISO, UTC); empty where there is none.
    gaps : tuple of (actor ids, text)
        Actors whom the publisher's coding misses or hardly names, with what is known of it.
    kind : str
        `events`, or `tables` for a publisher of figures behind the foundations.
    licence : str
        Short name of the terms.
    rhythm : str
        How often the publisher issues a file, in words.
    had : str
        Where the files are had.
    tested : str
        What the reader was tested on: real files, or rows made by hand.
    """

    id: str
    title: str
    publisher: str
    url: str
    terms: str
    citation: str
    cadence: int | None
    actors: str
    layout: tuple[str, ...]
    fetch: str = ""
    first: str = ""
    gaps: tuple[tuple[tuple[str, ...], str], ...] = ()
    kind: str = "events"
    licence: str = ""
    rhythm: str = ""
    had: str = ""
    tested: str = ""


@cache
def list_sources(kind: str = "") -> list[str]:
    """Return the ids of the sources that have a reader, of one kind (`events`, `tables`) or of both."""
    ids = sorted(path.parent.name for path in _FOLDER.glob("*/source.yml"))
    return [source for source in ids if not kind or read_source(source).kind == kind]


@cache
def read_codes(source: str, table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table that lies beside a reader, such as its list of sectors or a crosswalk of codes.

    Parameters
    ----------
    source : str
        One of `list_sources()`.
    table : str
        Name of the table, without its ending.
    """
    with (_FOLDER / read_source(source).id / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def read_description(source: str) -> dict[str, Any]:
    """Return all that the `source.yml` of a source says, known malformed cases included.

    Parameters
    ----------
    source : str
        One of `list_sources()`.

    Raises
    ------
    SourceError
        There is no such source, or its description lacks a field.
    """
    path = _FOLDER / source / "source.yml"
    if source not in list_sources():
        raise SourceError(f"there is no source {source!r}", todo=f"choose one of {', '.join(list_sources())}")
    said: dict[str, Any] = read_published(path)
    absent = [field for field in _FIELDS if field not in said]
    if absent:
        raise SourceError(f"{path.name} lacks {', '.join(absent)}", where=str(path), todo="add the fields")
    return said


@cache
def read_source(source: str) -> Source:
    """Return what is known of a source.

    Parameters
    ----------
    source : str
        One of `list_sources()`.

    Returns
    -------
    Source

    Raises
    ------
    SourceError
        There is no such source, or its description lacks a field.
    """
    said = read_description(source)
    words = {field: " ".join(str(said.get(field, default)).split()) for field, default in _WORDS.items()}
    return Source(
        **{field: said[field] for field in _FIELDS if field != "layout"},
        layout=tuple(said["layout"]),
        fetch=said.get("fetch", ""),
        first=said.get("first", ""),
        kind=words["kind"],
        licence=words["licence"],
        rhythm=words["rhythm"],
        had=words["had"],
        tested=words["tested"],
        gaps=tuple((tuple(gap["actors"]), " ".join(gap["text"].split())) for gap in said.get("gaps", ())),
    )

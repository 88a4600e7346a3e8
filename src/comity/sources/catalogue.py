"""What is known of each publisher: the `source.yml` beside each reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from comity.sources.errors import SourceError

_FOLDER = Path(__file__).parent
_FIELDS = ("id", "title", "publisher", "url", "terms", "citation", "cadence", "actors", "layout")


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


@cache
def list_sources() -> list[str]:
    """Return the ids of the sources that have a reader."""
    return sorted(path.parent.name for path in _FOLDER.glob("*/source.yml"))


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
    import yaml

    path = _FOLDER / source / "source.yml"
    if source not in list_sources():
        raise SourceError(f"there is no source {source!r}", todo=f"choose one of {', '.join(list_sources())}")
    said = yaml.safe_load(path.read_text("utf-8"))
    absent = [field for field in _FIELDS if field not in said]
    if absent:
        raise SourceError(f"{path.name} lacks {', '.join(absent)}", where=str(path), todo="add the fields")
    return Source(
        **{field: said[field] for field in _FIELDS if field != "layout"},
        layout=tuple(said["layout"]),
        fetch=said.get("fetch", ""),
        first=said.get("first", ""),
        gaps=tuple((tuple(gap["actors"]), " ".join(gap["text"].split())) for gap in said.get("gaps", ())),
    )

"""Publishers: what is known of each, what a store holds of it, and figures loaded over those of the package."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from comity.api.view import read_date, read_time
from comity.store import open_store
from comity.store.store import NOTE

_KEPT = ("loaded", "empty")


def list_publishers() -> list[dict[str, Any]]:
    """List the publishers that have a reader, with their terms and what each reader was tested on.

    Returns
    -------
    list of dict
        `id`, `kind` (`events` or `tables`), `title`, `publisher`, `licence`, `terms`, `rhythm`, `had`, `tested`,
        `fetched` (whether `comity sources fetch` can get its files).

    Examples
    --------
    >>> [source["id"] for source in list_publishers() if source["fetched"]]
    ['gdelt2']
    """
    from comity.sources import list_sources, read_source

    names = ("id", "kind", "title", "publisher", "licence", "terms", "rhythm", "had", "tested")
    found = [read_source(name) for name in list_sources()]
    return [{**{name: getattr(source, name) for name in names}, "fetched": is_fetched(source.id)} for source in found]


def is_fetched(source: str) -> bool:
    """Say whether the files of a source can be fetched: where an address is known and a list to check them by."""
    from comity.sources.fetch import SOURCE

    return source in (SOURCE, "gdelt")


def describe_publisher(source: str) -> dict[str, Any]:
    """Return all that is known of a publisher: terms, citation, cadence, layout, known malformed cases.

    Parameters
    ----------
    source : str
        Id from `list_publishers`.

    Returns
    -------
    dict
        All that `source.yml` says: the fields of `comity.sources.Source`, and `malformed` (known cases) and others
        where they are given.

    Raises
    ------
    SourceError
        There is no such source.
    """
    from comity.sources import read_source
    from comity.sources.catalogue import read_description

    return {**read_description(source), **asdict(read_source(source))}


def load_figures(
    paths: Sequence[Path | str] | Path | str,
    store: Path | str,
    source: str,
    *,
    day: str | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Load publishers' files of figures into a store, over the tables of the package.

    Parameters
    ----------
    paths : path-like or sequence of path-like
        Files as the publisher gives them.
    store : path-like
        Folder of the store; made where there is none.
    source : str
        `baci`, `gravity`, `undesa`, `unga`, `visa` or `wdi`.
    day : str, optional
        Day that the figures are of, where the file does not say it (ISO).
    now : datetime, optional
        Time of the entries.

    Returns
    -------
    dict
        `files`, `duplicates` [count], `loaded` and `refused`: a mapping for each file; see
        `comity.foundations.load_figures`.

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity import foundations

    several = [paths] if isinstance(paths, str | Path) else paths
    said = read_date(day)
    return foundations.load_figures(
        Path(store), [Path(path) for path in several], source, day=said.isoformat() if said else "", now=now
    )


def write_publisher_scale(path: Path | str, source: str, out: Path | str) -> dict[str, Any]:
    """Write the values that a publisher gives its codes as a scale of one's own, to be named with `--scale`.

    Parameters
    ----------
    path : path-like
        A file of ICEWS (its Intensity) or POLECAT (its Intensity, by the CAMEO code of type and mode).
    source : str
        `icews` or `polecat`.
    out : path-like
        The `.yml` to write; the `.csv` is written beside it.

    Returns
    -------
    dict
        `scale` (path), `codes` [count], `rows` [count], `differing` (code to the count of rows with another value).

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity.events.own_scale import collect_scores, write_scale
    from comity.sources import read_intensities, read_source
    from comity.sources.archive import read_received
    from comity.store.disk import write_whole

    target, said = Path(out).with_suffix(".yml"), read_source(source)
    pairs = read_intensities(read_received(Path(path)), Path(path).name, source)
    scores, differing = collect_scores(pairs)
    about = {"title": f"Intensity of {said.title}", "version": Path(path).name, "terms": said.terms}
    head, rows = write_scale(target.stem, {**about, "key": source, "citation": said.citation}, scores)
    write_whole(target, head.encode())
    write_whole(target.with_suffix(".csv"), rows.encode())
    return {"scale": str(target), "codes": len(scores), "rows": len(pairs), "differing": differing}


def count_publishers(store: Path | str | None = None, as_of: str | None = None) -> list[dict[str, Any]]:
    """Count what a store holds of each publisher.

    Parameters
    ----------
    store : path-like, optional
        Folder; the sample of the package where left out.
    as_of : str, optional
        ISO day or time.

    Returns
    -------
    list of dict
        `source`, `files` (status to count), `slots` (first, last, expected, loaded, missing; empty without a
        timetable), `rows_read`, `rows_kept`, `set_aside`, `dropped` (reason to count): rows of the files, each counted
        once, read = kept + set aside + dropped; `newest` (day of the newest event, or of the figures).

    Raises
    ------
    StoreMissing
        There is no store in that folder.
    """
    figures = store is not None and (Path(store) / "foundations").is_dir()
    without = figures and not (Path(store or "") / NOTE).exists()
    found = [] if without else _count_events(store, as_of)
    return found + (_count_figures(Path(store), as_of) if store is not None else [])


def _count_events(store: Path | str | None, as_of: str | None) -> list[dict[str, Any]]:
    """Count the files of events by source."""
    from comity.events.coverage import count_slots

    con = open_store(store).take_snapshot(read_time(as_of)).connect()
    try:
        entries = con.sql("select * from ledger order by source").to_arrow_table().to_pylist()
        slots = count_slots(con)
    finally:
        con.close()
    return [
        _sum_up(source, [entry for entry in entries if entry["source"] == source], slots.get(source, {}))
        for source in dict.fromkeys(entry["source"] for entry in entries)
    ]


def _sum_up(source: str, entries: Sequence[Mapping[str, Any]], slots: Mapping[str, Any]) -> dict[str, Any]:
    """Sum up the entries of one source."""
    counted = [entry for entry in entries if entry["status"] in _KEPT]
    days = [entry["date_high"] for entry in counted if entry["date_high"]]
    return {
        "source": source,
        "files": dict(sorted(Counter(entry["status"] for entry in entries).items())),
        "slots": dict(slots),
        "rows_read": sum(entry["rows_read"] or 0 for entry in counted),
        "rows_kept": sum(entry["rows_kept"] or 0 for entry in counted),
        "set_aside": _add(json.loads(entry["set_aside"] or "{}") for entry in counted),
        "dropped": _add(json.loads(entry["dropped"] or "{}") for entry in counted),
        "newest": max(days).isoformat() if days else None,
    }


def _add(counts: Any) -> dict[str, int]:
    """Add mappings of reason to count."""
    total = Counter[str]()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _count_figures(folder: Path, as_of: str | None) -> list[dict[str, Any]]:
    """Count the files of figures by source."""
    from comity.foundations import read_entries

    until = read_time(as_of)
    entries = [e for e in read_entries(folder) if until is None or datetime.fromisoformat(e["seen_at"]) <= until]
    found = []
    for source in sorted({entry["source"] for entry in entries}):
        mine = [entry for entry in entries if entry["source"] == source]
        loaded = [entry for entry in mine if entry["status"] == "loaded"]
        lines = [_read_lines(entry) for entry in loaded]
        found.append(
            {
                "source": source,
                "files": dict(sorted(Counter(entry["status"] for entry in mine).items())),
                "slots": {},
                "rows_read": sum(account["read"] for account in lines),
                "rows_kept": sum(account["kept"] for account in lines),
                "set_aside": _add(account["set_aside"] for account in lines),
                "dropped": _add(account["dropped"] for account in lines),
                "newest": max((entry["day"] for entry in loaded), default=None),
            }
        )
    return found


def _read_lines(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the account of a file's lines; one that was loaded before there was one says how they were read."""
    lines: Mapping[str, Any] | None = entry.get("lines")
    if lines is not None:
        return lines
    read = {"read": entry["lines_read"], "kept": entry["lines_used"], "set_aside": entry["set_aside"]}
    return {**read, "dropped": entry["passed_over"]}

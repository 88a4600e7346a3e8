"""Events: load, fetch, count, read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.view import View, WrongUse, read_date
from comity.lexicon import identify_actor

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.events.step import Progress
    from comity.sources.courier import Visit


def load_events(
    paths: Sequence[Path | str] | Path | str,
    store: Path | str,
    source: str = "gdelt",
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    wait: float = 60.0,
) -> dict[str, Any]:
    """Load event files into a store.

    Parameters
    ----------
    paths : path-like or sequence of path-like
        Files and folders.
    store : path-like
        Folder of the store; made where there is none.
    source : str
        `gdelt` (1.0 or 2.0), `gdelt1`, `gdelt2` or `comity` (a table of one's own).
    now : datetime, optional
        Time of the ledger entries.
    progress : callable, optional
        Told files done, files in all, rows read.
    wait : float
        How long to wait for another writer [seconds].

    Returns
    -------
    dict
        `files`, `rows_read`, `rows_kept`, `dropped`, `set_aside`, `slots`, `refused`, `passed_over`.

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity.events.step import load_files

    several = [paths] if isinstance(paths, str | Path) else paths
    return load_files(Path(store), [Path(p) for p in several], source, now=now, progress=progress, wait=wait)


def fetch_events(
    since: date | str,
    until: date | str,
    folder: Path | str,
    *,
    base: str | None = None,
    progress: Progress | None = None,
    visit: Visit | None = None,
) -> dict[str, Any]:
    """Fetch the GDELT 2.0 files of a span from the publisher into a folder; what is there is not fetched again.

    Parameters
    ----------
    since, until : date or str
        First and last day [UTC], both counted.
    folder : path-like
        Folder for the files as received; made where there is none.
    base : str, optional
        Another http or https address that holds the publisher's files.
    progress : callable, optional
        Told files done, files in all, bytes received.
    visit : comity.sources.courier.Visit, optional
        Patience, limits and time of the visit.

    Returns
    -------
    dict
        `source`, `slots`, `bytes`, `missing`, `failed`, `unchecked`, `malformed_lines`, `list`, `files`; see
        `comity.sources.fetch.fetch_slots`.

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity.sources.fetch import fetch_slots

    first, last = read_date(since), read_date(until)
    if first is None or last is None:
        raise WrongUse("a fetch needs a first and a last day", todo="write them as 2025-05-31")
    return fetch_slots(first, last, Path(folder), base=base, progress=progress, visit=visit)


def load_fetched(
    account: Mapping[str, Any],
    folder: Path | str,
    store: Path | str,
    *,
    progress: Progress | None = None,
    wait: float = 60.0,
) -> dict[str, Any]:
    """Load into a store what `fetch_events` fetched, and enter into its ledger what the publisher does not have.

    Parameters
    ----------
    account : mapping
        From `fetch_events`.
    folder : path-like
        Folder with the files.
    store : path-like
        Folder of the store; made where there is none.
    progress : callable, optional
        Told files done, files in all, rows read.
    wait : float
        How long to wait for another writer [seconds].

    Returns
    -------
    dict
        As `load_events`; `slots` has `missing` where the publisher lacks files [count].
    """
    from comity.events import step

    return step.load_fetched(Path(store), account, Path(folder), progress=progress, wait=wait)


def count_events(
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    view: View | None = None,
) -> dict[str, Any]:
    """Count events by type and quad class, and sum their scores.

    Parameters
    ----------
    sender, receiver : str, optional
        Any code or unambiguous name.
    since, until : date or str, optional
        First and last day, both counted.
    view : View, optional
        Store, time, scale and level; the sample of the package where left out.

    Returns
    -------
    dict
        `events`, `by_type`, `by_quad`, `net_goldstein`, `unscored`, `scale`, `level`.
    """
    from comity.events import view as event_view

    view = view or View()
    with view.open() as (con, _, scale):
        counts = event_view.count_events(
            con,
            sender=_find(sender),
            receiver=_find(receiver),
            since=read_date(since),
            until=read_date(until),
        )
        return {**counts, "scale": scale.id, "level": view.level}


def read_events(
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    view: View | None = None,
) -> pa.Table:
    """Read events, each with its type, score, number of reports and a link.

    Parameters
    ----------
    sender, receiver, since, until, view
        As in `count_events`.

    Returns
    -------
    pyarrow.Table
        `date`, `sender`, `receiver`, `code`, `type`, `quad`, `score` [points], `label`, `reports` [count],
        `articles` [count], `weight` [count at the level asked for], `url`; by date, sender, receiver, code.
    """
    from comity.events import view as event_view

    with (view or View()).open() as (con, _, _):
        return event_view.read_events(
            con,
            sender=_find(sender),
            receiver=_find(receiver),
            since=read_date(since),
            until=read_date(until),
        )


def read_rows(
    *,
    sender: str | None = None,
    receiver: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    view: View | None = None,
) -> pa.Table:
    """Read the stored rows behind the events: the publisher's number, time and file of each report.

    Parameters
    ----------
    sender, receiver, since, until, view
        As in `count_events`.

    Returns
    -------
    pyarrow.Table
        Columns as in `comity.store.tables.EVENTS`, and `name` of the file. In the embedded sample a row is
        the first of the reports that its `reports` counts.
    """
    from comity.events import view as event_view

    with (view or View()).open() as (con, _, _):
        return event_view.read_rows(
            con,
            sender=_find(sender),
            receiver=_find(receiver),
            since=read_date(since),
            until=read_date(until),
        )


def load_warehouse(
    since: date | str,
    until: date | str,
    store: Path | str | None,
    *,
    project: str,
    most_bytes: int | None = None,
    base: str | None = None,
) -> dict[str, Any]:
    """Load GDELT 2.0 from BigQuery, states and organisations only; or say what that would read.

    Parameters
    ----------
    since, until : date or str
        First and last day on which rows were added [UTC], both counted.
    store : path-like, optional
        Folder of the store, made where there is none; nothing is run, only estimated, where left out.
    project : str
        Project of Google Cloud that is billed.
    most_bytes : int, optional
        Most that the load may read [bytes]; 50 GB where left out.
    base : str, optional
        Another address that speaks BigQuery's protocol; it is asked without credentials.

    Returns
    -------
    dict
        `table`, `since`, `until`, `days`, `bytes` as estimated; with a store also the account of the load, see
        `comity.events.warehouse.load_days`.

    Raises
    ------
    ComityError
        With what, where, why and what to do; the estimate is above `most_bytes`.
    """
    from comity.events import warehouse
    from comity.sources.warehouse import open_client

    first, last = read_date(since), read_date(until)
    if first is None or last is None:
        raise WrongUse("a load from BigQuery needs a first and a last day", todo="write them as 2025-05-31")
    client = open_client(project, base)
    try:
        estimate = warehouse.estimate_load(client, first, last)
        if store is None:
            return estimate
        limits = warehouse.Limits() if most_bytes is None else warehouse.Limits(most_bytes)
        return {**estimate, **warehouse.load_days(Path(store), client, estimate, limits)}
    finally:
        client.close()


def _find(name: str | None) -> str | None:
    """Return the actor id behind a name."""
    return None if name is None else identify_actor(name).id

"""Questions to BigQuery, where the whole of GDELT lies: what one would read is said before it runs, and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from comity.sources.errors import FetchError, SourceError

_ADDRESS = re.compile(r"^(?:GET|POST) \S+: ")
Client = Any  # a google.cloud.bigquery.Client; the package is an extra
TABLE = "gdelt-bq.gdeltv2.events_partitioned"
PATIENCE = 60.0
"""How long Google's client tries again what may pass [seconds]; an answer that takes ten times as long is given up."""


@dataclass(frozen=True)
class Answer:
    """What a query gave: its rows, what it was billed for [bytes], and the id of its job."""

    rows: Sequence[Mapping[str, Any]]
    bytes_billed: int
    job: str


def open_client(project: str, base: str | None = None) -> Client:
    """Open a client of BigQuery.

    Parameters
    ----------
    project : str
        Project that is billed; the credentials are those that Google's own libraries find.
    base : str, optional
        Another address that speaks BigQuery's protocol, such as an emulator; it is asked without credentials.

    Raises
    ------
    SourceError
        The client is not installed, there are no credentials, or the project or the address is none.
    """
    _check_names(project, base)
    try:
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud import bigquery
    except ImportError as error:
        raise SourceError(
            "the client of BigQuery is not installed", todo="install it: pip install 'comity[bigquery]'"
        ) from error
    if base:
        return bigquery.Client(project, credentials=AnonymousCredentials(), client_options={"api_endpoint": base})
    try:
        return bigquery.Client(project)
    except DefaultCredentialsError as error:
        raise SourceError(
            "there are no credentials for BigQuery",
            why="BigQuery bills the project of whoever asks",
            todo="sign in as Google's documentation of application default credentials says",
        ) from error


def _check_names(project: str, base: str | None) -> None:
    """Refuse what cannot be a project or an address before anything is asked."""
    if not re.fullmatch(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*", project):
        raise SourceError(
            f"{project!r} is no id of a project",
            why="ids have small letters, digits and hyphens; a project's title is not its id",
            todo="take the id from the list of your projects in Google's console",
        )
    if base is not None and urlsplit(base).scheme not in ("http", "https"):
        raise SourceError(f"{base!r} is no address", todo="write it as http://HOST:PORT or https://HOST")


def estimate_bytes(client: Client, query: str, patience: float = PATIENCE) -> int:
    """Ask how many bytes a query would read, without running it.

    Parameters
    ----------
    client : google.cloud.bigquery.Client
    query : str
    patience : float
        How long to try again what may pass [seconds].

    Returns
    -------
    int
        [bytes]

    Raises
    ------
    FetchError
        BigQuery refuses the query or cannot be reached.
    """
    from google.cloud.bigquery import QueryJobConfig

    with _say_why_refused():
        config = QueryJobConfig(dry_run=True, use_query_cache=False)
        job = client.query(query, job_config=config, **_limit_patience(patience))
        size = job.total_bytes_processed
    if size is None or size < 0:
        raise FetchError(
            "BigQuery does not say how many bytes the query would read",
            where=TABLE,
            why="nothing is run before that is known",
            todo="try again later",
        )
    return int(size)


def run_query(client: Client, query: str, most_bytes: int, patience: float = PATIENCE) -> Answer:
    """Run a query, which BigQuery itself stops from being billed for more than so many bytes.

    Parameters
    ----------
    client : google.cloud.bigquery.Client
    query : str
    most_bytes : int
        [bytes]
    patience : float
        How long to try again what may pass, for each request [seconds].

    Returns
    -------
    Answer

    Raises
    ------
    FetchError
        BigQuery refuses the query or cannot be reached.
    """
    from google.cloud.bigquery import QueryJobConfig

    config = QueryJobConfig(maximum_bytes_billed=most_bytes, use_query_cache=False)
    with _say_why_refused():
        limits = _limit_patience(patience)
        job = client.query(query, job_config=config, **limits)
        found = job.result(retry=limits["retry"], timeout=patience * 10)
        rows = [dict(row.items()) for row in found]
        return Answer(rows, int(job.total_bytes_billed or 0), str(job.job_id))


def _limit_patience(patience: float) -> dict[str, Any]:
    """Return how long Google's client may try again.

    It would try each request for ten minutes, and a job as a whole, whatever is asked of the requests, for ten more. A
    job is therefore not put again by the client: the same command does it, and goes on where it ended.
    """
    from google.cloud.bigquery.retry import DEFAULT_RETRY

    return {"retry": DEFAULT_RETRY.with_timeout(patience), "job_retry": None, "timeout": patience}


@contextmanager
def _say_why_refused() -> Iterator[None]:
    """Turn the errors of Google's libraries into ours."""
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    try:
        yield
    except (GoogleAPIError, GoogleAuthError, OSError, ValueError, TypeError, KeyError, TimeoutError) as error:
        last = getattr(error, "cause", None)  # of one that was tried again in vain
        said = _ADDRESS.sub("", str(getattr(last or error, "message", "") or error or type(error).__name__))
        raise FetchError(
            f"BigQuery does not answer the query: {said.splitlines()[0]}" + (f" ({error})" if last else ""),
            where=TABLE,
            why="the days loaded before stay loaded",
            todo="check --project, its rights and its quota, and --base; the same command goes on where it ended",
        ) from error

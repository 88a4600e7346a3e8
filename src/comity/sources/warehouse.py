"""Questions to BigQuery, where the whole of GDELT lies: what one would read is said before it runs, and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from comity.sources.errors import FetchError, SourceError

Client = Any  # a google.cloud.bigquery.Client; the package is an extra
TABLE = "gdelt-bq.gdeltv2.events_partitioned"


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
        The client is not installed, or there are no credentials.
    """
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


def estimate_bytes(client: Client, query: str) -> int:
    """Ask how many bytes a query would read, without running it.

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
        job = client.query(query, job_config=QueryJobConfig(dry_run=True, use_query_cache=False))
        return int(job.total_bytes_processed or 0)


def run_query(client: Client, query: str, most_bytes: int) -> Answer:
    """Run a query, which BigQuery itself stops from being billed for more than so many bytes.

    Parameters
    ----------
    client : google.cloud.bigquery.Client
    query : str
    most_bytes : int
        [bytes]

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
        job = client.query(query, job_config=config)
        rows = [dict(row.items()) for row in job.result()]
        return Answer(rows, int(job.total_bytes_billed or 0), str(job.job_id))


@contextmanager
def _say_why_refused() -> Iterator[None]:
    """Turn the errors of Google's libraries into ours."""
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    try:
        yield
    except (GoogleAPIError, GoogleAuthError, OSError) as error:
        said = str(getattr(error, "message", "") or error).splitlines()[0]
        raise FetchError(
            f"BigQuery does not answer the query: {said}",
            where=TABLE,
            why="the days loaded before stay loaded",
            todo="check the project, its rights and --most-bytes; the same command goes on where it ended",
        ) from error

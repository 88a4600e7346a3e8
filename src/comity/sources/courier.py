"""One visit to a publisher: how requests are put, repeated and given up.

Only http and https, only the host that was named, certificates always checked, four connections at most. A request
that fails in a way that may pass is put again after a growing, jittered pause; a pause that the publisher asks for
(`Retry-After`) holds for all requests.
"""

from __future__ import annotations

import asyncio
import random
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from comity.sources.errors import Setback, SourceError

if TYPE_CHECKING:
    import httpx

Found = TypeVar("Found")

CONNECTIONS = 4
MOST_REDIRECTS = 5
MOST_SILENT = 8
MOST_UNANSWERED = 3
PORTS = {"http": 80, "https": 443}
GONE = (404, 410)
PASSING = (408, 425, 429)
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(?:\d{1,15}|\*)")


@dataclass(frozen=True)
class Visit:
    """How a visit to a publisher goes: when it is, how patient, how much it takes.

    Parameters
    ----------
    now : datetime, optional
        Time of the visit [UTC]; the clock's where left out.
    attempts : int
        How often one file is asked for; three times at most while the publisher has never answered.
    wait : float
        Pause after the first failure, doubled after each further one, with jitter of a half [seconds].
    longest : float
        Longest such pause, and the longest that the publisher may ask for before the visit ends [seconds].
    idle : float
        Longest silence within a request [seconds].
    total : float
        Longest time for one request [seconds].
    most_bytes : int
        Largest file [bytes].
    """

    now: datetime | None = None
    attempts: int = 6
    wait: float = 1.0
    longest: float = 120.0
    idle: float = 30.0
    total: float = 900.0
    most_bytes: int = 2_000_000_000

    def read_clock(self) -> datetime:
        """Return the time of the visit [UTC]."""
        return (self.now or datetime.now(UTC)).astimezone(UTC)


def check_address(address: str) -> str:
    """Return an address that files may be fetched from, without a closing slash.

    Raises
    ------
    SourceError
        It is not http or https, names no host, or holds a password, a query or a fragment.
    """
    try:
        parts = urlsplit(address)
        fitting = parts.scheme in PORTS and parts.hostname and parts.port != 0
    except ValueError:
        fitting = False
    if not fitting or parts.username is not None or parts.query or parts.fragment:
        raise SourceError(
            f"files cannot be fetched from {address!r}",
            why="an address has the form http(s)://host/folder, without a password, a query or a fragment",
            todo="correct the address, or leave it out for the publisher's own",
        )
    return address.rstrip("/")


def follow_redirect(url: str, location: str) -> str:
    """Return where a redirect leads; it may not leave the host, nor fall from https to http.

    Raises
    ------
    Setback
        It leads elsewhere.
    """
    target = location
    try:
        target = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(target)
        ports = {here.port or PORTS[here.scheme], *PORTS.values()}
        allowed = (
            there.scheme in PORTS
            and there.hostname == here.hostname
            and (there.port or PORTS[there.scheme]) in ports
            and (here.scheme, there.scheme) != ("https", "http")
        )
    except ValueError:
        allowed = False
    if not allowed:
        raise Setback("redirect", f"the server redirects to {target!r}, another host or scheme", again=False)
    return target


def read_retry_after(text: str, now: datetime) -> float:
    """Return how long a `Retry-After` header asks to wait [seconds]; 0 where it says nothing readable."""
    if text.strip().isdigit():
        return float(text[:12])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return max(0.0, (when - now).total_seconds())


def read_range_start(answer: httpx.Response) -> int:
    """Return where in the file an answer begins [bytes]; -1 where a partial answer does not say."""
    if answer.status_code != 206:
        return 0
    match = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    return int(match[1]) if match else -1


@cache
def _trust() -> ssl.SSLContext:
    """Return the certificates that are trusted, which take long to read and are the same for every visit."""
    import httpx

    return httpx.create_ssl_context()


class Courier:
    """Puts requests to one publisher."""

    def __init__(self, client: httpx.AsyncClient, base: str, visit: Visit) -> None:
        self.client = client
        self.base = base
        self.visit = visit
        self.answered = False
        self._silent = 0
        self._paused_until = 0.0

    @classmethod
    @asynccontextmanager
    async def start(cls, base: str, visit: Visit) -> AsyncIterator[Courier]:
        """Open connections to the publisher as they are needed, and close them in the end."""
        import httpx

        from comity import __version__

        headers = {"User-Agent": f"comity/{__version__}", "Accept-Encoding": "identity"}
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        timeout = httpx.Timeout(visit.idle, pool=None)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=timeout, verify=_trust()) as client:
            yield cls(client, base, visit)

    async def persist(self, work: Callable[[], Awaitable[Found]]) -> Found:
        """Do a piece of work, again where that may help.

        Raises
        ------
        Setback
            The last one, when it is final or attempts are used up.
        """
        for attempt in count(1):
            try:
                await self._wait_turn()
                async with asyncio.timeout(self.visit.total):
                    return await work()
            except TimeoutError:
                setback = Setback("timeout", f"the request took longer than {self.visit.total:g} s")
            except Setback as error:
                setback = error
            self._paused_until = max(self._paused_until, time.monotonic() + setback.wait)
            most = self.visit.attempts if self.answered else min(self.visit.attempts, MOST_UNANSWERED)
            if not setback.again or attempt >= most:
                self._silent += setback.status in ("unreachable", "timeout")
                raise setback
            await asyncio.sleep(self._choose_pause(attempt))
        raise AssertionError("counting never ends")

    async def _wait_turn(self) -> None:
        """Wait out a pause that the publisher asked for; give up where it is silent or asks for too long."""
        if self._silent >= MOST_SILENT:
            raise Setback("not_tried", "not tried: the publisher had stopped answering", again=False)
        left = self._paused_until - time.monotonic()
        if left > self.visit.longest:
            raise Setback("busy", f"the publisher asks to come back in {left:,.0f} s", again=False)
        await asyncio.sleep(max(0.0, left))

    def _choose_pause(self, attempt: int) -> float:
        """Return how long to pause before the next attempt [seconds]."""
        pause = min(self.visit.longest, self.visit.wait * 2.0 ** (attempt - 1))
        return pause * random.uniform(0.5, 1.0)

    @asynccontextmanager
    async def ask(self, name: str, headers: dict[str, str] | None = None) -> AsyncIterator[httpx.Response]:
        """Put one request, follow redirects within the host, and give the answer with its body unread.

        Raises
        ------
        Setback
            No answer, or one that is not the file.
        """
        import httpx

        url = f"{self.base}/{name}"
        try:
            for _ in range(MOST_REDIRECTS + 1):
                async with self.client.stream("GET", url, headers=headers or {}) as answer:
                    self.answered, self._silent = True, 0
                    if not answer.has_redirect_location:
                        self._judge(answer)
                        yield answer
                        return
                    url = follow_redirect(url, answer.headers["location"])
            raise Setback("redirect", f"the server redirects more than {MOST_REDIRECTS} times", again=False)
        except httpx.TimeoutException as error:
            raise Setback("timeout", f"no byte came for {self.visit.idle:g} s ({type(error).__name__})") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _explain_break(error) from error

    def _judge(self, answer: httpx.Response) -> None:
        """Let an answer pass that can be the file."""
        code, coding = answer.status_code, answer.headers.get("content-encoding", "identity")
        if code in (200, 206):
            if coding == "identity":
                return
            raise Setback("not_data", f"the server sends the file in the coding {coding!r}, not as it is", again=False)
        said = f"the server answers {code} {answer.reason_phrase}".rstrip()
        if code in GONE:
            raise Setback("missing", f"{code} at the publisher", again=False)
        if code in PASSING or code >= 500 or code == 416:
            wait = read_retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
            raise Setback(f"http_{code}", said, wait=wait)
        raise Setback(f"http_{code}", said, again=False)


def _explain_break(error: Exception) -> Setback:
    """Say why there was no whole answer; a certificate that is not right will not be right the next time."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Setback("certificate", f"the server's certificate is refused: {cause.verify_message}", again=False)
        cause = cause.__cause__ or cause.__context__
    return Setback("unreachable", f"the connection failed: {str(error) or type(error).__name__}")

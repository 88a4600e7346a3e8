"""One request to a checked address: to the address that was checked, once, within limits, and nowhere else."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from comity.delivery.address import PORTS, Address, Resolve, check_address
from comity.delivery.errors import Undelivered
from comity.sources.courier import read_retry_after
from comity.sources.loop import run_whole

if TYPE_CHECKING:
    import httpx

PASSING = (408, 425, 429)


@dataclass(frozen=True)
class Limits:
    """How patient a request is.

    Parameters
    ----------
    idle : float
        Longest silence [seconds].
    total : float
        Longest time for the whole [seconds].
    most_bytes : int
        How much of an answer is read; the rest is not wanted [bytes].
    """

    idle: float = 5.0
    total: float = 10.0
    most_bytes: int = 65_536


@dataclass(frozen=True)
class Post:
    """A request to be put.

    Parameters
    ----------
    url : str
        http or https address.
    body : bytes
        What is sent.
    headers : mapping of str to str
        Beside `Host`, which is the address's own.
    allow_private : bool
        As in `check_address`.
    limits : Limits
        Patience.
    resolve : callable, optional
        As in `check_address`.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    allow_private: bool = False
    limits: Limits = Limits()
    resolve: Resolve | None = None


def send_post(post: Post) -> int:
    """Put a request and return the status of its answer, which is 200 to 299.

    The host is looked up once; the connection goes to an address that was checked, while the name stays in `Host` and
    in the check of the certificate. Redirects are not followed, proxies of the environment are not used, of an answer
    no more than the limit is read.

    Raises
    ------
    AddressRefused
        The address is not allowed.
    Undelivered
        No answer, too slow an answer, or another than 200 to 299.
    """
    address = check_address(post.url, allow_private=post.allow_private, resolve=post.resolve)
    return run_whole(_send_in_time(post, address))


async def _send_in_time(post: Post, address: Address) -> int:
    """Try the checked addresses one after the other."""
    import httpx

    timeout = httpx.Timeout(post.limits.idle)
    try:
        async with (
            asyncio.timeout(post.limits.total),
            httpx.AsyncClient(trust_env=False, verify=httpx.create_ssl_context(), timeout=timeout) as client,
        ):
            return await _send_to_any(client, post, address)
    except TimeoutError as error:
        raise Undelivered(f"{address.host} took longer than {post.limits.total:g} s") from error
    except httpx.TimeoutException as error:
        raise Undelivered(f"{address.host} was silent for {post.limits.idle:g} s") from error
    except httpx.HTTPError as error:
        raise _explain(error, address) from error


async def _send_to_any(client: httpx.AsyncClient, post: Post, address: Address) -> int:
    """Send to the first address that takes a connection."""
    import httpx

    for ip in address.ips[:-1]:
        try:
            return await _send_to(client, post, address, ip)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _send_to(client, post, address, address.ips[-1])


async def _send_to(client: httpx.AsyncClient, post: Post, address: Address, ip: str) -> int:
    """Send to one address, under the name of the host."""
    request = client.build_request(
        "POST",
        _write_url(post.url, address, ip),
        content=post.body,
        headers={**post.headers, "Host": _write_host(address)},
        extensions={"sni_hostname": address.host},
    )
    answer = await client.send(request, stream=True, follow_redirects=False)
    try:
        await _read_some(answer, post.limits.most_bytes)
        _judge(answer, address.host)
        return answer.status_code
    finally:
        await answer.aclose()


def _write_url(url: str, address: Address, ip: str) -> str:
    """Return an address with an IP address in place of its host."""
    parts = urlsplit(url)
    host = f"[{ip}]" if ":" in ip else ip
    return parts._replace(scheme=address.scheme, netloc=f"{host}:{address.port}").geturl()


def _write_host(address: Address) -> str:
    """Return the value of `Host`."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return host if PORTS[address.scheme] == address.port else f"{host}:{address.port}"


async def _read_some(answer: httpx.Response, most: int) -> None:
    """Read an answer up to the limit, so that a short one ends in order; nothing of it is used."""
    read = 0
    async for piece in answer.aiter_raw():
        read += len(piece)
        if read >= most:
            return


def _judge(answer: httpx.Response, host: str) -> None:
    """Let pass what says that the message was taken."""
    code = answer.status_code
    if answer.is_success:
        return
    if 300 <= code < 400:
        raise Undelivered(f"{host} redirects ({code}), which is not followed", again=False)
    wait = read_retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
    raise Undelivered(f"{host} answers {code}", again=code in PASSING or code >= 500, wait=wait)


def _explain(error: Exception, address: Address) -> Undelivered:
    """Say why there was no answer; a certificate that is not right will not be right the next time."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = f"the certificate of {address.host} is refused: {cause.verify_message}"
            return Undelivered(what, again=False)
        cause = cause.__cause__ or cause.__context__
    return Undelivered(f"the connection to {address.host} failed ({type(error).__name__})")

"""Where something may be sent: addresses checked before anything connects, and looked up once.

A host that a request is sent to can be written in many ways, and a name can answer differently a second later. Here an
address has one form or is refused; its name is looked up once, every answer must be allowed, and the connection is
made to the answer that was checked (see `transport`).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from comity.delivery.errors import AddressRefused, Undelivered
from comity.lexicon.published import read_published

Resolve = Callable[[str, int], Sequence[str]]
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2048
LONGEST_NAME = 253
LOWEST_FREE_PORT = 1024
HIGHEST_PORT = 65_535
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_PLAIN = re.compile(r"[!-\[\]-~]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")


@dataclass(frozen=True)
class Address:
    """A checked address.

    Parameters
    ----------
    scheme, host : str
        As written, in small letters; the host without brackets and without a dot at its end.
    port : int
        Given, or the scheme's own.
    ips : tuple of str
        Where the host was found when it was looked up; connect to these and no others.
    """

    scheme: str
    host: str
    port: int
    ips: tuple[str, ...]


@cache
def _read_table() -> dict[str, Any]:
    """Return the published table of networks, names and ports."""
    said = read_published(Path(__file__).with_name("networks.yml"))
    nets = [(ipaddress.ip_network(row["net"]), row["class"], row["name"]) for row in said["networks"]]
    return {**said, "networks": nets}


def check_address(url: str, *, allow_private: bool = False, resolve: Resolve | None = None) -> Address:
    """Check where a request would go, before it goes.

    Parameters
    ----------
    url : str
        http or https address.
    allow_private : bool
        Whether private and loopback networks are allowed; link-local, multicast, reserved and unspecified addresses,
        and those where a cloud tells a machine its secrets, are refused even so.
    resolve : callable, optional
        Gives the addresses of a host and port; the system's look-up where left out. Called once at most.

    Returns
    -------
    Address

    Raises
    ------
    AddressRefused
        Another scheme, a user or password, an IP address in another form than its own (decimal, octal, hexadecimal,
        short, with letters of another script), a port of another protocol, or a network that is not allowed.
    Undelivered
        The name cannot be looked up just now.

    References
    ----------
    iana-ipv4-special, iana-ipv6-special, rfc-6890, whatwg-fetch, cwe-918; see docs/bibliography.md.

    Examples
    --------
    >>> check_address("https://93.184.215.14/hook").ips
    ('93.184.215.14',)
    >>> check_address("http://2130706433/")
    Traceback (most recent call last):
    ...
    comity.delivery.errors.AddressRefused: nothing is sent to '2130706433': a number in a form that can be read ...
    """
    scheme, host, port = _split(url)
    return check_host(host, port, scheme=scheme, allow_private=allow_private, resolve=resolve)


def _split(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address that has one reading only."""
    if len(url) > LONGEST_URL or not _PLAIN.fullmatch(url):
        raise _refuse(url[:80], "it is too long, or holds spaces, backslashes, control or non-ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refuse(url[:80], str(error)) from error
    if parts.scheme not in PORTS:
        raise _refuse(f"{parts.scheme}:...", "only http and https are sent to")
    if "@" in parts.netloc:
        raise _refuse(host, "a user or password stands before the host", "leave out what stands before the @")
    if parts.fragment or not host or "%" in parts.netloc or parts.netloc.endswith(":"):
        raise _refuse(parts.netloc, "an address has the form https://host/path")
    return parts.scheme, host, PORTS[parts.scheme] if port is None else port


def check_host(
    host: str, port: int, *, scheme: str = "https", allow_private: bool = False, resolve: Resolve | None = None
) -> Address:
    """Check a host and port; as `check_address`, also for mail servers (`scheme` smtp).

    Parameters
    ----------
    host : str
        Name or IP address.
    port : int
        Port.
    scheme : str
        `http`, `https` or `smtp`.
    allow_private, resolve
        As in `check_address`.

    Returns
    -------
    Address

    Raises
    ------
    AddressRefused, Undelivered
        As in `check_address`.
    """
    table = _read_table()
    low = table["low_ports"]["mail" if scheme == "smtp" else "web"]
    if not (port in low or LOWEST_FREE_PORT <= port <= HIGHEST_PORT) or port in table["bad_ports"]:
        raise _refuse(f"{host}:{port}", "the port belongs to another protocol")
    given = _read_ip(host)
    if given is not None:
        _check_ip(given, host, allow_private)
        return Address(scheme, str(given), port, (str(given),))
    name = _check_name(host, allow_private)
    found = tuple(dict.fromkeys((resolve or look_up)(name, port)))
    if not found:
        raise Undelivered(f"the name {name!r} has no address")
    for text in found:
        _check_ip(ipaddress.ip_address(text.partition("%")[0]), f"{name} ({text})", allow_private)
    return Address(scheme, name, port, found)


def _read_ip(host: str) -> Ip | None:
    """Return the IP address that a host is, or None where it is a name; refuse other spellings of numbers."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    last = host.rstrip(".").rpartition(".")[2].lower()
    if ":" in host or _NUMBER.fullmatch(last):
        raise _refuse(host, "a number in a form that can be read in two ways", "write IPv4 as four decimal numbers")
    return None


def _check_name(host: str, allow_private: bool) -> str:
    """Return a name in its one form, or refuse it."""
    name = host.lower().removesuffix(".")
    table = _read_table()
    if len(name) > LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _refuse(host, "it is no host name", "write names of other scripts in their ASCII form (xn--...)")
    if any(name == end or name.endswith(f".{end}") for end in table["never_names"]):
        raise _refuse(host, "there a cloud tells a machine its secrets")
    if is_private_name(name) and not allow_private:
        raise _refuse(host, "it is a private name", "allow private addresses for this sink if that is meant")
    return name


def is_private_name(name: str) -> bool:
    """Say whether a host's name is of one label, or ends as names do that are private wherever they are looked up.

    Parameters
    ----------
    name : str
        In small letters, without a dot at its end. Nothing is looked up.

    Examples
    --------
    >>> is_private_name("localhost"), is_private_name("files.lan"), is_private_name("example.org")
    (True, True, False)
    """
    return "." not in name or any(name.endswith(f".{end}") for end in _read_table()["private_names"])


def _check_ip(ip: Ip, shown: str, allow_private: bool) -> None:
    """Refuse an address that is not allowed; one that holds an IPv4 address within is judged by that."""
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    ip = mapped or ip
    for net, kind, name in _read_table()["networks"]:
        if ip.version == net.version and ip in net:
            if kind == "private" and allow_private:
                return
            todo = "allow private addresses for this sink if that is meant" if kind == "private" else ""
            raise _refuse(shown, f"its network {net} is not public ({name})", todo)
    if isinstance(ip, ipaddress.IPv6Address) and ip not in GLOBAL_UNICAST:
        raise _refuse(shown, f"its network is not within {GLOBAL_UNICAST}")


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system finds them.

    Raises
    ------
    Undelivered
        The name cannot be looked up.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Undelivered(f"the name {host!r} cannot be looked up: {error.strerror or error}") from error
    return [str(row[4][0]) for row in found]


def _refuse(shown: str, what: str, todo: str = "") -> AddressRefused:
    """Return the error for an address."""
    why = "a request could reach this machine, its network or its cloud instead of the receiver"
    return AddressRefused(
        f"nothing is sent to {shown!r}: {what}", why=why, todo=todo or "give the public https address of the receiver"
    )

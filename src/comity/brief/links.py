"""Which addresses may become links, and what stands for the others.

Only complete http and https addresses are linked; the reader sees the host that the link goes to, taken from
the address itself and never from a separate field. All else is shown as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from comity.brief.wording import clean_text

SCHEMES = ("http", "https")
LONGEST_ADDRESS = 2000
LONGEST_SHOWN = 80
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)+\Z")
_DOI = re.compile(r"10\.\d{4,9}/[!-~]{1,200}\Z")
_KEPT = "/?#@!$&*+,;=:%-._~"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be linked.

    Parameters
    ----------
    href : str
        ASCII, percent-encoded, free of quotes, brackets, backslashes and spaces.
    host : str
        Host name in ASCII (punycode where the address is international), without "www.".
    """

    href: str
    host: str


def find_link(address: object) -> Link | None:
    """Return a link for a complete http or https address, None for any other text.

    Refused are other schemes, addresses with a user name or password, hosts that are not domain names,
    white space, hidden characters and backslashes anywhere, and addresses above 2,000 characters.

    Parameters
    ----------
    address : object
        The value of a data field.

    Returns
    -------
    Link or None
        None means: show it as text.

    Examples
    --------
    >>> find_link("https://www.example.org/a b") is None
    True
    >>> find_link("https://www.example.org/a'b").href
    'https://www.example.org/a%27b'
    """
    if not isinstance(address, str) or not 0 < len(address) <= LONGEST_ADDRESS:
        return None
    if clean_text(address, LONGEST_ADDRESS) != address or any(c.isspace() or c == "\\" for c in address):
        return None
    try:
        parts = urlsplit(address)
        host = _read_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host or "@" in parts.netloc:
        return None
    place = host if port is None else f"{host}:{port}"
    rest = address[address.index(parts.netloc) + len(parts.netloc) :]
    return Link(f"{parts.scheme.lower()}://{place}{quote(rest, safe=_KEPT)}", host.removeprefix("www."))


def find_doi(doi: object) -> Link | None:
    """Return the link of a DOI such as "10.1000/182", None for any other text."""
    if not isinstance(doi, str) or not _DOI.match(doi):
        return None
    return Link("https://doi.org/" + quote(doi, safe="/:;._-"), "doi.org")


def show_address(address: object) -> str:
    """Return what stands in place of an address that is not linked: its text, shortened."""
    text = clean_text(address, LONGEST_ADDRESS)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _read_host(host: str) -> str:
    """Return the host in ASCII and lower case, empty when it is no domain name."""
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if _HOST.match(name) and not name.replace(".", "").isdigit() else ""

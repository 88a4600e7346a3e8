"""A sink that is somebody's address: a signed request, to be checked by who receives it.

>>> from comity.delivery.secret import Secret
>>> sign_body(Secret("opensesame"), 1767225600, b'{"key":"a"}')
'sha256=10d94fb5c3dc47e02f547b37cc158b5500b5f1eff4fb775e0f2317d73c74eac0'
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass

from comity.delivery.address import Address, Resolve, check_address
from comity.delivery.message import Message
from comity.delivery.secret import Secret
from comity.delivery.transport import Limits, Post, send_post

MOST_SKEW = 300


def sign_body(key: Secret, timestamp: int, body: bytes) -> str:
    """Return the signature of a request: HMAC-SHA256 over the timestamp, a dot and the body.

    Parameters
    ----------
    key : Secret
        Shared with the receiver.
    timestamp : int
        When it is sent [seconds since 1970, UTC].
    body : bytes
        As sent.

    Returns
    -------
    str
        `sha256=` and hexadecimal digits.

    References
    ----------
    rfc-2104; see docs/bibliography.md.
    """
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(key.reveal().encode(), signed, hashlib.sha256).hexdigest()


def verify_signature(key: Secret, timestamp: str, body: bytes, signature: str, now: float) -> bool:
    """Say whether a request was signed with a key not more than five minutes from now; what a receiver should ask.

    Parameters
    ----------
    key : Secret
        The same as the sender's.
    timestamp, signature : str
        Headers `Comity-Timestamp` and `Comity-Signature`.
    body : bytes
        As received.
    now : float
        The receiver's clock [seconds since 1970, UTC].

    Returns
    -------
    bool
    """
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp[:15])) > MOST_SKEW:
        return False
    return hmac.compare_digest(sign_body(key, int(timestamp), body).encode(), signature.encode())


@dataclass(frozen=True)
class WebhookSink:
    """A receiver over http or https.

    Parameters
    ----------
    url : Secret
        Its address, which may hold a token and so is not printed.
    key : Secret
        What requests are signed with.
    allow_private : bool
        Whether the address may be on this machine or in its network.
    limits : Limits
        Patience.
    clock : callable
        Gives the time of the signature [seconds since 1970].
    resolve : callable, optional
        As in `check_address`.
    """

    url: Secret
    key: Secret
    allow_private: bool = False
    limits: Limits = Limits()
    clock: Callable[[], float] = time.time
    resolve: Resolve | None = None

    def check(self) -> Address:
        """Return where it would send; raises `AddressRefused` where that is not allowed."""
        return check_address(self.url.reveal(), allow_private=self.allow_private, resolve=self.resolve)

    def send(self, message: Message) -> str:
        """Send the message with its key, by which the receiver knows a repeat; returns a note.

        Raises
        ------
        AddressRefused
            The address is not allowed.
        Undelivered
            It was not taken.
        """
        body, timestamp = message.write_json().encode(), int(self.clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "comity",
            "Idempotency-Key": message.key,
            "Comity-Timestamp": str(timestamp),
            "Comity-Signature": sign_body(self.key, timestamp, body),
        }
        post = Post(self.url.reveal(), body, headers, self.allow_private, self.limits, self.resolve)
        return f"answered {send_post(post)}"

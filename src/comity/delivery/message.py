"""What is delivered: a message with a key that says which decision it tells of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from comity.delivery.errors import DeliveryError

LONGEST_KEY = 200
LONGEST_SUBJECT = 200
LONGEST_BODY = 100_000
LONGEST_DATA = 200_000


@dataclass(frozen=True)
class Message:
    """One message, the same for every sink.

    Parameters
    ----------
    key : str
        Names the decision that the message tells of, such as `stale:gdelt2:2026-01-01T00:00:00+00:00`: the same
        decision, made again after a crash, has the same key and is told once. At most 200 printable ASCII characters.
    made : datetime
        When it was decided [UTC].
    subject : str
        One line.
    body : str
        Plain text.
    data : mapping
        The same for programs; what JSON can hold.

    Raises
    ------
    DeliveryError
        The key or subject has line breaks or other control characters, or something is too long.
    """

    key: str
    made: datetime
    subject: str
    body: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could break out of a header, a line or a file name."""
        good_key = self.key.isascii() and self.key.isprintable() and " " not in self.key
        if not self.key or not good_key or len(self.key) > LONGEST_KEY:
            raise DeliveryError(f"{self.key!r} is no key of a message", todo="use printable ASCII without spaces")
        if not self.subject.strip() or not self.subject.isprintable() or len(self.subject) > LONGEST_SUBJECT:
            raise DeliveryError(
                f"{self.subject!r} is no subject of a message",
                why="a line break in it could add headers to a mail",
                todo=f"write one line of at most {LONGEST_SUBJECT} characters",
            )
        if self.made.tzinfo is None:
            raise DeliveryError(f"the time {self.made} of a message has no zone", todo="give it in UTC")
        if len(self.body) > LONGEST_BODY or len(self.write_data()) > LONGEST_DATA:
            raise DeliveryError(f"the message {self.key!r} is too long", todo="say less, and link to the rest")

    @property
    def name(self) -> str:
        """Return the first half of the SHA-256 of the key: fit for a file name or an identifier."""
        return name_key(self.key)

    @property
    def uuid(self) -> UUID:
        """Return a UUID made from the key."""
        return uuid5(NAMESPACE_URL, f"urn:comity:message:{self.key}")

    def write_data(self) -> str:
        """Return the data as JSON, the same for the same data."""
        try:
            return json.dumps(self.data, ensure_ascii=False, sort_keys=True, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise DeliveryError(f"the data of the message {self.key!r} is not JSON: {error}") from error

    def as_dict(self) -> dict[str, Any]:
        """Return the message as plain values: `key`, `made`, `subject`, `body`, `data`."""
        made = self.made.astimezone(UTC).isoformat(timespec="seconds")
        return {"key": self.key, "made": made, "subject": self.subject, "body": self.body, "data": dict(self.data)}

    def write_json(self) -> str:
        """Return the message as one line of JSON, the same for the same message."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, allow_nan=False)


def name_key(key: str) -> str:
    """Return the first half of the SHA-256 of a key, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]

"""How often a sink is tried and how much it is sent: pauses that grow, a most in a time, one digest for many.

>>> from datetime import timedelta
>>> [round(choose_pause(Pace(), n, "key:sink") / 60) for n in (1, 2, 3, 8)]
[0, 1, 1, 55]
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.delivery.message import LONGEST_BODY, Message

MOST_LISTED = 200


@dataclass(frozen=True)
class Pace:
    """How a sink is served.

    Parameters
    ----------
    first : float
        Pause after the first failure, doubled after each further one, with jitter of a half [seconds].
    longest : float
        Longest pause, also where the receiver asks for more [seconds].
    attempts : int
        After so many a message goes to the dead letters [count].
    most, within : int, float
        At most so many attempts [count] in such a time [seconds].
    digest_above, window : int, float
        Where more than so many messages [count] are made within such a time [seconds], those that were not sent yet
        become one; within the time after a digest there is no second one.
    seed : int
        Of the jitter.
    """

    first: float = 30.0
    longest: float = 3600.0
    attempts: int = 12
    most: int = 60
    within: float = 3600.0
    digest_above: int = 20
    window: float = 3600.0
    seed: int = 0


def choose_pause(pace: Pace, attempt: int, which: str, asked: float = 0.0) -> float:
    """Return how long to wait before the next attempt [seconds].

    Parameters
    ----------
    pace : Pace
        Pauses and seed.
    attempt : int
        Attempts so far, at least 1.
    which : str
        Message and sink, so that not all come at once; the same text and seed, the same pause.
    asked : float
        What the receiver asks for [seconds].

    Returns
    -------
    float
    """
    draw = random.Random(f"{pace.seed}:{which}:{attempt}")
    pause = min(pace.longest, pace.first * 2.0 ** min(attempt - 1, 60)) * draw.uniform(0.5, 1.0)
    return max(pause, min(asked, pace.longest))


def compose_digest(sink: str, messages: Sequence[Message], now: datetime) -> Message:
    """Make one message of many, for one sink.

    Parameters
    ----------
    sink : str
        Its name.
    messages : sequence of Message
        At least two; the digest lists their times and subjects, the first 200 of them.
    now : datetime
        When the digest is made [UTC].

    Returns
    -------
    Message
        Its key is made from theirs.
    """
    keys = hashlib.sha256("\n".join(sorted(m.key for m in messages)).encode()).hexdigest()[:32]
    shown = messages[:MOST_LISTED]
    lines = [f"{m.made:%Y-%m-%d %H:%M} UTC  {m.subject}" for m in shown]
    lines += [f"and {len(messages) - len(shown)} more"] if len(messages) > len(shown) else []
    data = {"digest": len(messages), "messages": [{"key": m.key, "subject": m.subject} for m in shown]}
    body = "\n".join(lines)[:LONGEST_BODY]
    return Message(f"digest:{sink}:{keys}", now, f"{len(messages)} messages in one", body, data)


def find_window(pace: Pace, now: datetime) -> datetime:
    """Return when the window of digests that ends now began."""
    return now - timedelta(seconds=pace.window)

"""What can go wrong between a decision to tell somebody and the telling."""

from __future__ import annotations

from comity.lexicon.errors import ComityError


class DeliveryError(ComityError):
    """A message, a sink or the outbox is not what it should be."""


class AddressRefused(DeliveryError):
    """Nothing is sent to an address: it is private, or it is written so that it can be read in two ways."""


class SecretRefused(DeliveryError):
    """A key or password cannot be had, or others can read it; its value is never printed."""


class OutboxDamaged(DeliveryError):
    """The outbox cannot be read or written."""


class Undelivered(DeliveryError):
    """One attempt to deliver a message failed.

    Parameters
    ----------
    what : str
        One sentence.
    again : bool
        Whether another attempt may help; if not, the message goes to the dead letters.
    wait : float
        How long the receiver asks to wait [seconds].
    """

    def __init__(self, what: str, *, again: bool = True, wait: float = 0.0) -> None:
        super().__init__(what)
        self.again = again
        self.wait = wait

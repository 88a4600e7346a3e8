"""Deliver what is due: the one place where the outbox and the sinks meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from comity.delivery.errors import DeliveryError, Undelivered
from comity.delivery.kinds import Sink
from comity.delivery.outbox import Outbox
from comity.delivery.pace import Pace, choose_pause
from comity.delivery.tables import Delivery
from comity.store import DiskRefused, StoreBusy
from comity.store.lock import hold_lock

PATIENCE = timedelta(days=7)
"""How long a message waits for a sink that is no more: it may have been taken out of the rules for a day."""


@dataclass(frozen=True)
class Outlet:
    """A sink with its name and its pace.

    Parameters
    ----------
    name : str
        As in the outbox.
    sink : Sink or DeliveryError
        What takes the messages, or why it could not be made: then they wait.
    pace : Pace
        How it is served.
    """

    name: str
    sink: Sink | DeliveryError
    pace: Pace = Pace()


def deliver_messages(
    outbox: Outbox,
    outlets: Mapping[str, Outlet],
    clock: Callable[[], datetime] | None = None,
    *,
    only: bool = False,
) -> dict[str, int]:
    """Give each sink what is due to it.

    One process at a time delivers from an outbox; where another does already, nothing is done here. A sink that fails
    in a way that may pass is left alone until the next call, and does not hold up the others.

    Parameters
    ----------
    outbox : Outbox
        What was decided.
    outlets : mapping of str to Outlet
        The sinks by name.
    clock : callable, optional
        Gives the time [UTC]; the system's where left out.
    only : bool
        Whether there are no other sinks: what has waited for one for a week is given up.

    Returns
    -------
    dict
        `sent`, `postponed`, `dead` and `held` [count]; `held` counts sinks whose messages wait for a digest.

    Raises
    ------
    OutboxDamaged
        The outbox cannot be written; what was not marked is delivered again, under the same key.
    """
    read_clock = clock or _read_clock
    account = {"sent": 0, "postponed": 0, "dead": 0, "held": 0}
    with _hold(outbox.path) as ours:
        if ours and only:
            account["dead"] += outbox.give_up_others(outlets, read_clock() - PATIENCE, read_clock())
        for outlet in outlets.values() if ours else ():
            held = outbox.fold_digest(outlet.name, read_clock(), outlet.pace)
            account["held"] += held
            _serve(outbox, outlet, read_clock, account, held=held)
    return account


def _read_clock() -> datetime:
    """Return the time [UTC]."""
    return datetime.now(UTC)


@contextmanager
def _hold(path: Path) -> Iterator[bool]:
    """Hold the right to deliver; False where another process has it."""
    try:
        with hold_lock(path.with_name(f".{path.name}.lock"), 0.0):
            yield True
    except StoreBusy:
        yield False


def _serve(
    outbox: Outbox, outlet: Outlet, clock: Callable[[], datetime], account: dict[str, int], *, held: bool
) -> None:
    """Deliver to one sink until nothing is due, or it fails."""
    for delivery in outbox.list_due(outlet.name, clock(), outlet.pace, held=held):
        outcome = _attempt(outbox, outlet, delivery, clock)
        account[outcome] += 1
        if outcome == "postponed":
            return


def _attempt(outbox: Outbox, outlet: Outlet, delivery: Delivery, clock: Callable[[], datetime]) -> str:
    """Make one attempt and mark what became of it."""
    if isinstance(outlet.sink, DeliveryError):
        outbox.postpone(delivery, clock() + timedelta(seconds=outlet.pace.first), outlet.sink.what)
        return "postponed"
    outbox.begin(delivery, clock())
    try:
        note = outlet.sink.send(delivery.message)
    except Undelivered as error:
        return _put_off(outbox, outlet, delivery, error, clock())
    except DiskRefused as error:
        return _put_off(outbox, outlet, delivery, Undelivered(f"{error.what}: {error.where}"), clock())
    except DeliveryError as error:
        outbox.settle(delivery, "dead", clock(), error.what)
        return "dead"
    outbox.settle(delivery, "sent", clock(), note)
    return "sent"


def _put_off(outbox: Outbox, outlet: Outlet, delivery: Delivery, error: Undelivered, now: datetime) -> str:
    """Leave a delivery for later, or give it up where that does not help or was done often enough."""
    tried = delivery.attempts + 1
    if not error.again or tried >= outlet.pace.attempts:
        outbox.settle(delivery, "dead", now, f"after {tried} attempts: {error.what}")
        return "dead"
    pause = choose_pause(outlet.pace, tried, f"{delivery.message.key}:{delivery.sink}", error.wait)
    outbox.postpone(delivery, now + timedelta(seconds=pause), error.what)
    return "postponed"

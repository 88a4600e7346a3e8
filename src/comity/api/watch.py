"""The watch: run it, say how fresh everything is, look after what was not delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.api.view import WrongUse, read_date

if TYPE_CHECKING:
    from comity.watch import Alert, WatchList
    from comity.watch.step import Watch

MINUTE = 60.0
MOST_MINUTES, MOST_SPEED = 10_080.0, 1e6
"""Longest time between two rounds [minutes], and fastest replay [times as fast as time]."""


@dataclass(frozen=True)
class Course:
    """How a watch is run.

    Parameters
    ----------
    since : str or None
        First day that is wanted [UTC]; see `comity.watch.step.Watch`.
    into : path-like or None
        Folder for files as received; `STORE-received` beside the store where None.
    base : str or None
        Another http or https address that holds the publisher's files.
    interval : float
        Time between two rounds [minutes].
    once : bool
        End when no batch waits any more, mostly after one round.
    replay : path-like or None
        Folder of files that plays the publisher, by a clock of its own, and ends with its last file.
    speed : float
        How much faster than time a replay goes; 0 for as fast as possible.
    """

    since: str | None = None
    into: Path | str | None = None
    base: str | None = None
    interval: float = 15.0
    once: bool = False
    replay: Path | str | None = None
    speed: float = 0.0


def run_watch(
    store: Path | str,
    rules: Path | str | None = None,
    course: Course | None = None,
    say: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Watch the publisher: fetch and load what the store lacks, tell what is to be told, round after round.

    Parameters
    ----------
    store : path-like
        Folder of the store; made where there is none. Outbox and lock stand beside it, in `STORE-watch`.
    rules : path-like, optional
        File of rules; without one everything is loaded and nobody is told.
    course : Course, optional
        How it is run; without end where left out.
    say : callable, optional
        Told the account of each round.

    Returns
    -------
    dict
        The account of the last round, see `comity.watch.step.take_round`.

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity.watch import step

    course = course or Course()
    if not 0 < course.interval <= MOST_MINUTES or not 0 <= course.speed <= MOST_SPEED:
        raise WrongUse(
            f"an interval of {course.interval:g} minutes at a speed of {course.speed:g} cannot be kept",
            todo=f"give an interval above 0 and up to {MOST_MINUTES:g} (a week), "
            f"and a speed of 0 (as fast as possible) or up to {MOST_SPEED:g}",
        )
    watch, until = _prepare(Path(store), _read_rules(rules), course)
    return step.run_watch(watch, once=course.once, until=until, say=say)


def _prepare(store: Path, rules: WatchList, course: Course) -> tuple[Watch, datetime | None]:
    """Return the watch that a course describes, and when it ends."""
    from comity.watch.publisher import Replay, WallClock, WebPublisher
    from comity.watch.step import Watch, find_folder

    def detect(folder: Path, asked: WatchList, touched: frozenset[date], begin: date) -> list[Alert]:
        from comity.watch.detector import MEMORY, detect_alerts

        return detect_alerts(folder, asked, touched, begin, find_folder(folder) / MEMORY)

    interval = course.interval * MINUTE
    if course.replay is not None:
        played = Replay(Path(course.replay), course.speed)
        since = _read_since(course, played.end)
        begin = played.begin if since is None else since
        return Watch(store, played, rules, played, begin, interval, detect), played.end
    since, whole = _read_since(course, datetime.now(UTC)), store.resolve()
    into = whole.with_name(f"{whole.name}-received") if course.into is None else Path(course.into)
    return Watch(store, WebPublisher(into, course.base), rules, WallClock(), since, interval, detect), None


def _read_since(course: Course, end: datetime) -> datetime | None:
    """Return the first slot that is wanted [UTC]; one that lies in the future would let a watch wait for nothing."""
    day = read_date(course.since)
    if day is None:
        return None
    since = datetime.combine(day, time(), UTC)
    if since > end:
        raise WrongUse(
            f"the first day that is wanted, {day}, has not begun: it is {end:%Y-%m-%d %H:%M} UTC",
            where="the last file of the replay" if course.replay is not None else "",
            todo="choose that day or an earlier one",
        )
    return since


def _read_rules(file: Path | str | None) -> WatchList:
    """Return the rules of a file; none without one."""
    from comity.watch import WatchList, read_rules

    return WatchList() if file is None else read_rules(file, datetime.now(UTC).date())


def describe_watch(
    store: Path | str, rules: Path | str | None = None, *, now: datetime | None = None
) -> dict[str, Any]:
    """Say how fresh everything is.

    Parameters
    ----------
    store : path-like
        Folder of the store.
    rules : path-like, optional
        File of rules, whose grace counts.
    now : datetime, optional
        Time [UTC]; the system's where left out.

    Returns
    -------
    dict
        `source`, `newest`, `age` [seconds], `stale`, `last_day`, `last_round`, `outbox`; see
        `comity.watch.step.describe_watch`.

    Raises
    ------
    ComityError
        With what, where, why and what to do.
    """
    from comity.watch import step

    grace: timedelta = _read_rules(rules).grace
    return step.describe_watch(Path(store), now or datetime.now(UTC), grace)


def check_watch(file: Path | str) -> dict[str, Any]:
    """Check a file of rules.

    Parameters
    ----------
    file : path-like
        YAML, see `comity watch schema`.

    Returns
    -------
    dict
        `valid`; `problems`, each with `line`, `column`, `field`, `what`, `why` and `todo`; of a file in order also
        `rules` (name to number of pairs) and `sinks` (name to kind).

    Raises
    ------
    WatchError
        The file cannot be read.
    """
    from comity.watch import WatchFileError

    try:
        found = _read_rules(file)
    except WatchFileError as error:
        return {"valid": False, "problems": [problem.as_dict() for problem in error.problems]}
    rules = {name: len(rule.pairs) for name, rule in found.rules.items()}
    return {
        "valid": True,
        "problems": [],
        "rules": rules,
        "sinks": {name: spec.kind for name, (spec, _) in found.sinks.items()},
    }


def list_letters(
    store: Path | str, state: str = "dead", *, sink: str | None = None, key: str | None = None
) -> list[dict[str, object]]:
    """List the deliveries of a store's watch that are in a state.

    Parameters
    ----------
    store : path-like
        Folder of the store.
    state : str
        `pending`, `sent`, `dead` or `digested`.
    sink, key : str, optional
        Only those of a sink, or of a message.

    Returns
    -------
    list of dict
        `key`, `made`, `subject`, `sink`, `state`, `attempts`, `due`, `note` (what the last attempt said).

    Raises
    ------
    ComityError
        There is no such state, or the outbox cannot be read.
    """
    from comity.delivery import Outbox
    from comity.delivery.tables import STATES

    if state not in STATES:
        raise WrongUse(f"there is no state {state!r} of a message", todo=f"choose one of {', '.join(STATES)}")
    path = _find_outbox(store)
    if not path.exists():
        return []
    with Outbox.read(path) as outbox:
        listed = outbox.list_deliveries(state, sink)
    return [delivery.as_dict() for delivery in listed if key in (None, delivery.message.key)]


def retry_letters(store: Path | str, sink: str | None = None, key: str | None = None) -> int:
    """Have dead letters tried again with the next round of the watch.

    Parameters
    ----------
    store : path-like
        Folder of the store.
    sink, key : str, optional
        Only those of a sink, or of a message.

    Returns
    -------
    int
        How many.

    Raises
    ------
    OutboxDamaged
        The outbox cannot be written.
    """
    from comity.delivery import Outbox

    path = _find_outbox(store)
    if not path.exists():
        return 0
    with Outbox.open(path) as outbox:
        return outbox.retry_dead(sink=sink, key=key)


def _find_outbox(store: Path | str) -> Path:
    """Return where the outbox of a store's watch is."""
    from comity.watch.step import OUTBOX, find_folder

    return find_folder(Path(store)) / OUTBOX

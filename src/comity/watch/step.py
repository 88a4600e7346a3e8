"""A round of the watch: what the ledger lacks is fetched and loaded, alerts are decided, and delivered.

What a round does follows from the ledger, the outbox and what the publisher announces, and from nothing that a process
keeps to itself: one that is stopped or killed at any moment is continued by the next, which tells nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from comity.delivery import DeliveryError, Outbox, Outlet, build_sink, deliver_messages
from comity.events.step import load_fetched
from comity.sources.catalogue import read_source
from comity.sources.errors import FetchError
from comity.sources.fetch import ENDING, MOST_ANEW, SOURCE, Kept
from comity.sources.gdelt import read_slot
from comity.sources.last_update import Newest
from comity.sources.receipts import find_fault, measure_file
from comity.store import StoreBusy, open_store
from comity.store.disk import say_why_disk_refused, write_whole
from comity.store.heap import release_freed, share_heap
from comity.store.lock import hold_lock
from comity.store.log import hold_listings
from comity.watch.ledger import EPOCH, list_touched, read_held
from comity.watch.publisher import Clock, Publisher, WallClock
from comity.watch.rules import DEFAULT_GRACE, WatchList
from comity.watch.slots import (
    DAY,
    QUARTER,
    Held,
    choose_batch,
    find_last_due,
    is_time,
    list_lacking,
    measure_freshness,
)
from comity.watch.staleness import alert_staleness
from comity.watch.tables import Alert, Freshness
from comity.watch.wording import write_message

BATCH = 96
FARTHEST_BACK = timedelta(days=30)
FIRST_PAUSE = 30.0
LIST_LAG = timedelta(hours=6)
OUTBOX = "outbox.sqlite"
LAST_ROUND = "last-round.json"
DECIDED = "decided.json"
SMALL_FILES, LOG_ENTRIES = 96, 15
"""From how many on the store is tidied after a round: fewer than would have a load do it before it ends [count]."""
RECENT = timedelta(days=2)
"""Loaded slots that are compared with the publisher's list whenever it is read; all of them once a day."""

Say = Callable[[dict[str, Any]], None]

Detector = Callable[[Path, WatchList, frozenset[date], date], Sequence[Alert]]
"""Decides on alerts about pairs: gets the store, the rules, the days [UTC] that the round has touched, and the first
day of which alerts are told: what was loaded of before the watch is known to it, and no news."""


@dataclass
class Watch:
    """A watch of one store.

    Parameters
    ----------
    store : Path
        Folder of the store; made where there is none.
    publisher : Publisher
        Who has the files.
    rules : WatchList
        Who is told what.
    clock : Clock
        Time.
    since : datetime or None
        First slot that is wanted [UTC]; where None the first that the store has, though no more than 30 days back, and
        for an empty store the day's.
    interval : float
        Time between two rounds [seconds].
    detector : callable or None
        Decides on alerts about pairs.
    wait : float
        How long a round waits for another writer of the store [seconds].
    """

    store: Path
    publisher: Publisher
    rules: WatchList = field(default_factory=WatchList)
    clock: Clock = field(default_factory=WallClock)
    since: datetime | None = None
    interval: float = QUARTER.total_seconds()
    detector: Detector | None = None
    wait: float = 60.0
    asked: dict[datetime, datetime] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return where outbox, lock and the note on the last round are."""
        return find_folder(self.store)


def find_folder(store: Path) -> Path:
    """Return the folder of a store's watch, which stands beside the store."""
    whole = store.resolve()
    return whole.with_name(f"{whole.name}-watch")


def run_watch(
    watch: Watch, *, once: bool = False, until: datetime | None = None, say: Say | None = None
) -> dict[str, Any]:
    """Watch: one round after the other.

    Parameters
    ----------
    watch : Watch
        What is watched.
    once : bool
        End after the first round that leaves no batch waiting.
    until : datetime, optional
        End with the round that begins then or later [UTC].
    say : callable, optional
        Told the account of each round.

    Returns
    -------
    dict
        The account of the last round, see `take_round`.

    Raises
    ------
    StoreBusy
        Another process watches this store.
    DiskRefused, StoreDamaged, OutboxDamaged
        Nothing can be kept; what was acknowledged before stays.
    """
    silent = 0
    with _hold(watch.folder):
        while True:
            now = watch.clock.read()
            account = take_round(watch)
            if say:
                say(account)
            if not account["more"] and (once or (until is not None and now >= until)):
                return account
            silent = silent + 1 if account["unreachable"] or account["busy"] else 0
            watch.clock.sleep(_choose_pause(watch.interval, silent, more=account["more"]))


def _choose_pause(interval: float, silent: int, *, more: bool) -> float:
    """Return how long to wait for the next round [seconds]: not at all while there is more, sooner after silence."""
    if more:
        return 0.0
    return min(interval, FIRST_PAUSE * 2.0 ** min(silent - 1, 30)) if silent else interval


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    """Keep other processes from watching the same store."""
    with say_why_disk_refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with hold_lock(folder / "watch.lock", 0.0):
            yield
    except StoreBusy as error:
        if Path(error.where) != folder:
            raise
        raise StoreBusy(
            error.what.replace("is writing to", "watches"), where=str(folder), todo="stop it, or let it go on"
        ) from error


def take_round(watch: Watch) -> dict[str, Any]:
    """Take one round: look, fetch, load, decide, deliver.

    Parameters
    ----------
    watch : Watch
        What is watched.

    Returns
    -------
    dict
        `time` (ISO, UTC); `announced` (newest slot, or None); `unreachable` (why the publisher did not answer, or
        empty); `busy` (who writes to the store and kept the round from loading, or empty); `loaded`, `missing`,
        `failed` [count]; `refused` (files with what is wrong); `reissued` (files that the
        publisher issued anew, each with what changed); `compared` (when all loaded files were last compared with the
        publisher's list, or None); `more` (whether the next batch waits); `alerts` (keys decided
        in this round); `sent`, `postponed`, `dead` [count].
    """
    share_heap()
    now = watch.clock.read()
    account: dict[str, Any] = {"time": now.isoformat(timespec="seconds"), "announced": None, "unreachable": ""}
    account |= {"busy": "", "loaded": 0, "missing": 0, "failed": 0, "refused": [], "reissued": [], "more": False}
    account["compared"] = (_read_note(watch.folder / LAST_ROUND) or {}).get("compared")
    held, catch = read_held(watch.store, _find_compared(account, now)), None
    try:
        catch = _fetch(watch, held, now, account)
    except FetchError as error:
        account["unreachable"] = error.what
    with hold_listings(watch.store), Outbox.open(watch.folder / OUTBOX) as outbox:
        held = held if catch is None else _load(watch, catch, now, account)
        account["alerts"] = _tell(watch, outbox, _decide_own(watch, held, outbox))
        if not account["more"]:  # a past that is still coming in, newest days first, would be decided on over and over
            account["alerts"] += _decide_pairs(watch, held, outbox)
        delivered = deliver_messages(outbox, _open_outlets(watch.rules), watch.clock.read, only=True)
    account |= {name: delivered[name] for name in ("sent", "postponed", "dead")}
    write_whole(watch.folder / LAST_ROUND, json.dumps(account).encode())
    if catch is not None:  # the alerts are out: what would keep the next load from its work is done now
        open_store(watch.store).tidy(SMALL_FILES, LOG_ENTRIES)
    release_freed()
    return account


@dataclass(frozen=True)
class _Catch:
    """What was asked for and what came: slots that are lacking and those chosen, files known, account of the fetch."""

    lacking: list[datetime]
    chosen: list[datetime]
    known: Mapping[str, Kept]
    got: Mapping[str, Any]


def _fetch(watch: Watch, held: Held, now: datetime, account: dict[str, Any]) -> _Catch | None:
    """Fetch the next batch of what the ledger lacks; None where nothing is to be asked for."""
    announced = watch.publisher.read_newest()
    newest, begin = announced.slot or find_last_due(now), _find_begin(watch, held, now)
    account["announced"] = announced.slot.isoformat() if announced.slot else None
    lacking = list_lacking(begin, newest, held)
    chosen = choose_batch(lacking, held, watch.asked, now, BATCH)
    whole = _find_compared(account, now) == EPOCH
    known = {name: file for name, file in held.list_kept(begin).items() if is_time(file.slot, watch.asked, now)}
    if not chosen and not whole:
        return None
    got = watch.publisher.fetch({f"{slot:%Y%m%d%H%M%S}{ENDING}": slot for slot in chosen}, known)
    if whole and not got["list"] and len(got["reissued"]) < MOST_ANEW:
        account["compared"] = account["time"]
    got = _hold_back(got, announced, watch.publisher.folder, now)
    if announced.slot is None:
        got = _forget_unborn(got, held)
    return _Catch(lacking, chosen, known, got)


def _load(watch: Watch, catch: _Catch, now: datetime, account: dict[str, Any]) -> Held:
    """Load what was fetched; returns what the ledger then has."""
    got, known, chosen = catch.got, catch.known, catch.chosen
    replayed = None if isinstance(watch.clock, WallClock) else now
    try:
        loaded = load_fetched(watch.store, got, watch.publisher.folder, now=replayed, wait=watch.wait)
    except StoreBusy as error:  # what was fetched is there, and is loaded when the other writer has ended
        account["busy"] = error.what
        return read_held(watch.store)
    after = read_held(watch.store)
    filled = {slot for slot in chosen if slot in after.filled}
    done = filled | (after.repeated & set(chosen)) | {known[name].slot for name in got["reissued"]}
    tried = {*chosen, *(known[entry["name"]].slot for entry in got["failed"] if entry["name"] in known)}
    watch.asked = {slot: when for slot, when in watch.asked.items() if slot not in done}
    watch.asked |= dict.fromkeys(tried - done, now)
    account |= {"loaded": len(filled), "missing": len(got["missing"]), "failed": len(got["failed"])}
    account |= {"refused": [*got["failed"], *loaded["refused"]], "reissued": loaded["reissued"]}
    rest = [slot for slot in catch.lacking if slot not in after.filled]
    account["more"] = bool(filled) and bool(choose_batch(rest, after, watch.asked, now, BATCH))
    return after


def _find_compared(account: Mapping[str, Any], now: datetime) -> datetime:
    """Return from which slot on [UTC] loaded files are compared with the publisher's list: all of them once a day."""
    last = account["compared"]
    due = last is None or not now - DAY < datetime.fromisoformat(last) <= now
    return EPOCH if due else now - RECENT


def _hold_back(got: Mapping[str, Any], announced: Newest, folder: Path, now: datetime) -> dict[str, Any]:
    """Leave out files that neither list nor announcement vouches for; after some hours their form has to do."""

    def is_vouched(name: str) -> bool:
        if now - (read_slot(name) or now) >= LIST_LAG:
            return True
        promise = announced.promises.get(name)
        return promise is not None and not find_fault(folder / name, measure_file(folder / name), promise)

    doubtful = {name for name in got["unlisted"] if not is_vouched(name)}
    return {**got, "files": [name for name in got["files"] if name not in doubtful]}


def _forget_unborn(got: Mapping[str, Any], held: Held) -> dict[str, Any]:
    """Take files later than any that is known for not published yet, where the publisher announces nothing."""
    there = [slot for name in got["files"] if (slot := read_slot(name))]
    last = max([*there, *([held.newest] if held.newest else [])], default=None)
    known = [name for name in got["missing"] if last and (read_slot(name) or last) < last]
    return {**got, "missing": known}


def _find_begin(watch: Watch, held: Held, now: datetime) -> datetime:
    """Return the first slot that is wanted [UTC]."""
    if watch.since is not None:
        return max(watch.since, datetime.fromisoformat(read_source(SOURCE).first))
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(min(held.filled, default=today), today - FARTHEST_BACK)


def _decide_own(watch: Watch, held: Held, outbox: Outbox) -> list[Alert]:
    """Decide whether to tell that the source is stale or fresh again."""
    now = watch.clock.read()
    told = {message.key for kind in ("stale", "fresh") for message in outbox.find_messages(f"{kind}:")}
    found = measure_freshness(SOURCE, held, now, watch.rules.grace)
    own = alert_staleness(found, told, now)
    return [own] if own else []


def _decide_pairs(watch: Watch, held: Held, outbox: Outbox) -> list[str]:
    """Have the detector decide on what was loaded since it last did; returns the keys that are new.

    How far it decided is noted after its alerts are in the outbox: who dies before that decides again, under the same
    keys.
    """
    if watch.detector is None:
        return []
    mark = watch.folder / DECIDED
    before = (_read_note(mark) or {}).get("events_version", -1)
    touched, version = list_touched(watch.store, before, watch.rules.list_pairs())
    if version == before:
        return []
    keys: list[str] = []
    if touched:
        begin = _find_begin(watch, held, watch.clock.read()).date()
        keys = _tell(watch, outbox, watch.detector(watch.store, watch.rules, touched, begin))
    write_whole(mark, json.dumps({"events_version": version}).encode())
    return keys


def _tell(watch: Watch, outbox: Outbox, alerts: Sequence[Alert]) -> list[str]:
    """Put alerts into the outbox for those who asked for them; returns the keys that are new."""
    now = watch.clock.read()
    fresh = []
    for alert in alerts:
        sinks = watch.rules.find_sinks(alert)
        if (sinks or alert.pair is None) and outbox.add(write_message(alert, now), sinks, now):
            fresh.append(alert.key)
    return fresh


def _open_outlets(rules: WatchList) -> dict[str, Outlet]:
    """Make the sinks; one that cannot be made lets its messages wait."""
    outlets = {}
    for name, (spec, pace) in rules.sinks.items():
        try:
            outlets[name] = Outlet(name, build_sink(spec), pace)
        except DeliveryError as error:
            outlets[name] = Outlet(name, error, pace)
    return outlets


def describe_watch(store: Path, now: datetime, grace: timedelta = DEFAULT_GRACE) -> dict[str, Any]:
    """Describe how fresh everything is.

    Parameters
    ----------
    store : Path
        Folder of the store.
    now : datetime
        Time [UTC].
    grace : timedelta
        How much later than its cadence a file may come.

    Returns
    -------
    dict
        `source`, `newest`, `age` [seconds], `stale` (None where nothing was ever loaded), `last_day` (`expected`,
        `filled`, `missing`, `unknown`), `last_round` (its account, or None), `outbox` (state to count).
    """
    found: Freshness = measure_freshness(SOURCE, read_held(store), now, grace)
    counted, folder = found.last_day, find_folder(store)
    outbox = {"pending": 0, "sent": 0, "dead": 0, "digested": 0}
    if (folder / OUTBOX).exists():
        with Outbox.read(folder / OUTBOX) as opened:
            outbox = opened.count_states()
    return {
        "source": found.source,
        "newest": found.newest.isoformat() if found.newest else None,
        "age": found.age,
        "stale": found.stale,
        "last_day": {name: getattr(counted, name) for name in ("expected", "filled", "missing", "unknown")},
        "last_round": _read_note(folder / LAST_ROUND),
        "outbox": outbox,
    }


def _read_note(path: Path) -> dict[str, Any] | None:
    """Return what a note says, or None where there is none."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None

"""Alerts of pairs: thaws and ruptures alike, at a stated rate of false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from comity.api.relations import identify_pair
from comity.api.view import View, WrongUse, read_date

LEAST_EVENTS = 10


def find_alerts(
    pair: Sequence[str] | None = None,
    *,
    rate: float = 1.0,
    since: date | str | None = None,
    view: View | None = None,
) -> dict[str, Any]:
    """Find alerts: days on which the level of a pair had moved further than it does by chance at a stated rate.

    Parameters
    ----------
    pair : sequence of two str, optional
        Any codes or unambiguous names; all pairs with at least 10 events in a direction where left out.
    rate : float
        Stated rate of false alarms: 0.5, 1 or 4 [per pair and year].
    since : date or str, optional
        First day that is asked for.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `pairs` [count of pairs looked at], `days` (first and last day), `least` (smallest move that counts [points]),
        and `alerts`, in the order of days, each with `day`, `sender`, `receiver`, `direction`, `probability` (that a
        lasting move has happened), `rate`, `chance` (that a quiet pair has such a day), `discovery` (whether it stands
        among all pairs of the day), `level`, `normal` (level and 90 % interval a quarter before), `move`, `threshold`
        [standard deviations], `quiet_years` that the threshold rests on, `past` (how such alerts had fared), `events`.

    Raises
    ------
    ComityError
        There is no such rate, or nothing is loaded.
    """
    from comity.watch import detector
    from comity.watch.tables import RATES

    if rate not in RATES:
        raise WrongUse(f"there is no rate of {rate:g}", todo=f"choose one of {', '.join(f'{x:g}' for x in RATES)}")
    named = None if pair is None else tuple(sorted(actor.id for actor in identify_pair(*pair)))
    with (view or View()).open() as (con, _, scale):
        pairs = _list_pairs(con) if named is None else [(named[0], named[1])]
        followed = detector.follow_pairs(con, pairs, scale)
        rows = detector.list_alerts(con, followed, rate, read_date(since))
        last = followed.name_day(followed.track.count.shape[1] - 1)
    days = [followed.bench.start.isoformat(), last.isoformat()]
    about = {"scale": scale.id, "rate": rate, "pairs": len(pairs), "days": days, "least": followed.bench.least}
    return {**about, "alerts": rows}


def _list_pairs(con: Any) -> list[tuple[str, str]]:
    """Return the pairs with enough events in a direction, in alphabetical order."""
    rows = con.execute(
        "select sender, receiver from events where score is not null group by all having sum(weight) >= ?",
        [LEAST_EVENTS],
    ).fetchall()
    return sorted({(min(row), max(row)) for row in rows})

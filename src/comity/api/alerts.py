"""Alerts of pairs: thaws and ruptures alike, at a stated rate of false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comity.api.relations import identify_pair
from comity.api.view import View, WrongUse, read_date

LEAST_EVENTS = 10
PAGES = ("html", "md")


def find_alerts(
    pair: Sequence[str] | None = None,
    *,
    rate: float = 1.0,
    since: date | str | None = None,
    every: bool = False,
    view: View | None = None,
) -> dict[str, Any]:
    """Find alerts: days on which the acts of a pair had moved further from normal than they do at a stated rate.

    Parameters
    ----------
    pair : sequence of two str, optional
        Any codes or unambiguous names; all pairs with at least 10 scored events where left out.
    rate : float
        Stated rate of false alarms: 0.5, 1 or 4 [per pair and year].
    since : date or str, optional
        First day that is asked for.
    every : bool
        Also alerts that do not stand among all pairs of their day.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `scale`, `rate`, `pairs` [count of pairs looked at], `names` (of the actors in alerts), `days` (first and last),
        `loaded` (days of these of which anything was loaded) [count], `least` (smallest lasting move that counts
        [points]), `record` (how alerts have fared, see `comity.watch.record.count_fates`), and `alerts`, in the order
        of days, each with `day`, `pair`, `direction`, `probability` (that the quarter to come stays away from normal),
        `rate` (asked for), `reached` (what the pair can reach), `realised` (90 % interval of the rate on the pair's own
        quiet days, block bootstrap; None without such days), `chance` (that a quiet pair has such a day), `discovery`
        (whether it stands among all pairs of the day), `run` (the days that the alert sums up: `since`, `days` with
        events, `events`, `level`, their mean score as the sum weighs them, and the `sum` [standard deviations]),
        `normal` (the `level` that such days would have had, and `floor` and `ceiling`, between which their mean raises
        no alert at this rate), `threshold` that the sum has reached [standard deviations], `quiet_years` that the
        threshold rests on, `past` (how such alerts had fared by that day), `events`.

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
        found = detector.list_alerts(con, followed, rate, read_date(since), every=every)
    last = followed.name_day(followed.signal.shape[1] - 1)
    return {
        "scale": scale.id,
        "rate": rate,
        "pairs": len(pairs),
        "names": _name_actors(found.alerts),
        "days": [followed.bench.start.isoformat(), last.isoformat()],
        "loaded": int(followed.signal.covered.sum()),
        "least": followed.bench.least,
        "record": found.record,
        "alerts": found.alerts,
    }


def _list_pairs(con: Any) -> list[tuple[str, str]]:
    """Return the pairs with enough scored events, in alphabetical order."""
    rows = con.execute(
        "select least(sender, receiver), greatest(sender, receiver) from events where score is not null "
        "group by all having sum(weight) >= ? order by all",
        [LEAST_EVENTS],
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


def _name_actors(alerts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the actors in alerts."""
    from comity.lexicon import get_actor

    return {actor: get_actor(actor).name for actor in sorted({actor for row in alerts for actor in row["pair"]})}


def write_alerts(found: Mapping[str, Any], form: str = "html") -> str:
    """Return alerts as a page that stands alone.

    Parameters
    ----------
    found : mapping
        From `find_alerts`.
    form : str
        `html` or `md`.

    Returns
    -------
    str
        The same alerts give the same text.

    Raises
    ------
    WrongUse
        There is no such page.
    """
    from comity.brief.alert_page import render_alert_page

    if form not in PAGES:
        raise WrongUse(f"there is no page {form!r}", todo=f"choose one of {', '.join(PAGES)}")
    return render_alert_page(found, form)

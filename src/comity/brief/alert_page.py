"""The page of alerts: which there are, how far each is from normal, how such alerts have fared, and the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import comity
from comity.brief.blocks import Block, Cell, Column, Facts, Figure, Fold, Items, Page, Panel, Section, Table, Text
from comity.brief.drawing import Canvas, pick_reach
from comity.brief.html import render_page
from comity.brief.links import find_link, show_address
from comity.brief.markdown import write_page
from comity.brief.reliability import render_departure, render_reliability
from comity.brief.rows import render_whisker_scale
from comity.brief.subject import clean_values
from comity.brief.wording import (
    NOT_KNOWN,
    render_count,
    render_date,
    render_fixed,
    render_score,
    render_share,
)

Found = Mapping[str, Any]
SHOWN, OPENED = 200, 3
HEIGHT = 300.0
LIMITS = (
    "An alert says that reported acts differ from what is normal for the pair. Misread news moves it like real news: "
    "look at the events.",
    "Level is the mean score of the days that the alert sums up, and the normal range is where such a mean raises no "
    "alert: every alert lies outside its range, and on quiet days a pair leaves it at the rate of false alarms that "
    "was asked for, both directions together. They are of these days alone: a mean over a month can look normal.",
    "A day of which nothing was loaded is not calm: it changes nothing, and is said here.",
    "Until a pair has some quiet years of its own, its threshold rests on all pairs together and on a simulation.",
    "Thaws and ruptures are decided by one rule with two signs, and every pair by the same one.",
)


def render_alert_page(found: Found, form: str) -> str:
    """Return alerts as a page that stands alone.

    Parameters
    ----------
    found : mapping
        From `comity.api.find_alerts`.
    form : str
        `html` or `md`.

    Returns
    -------
    str
        The same alerts give the same text.
    """
    clean = clean_values(found)
    parts: list[tuple[str, str, list[Block]]] = [
        ("alerts", "Alerts", _outline_alerts(clean)),
        ("grounds", "What each rests on", _outline_grounds(clean)),
        ("record", "How such alerts have fared", _outline_record(clean)),
        ("limits", "How to read this", [Items([[Cell(text)] for text in _list_limits(clean)], small=True)]),
    ]
    days = " to ".join(render_date(day) for day in clean["days"])
    page = Page(
        title="Alerts: thaws and ruptures",
        kind="Alerts",
        summary=f"Alerts about {render_count(clean['pairs'])} pairs, {days}.",
        made="",
        facts=_outline_facts(clean),
        notes=[],
        sections=[Section(uid, title, blocks) for uid, title, blocks in parts],
        version=comity.__version__,
        product="alerts",
    )
    return render_page(page) if form == "html" else write_page(page)


def _list_limits(found: Found) -> list[str]:
    """Say how to read the page, and why its directions can differ in number."""
    ruptures = sum(row["direction"] == "rupture" for row in found["alerts"])
    thaws = len(found["alerts"]) - ruptures
    told = (
        f"Ruptures here: {render_count(ruptures)}; thaws: {render_count(thaws)}. A new store tells more ruptures "
        "than thaws, also among false alarms: pairs that are reported daily are less friendly than "
        "pairs at large, whose mean is taken for normal at first, and hostile acts lie further from "
        "normal than friendly ones."
    )
    return [*LIMITS, told]


def _outline_facts(found: Found) -> Facts:
    """Say what was looked at, and at which rate of false alarms."""
    first, last = found["days"]
    return Facts(
        (
            ("Days", (Cell(f"{render_date(first)} to {render_date(last)}"),)),
            ("Days loaded", (Cell(render_count(found["loaded"])),)),
            ("Pairs looked at", (Cell(render_count(found["pairs"])),)),
            ("False alarms asked for", (Cell(f"{found['rate']:g} per pair and year"),)),
            ("Smallest lasting move", (Cell(f"{render_fixed(found['least'], 1)} points"),)),
            ("Scale", (Cell(found["scale"]),)),
        )
    )


def _name(found: Found, row: Found) -> str:
    """Return the names of a pair."""
    return " and ".join(found["names"].get(actor, actor) for actor in row["pair"])


def _order(alerts: Sequence[Found]) -> list[Found]:
    """Return the newest days first, and on each what is rarest first."""
    return sorted(sorted(alerts, key=lambda row: row["chance"]), key=lambda row: row["day"], reverse=True)[:SHOWN]


def _outline_alerts(found: Found) -> list[Block]:
    """List the newest alerts, each with its level beside what is normal."""
    alerts = found["alerts"]
    if not alerts:
        return [Text("No alert stands.")]
    newest = _order(alerts)
    reach = pick_reach(value for row in newest for value in (row["run"]["level"], *row["normal"].values()))
    rows = [
        (
            Cell(render_date(row["day"])),
            Cell(_name(found, row)),
            Cell(row["direction"].capitalize()),
            Cell(_count_days(row["chance"])),
            Cell(render_share(row["probability"])),
            Cell(render_count(_count_span(row))),
            Cell(_render_level(row["run"]["level"])),
            Cell(_render_range(row["normal"])),
            Cell("", drawing=_draw_departure(row, reach)),
        )
        for row in newest
    ]
    columns = (
        Column("Day", "date", 12),
        Column("Pair", "head", 20),
        Column("Direction", "text", 9),
        Column("Rarity", "number", 10),
        Column("Probability", "number", 10),
        Column("Days", "number", 5),
        Column("Level", "number", 7),
        Column("Normal range", "number", 13),
        Column("Level (circle), normal range (bar)", "chart", 14, render_whisker_scale(reach)),
    )
    more = len(alerts) - len(newest)
    note = f"{render_count(more)} earlier alerts are left out here." if more else ""
    told = (
        "Rarity: one quiet day in so many is as far from normal. Probability: that the quarter to come stays so. Days: "
        "that the alert sums up. Level: their mean score, newer days counting more. Normal range: where such a mean "
        "raises no alert."
    )
    return [Table("Newest first, on each day the rarest first", columns, rows, note), Text(told, quiet=True)]


def _count_span(row: Found) -> int:
    """Return how many days an alert sums up."""
    return (date.fromisoformat(row["day"]) - date.fromisoformat(row["run"]["since"])).days + 1


def _render_range(normal: Found) -> str:
    """Return between which levels there would be no alert; with two decimals, since many alerts lie close to an end."""
    return f"{_render_level(normal['floor'])} to {_render_level(normal['ceiling'])}"


def _render_level(value: float) -> str:
    """Return a level with its sign and two decimals."""
    text = render_fixed(value, 2)
    return f"+{text}" if value > 0 and text != "0.00" else text


def _draw_departure(row: Found, reach: float) -> str:
    """Draw a level beside the range that is normal."""
    normal = row["normal"]
    return render_departure(row["run"]["level"], normal["floor"], normal["ceiling"], reach)


def _count_days(chance: float) -> str:
    """Return one in how many quiet days is as far from normal."""
    return f"1 in {render_count(round(1 / chance, -1 if chance > 1e-3 else -2))}" if chance > 0 else NOT_KNOWN


def _outline_grounds(found: Found) -> list[Block]:
    """Show the events behind each alert, and on what its threshold rests."""
    if not found["alerts"]:
        return [Text("Nothing to show.")]
    blocks: list[Block] = []
    for place, row in enumerate(_order(found["alerts"])):
        title = f"{render_date(row['day'])}: {row['direction']}, {_name(found, row)}"
        events: list[Block] = [_tabulate_events(found, row)] if row["events"] else []
        blocks.append(Fold(title, (Text(_describe_grounds(row)), *events), opened=place < OPENED))
    return blocks


def _describe_grounds(row: Found) -> str:
    """Say what would have been normal, what the threshold rests on, and how such alerts have fared."""
    normal, run, past, realised = row["normal"], row["run"], row["past"], row["realised"]
    words = [
        f"From {render_date(run['since'])} on the mean score was {_render_level(run['level'])}; normal would have been "
        f"{_render_level(normal['level'])}, and there is no alert between {_render_level(normal['floor'])} and "
        f"{_render_level(normal['ceiling'])}.",
        f"The threshold rests on {render_fixed(row['quiet_years'], 1)} quiet years of the pair's own",
    ]
    if realised:
        words[-1] += (
            f", on which it was passed {render_fixed(realised[0], 1)} to {render_fixed(realised[1], 1)} times a year "
            "(90 % interval, block bootstrap)"
        )
    words[-1] += "."
    if row["reached"] < row["rate"]:
        words.append(
            f"The pair has too few events for more than {render_fixed(row['reached'], 2)} false alarms a year."
        )
    if past:
        since = render_date(past["since"])
        words.append(
            f"Of {render_count(past['alerts'])} such alerts since {since}, {past['borne_out']} were borne out."
        )
    else:
        words.append("No earlier alert like it has had time to be borne out.")
    if not row["discovery"]:
        words.append("It does not stand among all pairs of its day.")
    return " ".join(words)


def _tabulate_events(found: Found, row: Found) -> Table:
    """List the events behind an alert."""
    rows = [
        (
            Cell(render_date(event["date"])),
            Cell(" to ".join(found["names"].get(event[who], event[who]) for who in ("sender", "receiver"))),
            Cell(f"{event['label']} ({event['code']})"),
            Cell(render_score(event["score"])),
            Cell(render_count(event["reports"])),
            _link(event["link"]),
        )
        for event in row["events"]
    ]
    columns = (
        Column("Date", "date", 12),
        Column("Direction", "text", 24),
        Column("What was reported (CAMEO code)", "text", 30),
        Column("Score", "number", 7),
        Column("Reports", "number", 8),
        Column("Link", "text", 19),
    )
    return Table("Events of the last 30 days furthest from normal on the alert's side", columns, rows)


def _link(address: str | None) -> Cell:
    """Return a linked host, or what stands in its place."""
    if not address:
        return Cell("no link", missing=True)
    link = find_link(address)
    return Cell(show_address(address)) if link is None else Cell(link.host, href=link.href)


def _outline_record(found: Found) -> list[Block]:
    """Show stated probabilities beside what became of alerts."""
    record: Sequence[Found] = found["record"]
    if not record:
        return [Text("No alert of these days has had its quarter yet: the probabilities rest on the simulation alone.")]
    columns = (
        Column("Stated", "head"),
        Column("Alerts", "number"),
        Column("Mean stated", "number"),
        Column("Borne out", "number"),
        Column("90 % interval", "number"),
    )
    rows = [
        (
            Cell(f"{render_share(band['low'])} to {render_share(band['high'])}"),
            Cell(render_count(band["alerts"])),
            Cell(render_share(band["stated"])),
            Cell(render_share(band["borne_out"])),
            Cell(f"{render_share(band['share_low'])} to {render_share(band['share_high'])}"),
        )
        for band in record
    ]

    def draw(uid: str, width: float) -> str:
        told = "; ".join(
            f"stated {render_share(b['stated'])}, borne out {render_share(b['borne_out'])}" for b in record
        )
        return render_reliability(record, Canvas(uid, width, HEIGHT, "Reliability of alerts", told or NOT_KNOWN))

    caption = "On the line, alerts are borne out as often as stated. At each dot: how many alerts"
    return [Figure(caption, (Panel("Stated and borne out", draw),)), Table("The same in numbers", columns, rows)]

"""How closely a pair is tied: its profile by dimension, beside the pairs most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Figure, Fold, Panel, Table, Text
from comity.brief.drawing import Canvas, Scale, draw_box, draw_dot, draw_line, draw_sheet, draw_text, fit_text
from comity.brief.subject import Subject
from comity.brief.wording import NO_ESTIMATE, NOT_KNOWN, render_count, render_quantity
from comity.integration.errors import IntegrationError
from comity.integration.indices.profile import describe_pair
from comity.integration.indices.step import list_states, read_pair_index
from comity.lexicon import Actor

Reading = Mapping[str, Any]
EMPTY: Mapping[str, Any] = {"index": None, "dimensions": [], "indicators": [], "like": [], "pairs": 0, "below": None}
ROW, TOP, BOTTOM, LEFT, EDGE = 30.0, 6.0, 24.0, 150.0, 12.0
REFERENCES = (
    (
        "oecd-jrc-2008",
        "OECD and European Commission, Joint Research Centre (2008). Handbook on Constructing Composite Indicators: "
        "Methodology and User Guide. OECD Publishing, Paris.",
        "10.1787/9789264043466-en",
    ),
    (
        "rubin-schenker-1986",
        "Rubin, D. B. and Schenker, N. (1986). Multiple imputation for interval estimation from simple random samples "
        "with ignorable nonresponse. Journal of the American Statistical Association 81(394), 366-374.",
        "10.1080/01621459.1986.10478280",
    ),
)
LIMIT = (
    "Integration here is closeness of ties that tables list, not goodness of relations, and not a forecast. Weights, "
    "scale and treatment of unknowns are choices; the interval holds the index under other choices and other fillings "
    "of what is unknown. Silence of a list is not taken for nothing. Finance, value chains and infrastructure other "
    "than a common border and direct air routes are not in it: no table of theirs is part of the package. The list of "
    "air routes ends with June 2014; it contains information from OpenFlights, which is made available under the Open "
    "Database License (ODbL) 1.0."
)


def describe_ties(parties: Sequence[Actor]) -> dict[str, Any]:
    """Describe how closely two states are tied.

    Parameters
    ----------
    parties : sequence of Actor
        Two.

    Returns
    -------
    dict
        As `comity.integration.indices.profile.describe_pair` without `pair`, with `reason`: why there is no index, or
        an empty text.
    """
    a, b = (party.id for party in parties)
    others = [party.name for party in parties if party.id not in list_states()]
    if others:
        return {"reason": f"{others[0]} is no state of today", **EMPTY}
    try:
        found = describe_pair(read_pair_index(), a, b)
    except IntegrationError as error:
        return {"reason": error.what, **EMPTY}
    return {"reason": "", **{name: found[name] for name in EMPTY}}


def list_tie_references(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the works that the section rests on, where the brief has it."""
    shown = (document.get("ties") or EMPTY)["index"] is not None
    return [{"key": key, "text": text, "doi": doi} for key, text, doi in REFERENCES if shown]


def outline_ties(subject: Subject) -> list[Block]:
    """Show index and profile in words, as a picture and as tables."""
    ties = subject.document["ties"]
    if ties["index"] is None:
        return [Text(f"There is no index of integration for this pair: {ties['reason']}.")]
    readings = [ties["index"], *ties["dimensions"]]
    height = TOP + ROW * len(readings) + BOTTOM
    desc = f"{len(readings)} rows. The numbers stand in the table after the picture."
    draw = partial(_draw_profile, readings, height, ("Profile of the pair", desc))
    caption = "Points from 0 to 100: dot and line, the pair with its 90 % interval"
    if ties["like"]:
        caption += "; pale bar, from the least to the greatest of the pairs most like it; tick, their median"
    return [
        Text(_summarise(ties)),
        Figure(f"{caption}.", (Panel("", draw),)),
        _tabulate_readings(readings, len(ties["like"])),
        Fold("The figures behind the profile, and what each could move", (_tabulate_indicators(ties["indicators"]),)),
        *([Fold("The pairs most like it", (_tabulate_like(subject, ties["like"]),))] if ties["like"] else []),
        Text(LIMIT, quiet=True),
    ]


def _summarise(ties: Mapping[str, Any]) -> str:
    """Say where the pair stands among all pairs and among those like it."""
    index = ties["index"]
    text = (
        f"Index of integration {index['score']:.0f} on a scale from 0 to 100 (90 % interval {index['low']:.0f} to "
        f"{index['high']:.0f}), from {index['known']} of {index['of']} figures. It lies above "
        f"{100 * ties['below']:.1f} % of {render_count(ties['pairs'])} pairs of states."
    )
    if not ties["like"]:
        return text + " No pairs are set beside it, since sizes or distance are not known."
    return text + (
        f" The {len(ties['like'])} pairs most like it in the sizes of both economies and in distance have "
        f"{index['like_low']:.0f} to {index['like_high']:.0f}, the median {index['like_median']:.0f}."
    )


def _tabulate_readings(readings: Sequence[Reading], beside: int) -> Table:
    """Return the index and each dimension with interval, bounds and like pairs."""
    rows = [
        (
            Cell(reading["title"]),
            Cell(f"{reading['score']:.1f}"),
            Cell(f"{reading['low']:.1f} to {reading['high']:.1f}"),
            Cell(f"{reading['low_bound']:.1f} to {reading['high_bound']:.1f}"),
            Cell(f"{reading['known']} of {reading['of']}"),
            Cell(_render_like(reading), missing=reading["like_median"] is None),
        )
        for reading in readings
    ]
    columns = (
        Column("Dimension", "head", 22),
        Column("Points", "number", 10),
        Column("90 % interval", "number", 16),
        Column("Unknowns at either end", "number", 18),
        Column("Figures known", "number", 12),
        Column("Like pairs: median (range)", "number", 22),
    )
    note = f"Like pairs: the {beside} nearest in the sizes of both economies and in distance." if beside else ""
    return Table("Integration by dimension, points from 0 to 100", columns, rows, note)


def _render_like(reading: Reading) -> str:
    """Return median and range of the like pairs."""
    if reading["like_median"] is None:
        return NO_ESTIMATE
    return f"{reading['like_median']:.1f} ({reading['like_low']:.1f} to {reading['like_high']:.1f})"


def _tabulate_indicators(indicators: Sequence[Mapping[str, Any]]) -> Table:
    """Return each figure with its points, and what the index would gain were it at the top of its scale."""
    rows = []
    for item in indicators:
        value, unit = render_quantity(item["value"], item["unit"])
        unknown = item["value"] is None
        rows.append(
            (
                Cell(item["title"]),
                Cell(_render_unknown(item) if unknown else value, missing=unknown),
                Cell(unit),
                Cell(NO_ESTIMATE if item["score"] is None else f"{item['score']:.1f}", missing=item["score"] is None),
                Cell(f"{item['gain']:.1f}"),
            )
        )
    columns = (
        Column("Figure", "head", 43),
        Column("Value", "number", 16),
        Column("Unit", "text", 14),
        Column("Points", "number", 13),
        Column("Index gains at its top", "number", 14),
    )
    note = "A range: the figure is not known, but lies between; the list has no entry for it."
    ranged = any(item["value"] is None and item["least"] is not None for item in indicators)
    return Table("Figures of the pair", columns, rows, note if ranged else "")


def _render_unknown(item: Mapping[str, Any]) -> str:
    """Return what is known of an unknown."""
    if item["least"] is None or item["most"] is None:
        return NOT_KNOWN
    return f"{item['least']:.3g} to {item['most']:.3g}"


def _tabulate_like(subject: Subject, like: Sequence[Mapping[str, Any]]) -> Table:
    """Return the like pairs with their index."""
    rows = [
        (
            Cell(f"{subject.name(pair['a'])}, {subject.name(pair['b'])}"),
            Cell(f"{pair['score']:.1f}"),
            Cell(f"{pair['low']:.1f} to {pair['high']:.1f}"),
        )
        for pair in like
    ]
    columns = (Column("Pair", "head"), Column("Index", "number"), Column("90 % interval", "number"))
    return Table("Pairs most like it, the nearest first", columns, rows)


def _draw_profile(readings: Sequence[Reading], height: float, words: tuple[str, str], uid: str, width: float) -> str:
    """Draw each reading on its interval over the range of the like pairs."""
    across = Scale(0, 100, LEFT, width - EDGE)
    bottom = height - BOTTOM
    layers = []
    for value in (0, 25, 50, 75, 100):
        x = across.place(value)
        layers.append(draw_line((x, TOP, x, bottom), "grid"))
        layers.append(draw_text(x, bottom + 16, str(value), classes="small muted", anchor="middle"))
    for number, reading in enumerate(readings):
        middle = TOP + ROW * (number + 0.5)
        label = fit_text(reading["title"], LEFT - 8)
        layers.append(draw_text(0, middle + 4, label, classes="strong" if number == 0 else ""))
        layers += _draw_reading(across, middle, reading)
    return draw_sheet(Canvas(uid, width, height, *words), layers)


def _draw_reading(across: Scale, middle: float, reading: Reading) -> list[str]:
    """Draw one reading: pale bar and tick for like pairs, line and dot for the pair."""
    layers = []
    if reading["like_median"] is not None:
        low, tick, high = (across.place(reading[name]) for name in ("like_low", "like_median", "like_high"))
        layers.append(draw_box(low - 1, middle - 7, high - low + 2, 14, "band"))
        layers.append(draw_line((tick, middle - 9, tick, middle + 9), "zero"))
    layers.append(draw_line((across.place(reading["low"]), middle, across.place(reading["high"]), middle), "whisker"))
    layers.append(draw_dot(across.place(reading["score"]), middle, 4.5))
    return layers

"""What a free-trade agreement between the two, or the end of one, would mean for each and for third parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.brief.blocks import Block, Cell, Column, Items, Table, Text
from comity.brief.rows import render_whisker
from comity.brief.subject import Subject
from comity.brief.wording import MINUS, NOT_KNOWN
from comity.lexicon import Actor

DRAWS = 200
CASES = {"agreement": "An agreement", "end": "The end of one"}
MEASURES = ("welfare", "exports", "imports")
LEAST_DIGITS = 0.1
"""Changes smaller than this are shown with four decimals [percent]."""

REFERENCES = (
    (
        "yotov-2016",
        "Yotov, Y. V., Piermartini, R., Monteiro, J.-A. and Larch, M. (2016). An advanced guide to trade policy "
        "analysis: the structural gravity model. World Trade Organization and United Nations.",
        "10.30875/abc0167e-en",
    ),
    (
        "allen-arkolakis-takahashi-2020",
        "Allen, T., Arkolakis, C. and Takahashi, Y. (2020). Universal gravity. Journal of Political Economy 128(2), "
        "393-433.",
        "10.1086/704385",
    ),
)


def describe_agreement(parties: Sequence[Actor]) -> dict[str, Any]:
    """Simulate an agreement of two parties, and the end of one, in the world of 2023.

    Parameters
    ----------
    parties : sequence of Actor
        Two.

    Returns
    -------
    dict
        `reason` why there is no answer, empty where there is one; `rows` (a case and a party each), `others` (a case
        each: how many third parties gain, lose, or may do either, and who is moved most), `assumptions`, `year`.
    """
    from comity.integration.equilibrium.pair import simulate_pair
    from comity.integration.equilibrium.simulate import Chance
    from comity.integration.equilibrium.step import YEAR, read_world

    world = read_world()
    missing = [party.name for party in parties if party.id not in world.economy.names]
    if missing:
        reason = f"{' and '.join(missing)}: no trade on record in {YEAR}, so nothing can be said here."
        return {"reason": reason, "rows": [], "others": [], "assumptions": [], "year": YEAR}
    found = simulate_pair(parties[0].id, parties[1].id, world, Chance(DRAWS))
    keys = [f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")]
    return {
        "reason": "",
        "rows": [
            {"case": case, "id": row["iso3"], "name": row["name"], **{key: row[key] for key in keys}}
            for case in CASES
            for row in found[case]["parties"]
        ],
        "others": [_sum_up(case, found[case]) for case in CASES],
        "assumptions": [
            f"Effect of an agreement on trade: {found['effect']['value']:.3f} (standard error "
            f"{found['effect']['error']:.3f}) [log], the mean over agreements of very different depth.",
            *found["assumptions"],
        ],
        "year": YEAR,
    }


def _sum_up(case: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what third parties meet in one case."""
    keys = ("welfare", "welfare_low", "welfare_high")
    most = [{"id": row["iso3"], "name": row["name"], **{key: row[key] for key in keys}} for row in found["others"]]
    counts = {name: found[f"others_{name}"] for name in ("gain", "lose", "open", "low", "high")}
    return {"case": case, **counts, "most": most}


def list_agreement_references(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the literature behind the section, where it says anything.

    Parameters
    ----------
    document : mapping
        The brief document.

    Returns
    -------
    list of dict
        `key`, `text`, `doi`.
    """
    if not (document.get("agreement") or {}).get("rows"):
        return []
    return [dict(zip(("key", "text", "doi"), entry, strict=True)) for entry in REFERENCES]


def outline_agreement(subject: Subject) -> list[Block]:
    """Show both cases with intervals, what third parties meet, and on what it rests."""
    found = subject.document["agreement"]
    if not found["rows"]:
        return [Text(found["reason"])]
    intro = (
        "Whether an agreement between the two is in force is not in the data, so both cases are shown. Long run, "
        f"against the trade of {found['year']}: no politics, no cost of the way there."
    )
    return [
        Text(intro),
        _tabulate_parties(found["rows"]),
        *[Text(_tell_others(entry)) for entry in found["others"]],
        _tabulate_others(found["others"]),
        Items([[Cell(text)] for text in found["assumptions"]], small=True),
    ]


def _tabulate_parties(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the parties' changes, each with its interval drawn on one scale."""
    reach = max((abs(row[key]) for row in rows for key in ("welfare_low", "welfare_high")), default=0.0)
    cells = [
        (
            Cell(CASES.get(row["case"], row["case"])),
            Cell(row["name"]),
            Cell(render_percent(row["welfare"])),
            Cell(_render_range(row, "welfare")),
            Cell("", drawing=render_whisker(row["welfare"], row["welfare_low"], row["welfare_high"], reach or 1.0)),
            Cell(f"{render_percent(row['exports'])} ({_render_range(row, 'exports')})"),
            Cell(f"{render_percent(row['imports'])} ({_render_range(row, 'imports')})"),
        )
        for row in rows
    ]
    columns = (
        Column("Case", "text", 12),
        Column("For", "head", 14),
        Column("Welfare", "number", 9),
        Column("90 % interval", "number", 15),
        Column("On one scale", "chart", 14),
        Column("Exports (90 %)", "number", 18),
        Column("Imports (90 %)", "number", 18),
    )
    note = (
        "Changes in percent. Welfare: what the economy can buy. Exports and imports with all partners, in shares of "
        "world output. The line across is zero; an open dot means that the interval includes it."
    )
    return Table("What it would mean for each", columns, cells, note)


def _tabulate_others(others: Sequence[Mapping[str, Any]]) -> Table:
    """Return the third parties that are moved most."""
    rows = [
        (
            Cell(CASES.get(entry["case"], entry["case"])),
            Cell(row["name"]),
            Cell(render_percent(row["welfare"])),
            Cell(_render_range(row, "welfare")),
        )
        for entry in others
        for row in entry["most"]
    ]
    columns = (
        Column("Case", "text", 25),
        Column("Third party", "head", 35),
        Column("Welfare", "number", 15),
        Column("90 % interval", "number", 25),
    )
    return Table("Third parties that would be moved most", columns, rows)


def _tell_others(entry: Mapping[str, Any]) -> str:
    """Return one sentence on third parties."""
    return (
        f"{CASES.get(entry['case'], entry['case'])}, third parties: {entry['gain']} would gain, {entry['lose']} would "
        f"lose, {entry['open']} may do either; between {render_percent(entry['low'])} and "
        f"{render_percent(entry['high'])}."
    )


def _render_range(row: Mapping[str, Any], name: str) -> str:
    """Return the ends of an interval."""
    return f"{render_percent(row[f'{name}_low'])} to {render_percent(row[f'{name}_high'])}"


def render_percent(value: float | None) -> str:
    """Return a change in percent with its sign; a small one keeps more decimals.

    Parameters
    ----------
    value : float or None
        Change [percent].

    Returns
    -------
    str

    Examples
    --------
    >>> render_percent(0.87441), render_percent(0.00042), render_percent(None)
    ('+0.87 %', '+0.0004 %', 'not known')
    """
    if value is None:
        return NOT_KNOWN
    text = f"{value:+.2f} %" if abs(value) >= LEAST_DIGITS else f"{value:+.4f} %"
    return text.replace("-", MINUS)

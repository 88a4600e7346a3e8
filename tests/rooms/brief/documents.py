"""Brief documents for the tests: one pair, one state, both plausible and made from fixed formulas, no real events."""

from __future__ import annotations

import math
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from comity.relations.step import LEVEL_COLUMNS

FIRST = date(2025, 5, 15)
DAYS = 23
UNCOVERED = {6, 7}
TYPES = (
    ("CONSULT", "Consult", 1, "friendly", 2.1),
    ("AGREE", "Agree", 1, "friendly", 4.6),
    ("SUPPORT", "Support", 1, "friendly", 3.7),
    ("COOPERATE", "Cooperate", 2, "friendly", 7.2),
    ("AID", "Aid", 2, "friendly", 8.0),
    ("ACCUSE", "Accuse", 3, "unfriendly", -2.4),
    ("REJECT", "Reject", 3, "unfriendly", -4.1),
    ("THREATEN", "Threaten", 3, "unfriendly", -5.6),
    ("COERCE", "Coerce", 4, "unfriendly", -7.0),
    ("STATEMENT", "Statement", 1, "neutral", 0.0),
    ("REQUEST", "Request", 1, "neutral", None),
)
LABELS = (
    ("042", "Make a visit", "CONSULT", 1.9),
    ("043", "Host a visit", "CONSULT", 2.8),
    ("057", "Sign formal agreement", "AGREE", 8.0),
    ("111", "Criticize or denounce", "ACCUSE", -2.0),
    ("1213", "Reject request for military cooperation", "REJECT", None),
    ("0311", "Express intent to cooperate economically", "AGREE", 5.2),
    ("046", "Engage in negotiation", "CONSULT", 7.0),
    ("163", "Impose embargo, boycott, or sanctions", "COERCE", -8.0),
)
NAMES = (
    "Belgium", "Poland", "Italy", "Spain", "Ukraine", "United Kingdom", "United States", "China", "Türkiye", "Russia",
    "European Union", "Netherlands", "Switzerland", "Austria", "Denmark", "Norway", "Sweden", "Finland", "Lithuania",
    "Israel", "Egypt", "India", "Japan", "Brazil", "Canada", "Saint Vincent and the Grenadines", "Algeria", "Mali",
)  # fmt: skip
IDS = (
    "BEL", "POL", "ITA", "ESP", "UKR", "GBR", "USA", "CHN", "TUR", "RUS", "IGO:EU", "NLD", "CHE", "AUT", "DNK", "NOR",
    "SWE", "FIN", "LTU", "ISR", "EGY", "IND", "JPN", "BRA", "CAN", "VCT", "DZA", "MLI",
)  # fmt: skip


def make_pair() -> dict[str, Any]:
    """Return a brief document on a pair."""
    a, b = "FRA", "XKX"
    document = _make_frame("pair", "France and Kosovo")
    document["parties"] = [
        {"id": a, "name": "France", "kind": "state", "status": "member", "status_source": "UN member since 1945-10-24"},
        {
            "id": b,
            "name": "Kosovo",
            "kind": "state",
            "status": "contested",
            "status_source": "UN Security Council resolution 1244 (1999); declared independent on 2008-02-17",
        },
    ]
    document["directions"] = [_make_direction(a, b, 0.0), _make_direction(b, a, 1.7)]
    document["changes"] = [
        _make_change(*change) for change in ((a, b, 9, -2.9), (b, a, 14, 2.1), (a, b, 17, 1.4), (b, a, 4, -0.8))
    ]
    document["breaks"] |= {
        "pairs": [_make_lately(a, b, 61), _make_lately(b, a, 4)],
        "breaks": [_make_break(a, b, 9, -4.9), _make_break(b, a, 14, 3.1), _make_break(a, b, 18, 2.2)],
    }
    document["comparison"] = _make_comparison(a, b)
    document["ties"] = _make_ties()
    document["agreement"] = _make_agreement(a, b)
    document["evidence"] = [_make_event(index, *((a, b) if index % 2 else (b, a))) for index in range(14)]
    return document | make_sections(a, b)


def make_state() -> dict[str, Any]:
    """Return a brief document on one state and its partners."""
    document = _make_frame("state", "France")
    document["parties"] = [
        {"id": "FRA", "name": "France", "kind": "state", "status": "member", "status_source": "UN member since 1945"}
    ]
    document["partners"] = [_make_partner(index) for index in range(len(NAMES))]
    moved = sorted(document["partners"], key=lambda partner: partner["change"] or 0.0)
    document["falls"], document["rises"] = deepcopy(moved[:5]), deepcopy(moved[:-6:-1])
    document["evidence"] = [_make_event(index, "FRA", IDS[index]) for index in range(10)]
    return document


def _make_frame(kind: str, title: str) -> dict[str, Any]:
    """Return what both kinds of document share."""
    until = FIRST + timedelta(days=DAYS - 1)
    days = [_make_day(index) for index in range(DAYS)]
    loaded, expected = sum(day["slots_loaded"] for day in days), 96 * DAYS
    return {
        "kind": kind,
        "title": title,
        "parties": [],
        "about": {
            "version": "0.1.0",
            "store": "embedded sample",
            "snapshot": "3",
            "as_of": "2025-06-07T00:15:00+00:00",
            "data_until": until.isoformat(),
            "scale": "goldstein",
            "level": "events",
        },
        "period": {"since": FIRST.isoformat(), "until": until.isoformat(), "by": "day"},
        "limits": [
            f"The embedded sample holds {loaded:,} of {expected:,} files ({loaded / expected:.0%}) of the period; "
            "what the other files report is not counted.",
            "The events are what a program read in English-language news: reports, not verified facts.",
            "Only 61 events in one direction: its interval is wide.",
        ],
        "coverage": {
            "slots_expected": expected,
            "slots_loaded": loaded,
            "share": round(loaded / expected, 6),
            "events_loaded": sum(day["events"] for day in days),
            "days": days,
        },
        "directions": [],
        "changes": [],
        "breaks": {"by": "day", "of": "tone", "within": 14, "least": 1.0, "pairs": [], "breaks": []},
        "evidence": [],
        "conduct": None,
        "commitments": None,
        "plan": None,
        "foundations": _make_foundations(),
        "missing": ["1,325 source files of the period are not loaded.", "Reports in languages other than English."],
        "method": {
            "scale": {
                "id": "goldstein",
                "title": "Goldstein scale for CAMEO",
                "version": "1.0",
                "reference": "Goldstein (1992), as tabulated by GDELT",
            },
            "level": "events",
            "level_text": "one event for each date, sender, receiver and code",
            "model_text": [
                "The index is the estimated score of an event from the sender toward the receiver.",
                "Each pair has a constant level and a departure that fades.",
            ],
            "coverage_text": "A period of which no file was loaded is shown as missing, never as calm.",
            "version": "0.1.0",
            "snapshot": "3",
        },
        "sources": _make_sources(),
        "references": [
            {
                "key": "Goldstein1992",
                "text": "Goldstein, J. S. (1992). A conflict-cooperation scale for WEIS events data. JCR 36(2).",
                "doi": "10.1177/0022002792036002007",
            },
            {"key": "Manual2012", "text": "CAMEO: Event and Actor Codebook, version 1.1b3 (2012).", "doi": None},
        ],
        "citation": f"Comity 0.1.0, brief on {title}, data of {FIRST} to {until}, embedded sample, snapshot 3.",
    }


def _make_day(index: int) -> dict[str, Any]:
    """Return the coverage of one day."""
    loaded = 0 if index in UNCOVERED else 34 + (index * 7) % 16
    day = (FIRST + timedelta(days=index)).isoformat()
    return {"date": day, "slots_loaded": loaded, "slots_expected": 96, "events": loaded * 118}


def _make_direction(sender: str, receiver: str, turn: float) -> dict[str, Any]:
    """Return one direction of a pair."""
    path = [_make_point(index, turn) for index in range(DAYS)]
    types = [
        {"type": t, "label": label, "quad": quad, "events": n, "reports": 6 * n + 1, "mean_score": mean, "side": side}
        for n, (t, label, quad, side, mean) in zip(_count_types(turn), TYPES, strict=True)
    ]
    sides = {
        name: sum(t["events"] for t in types if t["side"] == name) for name in ("friendly", "unfriendly", "neutral")
    }
    return {
        "sender": sender,
        "receiver": receiver,
        "now": {key: path[-1][key] for key in ("period", *LEVEL_COLUMNS, "events")},
        "path": path,
        "types": types,
        **sides,
        "events": sum(sides.values()),
        "reports": sum(t["reports"] for t in types),
        "net_goldstein": 83.4,
    }


def _count_types(turn: float) -> list[int]:
    """Return how many events each type has."""
    return [int(n * (1 - 0.2 * turn)) for n in (58, 21, 12, 4, 2, 26, 9, 3, 1, 15, 11)]


def _make_point(index: int, turn: float) -> dict[str, Any]:
    """Return one period of a path."""
    period = (FIRST + timedelta(days=index)).isoformat()
    if index in UNCOVERED:
        return dict.fromkeys(("events", *LEVEL_COLUMNS, "net_goldstein", "share")) | {"period": period}
    events = max(0, int(6 + 7 * math.sin(index * 1.3 + turn)))
    score = round(1.6 * math.cos(index / 4 + turn) + 0.7, 4)
    width = round(2.6 / math.sqrt(1 + events), 4)
    return {
        "period": period,
        "score": score,
        "low": round(score - width, 4),
        "high": round(score + width, 4),
        "low50": round(score - 0.4 * width, 4),
        "high50": round(score + 0.4 * width, 4),
        **dict(zip(LEVEL_COLUMNS[5:], (0.02, -0.2, 0.24, -0.07, 0.11), strict=True)),
        "events": events,
        "net_goldstein": round(events * score, 4),
        "share": round(events / 4600, 8),
    }


def _make_change(sender: str, receiver: str, index: int, change: float) -> dict[str, Any]:
    """Return one change with its evidence."""
    return {
        "sender": sender,
        "receiver": receiver,
        "from_period": (FIRST + timedelta(days=index)).isoformat(),
        "to_period": (FIRST + timedelta(days=index + 1)).isoformat(),
        "from_score": 1.2,
        "to_score": round(1.2 + change, 4),
        "change": change,
        "low": round(change - 1.1, 4),
        "high": round(change + 1.1, 4),
        "probability": 0.97 if abs(change) > 1 else 0.88,
        "evidence": [_make_event(index + step, sender, receiver) for step in range(4)],
    }


def _make_lately(sender: str, receiver: str, events: int) -> dict[str, Any]:
    """Return how likely a break has been lately; None where there are few events."""
    enough = events >= 10
    until = (FIRST + timedelta(days=DAYS - 1)).isoformat() if enough else None
    said = {"thaw": 0.004, "rupture": 0.31} if enough else {"thaw": None, "rupture": None}
    return {"sender": sender, "receiver": receiver, "events": events, "enough": enough, "until": until, **said}


def _make_break(sender: str, receiver: str, index: int, size: float) -> dict[str, Any]:
    """Return one break with events before and after."""
    day = FIRST + timedelta(days=index)
    sides = ("before", "before", "after", "after")
    return {
        "sender": sender,
        "receiver": receiver,
        "period": day.isoformat(),
        "until": (day + timedelta(days=2)).isoformat(),
        "direction": "thaw" if size > 0 else "rupture",
        "probability": 0.93,
        "online": 0.71 if size < 0 else 0.22,
        "known": (day + timedelta(days=4)).isoformat() if size < 0 else None,
        "before": 1.4,
        "after": round(1.4 + size, 4),
        "size": size,
        "low": round(size - 1.6, 4),
        "high": round(size + 1.5, 4),
        "events": [
            {**_make_event(index + step - 2, sender, receiver), "side": side, "told": 1.2}
            for step, side in enumerate(sides)
        ],
    }


def _make_comparison(a: str, b: str) -> dict[str, Any]:
    """Return a pair beside its past and like pairs; one direction has too few events."""
    known = {"score": -1.2, "low": -2.3, "high": -0.1, "percentile": 13.6, "percentile_low": 9.1}
    known |= {"percentile_high": 22.7, "usual": 1.8}
    rows = [
        {"sender": None, "receiver": None, "events": 65, "periods": 22, "enough": True, **known},
        {"sender": a, "receiver": b, "events": 61, "periods": 22, "enough": True, **known},
        {"sender": b, "receiver": a, "events": 4, "periods": 22, "enough": False, **dict.fromkeys(known)},
    ]
    pairs = [
        {"a": a, "b": other, "a_name": "France", "b_name": name, "unlike": round(0.02 * place, 2), "events": 40 + place,
         "score": 1.5 - 0.3 * place, "low": 0.9 - 0.3 * place, "high": 2.2 - 0.3 * place}
        for place, (other, name) in enumerate([(b, "Kosovo"), *zip(IDS[:8], NAMES[:8], strict=True)])
    ]  # fmt: skip
    place = {"percentile": 12.0, "percentile_low": 0.0, "percentile_high": 37.5}
    like = {"enough": True, **place, "pairs": pairs, "rule": {}}
    day = (FIRST + timedelta(days=DAYS - 1)).isoformat()
    return {"period": day, "until": day, "by": "day", "seed": 0, "history": rows, "like": like}


def _make_event(index: int, sender: str, receiver: str) -> dict[str, Any]:
    """Return one dated event; every fifth has no link."""
    code, label, kind, score = LABELS[index % len(LABELS)]
    host = ("news.example.org", "www.daily-courier.example.com", "press.example.net")[index % 3]
    link = (
        None
        if index % 5 == 4
        else f"https://{host}/2025/05/{index:02d}/a-headline-of-some-length-as-they-are-{index}.html"
    )
    return {
        "date": (FIRST + timedelta(days=index % DAYS)).isoformat(),
        "sender": sender,
        "receiver": receiver,
        "code": code,
        "label": label,
        "type": kind,
        "score": score,
        "reports": 214 - 11 * (index % 19),
        "articles": 60 - 2 * (index % 19),
        "link": link,
        "host": host if link else None,
    }


def _make_partner(index: int) -> dict[str, Any]:
    """Return one partner of a state; one of them has no estimate of its change."""
    score = round(4.2 - 0.31 * index, 4)
    change = None if index == 12 else round(1.9 * math.sin(index * 2.1), 4)
    return {
        "id": IDS[index],
        "name": NAMES[index],
        "events": 420 // (index % 9 + 1),
        "reports": 2100 // (index % 9 + 1),
        "score": score,
        "low": round(score - 0.5 - index % 4 * 0.4, 4),
        "high": round(score + 0.5 + index % 4 * 0.4, 4),
        "change": change,
        "change_low": None if change is None else round(change - 0.8, 4),
        "change_high": None if change is None else round(change + 0.8, 4),
        "probability": None if change is None else 0.9,
        "rank": index + 1,
        "rank_low": max(1, index - 2),
        "rank_high": min(len(NAMES), index + 5),
        "path": [None if day in UNCOVERED else score + 0.6 * math.sin(day / 3 + index) for day in range(DAYS)],
    }


def _make_agreement(a: str, b: str) -> dict[str, Any]:
    """Return both cases for two parties, and what third parties meet."""
    rows = []
    for case, sign in (("agreement", 1), ("end", -1)):
        for party, size in ((a, 0.15), (b, 0.87)):
            row: dict[str, Any] = {"case": case, "id": party, "name": party}
            for name, more in (("welfare", 1), ("exports", 20), ("imports", 18)):
                ends = sorted((sign * size * more * 0.5, sign * size * more * 1.4))
                row |= {name: sign * size * more, f"{name}_low": ends[0], f"{name}_high": ends[1]}
            rows.append(row)
    most = [{"id": "ITA", "name": "Italy", "welfare": -0.021, "welfare_low": -0.03, "welfare_high": 0.001}]
    counts = {"gain": 70, "lose": 117, "open": 5, "low": -0.021, "high": 0.003}
    others = [{"case": case, **counts, "most": most} for case in ("agreement", "end")]
    return {"reason": "", "rows": rows, "others": others, "assumptions": ["One good for each economy."], "year": 2023}


def _make_foundations() -> list[dict[str, Any]]:
    """Return figures by theme, with one unknown in each way."""
    source = "CEPII BACI HS22 V202501"
    trade = [
        ("Exports, first to second party", 118_204.0, "thousand USD", 2023, source, ""),
        ("Exports, second to first party", 31_770.5, "thousand USD", 2023, source, ""),
        ("Share of the first party's exports", 0.0181, "%", 2023, source, ""),
        ("GDP of the second party", None, "USD", 2023, "World Bank", "no figure for this year"),
    ]
    ties = [
        ("Distance between capitals", 1_644.2, "km", None, "CEPII GeoDist", ""),
        ("Common border", False, "", None, "CEPII GeoDist", ""),
        ("Ideal point, first party", -0.4129, "points", 2024, "Bailey, Strezhnev and Voeten", ""),
        ("Visa, first to second party", "visa free, 90 days", "", 2025, "passport-index-dataset", ""),
        ("Embassy of the second party", None, "", 2022, "Wikidata", "absence from the list means unknown"),
    ]
    names = ("measure", "value", "unit", "year", "source", "note")
    return [
        {"theme": theme, "figures": [dict(zip(names, row, strict=True)) for row in rows]}
        for theme, rows in (("Trade and size", trade), ("Distance, votes and travel", ties))
    ]


def _make_ties() -> dict[str, Any]:
    """Return an index of integration with two dimensions, one figure unknown."""
    names = ("id", "title", "score", "low", "high", "low_bound", "high_bound", "known", "of")
    like = ("like_low", "like_median", "like_high")
    rows = [
        ("integration", "Integration", 46.25, 38.0, 55.5, 40.1, 60.2, 2, 3, 31.0, 42.0, 58.0),
        ("trade", "Trade", 62.5, 60.0, 66.0, 62.5, 62.5, 2, 2, 40.0, 55.0, 81.0),
        ("diplomacy", "Diplomacy", 30.0, 12.0, 51.0, 10.0, 70.0, 0, 1, 20.0, 20.0, 100.0),
    ]
    readings = [dict(zip((*names, *like), row, strict=True)) for row in rows]
    figures = ("id", "title", "dimension", "unit", "value", "least", "most", "score", "slope", "gain")
    indicators = [
        ("trade_share", "Goods traded", "trade", "1", 0.0181, None, None, 62.5, 0.2, 9.4),
        ("trade_intensity", "Goods over size", "trade", "1", 1.3, None, None, 62.5, 0.2, 9.4),
        ("missions", "Highest rank of a mission", "diplomacy", "level, 0 to 1", None, 0.5, 1.0, None, 20.0, 35.0),
    ]
    return {
        "reason": "",
        "index": readings[0],
        "dimensions": readings[1:],
        "indicators": [dict(zip(figures, row, strict=True)) for row in indicators],
        "like": [
            {
                "a": "ITA",
                "b": "SRB",
                "score": 42.0,
                "low": 36.5,
                "high": 49.0,
                "dimensions": {"trade": 55.0, "diplomacy": 20.0},
            }
        ],
        "pairs": 17_689,
        "below": 0.712,
    }


def _make_sources() -> list[dict[str, Any]]:
    """Return two sources."""
    return [
        {
            "id": "gdelt2",
            "title": "GDELT 2.0 Event Database",
            "publisher": "The GDELT Project",
            "terms": "unlimited and unrestricted use with citation and link",
            "url": "https://www.gdeltproject.org/",
            "year": None,
            "citation": "The GDELT Project, https://www.gdeltproject.org/",
        },
        {
            "id": "geodist",
            "title": "GeoDist",
            "publisher": "CEPII",
            "terms": "Etalab Open Licence 2.0",
            "url": "https://www.cepii.fr/",
            "year": 2011,
            "citation": "Mayer, T. and Zignago, S. (2011). Notes on CEPII's distances measures: the GeoDist database.",
        },
    ]


def _estimate(value: float | None, width: float = 0.2) -> dict[str, float | None]:
    """Return a figure with its interval, or one that is not known."""
    low, high = (None, None) if value is None else (round(value - width, 4), round(value + width, 4))
    return {"value": value, "low": low, "high": high}


def make_sections(a: str, b: str) -> dict[str, Any]:
    """Return the sections beside the index: who answers whom, other measures, votes."""
    steps = [
        {"step": n, "estimate": 4.0 / 2**n, "low": 4.0 / 2**n - 1.5, "high": 4.0 / 2**n + 1.5}
        | {"shock_first": 4.0 / 2**n, "shock_second": 0.1 * n}
        for n in range(8)
    ]
    test = {"statistic": 4.2, "numerator": 1, "denominator": 95, "p_value": 0.043, "adjusted": 0.086, "total": -0.3}
    chances = {"does not answer": 0.02, "acts by routine": 0.11, "answers in kind": 0.87, "answers late": 0.0}
    side = {"predictions": 64, "probabilities": chances | {"answers against kind": 0.0}}
    rates = [
        {"name": name, "after": _estimate(value), "base": _estimate(0.3), "difference": _estimate(value - 0.3, 0.25)}
        for name, value in (("in kind", 0.7), ("in the other kind", 0.2), ("any", 0.8))
    ]
    answer = {"window": 7, "gestures": 9, "rates": rates, "median": _estimate(2.0, 1.0), "base_median": _estimate(None)}
    answer |= {"proportion": _estimate(0.8), "base_proportion": _estimate(None)}
    agreement = {"correlation": 0.8, "low": 0.7, "high": 0.85, "count": 300}
    return {
        "reciprocity": {
            "by": "week", "first": "2023-05-15", "last": "2025-06-02", "periods": 100, "left_out": 3, "lags": 1,
            "granger": [{"cause": [x, y], "effect": [y, x], **test} for x, y in ((a, b), (b, a))],
            "responses": [{"act": [x, y], "answer": [y, x], "size": 9.1, "steps": steps} for x, y in ((a, b), (b, a))],
            "steadiness": [
                {"answering": a, "toward": b, **side, "gain": 0.12, "low": -0.02, "high": 0.2},
                {"answering": b, "toward": a, "predictions": 9, "probabilities": {}}
                | dict.fromkeys(("gain", "low", "high")),
            ],
            "answers": [{"sender": a, "receiver": b, "side": s, **answer} for s in ("friendly", "unfriendly")],
            "strategies": [
                {"acting": a, "toward": b, "result": "identifiable", "reason": "grim, with probability 0.91"}
                | {"periods": 90, "groups": [{"strategies": ["grim"], "probability": 0.91}]},
                {"acting": b, "toward": a, "result": "not identifiable", "reason": "acts of this side seen: 9"}
                | {"periods": 9, "groups": [{"strategies": [f"s{n}" for n in range(6)], "probability": 0.4}]},
            ],
            "little": [{"what": "Answers to friendly gestures of the second", "why": "2 friendly gestures"}],
        },
        "alternatives": {
            "measures": [
                {"measure": "net", "values": [38.5, None], "pairs": agreement, "time": agreement},
                {"measure": "share", "values": [0.8, 0.7], "pairs": agreement, "time": None},
            ],
            "least": 50, "pairs": 300,
        },
        "votes": [
            {"year": year, "distance": 0.02 * (year - 1990), "low": 0.0, "high": 0.02 * (year - 1990) + 0.3}
            | {"first": 1.0, "second": 1.0 + 0.02 * (year - 1990)}
            for year in (*range(1990, 2000), *range(2004, 2025))
        ],
    }  # fmt: skip


def make_conduct(state: str, partner: str) -> dict[str, Any]:
    """Return what an audit of a profile adds."""
    row = {"rule": "complaint", "partner": partner, "side": "unfriendly", "triggers": 9, "known": 7, "kept": 5}
    shares = {"share": 0.71, "low": 0.44, "high": 0.89, "routine": 0.2, "median_days": 4.5, "verdict": ""}
    scores = {"median": 1.2, "low": -0.4, "high": 2.0}
    few = dict.fromkeys(("share", "low", "high", "routine", "median_days"))
    return {
        "profile": {"id": "mine", "title": "Our rules", "state": state, "scale": "goldstein"},
        "period": {"since": "2025-05-15", "until": "2025-06-06", "days_loaded": 21, "days_missing": 2},
        "summary": {"text": ["The rules were kept in 71 % (90 % interval 44 % to 89 %) of 7 known cases."]},
        "rules": [{**row, **shares}, {**row, "rule": "thanks", "known": 2, **few, "verdict": "too little to say"}],
        "limits": ["An act within the deadline is counted as an answer; that it was meant as one is not known."],
        "rehearsal": {
            "partner": partner, "verdict": "", "text": [f"{partner}: does not escalate."],
            "escalates": False, "recommended": True,
            "futures": 200, "seed": 0, "strategies": 16, "worse": ["grim"], "limits": ["Fitted answers may change."],
            "months": [
                {"months": 1, "verdict": "", "now": scores, "rules": scores}
                | {f"spiral_{arm}": {"risk": 0.05, "low": 0.02, "high": 0.09} for arm in ("now", "rules")},
                {"months": 60, "verdict": "too little to say"}
                | {arm: dict.fromkeys(("median", "low", "high")) for arm in ("now", "rules")}
                | {f"spiral_{arm}": dict.fromkeys(("risk", "low", "high")) for arm in ("now", "rules")},
            ],
        },
    }  # fmt: skip

"""The judgement of `comity.events.code` as Ibis expressions: who acts on whom, when, and what speaks against a row.

Every step is written with texts, whole numbers and CASE alone, so that any SQL engine gives the same answer: no date
function of an engine decides whether a day exists, and no number is read before its text is known to be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from comity.events.actor_rule import STATE_TYPES
from comity.events.day_rule import EARLIEST, MISDATED_DAYS, MISDATED_MONTHS
from comity.events.outsiders import NO_ACTOR, REASON_OF_TYPE
from comity.lexicon import list_cameo_igos, list_cameo_regions, list_cameo_states

if TYPE_CHECKING:
    from ibis.expr.types import Table

# The publisher's columns that are needed, of the 61; an actor's are there twice, with 1 and with 2 before the name.
ACTOR_COLUMNS = ("CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code")
ROW_COLUMNS = {
    "GLOBALEVENTID": "event_id",
    "SQLDATE": "date",
    "EventCode": "code",
    "NumMentions": "num_mentions",
    "NumSources": "num_sources",
    "NumArticles": "num_articles",
    "DATEADDED": "added",
    "SOURCEURL": "url",
}
RAW_COLUMNS = (*(f"Actor{side}{name}" for side in (1, 2) for name in ACTOR_COLUMNS), *ROW_COLUMNS)
LARGEST = {"event_id": str(2**63 - 1)}
MOST_INT32 = str(2**31 - 1)
COUNTS = ("num_mentions", "num_sources", "num_articles")


def choose(*cases: tuple[Any, Any], otherwise: Any = None) -> Any:
    """Return the value of the first condition that holds, as CASE does."""
    import ibis

    return ibis.cases(*cases, else_=otherwise)


def name_values(text: Any, names: Mapping[str, str], otherwise: Any = None) -> Any:
    """Return what a table of names says of a text; those that stand for themselves are one list."""
    same = [(text.isin(sorted(name for name, value in names.items() if name == value)), text)]
    groups: dict[str, list[str]] = {}
    for name, value in sorted(names.items()):
        if name != value:
            groups.setdefault(value, []).append(name)
    others = [(text.isin(group), value) for value, group in sorted(groups.items())]
    return choose(*(same if set(names) & set(names.values()) else []), *others, otherwise=otherwise)


def read_texts(raw: Table) -> Table:
    """Take the needed columns as text, empty where there is none; BigQuery has numbers where the files have text."""
    return raw.select(**{name: raw[name].cast("string").fill_null("") for name in RAW_COLUMNS})


def judge_actors(texts: Table) -> Table:
    """Add `sender`, `receiver` and `outside`, the reason why a row has not two different actors."""
    import ibis

    sides = {}
    for side, name in ((1, "sender"), (2, "receiver")):
        fields = [texts[f"Actor{side}{field}"] for field in ACTOR_COLUMNS]
        sides[name], sides[f"{name}_reason"] = _judge_side(fields)
    judged = texts.mutate(**sides)
    judged = judged.mutate(
        sender=ibis.ifelse(judged.sender_reason == "", judged.sender, None),
        receiver=ibis.ifelse(judged.receiver_reason == "", judged.receiver, None),
    )
    organisation = judged.sender[0:4] == "IGO:"
    same = (judged.sender == judged.receiver).fill_null(False)
    outside = choose(
        (judged.sender_reason == NO_ACTOR, "no_first_actor"),
        (judged.receiver_reason == NO_ACTOR, "no_second_actor"),
        (judged.sender_reason != "", judged.sender_reason),
        (judged.receiver_reason != "", judged.receiver_reason),
        (same & organisation, "same_organisation"),
        (same, "same_state"),
    )
    return judged.select(*texts.columns, "sender", "receiver", outside=outside)  # never drop: Ibis gives it no order


def _judge_side(fields: list[Any]) -> tuple[Any, Any]:
    """Return an actor by its CAMEO fields, and the reason why it is none, as `judge_cameo` does."""
    country, group, ethnic, religion1, religion2, kind = fields
    states, igos, regions = list_cameo_states(), list_cameo_igos(), list_cameo_regions()
    actor = choose((kind == "IGO", name_values(group, igos)), otherwise=name_values(country, states))
    empty = choose(*((field != "", False) for field in fields), otherwise=True)
    organisation = choose(
        (group == "", "unnamed_organisation"), (group.isin(sorted(igos)), ""), otherwise="unknown_organisation"
    )
    land = choose(
        (country == "", "no_country"),
        (country.isin(sorted(states)), ""),
        *((country.isin(_find_keys(regions, area)), area) for area in sorted(set(regions.values()))),
        otherwise="unknown_code",
    )
    outsiders = [(kind[0:3].isin(_find_keys(REASON_OF_TYPE, why)), why) for why in _unique(REASON_OF_TYPE.values())]
    reason = choose(
        (empty, NO_ACTOR),
        (kind == "IGO", organisation),
        (~kind.isin(list(STATE_TYPES)), choose(*outsiders, otherwise="person_or_role")),
        (group != "", "known_group"),
        (ethnic != "", "ethnic_group"),
        ((religion1 != "") | (religion2 != ""), "religious_group"),
        otherwise=land,
    )
    return actor, reason


def _unique(values: Iterable[str]) -> list[str]:
    """Return each value once, in order."""
    return sorted(set(values))


def _find_keys(names: Mapping[str, str], value: str) -> list[str]:
    """Return the names that stand for a value."""
    return sorted(name for name, said in names.items() if said == value)


def judge_days(judged: Table) -> Table:
    """Add `day` and `time` as ISO text, and `day_reason`, as `comity.events.day_rule` does."""
    day, time = judged.SQLDATE, judged.DATEADDED
    dashed = (day.length() == 10) & day.re_search("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    digits = choose((dashed, day[0:4].concat(day[5:7], day[8:10])), otherwise=day)
    stepped = judged.mutate(
        _d=_only_digits(digits, 8, "00000000"),
        _t=choose((time.length() == 8, _only_digits(time, 8, "0" * 8).concat("0" * 6)),
                  otherwise=_only_digits(time, 14, "0" * 14)),
    )  # fmt: skip
    parts = {
        name: stepped[column][start:end].cast("int64")
        for name, column, start, end in (
            *(("_y", "_d", 0, 4), ("_m", "_d", 4, 6), ("_o", "_d", 6, 8)),
            *(("_ty", "_t", 0, 4), ("_tm", "_t", 4, 6), ("_to", "_t", 6, 8)),
            *(("_th", "_t", 8, 10), ("_tn", "_t", 10, 12), ("_ts", "_t", 12, 14)),
        )
    }
    split = stepped.mutate(**parts)
    clock = (split["_th"] < 24) & (split["_tn"] < 60) & (split["_ts"] < 60)
    known = split.mutate(
        _real=_is_day(split["_y"], split["_m"], split["_o"]) & (split["_y"] >= EARLIEST.year),
        _added=_is_day(split["_ty"], split["_tm"], split["_to"]) & clock,
        _n=_count_days(split["_y"], split["_m"], split["_o"]),
        _tn0=_count_days(split["_ty"], split["_tm"], split["_to"]),
    )
    back = {months: _is_back(known, months) for months in MISDATED_MONTHS}
    gap = known["_tn0"] - known["_n"]
    reason = choose(
        (~known["_real"], "bad_date"),
        (known.DATEADDED == "", None),
        (~known["_added"], "bad_date_added"),
        (gap < 0, "future_date"),
        *((back[months], name) for months, name in reversed(MISDATED_MONTHS.items())),
        *((gap == days, name) for days, name in MISDATED_DAYS.items()),
    )
    return _write_days(known, reason)


def _write_days(known: Table, reason: Any) -> Table:
    """Write the day and the time as text, and take away what they were made of."""
    there = known["_real"] & (known.DATEADDED != "") & known["_added"]
    dated = known.mutate(
        day=choose((known["_real"], _join(known["_d"], (0, 4), "-", (4, 6), "-", (6, 8)))),
        time=choose((there, _join(known["_t"], (0, 4), "-", (4, 6), "-", (6, 8), " ", (8, 10), ":", (10, 12), ":",
                                  (12, 14)))),
        day_reason=reason,
    )  # fmt: skip
    return dated.select(*(name for name in dated.columns if not name.startswith("_")))


def _only_digits(text: Any, length: int, otherwise: str) -> Any:
    """Return a text of so many digits, or another that is no day."""
    return choose(((text.length() == length) & text.re_search(f"^[0-9]{{{length}}}$"), text), otherwise=otherwise)


def _join(text: Any, *parts: str | tuple[int, int]) -> Any:
    """Join slices of a text and what stands between them."""
    pieces: list[Any] = [text[part[0] : part[1]] if isinstance(part, tuple) else part for part in parts]
    first, *rest = pieces
    return first.concat(*rest)


def _count_month(year: Any, month: Any) -> Any:
    """Return how many days a month has."""
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    return choose((month.isin([4, 6, 9, 11]), 30), ((month == 2) & leap, 29), (month == 2, 28), otherwise=31)


def _is_day(year: Any, month: Any, day: Any) -> Any:
    """Say whether there is such a day."""
    return (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= _count_month(year, month))


def _count_days(year: Any, month: Any, day: Any) -> Any:
    """Return the Julian day number of a day."""
    shift = choose((month <= 2, 1), otherwise=0)
    years, months = year + 4800 - shift, month + 12 * shift - 3
    return day + (153 * months + 2) // 5 + 365 * years + years // 4 - years // 100 + years // 400


def _is_back(known: Table, months: int) -> Any:
    """Say whether the event's day is the same day so many months before the day of adding, or that month's last."""
    place = known["_ty"] * 12 + known["_tm"] - 1 - months
    year, month = place // 12, place % 12 + 1
    last = _count_month(year, month)
    day = choose((known["_to"] < last, known["_to"]), otherwise=last)
    return (known["_y"] == year) & (known["_m"] == month) & (known["_o"] == day)


def _strip(text: Any) -> Any:
    """Take the spaces before and after a text away."""
    return text.re_replace("^ +| +$", "")


def judge_numbers(judged: Table, codes: list[str]) -> Table:
    """Add the numbers, the code, the link and `reason`, why a row is set aside."""
    numbers, reasons = {}, []
    for theirs in ("GLOBALEVENTID", "NumMentions", "NumSources", "NumArticles"):
        ours = ROW_COLUMNS[theirs]
        text = _strip(judged[theirs])
        digits = text.re_search("^[0-9]+$") & (text.length() <= 19)
        most = LARGEST.get(ours, MOST_INT32).rjust(19, "0")
        wide = choose((digits, text.lpad(19, "0")), otherwise="9" * 19)
        good = wide <= most
        kind = "int64" if ours == "event_id" else "int32"
        numbers[ours] = choose((good, wide), otherwise=None).cast(kind)
        reasons.append(((judged[theirs] != "") & ~good, f"bad_{ours}"))
    code = _strip(judged.EventCode)
    columns = {
        **numbers,
        "code": choose((code.isin(codes), code)),
        "url": choose((judged.SOURCEURL != "", judged.SOURCEURL)),
        "reason": choose((~code.isin(codes), "unknown_event_code"), (judged.day_reason.notnull(), judged.day_reason),
                         *reasons),
    }  # fmt: skip
    return judged.mutate(**columns)

"""What a single record must keep to: short names, real actors, sane days, open links, plain text within limits.

Every rule is put to one record alone; what a record says of others is checked by `comity.commitments.register.door`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from comity.commitments.records import Agreement, Assessment, Commitment, Evidence, Record
from comity.commitments.register.content import DATES, is_decimal, is_list, list_fields, list_required, name_kind
from comity.commitments.scales import ScaleError, convert_value, find_scale
from comity.delivery.address import is_private_name
from comity.lexicon import UnknownActor, get_actor

FIELDS = (
    "borders",
    "culture",
    "customs",
    "digital",
    "disaster-relief",
    "education",
    "energy",
    "environment",
    "finance",
    "fisheries",
    "governance",
    "health",
    "mobility",
    "science",
    "security",
    "trade",
    "transport",
    "water",
    "other",
)
"""The register's fields of cooperation."""
DIRECTIONS = ("for", "against", "neither")
STRENGTHS = (1, 2, 3)
FIRST_YEAR, LAST_YEAR = 1600, 2300
LONGEST: Mapping[str, int] = {
    "entered_by": 200,
    "title": 1_000,
    "reference": 2_000,
    "place": 200,
    "heading": 1_000,
    "obligation": 8_000,
    "indicator": 1_000,
    "unit": 100,
    "owner": 300,
    "link": 2_000,
    "quotation": 20_000,
    "scale": 100,
    "value": 200,
    "coder": 200,
    "period": 100,
    "reason": 8_000,
}
"""Most characters of each text."""
MOST_PARTIES = 250
MOST_NAMES = 1_000
MOST_DIGITS = 30
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,199}\Z")
_LINK = re.compile(r"https?://([^\s/?#@:\\\[\]<>\"]+)(?::\d{1,5})?(?:[/?#][^\s\\<>\"]*)?\Z", re.I)
_NUMBER = re.compile(r"0x[0-9a-f]*|\d+")
_SHORT = frozenset({"title", "place", "heading", "unit", "owner", "coder", "scale", "period", "entered_by", "value"})
_NAMES = frozenset({"id", "agreement", "article", "commitment"})
# Beyond these: controls other than line feed and tab, halves of a pair, signs that turn the order of letters around,
# line and paragraph separators, and code points that are no characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\n]")


Check = Callable[[str, object, bool], Iterator["Fault"]]


class Fault(NamedTuple):
    """One thing wrong with a record: field, what, why, what to do."""

    field: str
    what: str
    why: str = ""
    todo: str = ""


def check_record(record: Record) -> Iterator[Fault]:
    """Yield what is wrong with one record, field by field.

    Parameters
    ----------
    record : Record
        Of any kind.

    Yields
    ------
    Fault
        None where it keeps to the rules.
    """
    for name, check, required in _plan_checks(name_kind(record)):
        yield from check(name, getattr(record, name), required)
    if isinstance(record, Agreement):
        yield from _check_agreement(record)
    elif isinstance(record, Commitment):
        yield from _check_commitment(record)
    elif isinstance(record, Evidence):
        yield from _check_evidence(record)
    elif isinstance(record, Assessment):
        yield from _check_ids("evidence", record.evidence)
        if _is_list_of_texts((record.scale, record.value)):
            yield from _check_value(record.scale, record.value)


def find_hidden(text: str) -> str:
    r"""Return the first character that no text of the register may hold, as `U+202E`, or "".

    Examples
    --------
    >>> find_hidden("kept"), find_hidden("a\u202eb")
    ('', 'U+202E')
    """
    found = _HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def is_link(text: str) -> bool:
    """Say whether a text is a complete http or https address of an open host, without user name or password.

    Examples
    --------
    >>> is_link("https://example.org/a?b=1"), is_link("javascript:alert(1)"), is_link("http://127.0.0.1/")
    (True, False, False)
    """
    found = _LINK.match(text)
    return found is not None and not _find_closed(found[1])


@lru_cache(maxsize=10_000)
def _find_closed(host: str) -> str:
    """Return why a host cannot be reached by every reader, or ""; nothing is looked up.

    Only names are open: an address of numbers says nothing of whose it is, and can be written in many ways.
    """
    name = ".".join(re.split("[.\u3002\uff0e\uff61]", unicodedata.normalize("NFKC", host).lower())).removesuffix(".")
    if "%" in name or ".." in f".{name}." or not name.isprintable():
        return "it is no host name"
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return "it is a number and no name"
    if is_private_name(name):
        return "it is a name of one machine or of a private network"
    return ""


def show(value: object, most: int = 80) -> str:
    """Return a value as a message prints it: shortened, every hidden character by its number."""
    text = str(value)
    text = text if len(text) <= most else text[: most - 1] + "…"
    return repr("".join(c if unicodedata.category(c)[0] != "C" else f"[U+{ord(c):04X}]" for c in text))


@cache
def _plan_checks(kind: str) -> tuple[tuple[str, Check, bool], ...]:
    """Return name, check and necessity of each field of a kind that its type alone says something of."""
    required = list_required(kind)
    names = [name for name in list_fields(kind) if name != "strength"]
    return tuple((name, _choose_check(kind, name), name in required) for name in names)


def _choose_check(kind: str, name: str) -> Check:
    """Return what a field is checked by."""
    if name == "withdrawn":
        return _check_flag
    if is_list(kind, name):
        return _check_list
    if name in DATES:
        return _check_date
    if is_decimal(kind, name):
        return _check_decimal
    return _check_id if name in _NAMES else _check_text


def _check_id(name: str, value: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with the name of a record."""
    if not isinstance(value, str) or not _ID.match(value):
        what = f"{show(value)} is no id" if value else "the id is missing"
        todo = "begin with a letter or digit; then letters, digits and . _ : / + -; at most 200"
        yield Fault(name, what, todo=todo)


def _check_flag(name: str, value: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with a yes or no."""
    if not isinstance(value, bool):
        yield Fault(name, f"{show(value)} is neither yes nor no", todo="give True or False")


def _check_list(name: str, value: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with several names, before each of them is looked at."""
    if not _is_list_of_texts(value):
        yield Fault(name, f"{show(value)} is no list of names", todo="give a tuple of texts")


def _is_list_of_texts(value: object) -> bool:
    """Say whether a value is a tuple of texts."""
    return isinstance(value, tuple) and all(isinstance(part, str) for part in value)


def _check_text(name: str, text: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with a text."""
    if not isinstance(text, str):
        yield Fault(name, f"{show(text)} is no text", todo="give a text")
        return
    if required and not text.strip():
        yield Fault(name, "it is missing", todo="give it")
    hidden = find_hidden(text)
    if hidden:
        yield Fault(
            name,
            f"the text holds the hidden character {hidden}",
            "it could hide or turn around what is read",
            "leave it out",
        )
    elif name in _SHORT and _BREAKS.search(text):
        yield Fault(name, f"{show(text)} holds a line break or a tab", todo="write it on one line")
    if len(text) > LONGEST.get(name, LONGEST["title"]):
        yield Fault(name, f"the text has {len(text):,} characters", todo=f"write at most {LONGEST[name]:,}")


def _check_date(name: str, value: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with a day."""
    if value is None:
        if required:
            yield Fault(name, "the day is missing", todo="give it as 2026-01-31")
    elif not isinstance(value, date) or isinstance(value, datetime):
        yield Fault(name, f"{show(value)} is no day", todo="give it as 2026-01-31")
    elif not FIRST_YEAR <= value.year <= LAST_YEAR:
        yield Fault(
            name, f"the year {value.year} cannot be right", todo=f"give a year from {FIRST_YEAR} to {LAST_YEAR}"
        )


def _check_decimal(name: str, value: object, required: bool) -> Iterator[Fault]:
    """Yield what is wrong with a number."""
    if value is None:
        return
    if not isinstance(value, Decimal) or not value.is_finite():
        yield Fault(name, f"{show(value)} is no number", todo="write digits, with a point before the decimals")
    elif len(value.as_tuple().digits) > MOST_DIGITS or abs(value.adjusted()) > MOST_DIGITS:
        yield Fault(name, f"{show(value)} has too many digits", todo=f"give at most {MOST_DIGITS}, in a larger unit")


def _check_agreement(record: Agreement) -> Iterator[Fault]:
    """Yield what is wrong with the parties and days of an agreement."""
    if not _is_list_of_texts(record.parties):
        return
    if not record.parties:
        yield Fault("parties", "there is no party", todo="name the states or organisations that are parties")
    if len(set(record.parties)) != len(record.parties):
        yield Fault("parties", f"a party is named twice: {show(', '.join(record.parties))}", todo="name each once")
    if len(record.parties) > MOST_PARTIES:
        yield Fault("parties", f"there are {len(record.parties):,} parties", todo=f"name at most {MOST_PARTIES}")
    for party in record.parties[:MOST_PARTIES]:
        yield from _check_actor("parties", party)
    if isinstance(record.signed, date) and isinstance(record.in_force, date) and record.in_force < record.signed:
        what = f"it came into force on {record.in_force}, before it was signed on {record.signed}"
        yield Fault("in_force", what, todo="correct one of the two")


def _check_commitment(record: Commitment) -> Iterator[Fault]:
    """Yield what is wrong with the party, the field and the dependencies of a commitment."""
    yield from _check_actor("party", record.party)
    if record.field not in FIELDS:
        yield Fault("field", f"there is no field {show(record.field)}", todo=f"choose one of {', '.join(FIELDS)}")
    if (record.baseline is not None or record.target is not None) and not record.indicator:
        yield Fault(
            "indicator",
            "a baseline or target is given, and no indicator",
            "nobody could tell what it measures",
            "name it",
        )
    if _is_list_of_texts(record.depends_on) and record.id in record.depends_on:
        yield Fault("depends_on", f"{show(record.id)} depends on itself", todo="leave it out")
    yield from _check_ids("depends_on", record.depends_on)


def _check_evidence(record: Evidence) -> Iterator[Fault]:
    """Yield what is wrong with the link, the direction and the strength of a piece of evidence."""
    yield from _check_link(record.link)
    if record.direction not in DIRECTIONS:
        yield Fault("direction", f"{show(record.direction)} is no direction", todo=f"choose {', '.join(DIRECTIONS)}")
    if record.strength not in STRENGTHS or isinstance(record.strength, bool):
        yield Fault("strength", f"{show(record.strength)} is no strength", todo="choose 1, 2 or 3")


def _check_link(link: object) -> Iterator[Fault]:
    """Yield why a link is no open address."""
    found = _LINK.match(link) if isinstance(link, str) else None
    why = "only an open address that every reader can follow is evidence"
    if found is None:
        yield Fault("link", f"{show(link)} is no http or https address", why, "give the full address")
    elif closed := _find_closed(found[1]):
        todo = "give the address at which the public finds it"
        yield Fault("link", f"{show(link)} has a host that is not open: {closed}", why, todo)


@lru_cache(maxsize=10_000)
def _check_value(scale: str, value: str) -> tuple[Fault, ...]:
    """Return what is wrong with an assessment's scale, or with its value on that scale."""
    try:
        known = find_scale(scale)
    except ScaleError as error:
        what = f"there is no scale {show(scale)}"
        return (Fault("scale", what, "nobody could tell what its values say", error.todo),)
    try:
        convert_value(known, value)
    except ScaleError as error:
        allowed = ", ".join(level.value for level in known.levels) or "any number"
        return (Fault("value", f"{show(value)} is no value of {known.id}", error.why, f"its values: {allowed}"),)
    return ()


def _check_ids(name: str, ids: tuple[str, ...]) -> Iterator[Fault]:
    """Yield what is wrong with the names in a list, where it is one."""
    if not _is_list_of_texts(ids):
        return
    if len(ids) > MOST_NAMES:
        yield Fault(name, f"{len(ids):,} are named", todo=f"name at most {MOST_NAMES:,}")
    if len(set(ids)) != len(ids):
        yield Fault(name, "one is named twice", todo="name each once")
    for text in ids[:MOST_NAMES]:
        if not _ID.match(text):
            yield Fault(name, f"{show(text)} is no id", todo="give ids of the register")


def _check_actor(name: str, id: str) -> Iterator[Fault]:
    """Yield what is wrong with the id of an actor."""
    if not _is_list_of_texts((id,)) or not is_actor(id):
        why = "only states and intergovernmental organisations are parties"
        yield Fault(name, f"{show(id)} is no id of a state or organisation", why, "`comity actors NAME` finds the id")


@lru_cache(maxsize=2048)
def is_actor(id: str) -> bool:
    """Say whether a text is the exact id of a state or an intergovernmental organisation."""
    try:
        get_actor(id)
    except UnknownActor:
        return False
    return True

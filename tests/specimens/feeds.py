"""Hand-made files of every feed beside GDELT: the publisher's header, and rows that each mean a known thing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from comity.sources import read_source

Row = dict[str, str]


def write_tabs(source: str, rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """Give a tab-separated file with the source's header."""
    layout = read_source(source).layout
    lines = ["\t".join(layout), *("\t".join(row.get(name, "") for name in layout) for row in rows)]
    return "".join(line + "\n" for line in lines).encode(encoding)


def write_commas(source: str, rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """Give a comma-separated file with the source's header."""
    layout = read_source(source).layout
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([layout, *([row.get(name, "") for name in layout] for row in rows)])
    return text.getvalue().encode(encoding)


def write_blanks(source: str, rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    """Give an event set without a header."""
    lines = ("\t".join(row.get(name, "---") for name in ("date", "source", "target", "code")) for row in rows)
    return "".join(line + "\t(LABEL)\n" for line in lines).encode(encoding)


def icews(number: int = 1, **values: str) -> Row:
    """Give a row of ICEWS: the Foreign Ministry of France visits Germany."""
    usual = {
        "Event ID": str(number), "Event Date": "2016-05-15", "CAMEO Code": "042", "Intensity": "1.9",
        "Source Name": "Foreign Affairs (France)", "Source Sectors": "Government,Executive,Foreign Ministry",
        "Source Country": "France", "Target Name": "Germany", "Target Country": "Germany",
    }  # fmt: skip
    return usual | values


def polecat(number: int = 1, **values: str) -> Row:
    """Give a row of POLECAT: the government of France visits that of Germany."""
    usual = {
        "Event ID": f"2020-{number}", "Event Date": "2020-05-15", "Event Type": "CONSULT", "Event Mode": "visit",
        "Actor Name": "France", "Actor Country": "FRA", "Primary Actor Sector": "GOV",
        "Recipient Name": "Germany", "Recipient Country": "DEU", "Primary Recipient Sector": "GOV",
    }  # fmt: skip
    return usual | values


def phoenix(number: int = 1, **values: str) -> Row:
    """Give a row of Phoenix: the government of France visits Germany."""
    usual = {
        "eid": str(number), "aid": "7", "story_date": "05/15/1990", "year": "1990", "month": "5", "day": "15",
        "source": "FRAGOV", "target": "DEU", "code": "042", "placename": 'Paris, "the" city',
    }  # fmt: skip
    return usual | values


def keds(number: int = 1, **values: str) -> Row:
    """Give a row of KEDS: the government of France visits Germany."""
    return {"date": f"9005{10 + number % 20}", "source": "FRAGOV", "target": "DEU", "code": "042"} | values


def weis(number: int = 1, **values: str) -> Row:
    """Give a row in WEIS codes: the government of France visits Germany."""
    return {"date": f"9005{10 + number % 20}", "source": "FRNGOV", "target": "GER", "code": "032"} | values


def ucdp(number: int = 1, **values: str) -> Row:
    """Give a row of UCDP: a fight between the governments of two states."""
    usual = {
        "id": str(number), "type_of_violence": "1", "side_a": "Government of Eritrea", "gwnoa": "531",
        "side_b": "Government of Ethiopia", "gwnob": "530", "date_prec": "1", "date_start": "1999-05-15 00:00:00.000",
        "source_headline": 'Fight, "heavy", at the border',
    }  # fmt: skip
    return usual | values


@dataclass(frozen=True)
class Feed:
    """How a source's files are written, a row of it, the event that the row is, and rows of people outside."""

    source: str
    write: Callable[..., bytes]
    row: Callable[..., Row]
    event: tuple[str, str, str]
    outside: tuple[tuple[dict[str, str], str], ...] = ()
    each: int = 1
    headed: bool = True
    extra: dict[str, str] = field(default_factory=dict)


IGO = "International Government Organization"
VISIT = ("FRA", "DEU", "042")
FEEDS = (
    Feed(
        "icews", write_tabs, icews, VISIT,
        (
            ({"Source Name": "A Citizen", "Source Sectors": "Civilian,Social"}, "person_or_role"),
            ({"Source Name": "A Party", "Source Sectors": "Parties,(National) Major Party,Ideological"}, "party"),
            ({"Source Sectors": "Legislative / Parliamentary,Government"}, "person_or_role"),
            ({"Source Sectors": "News,Media,Social"}, "media"),
            ({"Source Sectors": "Dissident,Rebel"}, "armed_group"),
            ({"Source Sectors": "Business,Multinational Corporation"}, "business"),
            ({"Source Sectors": "Executive,Dissident"}, "armed_group"),
            ({"Source Sectors": "Something New"}, "unknown_sector"),
            ({"Source Name": "A Person", "Source Sectors": ""}, "person_or_role"),
            ({"Source Name": "No Body", "Source Sectors": IGO}, "unknown_organisation"),
            ({"Source Name": "", "Source Sectors": "", "Source Country": ""}, "no_first_actor"),
        ),
    ),
    Feed(
        "polecat", write_tabs, polecat, VISIT,
        (
            ({"Primary Actor Sector": "PTY"}, "party"),
            ({"Primary Actor Sector": "JRN"}, "media"),
            ({"Primary Actor Sector": "REB"}, "armed_group"),
            ({"Primary Actor Sector": "BUS"}, "business"),
            ({"Primary Actor Sector": "CVL"}, "person_or_role"),
            ({"Primary Actor Sector": "XYZ"}, "unknown_sector"),
            ({"Primary Actor Sector": "", "Actor Name": "A Person"}, "person_or_role"),
            ({"Primary Actor Sector": "IGO", "Actor Name": "No Such Body"}, "unknown_organisation"),
            ({"Recipient Name": "None", "Recipient Country": "", "Primary Recipient Sector": ""}, "no_second_actor"),
        ),
    ),
    Feed(
        "phoenix", write_commas, phoenix, VISIT,
        (
            ({"source": "FRAOPP"}, "person_or_role"),
            ({"source": "FRAMED"}, "media"),
            ({"source": "FRAREB"}, "armed_group"),
            ({"source": "NGO"}, "non_governmental"),
            ({"source": "IGOXYZ"}, "unknown_organisation"),
            ({"source": "EUR"}, "region"),
            ({"target": ""}, "no_second_actor"),
            ({"target": "FRA"}, "same_state"),
        ),
    ),
    Feed(
        "keds", write_blanks, keds, VISIT,
        (
            ({"source": "FRAPTY"}, "party"),
            ({"source": "FRAGOVBUS"}, "business"),
            ({"source": "FRACVL"}, "person_or_role"),
            ({"source": "IGO"}, "unnamed_organisation"),
            ({"source": "UIS"}, "unknown_code"),
            ({"target": "---"}, "no_second_actor"),
        ),
        headed=False,
    ),
    Feed(
        "weis", write_blanks, weis, VISIT,
        (
            ({"source": "AFGREB"}, "armed_group"),
            ({"source": "BOSSER"}, "person_or_role"),
            ({"source": "KSV"}, "territory"),
            ({"source": "ARB"}, "region"),
            ({"source": "QQQ"}, "unknown_code"),
        ),
        headed=False,
    ),
    Feed(
        "ucdp", write_commas, ucdp, ("ERI", "ETH", "190"),
        (
            ({"side_b": "A Movement", "gwnob": ""}, "armed_group"),
            ({"type_of_violence": "2", "gwnoa": "", "gwnob": ""}, "armed_group"),
            ({"type_of_violence": "3", "side_b": "Civilians", "gwnob": ""}, "person_or_role"),
            ({"gwnoa": "531, 530", "gwnob": ""}, "several_states"),
        ),
        each=2,
    ),
)  # fmt: skip

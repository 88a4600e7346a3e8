"""What the lexicon's tables hold: column, type, unit and meaning."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    name : str
        The column's name in the file.
    type : str
        "str", "date" (ISO 8601), "day" (a date, or "by" and a date), "list" (parts joined by "|").
    unit : str
        Unit, or "" where the column has none.
    meaning : str
        What a value says, and what a blank says.
    """

    name: str
    type: str
    unit: str
    meaning: str


STATES = (
    Column("id", "str", "", "ISO 3166-1 alpha-3, current or withdrawn; else from ISO's user-assigned range"),
    Column("name", "str", "", "short English name"),
    Column("official_name", "str", "", "formal English name (UNTERM where it has one)"),
    Column("aliases", "list", "", "further names that resolve to the state"),
    Column("status", "str", "", "member, observer, contested or former"),
    Column("status_source", "str", "", "dated citation of the status"),
    Column("iso2", "str", "", "ISO 3166-1 alpha-2; blank: none"),
    Column("iso3", "str", "", "ISO 3166-1 alpha-3; blank: none"),
    Column("isonum", "str", "", "ISO 3166-1 numeric, three digits; blank: none"),
    Column("m49", "str", "", "UN M49, three digits; blank: none"),
    Column("cameo", "str", "", "CAMEO country code as GDELT writes it; blank: none"),
    Column("fips", "str", "", "FIPS 10-4 (withdrawn 2008, still used by GDELT); blank: none"),
    Column("cow", "str", "", "Correlates of War state number; blank: not in the list"),
    Column("gw", "str", "", "Gleditsch and Ward number; blank: not in the list"),
    Column("other_codes", "list", "", "system:code of withdrawn, earlier or second codes"),
    Column("region", "str", "", "M49 sub-region of the territory today"),
    Column("valid_from", "date", "day", "first day; blank: on or before 1946-01-01, or not dated"),
    Column("valid_to", "date", "day", "last day; blank: continues"),
)

IGOS = (
    Column("id", "str", "", '"IGO:" and the short name'),
    Column("name", "str", "", "English name"),
    Column("aliases", "list", "", "further names that resolve to the organisation"),
    Column("cameo", "list", "", "CAMEO known-group codes, the first the main one; blank: CAMEO has none"),
    Column("founded", "date", "day or year", "day, or year where the day is not given"),
    Column("ended", "date", "day or year", "last day or year; blank: continues"),
    Column("form", "str", "", "treaty organisation, bank, informal group, ..."),
    Column("note", "str", "", "what to know when reading its events; may be blank"),
    Column("source", "str", "", "the instrument that founded it, dated"),
)

REGIONS = (
    Column("code", "str", "", "CAMEO country code; blank: a territory with an ISO code only"),
    Column("name", "str", "", "English name"),
    Column("kind", "str", "", "region (a part of the world) or territory (with an ISO code, no actor here)"),
    Column("iso2", "str", "", "ISO 3166-1 alpha-2; blank for regions"),
    Column("iso3", "str", "", "ISO 3166-1 alpha-3; blank for regions"),
    Column("isonum", "str", "", "ISO 3166-1 numeric, three digits; blank for regions"),
)

M49 = (
    Column("region", "str", "", "region of M49"),
    Column("sub_region", "str", "", "sub-region of M49, as in the table of states"),
)

MEMBERSHIPS = (
    Column("organisation", "str", "", 'id of the organisation, "IGO:" and the short name'),
    Column("state", "str", "", "id of the member; a suspended member is one"),
    Column("from", "day", "day or year", '"by" a day: a member then already, the table does not say since when'),
    Column("to", "date", "day or year", "last day or year; blank: continues"),
    Column("source", "str", "", "key in docs/bibliography.md: founding treaty and accessions"),
)

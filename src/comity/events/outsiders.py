"""Why somebody is no actor: the reasons by which rows outside are counted, and the roles that have one."""

from __future__ import annotations

NO_ACTOR = "no_actor"

_TYPE_REASONS = {
    "media": ("MED", "JRN"),
    "party": ("PTY",),
    "business": ("BUS", "MNC"),
    "armed_group": ("REB", "INS", "SEP", "UAF", "IMG", "RAD", "PRM"),
    "non_governmental": ("NGO", "NGM", "INT"),
}
REASON_OF_TYPE = {code: reason for reason, codes in _TYPE_REASONS.items() for code in codes}

REASONS = (
    "no_first_actor",
    "no_second_actor",
    "region",
    "territory",
    "no_country",
    "unknown_code",
    "known_group",
    "ethnic_group",
    "religious_group",
    "media",
    "party",
    "business",
    "armed_group",
    "non_governmental",
    "person_or_role",
    "unnamed_organisation",
    "unknown_organisation",
    "same_state",
    "same_organisation",
    "unknown_sector",
    "several_states",
)

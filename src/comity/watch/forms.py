"""The form of a file of rules: which fields stand where, of what form, within what limits."""

from __future__ import annotations

from collections.abc import Mapping

from comity.delivery import KINDS
from comity.forms.fields import Form, Forms

VERSION = "1"
MOST_MINUTES = 10_080

TOP: Forms = {
    "comity_watch": Form("whole", required=True),
    "title": Form("text"),
    "note": Form("text"),
    "staleness": Form("map"),
    "sinks": Form("map"),
    "rules": Form("map"),
}
STALENESS: Forms = {"grace_minutes": Form("whole", low=1, high=MOST_MINUTES), "sinks": Form("list")}
RATE: Forms = {
    "most": Form("whole", required=True, low=1, high=100_000),
    "minutes": Form("whole", required=True, low=1, high=MOST_MINUTES),
}
DIGEST: Forms = {
    "more_than": Form("whole", required=True, low=1, high=100_000),
    "minutes": Form("whole", required=True, low=1, high=MOST_MINUTES),
}
PACE: Forms = {"rate": Form("map"), "digest": Form("map"), "attempts": Form("whole", low=1, high=1_000)}
SINKS: Mapping[str, Forms] = {kind: {**fields, **PACE} for kind, fields in KINDS.items()}
RULE: Forms = {
    "title": Form("text"),
    "note": Form("text"),
    "pairs": Form("list"),
    "regions": Form("list"),
    "members": Form("list"),
    "types": Form("list"),
    "levels": Form("list"),
    "directions": Form("list"),
    "false_alarms": Form("number"),
    "sinks": Form("list"),
}
LEVELS = ("1", "2", "3")

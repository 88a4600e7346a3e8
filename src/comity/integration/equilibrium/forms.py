"""The form of a scenario: which fields stand where, of what form, within what limits."""

from __future__ import annotations

from typing import NamedTuple

from comity.forms.fields import Form, Forms

VERSION = "1"
ALL = "all"
"""Stands for every economy of the table, in a list of exporters or importers."""

TOP: Forms = {
    "comity_scenario": Form("whole", required=True),
    "id": Form("slug", required=True),
    "title": Form("text", required=True),
    "note": Form("text"),
    "model": Form("text"),
    "tables": Form("map"),
    "closure": Form("text"),
    "theta": Form("map"),
    "psi": Form("number", low=0, high=20),
    "changes": Form("items"),
    "candidates": Form("items"),
}
MODELS = {
    "one-sector": "one good for each economy; theta and psi of the scenario",
    "sectors": "sectors that buy from each other, from tables of one's own",
}
TABLES: Forms = {name: Form("text", required=True) for name in ("flows", "value_added", "inputs", "theta")}
THETA: Forms = {
    "low": Form("number", required=True, low=0.01, high=100),
    "mode": Form("number", required=True, low=0.01, high=100),
    "high": Form("number", required=True, low=0.01, high=100),
    "source": Form("text", required=True),
}
CHANGE: Forms = {
    "kind": Form("text", required=True),
    "parties": Form("list"),
    "members": Form("list"),
    "joining": Form("list"),
    "leaving": Form("list"),
    "exporters": Form("list"),
    "importers": Form("list"),
    "except": Form("list"),
    "sectors": Form("list"),
    "effect": Form("map"),
    "cost": Form("map"),
    "tariff": Form("map"),
    "when": Form("text", required=True),
    "source": Form("text", required=True),
    "note": Form("text"),
}
CANDIDATE: Forms = {"id": Form("slug", required=True), "side": Form("flag"), **CHANGE}
EFFECT: Forms = {
    "estimate": Form("number", required=True, low=-10, high=10),
    "error": Form("number", low=0, high=10),
    "source": Form("text", required=True),
}
COST: Forms = {
    "percent": Form("number", required=True, low=-90, high=1000),
    "error": Form("number", low=0, high=100),
}
TARIFF: Forms = {
    "from": Form("number", required=True, low=0, high=1000),
    "to": Form("number", required=True, low=0, high=1000),
}
SIZES: dict[str, Forms] = {"effect": EFFECT, "cost": COST, "tariff": TARIFF}


class Kind(NamedTuple):
    """A kind of change: who must and may be named, how its size is given, its sign, and what it means."""

    must: tuple[str, ...]
    may: tuple[str, ...]
    size: str
    sign: int
    meaning: str


KINDS = {
    "agreement": Kind(("parties",), (), "effect", 1, "an agreement among the parties, each with each, both ways"),
    "dissolution": Kind(("parties",), (), "effect", -1, "the end of such an agreement"),
    "accession": Kind(
        ("members", "joining"), (), "effect", 1, "those joining, with each other and with each member, both ways"
    ),
    "withdrawal": Kind(
        ("members", "leaving"), (), "effect", -1, "those leaving, with each member that stays, both ways"
    ),
    "facilitation": Kind(
        ("exporters", "importers"), (), "cost", 1, "another cost of trading from the exporters to the importers"
    ),
    "mfn": Kind(
        ("importers",), ("except",), "tariff", 1, "another tariff of the importers on all exporters but those excepted"
    ),
    "tariff": Kind(("exporters", "importers"), (), "tariff", 1, "another tariff of the importers on these exporters"),
}
GROUPS = ("parties", "members", "joining", "leaving", "exporters", "importers", "except")

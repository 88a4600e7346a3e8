"""Write the JSON Schema of a file of rules from the forms that the validator uses.

    python scripts/build_watch_schema.py

writes src/comity/watch/schema.json and the same file to docs/guide/watch.schema.json. An editor that knows the schema
completes names and shows wrong fields while one writes; `comity watch check FILE` sees more: who the actors are,
whether a sink exists, whether an address may be used.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from comity.delivery.sinks.mail import SECURITIES
from comity.events.scale import read_types
from comity.forms.fields import LONGEST_TEXT, Form, Forms
from comity.watch import forms
from comity.watch.tables import ABOUT_PAIRS, RATES

ROOT = Path(__file__).resolve().parents[1]
FILES = (ROOT / "src/comity/watch/schema.json", ROOT / "docs/guide/watch.schema.json")
SLUG = "^[a-z][a-z0-9-]{0,63}$"
SECRET = "^(env|file):.+"
TEXTS = {
    "comity_watch": "Version of the form.",
    "staleness": "When to tell that nothing comes, and whom.",
    "grace_minutes": "How much later than its cadence a file may come [minutes].",
    "sinks": "Where messages go; in a rule, the names of those who are told (all where left out).",
    "kind": "What kind of sink it is.",
    "path": "File or folder, relative to this file.",
    "url": "http or https address; also env:NAME or file:PATH, where it is kept.",
    "key": "Where the key is kept that requests are signed with: env:NAME or file:PATH.",
    "password": "Where the password is kept: env:NAME or file:PATH.",
    "allow_private": "Whether this machine and its network are allowed.",
    "rate": "At most so many attempts in such a time.",
    "digest": "More than so many messages in such a time become one.",
    "attempts": "After so many a message becomes a dead letter.",
    "rules": "Who is watched for what.",
    "pairs": "Two states or organisations each, as FIRST/SECOND.",
    "regions": "Regions of M49: every pair of their states.",
    "members": "Organisations: every pair of their members.",
    "types": "PLOVER types that count as grounds; all where left out.",
    "levels": "Levels of gestures that count (1 to 3); all where left out.",
    "directions": "Which breaks; both where left out.",
    "false_alarms": "Stated rate of false alarms [per pair and year].",
}


def build_schema() -> dict[str, Any]:
    """Return the schema."""
    top = _write_object(forms.TOP)
    rule = _write_object(forms.RULE)
    rule["properties"]["types"]["items"] = {"enum": list(read_types())}
    rule["properties"]["levels"]["items"] = {"enum": [int(level) for level in forms.LEVELS]}
    rule["properties"]["directions"]["items"] = {"enum": list(ABOUT_PAIRS)}
    rule["properties"]["pairs"]["items"] = {"type": "string", "pattern": "^[^/]+/[^/]+$"}
    rule["properties"]["false_alarms"] = {"enum": list(RATES), "description": TEXTS["false_alarms"]}
    top["properties"].update(
        comity_watch={"const": int(forms.VERSION), "description": TEXTS["comity_watch"]},
        staleness=_write_object(forms.STALENESS),
        sinks=_write_named({"oneOf": [_write_sink(kind, fields) for kind, fields in forms.SINKS.items()]}),
        rules=_write_named(rule),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of a watch (comity_watch 1)",
        "description": "Who is watched for what, at which rate of false alarms, and who is told.",
        **top,
    }


def _write_sink(kind: str, fields: Forms) -> dict[str, Any]:
    """Return the schema of one kind of sink."""
    sink = _write_object(fields)
    own = sink["properties"]
    own["kind"] = {"const": kind, "description": TEXTS["kind"]}
    own["rate"], own["digest"] = _write_object(forms.RATE), _write_object(forms.DIGEST)
    for name in ("key", "password"):
        if name in own:
            own[name]["pattern"] = SECRET
    if "security" in own:
        own["security"] = {"enum": list(SECURITIES)}
    return sink


def _write_named(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map of named things."""
    return {"type": "object", "propertyNames": {"pattern": SLUG}, "additionalProperties": item}


def _write_object(group: Forms) -> dict[str, Any]:
    """Return the schema of one group of fields."""
    required = [name for name, form in group.items() if form.required]
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {name: _write_field(name, form) for name, form in group.items()},
    }


def _write_field(name: str, form: Form) -> dict[str, Any]:
    """Return the schema of one field."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        "whole": {"type": "integer"},
        "number": {"type": "number"},
        "flag": {"type": "boolean"},
        "list": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "map": {"type": "object"},
    }
    found = dict(kinds[form.form])
    if math.isfinite(form.low):
        found["minimum"] = form.low
    if math.isfinite(form.high):
        found["maximum"] = form.high
    if name in TEXTS:
        found["description"] = TEXTS[name]
    return found


def main() -> None:
    """Write both copies."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
    for file in FILES:
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)} ({len(text):,} characters)")


if __name__ == "__main__":
    main()

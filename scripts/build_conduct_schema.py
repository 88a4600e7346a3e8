"""Write the JSON Schema of a profile of conduct from the forms that the validator uses.

    python scripts/build_conduct_schema.py

writes src/comity/conduct/schema.json and the same file to docs/guide/conduct.schema.json. An editor that knows the
schema completes names and shows wrong fields while one writes; `comity conduct check` sees more: levels, inheritance,
actors.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comity.conduct import fields
from comity.conduct.catalogue import read_catalogue, read_kinds, read_reversibilities
from comity.conduct.profile import COVERS
from comity.events.scale import read_types
from comity.forms.schema import DIALECT, SLUG_PATTERN, write_object

ROOT = Path(__file__).resolve().parents[1]
FILES = (ROOT / "src/comity/conduct/schema.json", ROOT / "docs/guide/conduct.schema.json")
CODE = "^[0-9]{2,4}$"
TEXTS: dict[str, str] = {
    "comity_conduct": "Version of the form.",
    "id": "Short name of the profile or of the measure.",
    "state": "Whose rules these are: any code or unambiguous name.",
    "example": "Whether the parties are invented.",
    "parties": "Invented parties of an example, with codes from QMA to QZZ.",
    "scale": "Scale on which levels are compared.",
    "covers": "all: the default holds for every partner that is not listed; listed: for none.",
    "measures": "Measures of the catalogue, or (at the top) measures of one's own.",
    "default": "Rules toward every partner.",
    "templates": "Named sets of rules that partners extend.",
    "partners": "Partners with exceptions; {} inherits all.",
    "extends": "What is inherited: default where left out; none for nothing.",
    "rules": "Rules by name; off switches an inherited rule off.",
    "gesture": "What counts as a gesture: all that is given must fit.",
    "types": "PLOVER types.",
    "codes": "CAMEO codes, in quotes; in a gesture a code stands also for the longer codes that begin with it.",
    "score": "Band of scores on the scale, both ends counted [points].",
    "min_reports": "An event counts where at least so many reports tell of it.",
    "min_events": "So many events within the window make a gesture.",
    "window_days": "Length of the window [days].",
    "answer": "Which answers may follow.",
    "kinds": "Kinds of measures; each stands for those of its measures that do not exceed the gesture.",
    "owner": "Office that owns the answer, or usually owns the measure.",
    "deadline_days": "Days after the gesture within which the answer is due.",
    "way_back": "What ends the answer.",
    "when": "When the answer ends.",
    "review_days": "Days after which the answer is looked at again.",
    "target": "At whom a measure is directed.",
    "basis": "Where law or custom allows the measure.",
    "precedent": "Where it was done: a case or a practice, with its reference.",
    "ends": "What ends the measure.",
    "returns": "Measures that end it or make up for it.",
}


def build_schema() -> dict[str, Any]:
    """Return the schema."""
    section = write_object(fields.SECTION, TEXTS)
    rule = {"oneOf": [{"$ref": "#/$defs/rule"}, {"const": fields.OFF}, {"const": False}]}
    slug = {"pattern": SLUG_PATTERN}
    section["properties"]["rules"] = {"type": "object", "propertyNames": slug, "additionalProperties": rule}
    top = write_object(fields.TOP, TEXTS)
    several = {"type": "object", "additionalProperties": {"$ref": "#/$defs/section"}}
    invented = {"pattern": "^Q[M-Z][A-Z]$"}
    names = {"type": "object", "propertyNames": invented, "additionalProperties": {"type": "string"}}
    top["properties"].update(
        comity_conduct={"const": int(fields.VERSION), "description": TEXTS["comity_conduct"]},
        covers={"enum": list(COVERS), "description": TEXTS["covers"]},
        measures={"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/measure"}},
        default={"$ref": "#/$defs/section"},
        templates=several,
        partners=several,
        parties={**names, "description": TEXTS["parties"]},
    )
    return {
        "$schema": DIALECT,
        "title": "A profile of conduct (comity_conduct 1)",
        "description": "A state's own rules: what counts as a gesture, and which open, lawful answers may follow.",
        **top,
        "$defs": {"section": section, **_write_parts()},
    }


def _write_parts() -> dict[str, Any]:
    """Return the parts of a rule, and a measure of one's own."""
    parts = {
        name: write_object(form, TEXTS)
        for name, form in (
            ("rule", fields.RULE), ("gesture", fields.GESTURE), ("score", fields.SCORE), ("answer", fields.ANSWER),
            ("way_back", fields.WAY_BACK), ("measure", fields.MEASURE), ("basis", fields.BASIS),
            ("precedent", fields.PRECEDENT),
        )
    }  # fmt: skip
    for owner, name in (("rule", "gesture"), ("rule", "answer"), ("gesture", "score"), ("answer", "way_back"),
                        ("measure", "precedent")):  # fmt: skip
        parts[owner]["properties"][name] = {"$ref": f"#/$defs/{name}"}
    known = {"anyOf": [{"enum": list(read_catalogue())}, {"type": "string", "pattern": SLUG_PATTERN}]}
    choices = {
        ("gesture", "types"): {"enum": [name for name in read_types() if name != "PROTEST"]},
        ("gesture", "codes"): {"type": "string", "pattern": "^[0-9]{2,4}$"},
        ("measure", "codes"): {"type": "string", "pattern": CODE},
        ("measure", "target"): {"enum": ["state", "igo"]},
        ("measure", "basis"): {"$ref": "#/$defs/basis"},
        ("measure", "returns"): known,
        ("answer", "measures"): known,
        ("answer", "kinds"): {"enum": list(read_kinds())},
        ("way_back", "measures"): known,
    }
    for (part, name), item in choices.items():
        parts[part]["properties"][name]["items"] = item
    parts["measure"]["properties"].update(
        kind={"enum": list(read_kinds())},
        reversibility={"enum": list(read_reversibilities())},
        open={"const": True},
        lawful={"const": True},
    )
    return parts


def main() -> None:
    """Write both copies."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
    for file in FILES:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)} ({len(text):,} characters)")


if __name__ == "__main__":
    main()

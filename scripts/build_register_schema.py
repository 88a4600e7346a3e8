"""Write the JSON Schema of a register's document from the rules that its door uses.

    python scripts/build_register_schema.py

writes src/comity/commitments/exchange/schema.json and the same file to docs/guide/commitments.schema.json. An editor
that knows the schema completes names and shows wrong fields while one writes; the register sees more: whether parties
exist, what a record rests on, circles.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comity.commitments.exchange.document import FORM, LISTS
from comity.commitments.register.content import PARENTS, is_date, is_decimal, is_list, list_fields, list_required
from comity.commitments.register.rules import DIRECTIONS, FIELDS, LONGEST, MOST_NAMES, MOST_PARTIES

ROOT = Path(__file__).resolve().parents[1]
FILES = (ROOT / "src/comity/commitments/exchange/schema.json", ROOT / "docs/guide/commitments.schema.json")
ID = "^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,199}$"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DECIMAL = "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"
LINK = "^https?://[^\\s]+$"
TEXTS = {
    "id": "Name of the record in the register; later records under it are corrections.",
    "entered_by": "The office that enters it.",
    "valid_from": "From which day it was so in the world.",
    "withdrawn": "Whether it holds no longer from that day on.",
    "title": "Title of the agreement, in words of one's own.",
    "parties": "Ids of states and of organisations between states.",
    "signed": "Day of signature or adoption.",
    "in_force": "Day on which it came into force.",
    "reference": "Where its text is.",
    "agreement": "Id of the agreement.",
    "place": "Article, paragraph or annex.",
    "heading": "What it is about, in words of one's own.",
    "article": "Id of the article.",
    "party": "Id of the party that owes it.",
    "obligation": "What is owed, in words of one's own.",
    "field": "Field of cooperation.",
    "indicator": "What measures it.",
    "unit": "Unit of the indicator.",
    "baseline": "Value at the beginning [unit].",
    "target": "Value that was agreed [unit].",
    "due": "Last day on which it is kept in time.",
    "depends_on": "Ids of commitments that must be fulfilled before.",
    "owner": "The office that owes the next step; never a person.",
    "commitment": "Id of the commitment.",
    "link": "Open address, http or https.",
    "day": "Day of the source, or of the assessment.",
    "quotation": "What the source says, as plain text.",
    "direction": "Whether it speaks for or against fulfilment.",
    "strength": "1 weak, 2 clear, 3 strong.",
    "value": "Reading of the indicator [unit]; of an assessment: a value of the scale, as the scale writes it.",
    "scale": "Name of the scale.",
    "coder": "Who assessed.",
    "period": "Period of the assessment.",
    "reason": "Why, in words of one's own.",
    "evidence": "Ids of the evidence that the assessment rests on.",
}


def describe_field(kind: str, name: str) -> dict[str, Any]:
    """Return the schema of one field."""
    said = {"description": TEXTS[name]}
    if is_list(kind, name):
        return said | {"type": "array", "items": {"type": "string", "pattern": ID}, "uniqueItems": True,
                       "maxItems": MOST_PARTIES if name == "parties" else MOST_NAMES}  # fmt: skip
    if is_date(name):
        return said | {"type": "string", "pattern": DAY}
    if is_decimal(kind, name):
        return said | {"oneOf": [{"type": "string", "pattern": DECIMAL}, {"type": "number"}]}
    special: dict[str, dict[str, Any]] = {
        "withdrawn": {"type": "boolean"},
        "strength": {"type": "integer", "minimum": 1, "maximum": 3},
        "direction": {"enum": list(DIRECTIONS)},
        "field": {"enum": list(FIELDS)},
        "link": {"type": "string", "pattern": LINK, "maxLength": LONGEST["link"]},
    }
    if name in special:
        return said | special[name]
    if name in ("id", "party", *PARENTS):
        return said | {"type": "string", "pattern": ID}
    return said | {"type": "string", "maxLength": LONGEST[name]}


def describe_kind(kind: str) -> dict[str, Any]:
    """Return the schema of one kind of record."""
    names = list_fields(kind)
    return {
        "type": "object",
        "properties": {name: describe_field(kind, name) for name in names},
        "required": [name for name in names if name in list_required(kind)],
        "additionalProperties": False,
    }


def build_schema() -> dict[str, Any]:
    """Return the schema of a document."""
    lists = {name: {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}} for name, kind in LISTS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A register of commitments, as it stood",
        "type": "object",
        "properties": {
            "comity_register": {"const": FORM, "description": "Version of the form."},
            "valid": {"type": "string", "pattern": DAY, "description": "The day in the world."},
            "known": {"type": "string", "description": "The last moment of knowledge that it rests on, UTC."},
            "head": {"type": "string", "pattern": "^[0-9]{1,15}:[0-9a-f]{64}$",
                     "description": "Number and hash of the last entry that its author had seen."},
            **lists,
        },
        "required": ["comity_register"],
        "additionalProperties": False,
        "$defs": {kind: describe_kind(kind) for kind in LISTS.values()},
    }  # fmt: skip


def main() -> None:
    """Write both files."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
    for path in FILES:
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

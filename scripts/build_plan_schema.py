"""Write the JSON Schema of a plan from the forms that the validator uses.

    python scripts/build_plan_schema.py

writes src/comity/plan/schema.json and the same file to docs/guide/plan.schema.json. An editor that knows the schema
completes names and shows wrong fields; `comity plan check FILE` sees more: who the parties are, circles,
windows that are too short, names that nothing bears.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comity.forms.fields import Forms
from comity.forms.schema import DIALECT, write_object
from comity.plan import forms
from comity.plan.catalogue import read_catalogue, read_fields

ROOT = Path(__file__).resolve().parents[1]
FILES = (ROOT / "src/comity/plan/schema.json", ROOT / "docs/guide/plan.schema.json")
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DAYS = ("first_day", "as_of", "earliest", "latest", "from", "to", "started", "finished")
TEXTS = {
    "comity_plan": "Version of the form.",
    "parties": "States and intergovernmental organisations, by any code or unambiguous name.",
    "first_day": "Where the first period begins.",
    "horizon": "Number of periods.",
    "as_of": "The day of the progress told.",
    "currency": "Code of the currency, such as EUR.",
    "unit": "Amounts are given in so many of the currency (1 where left out).",
    "weights": "By party, for the objective weighted.",
    "calendars": "Days on which nothing is done.",
    "resources": "What is scarce, whose it is, and where the figure is from.",
    "initiatives": "What the parties may do together.",
    "template": "An initiative of the catalogue, whose phases are taken over.",
    "consent": "Who approves for each party, and whether it is given.",
    "after": "Phases, or initiative.phase; the phase before it where left out; [start] for none.",
    "lags": "Dependencies with a distance.",
    "modes": "Other ways to do a phase.",
    "use": "What it takes of which resource.",
    "needs": "Initiatives without which this one cannot be chosen.",
    "excludes": "Initiatives beside which this one cannot be chosen.",
    "required": "Whether the plan must hold it.",
    "forbidden": "Whether the plan must not hold it.",
    "gains": "What it brings a party.",
    "costs": "What it costs a party.",
    "share": "Part of the simulated change that the initiative brings [percent].",
    "rate": "Units of the plan's currency for one US dollar.",
    "scenario": "File of a scenario; an agreement among the initiative's parties where left out.",
    "per": "once, or in every year after the initiative is finished.",
    "left": "Periods left, from as_of.",
    "source": "Where the figure is from.",
}
SPANS = {"best": "Shortest [periods].", "likely": "Most likely [periods].", "worst": "Longest [periods]."}
AMOUNTS = {
    "low": "Low end of the interval [currency times unit].",
    "likely": "Most likely amount [currency times unit].",
    "high": "High end of the interval [currency times unit].",
}
OWN_TEXTS = {"duration": SPANS, "gain": AMOUNTS, "cost": AMOUNTS}
"""By part of the form: what a field means there only."""
PARTS: dict[str, Forms] = {
    "calendar": forms.CALENDAR, "span": forms.SPAN, "resource": forms.RESOURCE, "initiative": forms.INITIATIVE,
    "phase": forms.PHASE, "duration": forms.DURATION, "mode": forms.MODE, "use": forms.USE, "lag": forms.LAG,
    "consent": forms.CONSENT, "gain": forms.GAIN, "cost": forms.COST, "progress": forms.PROGRESS,
}  # fmt: skip
ITEMS = {
    "calendars": "calendar", "spans": "span", "resources": "resource", "initiatives": "initiative", "phases": "phase",
    "modes": "mode", "use": "use", "lags": "lag", "consent": "consent", "gains": "gain", "costs": "cost",
    "progress": "progress",
}  # fmt: skip
CHOICES: dict[tuple[str, str], list[str]] = {
    ("top", "period"): list(forms.PERIODS),
    ("top", "objective"): list(forms.OBJECTIVES),
    ("resource", "kind"): list(forms.KINDS),
    ("initiative", "field"): list(read_fields()),
    ("initiative", "template"): list(read_catalogue()),
    ("lag", "kind"): list(forms.LAG_KINDS),
    ("consent", "status"): list(forms.STATUSES),
    ("gain", "per"): list(forms.PER),
    ("cost", "per"): list(forms.PER),
    ("gain", "from"): [forms.FROM],
}


def build_schema() -> dict[str, Any]:
    """Return the schema."""
    top = _write_part("top", forms.TOP)
    amounts = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
    top["properties"].update(
        comity_plan={"const": int(forms.VERSION), "description": TEXTS["comity_plan"]},
        currency={"type": "string", "pattern": "^[A-Z]{3}$", "description": TEXTS["currency"]},
        weights={**amounts, "description": TEXTS["weights"]},
    )
    parts = {name: _write_part(name, form) for name, form in PARTS.items()}
    parts["resource"]["properties"]["by_year"] = {**amounts, "propertyNames": {"pattern": "^[0-9]{4}$"}}
    return {
        "$schema": DIALECT,
        "title": "A plan (comity_plan 1)",
        "description": "What parties may do together, with whose resources, by when, by whose consent, for whose gain.",
        **top,
        "$defs": parts,
    }


def _write_part(part: str, form: Forms) -> dict[str, Any]:
    """Return the schema of one group of fields, with references to the groups below it."""
    found = write_object(form, {**TEXTS, **OWN_TEXTS.get(part, {})})
    for name, said in found["properties"].items():
        if name in ITEMS and said["type"] == "array":
            said["items"] = {"$ref": f"#/$defs/{ITEMS[name]}"}
        elif name == "duration":
            found["properties"][name] = {"$ref": "#/$defs/duration"}
        elif (part, name) in CHOICES:
            found["properties"][name] = {"enum": CHOICES[part, name]}
        elif name in DAYS:
            said.update(pattern=DAY)
    return found


def main() -> None:
    """Write both copies."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
    for file in FILES:
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)} ({len(text):,} characters)")


if __name__ == "__main__":
    main()

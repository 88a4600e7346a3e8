"""Write the JSON Schema of a scenario from the forms that the validator uses.

    python scripts/build_scenario_schema.py

writes src/comity/integration/equilibrium/schema.json and the same file to docs/guide/scenario.schema.json. An editor
that knows the schema completes names and shows wrong fields while one writes; `comity integration scenario FILE` sees
more: who the states are, whether they are in the table, whether two changes concern the same pair.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comity.forms.fields import Forms
from comity.forms.schema import DIALECT, write_object
from comity.integration.equilibrium import forms
from comity.integration.equilibrium.model import CLOSURES

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    ROOT / "src/comity/integration/equilibrium/schema.json",
    ROOT / "docs/guide/scenario.schema.json",
)
PARTS: tuple[tuple[str, Forms], ...] = (("theta", forms.THETA), ("tables", forms.TABLES), *forms.SIZES.items())
TEXTS = {
    "comity_scenario": "Version of the form.",
    "id": "Short name of the scenario.",
    "model": "one-sector where left out; sectors: from the tables named.",
    "tables": "CSV or Parquet files of the model with sectors, relative to the scenario.",
    "sectors": "Sectors that change; all where left out. Only with the model sectors.",
    "closure": "What happens to deficits.",
    "theta": "Trade elasticity: a triangular law over its range; the published range where left out.",
    "psi": "Supply elasticity; zero where left out.",
    "changes": "What changes; all changes happen together.",
    "candidates": "What may be added: a search chooses the smallest set with which no member loses.",
    "side": "Whether a candidate is a side arrangement between willing parties.",
    "parties": "States that agree with each other, each with each, by any code or unambiguous name.",
    "members": "States that are inside already.",
    "joining": "States that join them.",
    "leaving": "States that leave them.",
    "exporters": "States that sell; all for every economy of the table.",
    "importers": "States that buy; all for every economy of the table.",
    "except": "Exporters to whom the change does not apply.",
    "effect": "Partial effect on trade at given prices; the published mean of agreements where left out.",
    "estimate": "As gravity estimates it [log]; positive also for an end, whose sign the kind knows.",
    "error": "Standard error, in the same unit.",
    "cost": "Change of the cost of trading.",
    "percent": "By how many percent the whole cost of a delivery changes.",
    "tariff": "Rates before and after [percent of value].",
    "when": "When it happens.",
    "source": "Where this comes from.",
}


def build_schema() -> dict[str, Any]:
    """Return the schema."""
    top = write_object(forms.TOP, TEXTS)
    change, candidate = _write_change(forms.CHANGE), _write_change(forms.CANDIDATE)
    top["anyOf"] = [{"required": ["changes"]}, {"required": ["candidates"]}]
    listed = {"type": "array", "minItems": 1}
    top["properties"].update(
        comity_scenario={"const": int(forms.VERSION), "description": TEXTS["comity_scenario"]},
        closure={"enum": list(CLOSURES), "description": TEXTS["closure"]},
        model={"enum": list(forms.MODELS), "description": TEXTS["model"]},
        tables={"$ref": "#/$defs/tables"},
        theta={"$ref": "#/$defs/theta"},
        changes={**listed, "items": {"$ref": "#/$defs/change"}, "description": TEXTS["changes"]},
        candidates={**listed, "items": {"$ref": "#/$defs/candidate"}, "description": TEXTS["candidates"]},
    )
    parts = {name: write_object(form, TEXTS) for name, form in PARTS}
    return {
        "$schema": DIALECT,
        "title": "A scenario (comity_scenario 1)",
        "description": "Which costs or tariffs of trade change between whom, when, and from what source.",
        **top,
        "$defs": {"change": change, "candidate": candidate, **parts},
    }


def _write_change(fields: Forms) -> dict[str, Any]:
    """Return the schema of a change or a candidate."""
    change = write_object(fields, TEXTS)
    change["properties"].update(
        kind={"enum": list(forms.KINDS), "description": _describe_kinds()},
        when={"type": ["string", "integer"], "description": TEXTS["when"]},
        **{name: {"$ref": f"#/$defs/{name}"} for name in forms.SIZES},
    )
    change["allOf"] = [_write_kind(name, kind) for name, kind in forms.KINDS.items()]
    return change


def _describe_kinds() -> str:
    """Return what the kinds mean."""
    return " ".join(f"{name}: {kind.meaning}." for name, kind in forms.KINDS.items())


def _write_kind(name: str, kind: forms.Kind) -> dict[str, Any]:
    """Return what a kind of change requires."""
    size = [] if kind.size == "effect" else [kind.size]
    return {
        "if": {"properties": {"kind": {"const": name}}},
        "then": {"required": [*kind.must, *size]},
    }


def main() -> None:
    """Write both copies."""
    text = json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"
    for file in FILES:
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)} ({len(text):,} characters)")


if __name__ == "__main__":
    main()

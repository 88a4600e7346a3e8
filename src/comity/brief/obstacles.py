"""What stands in the way of a plan: clashes, who would fall short; and progress that is remarked on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.brief.blocks import Block, Cell, Items, Text
from comity.plan.surety import describe_absence, describe_miss

Made = Mapping[str, Any]


def outline_conflict(made: Made) -> list[Block]:
    """Say which requirements clash and what small change would make a plan; or who would lose by each initiative."""
    conflict = made["conflict"]
    if conflict is None:
        said = describe_absence(made)
        blocks: list[Block] = [Text(f"{said[0].upper()}{said[1:]}.")]
        for one in made["initiatives"]:
            blocks.append(Text(_say_miss(one, made)))
            if one["missing"] and one["missing"]["conflict"] is not None:
                blocks += _list_clash(one["missing"]["conflict"], "with it")
        return [*blocks, *list_remarks(made)]
    return [*_list_clash(conflict, ""), *list_remarks(made)]


def _list_clash(conflict: Mapping[str, Any], beside: str) -> list[Block]:
    """Return requirements that clash, and the small changes that would end the clash."""
    least = "each of them is needed for the clash" if conflict["irreducible"] else "perhaps not all of them are needed"
    together = f"together {beside}".strip()
    blocks: list[Block] = [
        Text(f"These requirements cannot hold {together}; {least}:"),
        Items([[Cell(one["text"])] for one in conflict["requirements"]]),
    ]
    if conflict["remedies"]:
        remedies = [[Cell(" and ".join(change["text"] for change in changes))] for changes in conflict["remedies"]]
        blocks += [Text("Any one of these changes would make a plan possible:"), Items(remedies)]
    return blocks


def _say_miss(one: Mapping[str, Any], made: Made) -> str:
    """Say what stands in the way of an initiative: who would be worse off by how much, or why else it is not done."""
    names = {party["id"]: party["name"] for party in made["plan"]["parties"]}
    missing = one["missing"]
    said = f"{one['title']}: {describe_miss(missing, made)}"
    if missing is None or not missing["shortfalls"]:
        return f"{said}."
    short = ", ".join(f"{names[party]} by {render_size(amount)}" for party, amount in missing["shortfalls"].items())
    return f"{said}: {short} {name_unit(made)}."


def list_remarks(made: Made) -> list[Block]:
    """Return what is reported and does not go with the plan's own order."""
    if not made["remarks"]:
        return []
    entries = [[Cell(remark["text"])] for remark in made["remarks"]]
    return [Text("What is reported stands as it is; beside the plan's own order:"), Items(entries)]


def name_unit(made: Made) -> str:
    """Return the unit of the plan's amounts, such as "million EUR"."""
    heading = made["plan"]
    words = {1: "", 1000: "thousand ", 1_000_000: "million ", 1_000_000_000: "billion "}
    return f"{words.get(heading['unit'], str(heading['unit']) + ' x ')}{heading['currency']}"


def render_size(value: float) -> str:
    """Return an amount without a sign of its own."""
    return f"{value:,.2f}"

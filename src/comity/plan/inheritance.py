"""What an initiative takes over from the catalogue: phases, their durations and the place of the consents."""

from __future__ import annotations

from comity.forms.document import Node
from comity.plan.catalogue import Template, read_catalogue
from comity.plan.forms import PERIODS
from comity.plan.values import Reader, list_maps


def find_template(node: Node, reader: Reader) -> Template | None:
    """Return the template that an initiative names; an unknown one is a problem."""
    name = node.read_text("template")
    known = read_catalogue()
    return known[name] if reader.check_known(node.get("template"), name, known, "template") and name in known else None


def merge_phases(node: Node, template: Template | None, period: str) -> list[Node]:
    """Return the phases of an initiative: the template's, each with the initiative's own fields over it.

    Parameters
    ----------
    node : Node
        The initiative.
    template : Template or None
    period : str
        Of the plan; the template's months are counted in it, halves upward.

    Returns
    -------
    list of Node
        In the template's order; phases that it does not have come last.
    """
    own = list_maps(node.get("phases"))
    if template is None:
        return own
    by_name = {item.read_text("id"): item for item in own}
    taken = [_lay_over(stage_node, by_name.pop(stage_node.read_text("id"), None))
             for stage_node in _write_stages(node, template, period)]  # fmt: skip
    return [*taken, *(item for item in own if item.read_text("id") in by_name)]


def _lay_over(below: Node, above: Node | None) -> Node:
    """Return a map with another one's fields over its own; modes take the place of the duration."""
    if above is None:
        return below
    fields = dict(below.fields)
    if above.get("modes") is not None:
        fields.pop("duration", None)
    if above.get("lags") is not None:
        fields.pop("after", None)
    return Node("map", above.line, above.column, above.path, fields={**fields, **above.fields})


def _write_stages(node: Node, template: Template, period: str) -> list[Node]:
    """Return the phases of a template as if they stood in the file, at the initiative's place."""

    def write(text: str) -> Node:
        return Node("text", node.line, node.column, node.path, text=text)

    found = []
    for stage in template.phases:
        ends = zip(("best", "likely", "worst"), stage.months, strict=True)
        duration = {name: write(str(count_periods(months, period))) for name, months in ends}
        fields = {
            "id": write(stage.id),
            "title": write(stage.title),
            "duration": Node("map", node.line, node.column, node.path, fields=duration),
        }
        if stage.after is not None:
            items = tuple(write(name) for name in stage.after)
            fields["after"] = Node("list", node.line, node.column, node.path, items=items)
        found.append(Node("map", node.line, node.column, f"{node.path}.phases.{stage.id}", fields=fields))
    return found


def count_periods(months: int, period: str) -> int:
    """Return how many periods so many months are, halves upward.

    Examples
    --------
    >>> count_periods(3, "month"), count_periods(3, "week")
    (3, 13)
    """
    return int(months * PERIODS[period] / 12 + 0.5)

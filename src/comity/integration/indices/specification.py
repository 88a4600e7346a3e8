"""What an index is made of, as data: indicators, their tree, and the method of each stage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comity.integration.indices.errors import SpecificationError
from comity.integration.indices.options import FORM, NODE, STAGES, Option

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of the table and its place in the tree.

    Parameters
    ----------
    id : str
        Name of the column.
    parent : str
        Id of the aggregate that it belongs to.
    direction : int
        1 where more means a higher index, -1 where less does.
    weight : float
        Beside its siblings; only the proportions count.
    denominator : str
        Column of sizes by which it is divided, or "".
    title, unit : str
        Words for a reader.
    treat : str
        Its own treatment in place of the stage's, or "".
    bottom, top : float or None
        Treated values at the ends of a minmax scale; None: those of the data.
    """

    id: str
    parent: str
    direction: int = 1
    weight: float = 1.0
    denominator: str = ""
    title: str = ""
    unit: str = ""
    treat: str = ""
    bottom: float | None = None
    top: float | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A dimension, or the index itself (no parent).

    Parameters
    ----------
    id, parent, title : str
    weight : float
        Beside its siblings.
    """

    id: str
    parent: str = ""
    weight: float = 1.0
    title: str = ""


@dataclass(frozen=True)
class Specification:
    """An index.

    Parameters
    ----------
    id, title : str
    unit : str
        Column with the names of the units.
    indicators : tuple of Indicator
    aggregates : tuple of Aggregate
        Children before parents; the last is the index.
    stages : mapping of str to mapping
        For each stage its `method` and the values of its options.
    data : str
        File with the table, or "".
    """

    id: str
    title: str
    unit: str
    indicators: tuple[Indicator, ...]
    aggregates: tuple[Aggregate, ...]
    stages: Mapping[str, Values] = field(default_factory=dict)
    data: str = ""

    def choose(self, stage: str) -> Values:
        """Return method and options of a stage."""
        return self.stages[stage]

    def list_nodes(self) -> list[Indicator | Aggregate]:
        """Return indicators and aggregates, children before parents."""
        return [*self.indicators, *self.aggregates]

    def list_groupings(self) -> list[str]:
        """Return the columns that group the units."""
        return [group for group in (self.stages["impute"].get("group", ""),) if group]

    def list_children(self, parent: str) -> list[str]:
        """Return the ids under an aggregate, in the order of the specification."""
        return [node.id for node in self.list_nodes() if node.parent == parent]


def read_specification(source: Path | str | Values) -> Specification:
    """Read and check the specification of an index.

    Parameters
    ----------
    source : path-like or mapping
        A YAML file, or its content as plain values.

    Returns
    -------
    Specification
        Every stage has its method and all its options, defaults included.

    Raises
    ------
    SpecificationError
        A field is missing, unknown or out of its range; the tree has a loop, two tops or an empty branch.

    References
    ----------
    oecd-jrc-2008
    """
    content, where = (source, "specification") if isinstance(source, Mapping) else (_load(Path(source)), str(source))
    form = _check_fields(content, FORM, where)
    indicators = tuple(
        Indicator(**_check_fields(entry, NODE["indicators"], f"{where}, indicators[{place}]"))
        for place, entry in enumerate(form["indicators"])
    )
    aggregates = tuple(
        Aggregate(**_check_fields(entry, NODE["aggregates"], f"{where}, aggregates[{place}]"))
        for place, entry in enumerate(form["aggregates"])
    )
    _check_ends(indicators, where)
    stages = _check_stages(form["stages"], where)
    _check_allocations(stages["weight"].get("allocations", []), indicators, aggregates, where)
    tree = _order_tree(indicators, aggregates, where)
    return Specification(form["id"], form["title"], form["unit"], indicators, tree, stages, form["data"])


def _load(file: Path) -> Any:
    """Return the content of a YAML file."""
    import yaml

    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SpecificationError(f"cannot read {file.name}: {error}", where=str(file), todo="name a file") from error
    except yaml.YAMLError as error:
        raise SpecificationError(f"not YAML: {error}", where=str(file), todo="see docs/methods/indices.md") from error


def _check_fields(entry: Any, options: Mapping[str, Option], where: str) -> dict[str, Any]:
    """Return the fields of a mapping with defaults filled in; unknown and missing ones stop."""
    if not isinstance(entry, Mapping):
        raise SpecificationError(f"{str(entry)[:60]!r} is no mapping", where=where, todo=f"give {', '.join(options)}")
    unknown = [str(name) for name in entry if name not in options]
    if unknown:
        raise SpecificationError(
            f"there is no field {unknown[0]!r}", where=where, todo=f"the fields are {', '.join(options)}"
        )
    lacking = [name for name, option in options.items() if option.default is ... and name not in entry]
    if lacking:
        raise SpecificationError(f"the field {lacking[0]!r} is missing", where=where, todo="add it")
    return {
        name: _check_value(entry[name], option, f"{where}, {name}") if name in entry else option.default
        for name, option in options.items()
    }


def _check_value(value: Any, option: Option, where: str) -> Any:
    """Return a value that an option takes."""
    numeric = option.kind in (int, float)
    right = isinstance(value, option.kind) or (option.kind is float and isinstance(value, int))
    right = right and not (numeric and isinstance(value, bool))
    if right and numeric:
        right = math.isfinite(value) and option.least <= value <= option.most
    if right and option.among:
        right = all(item in option.among for item in (value if isinstance(value, list) else [value]))
    if not right:
        raise SpecificationError(f"{value!r} does not go here", where=where, todo=f"give {option.describe()}")
    return float(value) if option.kind is float else value


def _check_stages(given: Values, where: str) -> dict[str, dict[str, Any]]:
    """Return method and options of every stage, in the order of the flow."""
    unknown = [str(name) for name in given if name not in STAGES]
    if unknown:
        raise SpecificationError(f"there is no stage {unknown[0]!r}", where=where, todo=f"stages: {', '.join(STAGES)}")
    stages = {}
    for name, methods in STAGES.items():
        place = f"{where}, stages.{name}"
        entry = given.get(name, {})
        if not isinstance(entry, Mapping):
            raise SpecificationError(f"{entry!r} is no mapping", where=place, todo="write {method: NAME, ...}")
        method = entry.get("method", next(iter(methods)))
        if method not in methods:
            raise SpecificationError(
                f"there is no method {method!r}", where=place, todo=f"methods: {', '.join(methods)}"
            )
        options = {key: value for key, value in entry.items() if key != "method"}
        stages[name] = {"method": method, **_check_fields(options, methods[method], place)}
    return stages


def _check_ends(indicators: tuple[Indicator, ...], where: str) -> None:
    """Stop at an indicator with one end, or ends in the wrong order."""
    for item in indicators:
        if (item.bottom is None) != (item.top is None):
            raise SpecificationError(f"{item.id!r} has one end of its scale", where=where, todo="give bottom and top")
        if item.bottom is not None and item.top is not None and not item.bottom < item.top:
            raise SpecificationError(f"the bottom of {item.id!r} is not below its top", where=where, todo="swap them")


def _check_allocations(
    allocations: list[Any], indicators: tuple[Indicator, ...], aggregates: tuple[Aggregate, ...], where: str
) -> None:
    """Stop at an expert's points that are not for every node, or negative."""
    nodes: list[Indicator | Aggregate] = [*indicators, *aggregates]
    ids = {node.id for node in nodes if node.parent}
    for place, entry in enumerate(allocations):
        at = f"{where}, stages.weight.allocations[{place}]"
        points = entry.get("points") if isinstance(entry, Mapping) else None
        if not isinstance(points, Mapping) or set(points) != ids:
            odd = sorted(ids ^ set(points or ()))
            raise SpecificationError(f"points must be given for every node; see {odd[:5]}", where=at, todo="add them")
        wrong = [key for key, value in points.items() if not isinstance(value, int | float) or not value >= 0]
        if wrong:
            raise SpecificationError(f"points of {wrong[0]!r} are {points[wrong[0]]!r}", where=at, todo="0 or more")


def _order_tree(
    indicators: tuple[Indicator, ...], aggregates: tuple[Aggregate, ...], where: str
) -> tuple[Aggregate, ...]:
    """Return the aggregates with children before parents; a tree has one top and no loop."""
    nodes: list[Indicator | Aggregate] = [*indicators, *aggregates]
    ids = [node.id for node in nodes]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise SpecificationError(f"the id {twice[0]!r} is used twice", where=where, todo="give each node its own id")
    by_id = {node.id: node for node in aggregates}
    for node in nodes:
        if node.parent and node.parent not in by_id:
            raise SpecificationError(f"{node.id!r} has the unknown parent {node.parent!r}", where=where)
    tops = [node.id for node in aggregates if not node.parent]
    if len(tops) != 1:
        raise SpecificationError(f"the tree has {len(tops)} tops {tops}", where=where, todo="leave one without parent")
    parents = {node.parent for node in nodes}
    empty = [node.id for node in aggregates if node.id not in parents]
    if empty:
        raise SpecificationError(f"{empty[0]!r} has nothing under it", where=where, todo="take it out")
    depth = {node.id: _measure_depth(node, by_id, where) for node in aggregates}
    return tuple(sorted(aggregates, key=lambda node: -depth[node.id]))


def _measure_depth(node: Aggregate, by_id: Mapping[str, Aggregate], where: str) -> int:
    """Return how many steps lie between a node and the top."""
    steps, at = 0, node
    while at.parent:
        at, steps = by_id[at.parent], steps + 1
        if steps > len(by_id):
            raise SpecificationError(f"{node.id!r} is its own ancestor", where=where, todo="break the loop")
    return steps

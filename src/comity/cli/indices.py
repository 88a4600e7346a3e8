"""`comity integration index`: a composite index from a specification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.options import json_option, print_json, print_members, print_missing, print_table

if TYPE_CHECKING:
    from comity.integration.indices.composite import Index

SHIPPED = "pairs"
SHOWN = ("rank", "unit", "score", "low_bound", "high_bound", "unknown")


@click.command()
@click.argument("spec")
@click.option("--data", type=click.Path(path_type=Path), help="CSV or Parquet table [default: the specification's].")
@click.option("--pair", nargs=2, metavar="A B", help="Only this pair, by dimension, beside pairs like it.")
@click.option(
    "--group", metavar="NAME|A,B,...", help="An organisation such as ASEAN, or these states: inside and with the rest."
)
@click.option("--on", metavar="DAY", help="Members of this day [default: end of the last year of the data].")
@click.option("--weigh-by", type=click.Choice(["population", "gdp"]), help="Pairs of a group count by size.")
@click.option("--move", metavar="UNIT", help="What would move the index of this unit.")
@click.option("--draws", type=click.IntRange(0), default=0, show_default=True, help="For intervals and Sobol indices.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of every draw.")
@json_option
def index(
    spec: str,
    data: Path | None,
    pair: tuple[str, str] | None,
    group: str | None,
    on: str | None,
    weigh_by: str | None,
    move: str | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Estimate the composite index that SPEC describes, a YAML file, or "pairs" for pairs of states.

    The table is that of --data or of the specification; without either it is the pairs of states, from the tables that
    `comity foundations` shows.
    """
    from comity.api import indices

    if on and not group:
        raise click.UsageError("--on is the day of the members of --group")
    found = _estimate(spec, data, seed)
    if pair:
        _show_parts(indices.estimate_pair(*pair, pairs=found.pairs()), as_json)
    elif group:
        names = [name.strip() for name in group.split(",") if name.strip()]
        members = names if len(names) > 1 else "".join(names)
        _show_parts(indices.estimate_group(members, weigh_by=weigh_by, on=on, pairs=found.pairs()), as_json)
    elif move:
        rows = indices.estimate_movement(found.index, move).to_pylist()
        if as_json:
            print_json(rows)
        else:
            print_table(rows, ("indicator", "value", "known", "slope", "slope_deviation", "gain"))
    elif found.covers_pairs and not draws:
        _show_pairs(found.pairs(), as_json)
    else:
        spread = indices.estimate_spread(found.index, draws, seed).describe() if draws else None
        _show_units(found.index, spread, as_json)


class _Found:
    """An index of a table or of pairs."""

    def __init__(self, index: Index, pairs: Any = None) -> None:
        self.index, self._pairs = index, pairs

    @property
    def covers_pairs(self) -> bool:
        """Say whether it is an index of pairs."""
        return self._pairs is not None

    def pairs(self) -> Any:
        """Return the index of pairs, or stop where it is one of a table."""
        if self._pairs is None:
            raise click.UsageError("--pair and --group take an index of pairs, and this one has a table of its own")
        return self._pairs


def _estimate(spec: str, data: Path | None, seed: int) -> _Found:
    """Estimate the index of a table, or of pairs where no table is named."""
    from comity.api import indices
    from comity.integration.indices.files import read_table
    from comity.integration.indices.specification import read_specification

    if spec == SHIPPED:
        pairs = indices.estimate_pairs(further=read_table(data) if data else None, seed=seed)
        return _Found(pairs.index, pairs)
    specification = read_specification(spec)
    named = Path(spec).parent / specification.data if specification.data else None
    file = data or named
    if specification.unit == "pair":
        pairs = indices.estimate_pairs(spec, read_table(file) if file else None, seed=seed)
        return _Found(pairs.index, pairs)
    if file is None:
        raise click.UsageError("the specification names no table; give one with --data FILE")
    return _Found(indices.estimate_index(read_table(file), spec, seed=seed))


def _show_parts(result: dict[str, Any], as_json: bool) -> None:
    """Print the profile of a pair or a group."""
    if as_json:
        print_json(result)
        return
    if "pair" in result:
        parts = {"": [result["index"], *result["dimensions"]]}
    else:
        parts = {"inside": result["inside"], "with the rest": result["outside"]}
        for organisation in result["organisations"]:
            print_members(organisation)
    for title, readings in parts.items():
        click.echo(title)
        print_table(readings, ("title", "score", "low", "high"))
    if "left_out" in result:
        print_missing(result["left_out"], f"of {result['pairs']:,} inside have no index and widen the interval")


def _show_pairs(pairs: Any, as_json: bool) -> None:
    """Print every pair with its interval, the first in rank first."""
    rows = sorted(pairs.as_arrow().to_pylist(), key=lambda row: row["rank"])
    if as_json:
        specification = pairs.index.specification
        head = {"id": specification.id, "title": specification.title, "weights": dict(pairs.index.weights)}
        print_json({**head, "pairs": rows})
    else:
        print_table(rows, ("rank", "a", "b", "score", "low", "high", "low_bound", "high_bound", "unknown"))


def _show_units(index: Index, spread: dict[str, Any] | None, as_json: bool) -> None:
    """Print every unit, the first in rank first."""
    described = index.describe()
    if as_json:
        print_json(described | {"spread": spread})
        return
    print_table(described["units"], SHOWN)
    if spread:
        click.echo("")
        print_table(spread["units"], ("unit", "score_5", "score_50", "score_95", "rank_5", "rank_50", "rank_95"))
        print_table(spread["shift"], ("factor", "first", "first_error", "total", "total_error"))

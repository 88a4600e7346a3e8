"""`comity integration simulate`, `package` and `scenario`: what a change of trade costs would mean for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from comity.cli.options import json_option, print_check, print_json, print_table

SHOWN = 12
flows_option = click.option(
    "--flows", type=click.Path(path_type=Path), metavar="FILE",
    help="Economies of your own: exporter, importer, value, sales at home included [default: 194 of 2023].",
)  # fmt: skip


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--draws", default=500, show_default=True, metavar="N", help="Draws of effects and elasticity.")
@click.option("--seed", default=0, show_default=True, metavar="S", help="The same seed gives the same figures.")
@click.option("--level", default=0.9, show_default=True, metavar="SHARE", help="Share of the draws in an interval.")
@flows_option
@json_option
def simulate(scenario: Path, draws: int, seed: int, level: float, flows: Path | None, as_json: bool) -> None:
    """Simulate the SCENARIO in a file: welfare, exports, imports, terms of trade of every economy, with intervals."""
    from comity.api import simulate_scenario

    found = simulate_scenario(scenario, flows=_read_flows(flows), draws=draws, seed=seed, level=level)
    if as_json:
        print_json(found)
    else:
        _print_simulation(found)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--draws", default=200, show_default=True, metavar="N", help="Draws of effects and elasticity.")
@click.option("--seed", default=0, show_default=True, metavar="S", help="The same seed gives the same figures.")
@flows_option
@json_option
@click.pass_context
def package(context: click.Context, scenario: Path, draws: int, seed: int, flows: Path | None, as_json: bool) -> None:
    """Find the smallest set of the candidates in SCENARIO with which no member loses: exit 1 where there is none."""
    from comity.api import solve_package

    found = solve_package(scenario, flows=_read_flows(flows), draws=draws, seed=seed)
    if as_json:
        print_json(found)
    else:
        words = ", ".join(found["package"]) or "nothing needs to be added"
        click.echo(words if found["found"] else "no set of these candidates leaves every member no worse off")
        print_table([_round(row) for row in found["members"]], ("iso3", "welfare", "low", "high"))
        click.echo(f"{found['judged']} sets judged; {len(found['alternatives'])} others of that size hold", err=True)
    context.exit(0 if found["found"] else 1)


@click.command(name="scenario")
@click.argument("file", type=click.Path(path_type=Path))
@flows_option
@json_option
@click.pass_context
def check(context: click.Context, file: Path, flows: Path | None, as_json: bool) -> None:
    """Check the scenario in FILE: exit 0 where it is in order, 1 where it is not."""
    from comity.api import check_scenario

    context.exit(print_check(check_scenario(file, flows=_read_flows(flows)), file, as_json))


def _read_flows(file: Path | None) -> Any:
    """Return a table of flows of the user, or nothing where none is named."""
    from comity.api.equilibrium import read_flows

    return None if file is None else read_flows(file)


def _print_simulation(found: dict[str, Any]) -> None:
    """Print the parties and the third parties that are moved most."""
    rows = sorted(found["economies"], key=lambda row: (not row["party"], -abs(row["welfare"]), row["iso3"]))
    parties = sum(row["party"] for row in rows)
    drawn = ("real_wages",) if "sectors" in found else ("welfare_low", "welfare_high")
    last = () if "sectors" in found else ("terms_of_trade",)
    columns = ("iso3", "name", "party", "welfare", *drawn, "exports", "imports", *last)
    print_table([_round(row) for row in rows[: parties + SHOWN]], columns)
    certificate = found["certificate"]
    if "sectors" in found:
        click.echo(f"changes in percent; {len(rows)} economies and their sectors with --json", err=True)
    else:
        click.echo(f"changes in percent; {100 * found['level']:g} % intervals from {found['draws']} draws; "
                   f"{len(rows)} economies with --json", err=True)  # fmt: skip
    click.echo(f"solved: {certificate['method']}; largest residual {certificate['market']:.1e}", err=True)
    for line in found["assumptions"]:
        click.echo(f"- {line}", err=True)


def _round(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with numbers as texts of four decimals, so that small changes of third parties are seen."""
    return {name: f"{value:+.4f}" if isinstance(value, float) else value for name, value in row.items()}

"""General equilibrium: scenarios, pairs and packages of agreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.integration.equilibrium.scenario import Scenario
    from comity.integration.equilibrium.sector_draws import Elasticities
    from comity.integration.equilibrium.sectors import SectorEconomy
    from comity.integration.equilibrium.world import World
    from comity.integration.gravity.result import GravityEstimate

CHANCES = ("draws", "seed", "level")
MODELS = ("theta", "psi", "closure")


def simulate_scenario(
    scenario: Path | str, *, flows: Any = None, draws: int = 500, seed: int = 0, level: float = 0.9
) -> dict[str, Any]:
    """Simulate a scenario: what it would mean for every economy, party or not, with intervals.

    Parameters
    ----------
    scenario : path-like
        A YAML file, see `docs/guide/scenario.schema.json`.
    flows : Arrow table or anything `pyarrow.table` takes, optional
        One's own economies: `exporter`, `importer`, `value`, sales at home included, and `tariff` [1] where there are
        tariffs. The world of 2023 (194 economies) where left out.
    draws, seed : int
        Number of draws, and the seed.
    level : float
        Share of the draws that an interval holds.

    Returns
    -------
    dict
        Of a scenario with `model: sectors` as `solve_sectors`, with `scenario`, `iso3`, `m49` and `party`, and with
        intervals where an elasticity, an effect or a cost has an error or a range. Else `scenario`, `economies` (one
        dict each: `iso3`, `m49`, `name`, `party`, changes [percent] of welfare, exports, imports and terms of trade
        with `_low` and `_high`), `certificate`, `draws`, `seed`, `level`, `assumptions`.

    Raises
    ------
    comity.integration.equilibrium.errors.ScenarioError
        The scenario breaks the rules of its form; every problem has its line and field.
    comity.integration.errors.NotConverged
        No solution that its certificate bears out was found.
    """
    from comity.integration.equilibrium.reading import read_scenario
    from comity.integration.equilibrium.simulate import Chance, describe_simulation

    sectors = _open_sectors(scenario, flows)
    if sectors is not None:
        from comity.integration.equilibrium.sector_scenario import simulate_sectors

        return simulate_sectors(*sectors, Chance(draws, seed, level))
    world = _open_world(flows)
    return describe_simulation(read_scenario(scenario, world.economy.names), world, Chance(draws, seed, level))


def tabulate_scenario(
    scenario: Path | str, *, flows: Any = None, draws: int = 500, seed: int = 0, level: float = 0.9
) -> pa.Table:
    """Simulate a scenario and return one row for each economy, ready for a map (`iso3`, `m49`).

    Parameters
    ----------
    scenario, flows, draws, seed, level
        As in `simulate_scenario`.

    Returns
    -------
    pyarrow.Table
        The rows of `economies` of `simulate_scenario`.

    Raises
    ------
    comity.integration.equilibrium.errors.ScenarioError, comity.integration.errors.NotConverged
        As in `simulate_scenario`.
    """
    import pyarrow as pa

    found = simulate_scenario(scenario, flows=flows, draws=draws, seed=seed, level=level)
    return pa.Table.from_pylist(found["economies"])


def check_scenario(scenario: Path | str, *, flows: Any = None) -> dict[str, Any]:
    """Check a scenario without solving it.

    Parameters
    ----------
    scenario, flows
        As in `simulate_scenario`.

    Returns
    -------
    dict
        `file`, `valid`, `problems` (each with `line`, `column`, `field`, `what`, `why`, `todo`) and `scenario`.
    """
    from comity.integration.equilibrium.errors import ScenarioError
    from comity.integration.equilibrium.reading import read_scenario

    try:
        sectors = _open_sectors(scenario, flows)
        found = sectors[0] if sectors else read_scenario(scenario, _open_world(flows).economy.names)
    except ScenarioError as error:
        problems = [problem.as_dict() for problem in error.problems]
        return {"file": str(scenario), "valid": False, "problems": problems, "scenario": None}
    return {"file": str(scenario), "valid": True, "problems": [], "scenario": found.describe()}


def simulate_agreement(a: str, b: str, *, draws: int = 200, seed: int = 0, level: float = 0.9) -> dict[str, Any]:
    """Simulate a free-trade agreement between two states, and the end of one, in the world of 2023.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name of a state.
    draws, seed, level
        As in `simulate_scenario`.

    Returns
    -------
    dict
        `agreement` and `end`, each with `parties`, `others` and how many third parties gain, lose or may do either.

    Raises
    ------
    comity.lexicon.UnknownActor, comity.lexicon.AmbiguousActor
        A text that means no state, or several.
    comity.integration.equilibrium.errors.EquilibriumError
        A state is not in the table.

    Examples
    --------
    >>> found = simulate_agreement("Kenya", "Viet Nam", draws=20)
    >>> [row["iso3"] for row in found["agreement"]["parties"]]
    ['KEN', 'VNM']
    >>> found["agreement"]["parties"][0]["welfare"] > 0 > found["end"]["parties"][0]["welfare"]
    True
    """
    from comity.integration.equilibrium.pair import simulate_pair
    from comity.integration.equilibrium.simulate import Chance
    from comity.lexicon import identify_actor

    codes = [identify_actor(text, kind="state").id for text in (a, b)]
    return simulate_pair(codes[0], codes[1], _open_world(None), Chance(draws, seed, level))


def simulate_estimate(
    estimate: GravityEstimate, moves: Any, *, flows: Any = None, method: str = "covariance", **options: Any
) -> dict[str, Any]:
    """Simulate a change of the regressors of a gravity estimate: estimate, draws, every economy with intervals.

    Parameters
    ----------
    estimate : comity.integration.gravity.result.GravityEstimate
        What `estimate_gravity` returns.
    moves : Arrow table or anything `pyarrow.table` takes
        `exporter`, `importer`, and a column for each regressor that changes: by how much for that directed pair.
    flows : Arrow table or anything `pyarrow.table` takes, optional
        As in `simulate_scenario`.
    method : str
        `covariance`: coefficients are drawn from the normal law of the estimate; `bootstrap`: the estimate is made
        again on pairs drawn with replacement, once for each draw.
    **options
        `draws`, `seed`, `level` as in `simulate_scenario`; `closure`, `psi`; `theta` (low, mode, high) in the place of
        the published range.

    Returns
    -------
    dict
        `coefficients` (estimate, error, mean and deviation of the draws), `method`, and `economies`, `certificate`,
        `draws`, `seed`, `level`, `assumptions` as in `simulate_scenario`.

    Raises
    ------
    comity.integration.equilibrium.errors.EquilibriumError
        Rows of `moves` that name no economy or no regressor, or an option that there is not.
    comity.integration.errors.NotConverged
        No solution that its certificate bears out was found, or too few pairs carry a regressor for the bootstrap.
    """
    import pyarrow as pa

    from comity.integration.equilibrium import chain
    from comity.integration.equilibrium.parameters import Elasticity
    from comity.integration.equilibrium.simulate import Chance

    _refuse_unknown(options, (*CHANCES, *MODELS))
    model = {name: options[name] for name in MODELS if name in options}
    if "theta" in model:
        low, mode, high = model["theta"]
        model["theta"] = Elasticity(low, mode, high, "given")
    chance = Chance(**{name: options[name] for name in CHANCES if name in options})
    rows = (moves if isinstance(moves, pa.Table) else pa.table(moves)).to_pylist()
    return chain.simulate_estimate(estimate, rows, _open_world(flows), chain.Chain(method, chance, **model))


def solve_package(
    scenario: Path | str, *, flows: Any = None, draws: int = 200, seed: int = 0, level: float = 0.9
) -> dict[str, Any]:
    """Find the smallest set of agreements with which no member loses, the lower end of its interval included.

    Parameters
    ----------
    scenario : path-like
        A YAML file; under `candidates` stands what may be added to its `changes`, side arrangements with `side: true`.
        With `model: sectors` each set is judged in the model with sectors.
    flows, draws, seed, level
        As in `simulate_scenario`.

    Returns
    -------
    dict
        `found`, `package`, `side`, `members` (`iso3`, `welfare`, `low`, `high` [percent]), `judged`, `alternatives`,
        `level`, `draws`, `seed`.

    Raises
    ------
    comity.integration.equilibrium.errors.ScenarioError, comity.integration.errors.NotConverged
        As in `simulate_scenario`.
    """
    from comity.integration.equilibrium.packages import search_package
    from comity.integration.equilibrium.packages import solve_package as solve
    from comity.integration.equilibrium.reading import read_scenario
    from comity.integration.equilibrium.simulate import Chance

    chance = Chance(draws, seed, level)
    sectors = _open_sectors(scenario, flows)
    if sectors is not None:
        from comity.integration.equilibrium.sector_scenario import judge_sectors

        posed, tables = sectors[0], sectors[1:]
        return search_package(posed, lambda chosen: judge_sectors(posed, chosen, tables, chance), chance)
    world = _open_world(flows)
    return solve(read_scenario(scenario, world.economy.names), world, chance)


def solve_sectors(
    flows: Any, value_added: Any, inputs: Any, theta: Any, changes: Any = None, **options: Any
) -> dict[str, Any]:
    """Solve the model with sectors and inputs for tables of one's own.

    Parameters
    ----------
    flows : Arrow table or anything `pyarrow.table` takes
        `exporter`, `importer`, `sector`, `value`, sales at home included, and `tariff` [1] where there are tariffs.
    value_added : table
        `economy`, `sector`, `share` of value added in output [1].
    inputs : table
        `economy`, `sector` that buys, `input` it buys, `share` of its output spent on that [1]; with value added the
        shares sum to one.
    theta : table
        `sector`, `theta`: trade elasticity; and where it is not sure `se`, its standard error, or `low` and `high`.
    changes : table, optional
        `exporter`, `importer`, `sector`, and `log_cost` [log] or `tariff` (rate after [1]). Nothing changes where left
        out.
    **options
        `closure`: `additive`, `multiplicative` or `balanced`; `draws`, `seed`, `level` as in `simulate_scenario`: how
        elasticities with an error or a range are drawn.

    Returns
    -------
    dict
        `economies` (name, changes [percent] of welfare, real wages, cost of living, exports, imports), `sectors`
        (economy, sector, changes of output and price), `certificate`, `theta`, `closure`, `assumptions`; with
        `_low` and `_high` where something was drawn.

    Raises
    ------
    comity.integration.equilibrium.errors.EconomyError
        Rows that cannot be used; they are named.
    comity.integration.errors.NotConverged
        No solution that its certificate bears out was found.

    Examples
    --------
    >>> flows = {"exporter": ["A", "A", "B", "B"], "importer": ["A", "B", "A", "B"], "sector": ["all"] * 4,
    ...          "value": [8.0, 2.0, 2.0, 18.0], "tariff": [0.0, 0.1, 0.1, 0.0]}
    >>> shares = {"economy": ["A", "B"], "sector": ["all"] * 2, "share": [0.5, 0.5]}
    >>> theta = {"sector": ["all"], "theta": [4.0]}
    >>> free = {"exporter": ["A", "B"], "importer": ["B", "A"], "sector": ["all"] * 2, "tariff": [0.0, 0.0]}
    >>> found = solve_sectors(flows, shares, {**shares, "input": ["all"] * 2}, theta, free)
    >>> [row["welfare"] > 0 for row in found["economies"]]
    [True, True]
    """
    from comity.integration.equilibrium.sector_tables import SectorTables, describe_sectors
    from comity.integration.equilibrium.simulate import Chance

    _refuse_unknown(options, ("closure", *CHANCES))
    chance = Chance(**{name: options[name] for name in CHANCES if name in options})
    given = (flows, value_added, inputs, theta, {} if changes is None else changes)
    rows = SectorTables(*(_list_rows(table) for table in given))
    return describe_sectors(rows, options.get("closure", "additive"), chance)


def _refuse_unknown(options: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse an option that there is not."""
    from comity.integration.equilibrium.errors import EquilibriumError

    unknown = sorted(set(options) - set(known))
    if unknown:
        todo = f"the options are {', '.join(known)}"
        raise EquilibriumError(f"there is no option {', '.join(unknown)}", todo=todo)


def _open_sectors(scenario: Path | str, flows: Any) -> tuple[Scenario, SectorEconomy, Elasticities] | None:
    """Return a scenario of the model with sectors and its tables; None where it is for one sector."""
    from comity.integration.equilibrium.errors import EquilibriumError
    from comity.integration.equilibrium.step import read_sector_scenario

    found = read_sector_scenario(scenario)
    if found is not None and flows is not None:
        raise EquilibriumError("flows beside a scenario that names its tables", todo="give one of the two")
    return found


def read_flows(file: Path) -> Any:
    """Read a table of flows from a file: Parquet, CSV, Arrow, or Stata where pandas is installed."""
    from comity.integration.gravity.step import read_data

    return read_data(file)


def _list_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of anything that is a table."""
    import pyarrow as pa

    return list((table if isinstance(table, pa.Table) else pa.table(table)).to_pylist())


def _open_world(flows: Any) -> World:
    """Return the world of 2023, or the user's own economies."""
    if flows is None:
        from comity.integration.equilibrium.step import read_world

        return read_world()
    import pyarrow as pa

    from comity.integration.equilibrium.economy import build_economy
    from comity.integration.equilibrium.errors import EconomyError
    from comity.integration.equilibrium.world import wrap_economy

    table = flows if isinstance(flows, pa.Table) else pa.table(flows)
    missing = [name for name in ("exporter", "importer", "value") if name not in table.column_names]
    if missing:
        raise EconomyError(
            f"the table of flows has no column {', '.join(missing)}",
            todo=f"columns: {', '.join(table.column_names)}; rename them to exporter, importer and value",
        )
    return wrap_economy(build_economy(table.to_pylist()))

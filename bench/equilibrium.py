"""General equilibrium: random economies, many draws, the world, the search, and gegravity 0.3 beside it in one run.

Run: python bench/equilibrium.py [--economies 10000] [--sizes 30 60 100] [--flows FILE]

FILE is the table of the gravity guide (six years, 69 economies); with it the chain from an estimate is measured.

Times are CPU seconds of this process. The peer runs where it is installed (extra `peers`), on the same costs, outputs
and spending, with its own defaults; its messages are shown as it gives them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections import Counter
from itertools import combinations, product
from pathlib import Path

import numpy as np
from pyarrow.parquet import read_table

SCALES = (10, 100, 1000)
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.specimens.economies import (  # noqa: E402
    draw_change,
    draw_economy,
    draw_flows,
    draw_model,
    draw_sector_change,
    draw_sectors,
)

from comity.api import estimate_gravity  # noqa: E402
from comity.integration.equilibrium.draws import Draws, solve_draws  # noqa: E402
from comity.integration.equilibrium.economy import Economy  # noqa: E402
from comity.integration.equilibrium.geppml import fit_baseline, solve_first_round  # noqa: E402
from comity.integration.equilibrium.model import Change, Model  # noqa: E402
from comity.integration.equilibrium.packages import judge_package, rank_package, solve_package  # noqa: E402
from comity.integration.equilibrium.pair import simulate_pair  # noqa: E402
from comity.integration.equilibrium.parameters import Effect, read_elasticity, read_parameters  # noqa: E402
from comity.integration.equilibrium.scenario import Scenario, Step  # noqa: E402
from comity.integration.equilibrium.sector_draws import Elasticities, solve_sector_draws  # noqa: E402
from comity.integration.equilibrium.sector_solve import solve_sectors  # noqa: E402
from comity.integration.equilibrium.sectors import SectorChange, SectorModel  # noqa: E402
from comity.integration.equilibrium.simulate import Chance  # noqa: E402
from comity.integration.equilibrium.solve import solve_equilibrium  # noqa: E402
from comity.integration.equilibrium.step import read_world  # noqa: E402
from comity.integration.equilibrium.world import Construction, Trade, build_world, wrap_economy  # noqa: E402
from comity.integration.gravity.bootstrap import estimate_draws  # noqa: E402
from comity.lexicon.errors import ComityError  # noqa: E402


def measure_random(count: int) -> None:
    """Solve random economies and count what became of each."""
    for most, words in (
        (0.2, "changes of cost up to about a fifth"),
        (1.0, "changes of cost by a factor of 3 and more"),
    ):
        outcomes: Counter[str] = Counter()
        worst, start = 0.0, time.process_time()
        for seed in range(count // 2):
            rng = np.random.default_rng(seed)
            economy, model = draw_economy(rng), draw_model(rng)
            change = draw_change(rng, len(economy.names), most)
            try:
                found = solve_equilibrium(economy, change, model)
            except ComityError as error:
                outcomes[f"refused: {type(error).__name__}, closure {model.closure}"] += 1
                continue
            silent = found.certificate.largest > 1e-9 or not np.isfinite(found.welfare).all()
            outcomes["SILENT FAILURE" if silent else f"solved: {found.certificate.method}"] += 1
            worst = max(worst, found.certificate.largest)
        seconds = time.process_time() - start
        print(
            f"{count // 2:,} random economies, {words}: {seconds:.1f} CPU s with drawing them, "
            f"worst residual {worst:.1e}"
        )
        for outcome, number in sorted(outcomes.items()):
            print(f"  {number:6,}  {outcome}")


def measure_draws() -> None:
    """Solve 1,000 counterfactuals at 76 economies: effects and theta drawn, few pairs or all."""
    rng = np.random.default_rng(0)
    economy = Economy(tuple(f"E{i:02}" for i in range(76)), draw_flows(rng, 76))
    off = np.argwhere(~np.eye(76, dtype=bool))
    theta = read_elasticity().draw(rng, 1000)
    home = rng.triangular(0.8, 1.0, 1.4, (76, 1000))
    for pairs, drawn in product((2, 200, len(off)), (None, home)):
        chosen = off[rng.choice(len(off), pairs, replace=False)]
        trade = np.tile(rng.normal(0.557, 0.102, 1000), (pairs, 1))
        draws = Draws(theta, chosen[:, 0], chosen[:, 1], trade, np.zeros((pairs, 1000)), home=drawn)
        seconds, spread = time_best(lambda draws=draws: solve_draws(economy, draws, Model(5.03)))
        alone = solve_equilibrium(draws.rebuild(7, economy), draws.pose(7, 76), Model(float(theta[7])))
        gap = np.abs(alone.welfare - spread.welfare[:, 7]).max()
        print(
            f"1,000 counterfactuals at 76 economies, {pairs:,} pairs changed"
            f"{'' if drawn is None else ', sales at home drawn'}: {seconds:.2f} CPU s, "
            f"worst residual {spread.certificate.largest:.1e}, beside one solved alone {gap:.0e}"
        )


def measure_world() -> None:
    """Time the world of 2023, and say how far results rest on how sales at home are constructed."""
    start = time.process_time()
    world = read_world()
    print(f"the world of 2023 read in {time.process_time() - start:.2f} CPU s: {len(world.members)} economies")
    states = [member for member in world.members if member.kind == "state"]
    largest = sorted(states, key=lambda member: -member.gdp)[:7]
    pairs = [(a.code, b.code) for a, b in combinations(largest, 2)]
    times = [time_best(lambda pair=pair: simulate_pair(*pair, world, Chance(200)), 1)[0] for pair in pairs]
    print(f"an agreement of a pair and its end, 200 draws each: median {statistics.median(times):.3f} CPU s")
    parameters = read_parameters()
    rows, columns = np.nonzero(~np.eye(len(world.members), dtype=bool) & (world.economy.flows > 0))
    names = world.economy.names
    trade = Trade([names[i] for i in rows], [names[j] for j in columns], world.economy.flows[rows, columns].tolist())
    gains: dict[float, list[float]] = {}
    for ratio in (1.5, parameters["output_to_gdp"]["value"], 2.5):
        built = Construction(ratio, ratio, ratio, parameters["least_home_share"]["value"])
        economy = build_world(world.members, trade, built).economy
        for one, other in pairs:
            effect = np.zeros_like(economy.flows)
            places = economy.find(one), economy.find(other)
            effect[places] = effect[places[::-1]] = parameters["agreement_effect"]["value"]
            found = solve_equilibrium(economy, Change(log_trade=effect), Model(5.03))
            gains.setdefault(ratio, []).extend(100 * (found.welfare[list(places)] - 1))
    middle = np.array(gains[parameters["output_to_gdp"]["value"]])
    for ratio, values in gains.items():
        share = float(np.median(np.array(values) / middle))
        print(f"  output taken as {ratio:g} times GDP: welfare of the parties {share:.2f} of that shown (median of 42)")


def measure_search() -> None:
    """Search the smallest set beside looking at all 4,096 sets of twelve candidates."""
    world = wrap_economy(Economy(tuple(f"E{i:02}" for i in range(12)), draw_flows(np.random.default_rng(11), 12)))
    names, effect, chance = world.economy.names, Effect(0.5, 0.1, "a test"), Chance(draws=40)
    offered = {
        f"c{i:02}": Step("agreement", {"parties": (names[i], names[(i + 5) % 12])}, effect=effect) for i in range(12)
    }
    away = Step("dissolution", {"parties": names[:2]}, effect=Effect(0.1, 0.02, "another"))
    scenario = Scenario("s", "s", (away,), candidates=offered, closure="multiplicative")
    seconds, found = time_best(lambda: solve_package(scenario, world, chance), 1)
    start = time.process_time()
    sets = [chosen for size in range(13) for chosen in combinations(sorted(offered), size)]
    holding = [verdict for chosen in sets if (verdict := judge_package(scenario, chosen, world, chance)).holds]
    every = min(holding, key=lambda verdict: rank_package(scenario, verdict)).chosen if holding else ()
    print(
        f"search, 12 members, 12 candidates: {seconds:.2f} CPU s, {found['judged']} sets judged, "
        f"found {found['package']}; "
        f"all {len(sets):,} sets: {time.process_time() - start:.1f} CPU s, the same: {tuple(found['package']) == every}"
    )


def measure_sectors() -> None:
    """Time the model with sectors on random economies."""
    for count, sectors in ((20, 10), (44, 20), (60, 40)):
        economy = draw_sectors(np.random.default_rng(count), count, sectors)
        change = SectorChange(tariffs=np.zeros_like(economy.flows))
        theta = tuple(np.random.default_rng(1).uniform(2, 9, sectors))
        seconds, found = time_best(lambda: solve_sectors(economy, change, SectorModel(theta)), 1)  # noqa: B023
        print(
            f"{count} economies, {sectors} sectors, all tariffs away: {seconds:.2f} CPU s, "
            f"{found.certificate.method}, residual {found.certificate.largest:.1e}"
        )


def measure_sector_draws(count: int = 100) -> None:
    """Time drawn elasticities on 44 economies and 20 sectors; each draw is certified."""
    economy = draw_sectors(np.random.default_rng(44), 44, 20)
    change = SectorChange(tariffs=np.zeros_like(economy.flows))
    central = tuple(np.random.default_rng(1).uniform(2, 9, 20))
    theta = Elasticities(central, tuple(0.25 * value for value in central))
    drawn = theta.draw(count, 0)
    pose = lambda *_: (economy, change)  # noqa: E731
    seconds, found = time_best(lambda: solve_sector_draws(pose, theta, {}, "additive", drawn), 1)
    low, high = found.find_bounds("welfare", 0.9)
    print(
        f"44 economies, 20 sectors, {count} draws of the elasticities: {seconds:.1f} CPU s, worst residual "
        f"{found.worst:.1e}, median width of a 90 % interval {100 * np.median(high - low):.2f} points of welfare"
    )


def measure_random_sectors(count: int) -> None:
    """Solve random economies with sectors, up to 30 x 6, and count what became of each."""
    outcomes: Counter[str] = Counter()
    worst, start = 0.0, time.process_time()
    for seed in range(count):
        rng = np.random.default_rng([seed, 6])
        economy = draw_sectors(rng, int(rng.integers(3, 31)), int(rng.integers(1, 7)))
        change, model = draw_sector_change(rng, economy)
        try:
            found = solve_sectors(economy, change, model)
        except ComityError as error:
            outcomes[f"refused: {type(error).__name__}, closure {model.closure}"] += 1
            continue
        silent = found.certificate.largest > 1e-9 or not np.isfinite(found.welfare).all()
        outcomes["SILENT FAILURE" if silent else f"solved: {found.certificate.method}"] += 1
        worst = max(worst, found.certificate.largest)
    seconds = time.process_time() - start
    print(f"{count:,} random economies with sectors: {seconds:.1f} CPU s with drawing them, worst residual {worst:.1e}")
    for outcome, number in sorted(outcomes.items()):
        print(f"  {number:6,}  {outcome}")


def measure_peer(sizes: list[int]) -> None:
    """Solve the same economies with gegravity and with ours; say where the peer fails or is no equilibrium."""
    try:
        import gegravity
    except ImportError:
        print("gegravity is not installed (pip install .[peers]): no comparison")
        return
    print(f"gegravity {gegravity.__version__ if hasattr(gegravity, '__version__') else ''} beside ours")
    print("   n  seed  peer CPU s  ours CPU s   ratio  peer says; largest gap of its GDP to first round, equilibrium")
    ratios: dict[int, list[float]] = {}
    for count in sizes:
        for seed in range(3):
            access, output, spending, effect = draw_gravity(count, seed)
            seconds, said, gdp = ask_peer((access, output, spending, effect))
            names = tuple(f"E{i:03}" for i in range(count))
            change = Change(log_trade=effect)

            def run(change: Change = change, names: tuple = names, data: tuple = (access, output, spending)) -> tuple:
                economy = fit_baseline(names, *data)
                return economy, solve_equilibrium(economy, change, Model(4.0, closure="multiplicative"))

            ours, (economy, found) = time_best(run)
            first = solve_first_round(economy, change, 4.0)
            gaps = ""
            if gdp is not None:
                one = 100 * np.abs(gdp / (first.prices / first.cost_of_living) - 1).max()
                two = 100 * np.abs(gdp / (found.prices / found.cost_of_living) - 1).max()
                gaps = f"; {one:.1e} %, {two:.1e} %"
            ratios.setdefault(count, []).append(seconds / ours)
            print(f"{count:4}  {seed:4}  {seconds:10.2f}  {ours:10.4f}  {seconds / ours:6.0f}  {said}{gaps}")
    for count, values in ratios.items():
        print(f"  {count} economies: ours takes 1/{statistics.median(values):,.0f} of the CPU (median)")


def draw_gravity(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw costs by distance and border, outputs, spending, and an agreement of two."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(0, 1, (count, 2))
    far = np.log(1 + 20 * np.linalg.norm(place[:, None] - place, axis=2))
    access = np.exp(-0.8 * far - 2.5 * ~np.eye(count, dtype=bool))
    output = np.exp(rng.normal(10, 1.5, count))
    spending = output * rng.uniform(0.9, 1.1, count)
    effect = np.zeros((count, count))
    effect[0, 1] = effect[1, 0] = 0.47
    return access, output, spending * output.sum() / spending.sum(), effect


def ask_peer(data: tuple[np.ndarray, ...]) -> tuple[float, str, np.ndarray | None]:
    """Run the peer as it comes, and where that fails with other scales, as it advises; count the run that worked."""
    first = run_peer(*data, scale=1)
    if first[2] is not None:
        return first
    for scale in SCALES:
        seconds, said, gdp = run_peer(*data, scale=scale)
        if gdp is not None:
            return seconds, f"fails as it comes; with omr_rescale={scale}: {said}", gdp
    return first[0], f"fails, also with omr_rescale of {', '.join(map(str, SCALES))}: {first[1]}", None


def run_peer(
    access: np.ndarray, output: np.ndarray, spending: np.ndarray, effect: np.ndarray, scale: float
) -> tuple[float, str, np.ndarray | None]:
    """Return CPU seconds, what it says, and the ratio of real GDP by economy."""
    import gegravity
    import pandas as pd

    names = [f"E{i:03}" for i in range(len(output))]
    table = pd.DataFrame(
        [
            {"exporter": names[i], "importer": names[j], "year": "2006", "trade": 1.0, "Y": output[i], "E": spending[j],
             "log_access": np.log(access[i, j])}
            for i in range(len(names)) for j in range(len(names))
        ]
    )  # fmt: skip
    after = table.copy()
    after["log_access"] += effect.reshape(-1)
    start = time.process_time()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            base = gegravity.BaselineData(table, trade_var_name="trade", expend_var_name="E", output_var_name="Y")
            coefficients = gegravity.CostCoeffs(
                pd.DataFrame({"var": ["log_access"], "beta": [1.0], "se": [0.1]}), identifier_col="var",
                coeff_col="beta", stderr_col="se",
            )  # fmt: skip
            model = gegravity.OneSectorGE(
                base, year="2006", reference_importer=names[-1], sigma=5, cost_variables=["log_access"],
                cost_coeff_values=coefficients, quiet=True,
            )  # fmt: skip
            model.build_baseline(omr_rescale=scale)
            model.define_experiment(after)
            model.simulate()
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is what is shown
            return time.process_time() - start, f"{type(error).__name__}: {str(error)[:90]}", None
    seconds = time.process_time() - start
    said = {str(one.message).strip().split("\n")[0][:70] for one in caught if "iteration" in str(one.message)}
    said |= {str(one.message).strip()[:70] for one in caught if "progress" in str(one.message)}
    results = model.country_results
    gdp = 1 + results.reindex(names)[model.labels.gdp_change].to_numpy(dtype=float) / 100
    return seconds, "; ".join(sorted(said)) or "converged", gdp if np.isfinite(gdp).all() else None


def time_best(run: object, times: int = 3) -> tuple[float, object]:
    """Return the least CPU seconds of some runs, and the result."""
    seconds, result = np.inf, None
    for _ in range(times):
        start = time.process_time()
        result = run()  # type: ignore[operator]
        seconds = min(seconds, time.process_time() - start)
    return seconds, result


def measure_chain(flows: Path, draws: int = 200) -> None:
    """Estimate the effect of an agreement on pairs drawn anew, beside the published estimate."""
    effects = ["exporter_year", "importer_year", "pair_symmetric"]
    settings = {"columns": {"value": "trade"}, "errors": "pair_symmetric", "effects": effects}
    estimate = estimate_gravity(read_table(flows), regressors=["rta"], **settings)
    start = time.process_time()
    drawn = estimate_draws(estimate, draws, 0)[0]
    seconds = (time.process_time() - start) / draws
    print(
        f"effect of an agreement: {estimate.coefficients[0]:.3f} (error {estimate.errors[0]:.3f}); {draws} bootstrap "
        f"samples by pair: mean {drawn.mean():.3f}, deviation {drawn.std(ddof=1):.3f}, {seconds:.2f} CPU s each"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--economies", type=int, default=10_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[30, 60, 100])
    parser.add_argument("--flows", type=Path)
    given = parser.parse_args()
    if given.flows:
        measure_chain(given.flows)
    measure_draws()
    measure_world()
    measure_sectors()
    measure_sector_draws()
    measure_random_sectors(max(1, given.economies // 10))
    measure_search()
    measure_peer(given.sizes)
    if given.economies:
        measure_random(given.economies)


if __name__ == "__main__":
    main()

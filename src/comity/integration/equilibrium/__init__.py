"""General equilibrium: what a change of trade costs or tariffs would mean for every economy, solved and certified.

| module | gives |
|---|---|
| `economy`, `model` | `Economy`, `build_economy`; `Model` (elasticities, closure), `Change` (costs, tariffs) |
| `solve` | `solve_equilibrium`: one sector, exact-hat form, Newton by parts of the change where needed |
| `draws` | `solve_draws`: many counterfactuals at once |
| `geppml` | `fit_baseline`, `solve_geppml`: the loop of regressions of Anderson, Larch and Yotov |
| `sectors`, `sector_solve` | `SectorEconomy`, `solve_sectors`: the model of Caliendo and Parro |
| `sector_draws` | `solve_sector_draws`: the same with drawn elasticities and sizes, each draw certified |
| `sector_tables` | `describe_sectors`: the same from tables of one's own |
| `reading`, `simulate` | `read_scenario`, `describe_simulation`: scenarios as data, every economy with intervals |
| `chain` | `simulate_estimate`: from a gravity estimate, drawn, to every economy |
| `packages` | `solve_package`: the smallest set of agreements with which no member loses |
| `pair` | `simulate_pair`: an agreement of two states, or its end |
| `step` | `read_world`: 194 economies of 2023; the only module that reads files, beside `reading` |

>>> from comity.integration.equilibrium.step import read_world
>>> world = read_world()
>>> len(world.members), world.economy.flows.shape
(194, (194, 194))
"""

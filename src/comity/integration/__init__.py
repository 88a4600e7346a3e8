"""Integration: what closer ties would bring to each side, estimated, solved and certified.

| folder | gives |
|---|---|
| `gravity` | `estimate_gravity`: what distance, borders and agreements have meant for trade, with errors |
| `equilibrium` | `solve_equilibrium`, `solve_sectors`, `solve_draws`: what a change would mean for all, certified |
| `indices` | `estimate_index` for any table; `estimate_pairs`, `describe_pair`, `describe_group` for states |

Each folder is pure: tables in, results out. A run that has not converged is an error (`NotConverged`), never a number.

>>> from comity.integration.errors import NotConverged
>>> NotConverged("the system was not solved").what
'the system was not solved'
"""

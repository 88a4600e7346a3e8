"""Composite indices by the OECD/JRC handbook, for any table, for every pair of states, and for any group of them.

| function | gives |
|---|---|
| `composite.estimate_index(data, specification)` | an index with the output of every stage |
| `uncertainty.estimate_spread(index)` | intervals of scores and ranks, Sobol indices |
| `movement.estimate_movement(index, unit)` | slope and gain by indicator |
| `pairindex.estimate_pairs(ids, sources, specification)` | the index of every pair of states |
| `profile.describe_pair(pairs, a, b)`, `profile.describe_group(pairs, members)` | one pair beside like ones; a group |
| `step.read_pair_index()` | the shipped index of pairs, from the foundations tables; the only impure module |
"""

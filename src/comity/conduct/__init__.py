"""A state's own rules, written down and tested: what counts as a gesture, what open and lawful answer may follow.

| function | gives |
|---|---|
| `read_catalogue()`, `list_measures(kind)` | the closed catalogue of measures |
| `read_profile(path)`, `parse_profile(text)` | a profile, checked; or every problem with its line and field |
| `audit_conduct(profile, history, scale)` | when each rule would have applied, what was done, how steadily |
| `read_history(con, state, since, until)` | the acts of a state and toward it, from the view `events` |
| `rehearse_pair(pair, pool, plans, terms)` | the rules simulated beside today's behaviour, and their limits |
| `list_examples()`, `read_example(name)` | complete profiles of invented states |

>>> from comity.conduct.catalogue import read_catalogue
>>> len(read_catalogue()) >= 60
True
"""

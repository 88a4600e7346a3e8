"""Gravity: what distance, borders, agreements and the rest have meant for the flows between states.

| module | gives |
|---|---|
| `estimate` | `estimate_gravity`: a table of flows and a specification in, one estimate out |
| `specification` | what is estimated: regressors, fixed effects, estimator, errors |
| `effects` | fixed effects of any kind taken out of columns, by sparse systems |
| `poisson`, `least_squares` | the two estimators |

A table of flows has one row for each exporter, importer and year, and one for domestic sales where they are known.
A row that is not there is missing, never zero.
"""

"""Gravity: what distance, borders, agreements and the rest have meant for the flows between states.

| module | gives |
|---|---|
| `estimate` | `estimate_gravity`: a table of flows and a specification in, one estimate out |
| `specification` | what is estimated: regressors, fixed effects, estimator, errors |
| `panel`, `checks`, `sample`, `groups` | the rows: read, checked, chosen, with a ledger of what was left out |
| `regressors` | borders, lags and leads, the event-study form |
| `layout`, `tensor`, `effects` | fixed effects taken out of columns: dense, or by sparse systems |
| `poisson`, `least_squares` | the two estimators |
| `separation` | `find_separated`: the zeros for which no Poisson estimate exists |
| `covariance`, `bias` | errors with a named convention; the correction of Weidner and Zylkin |
| `bootstrap` | `estimate_draws`: the estimate again on pairs drawn with replacement |
| `result` | what an estimate gives, and `show_estimates`: several side by side |
| `step` | the same from a specification file |

A table of flows has one row for each exporter, importer and year, and one for domestic sales where they are known.
A row that is not there is missing, never zero.
"""

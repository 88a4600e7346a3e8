"""Reciprocity: who answers whom, how soon, in proportion to what, and how steadily.

| module | gives |
|---|---|
| `var` | `fit_var`, `identify_lags`: how both sides' acts follow from both sides' past |
| `granger` | `identify_granger`: whether one side's past helps to predict the other |
| `response` | `identify_responses`: what follows an unexpected act, with intervals, under both orderings |
| `bayes`, `bands` | `fit_bayes`, `draw_responses`, `bound_responses`: the Sims-Zha model and its error bands |
| `projection` | `identify_projection`: the same question asked of each horizon by itself |
| `acts`, `eventtime` | `identify_answers`: after a gesture, how likely an answer, of which type, after how many days |
| `triangle` | `identify_influence`: what a third party's acts add |
| `exchange` | `fit_pool`, `draw_rates`, `check_answers`: gestures by routine and in answer, simulated by `conduct` |
| `many` | `identify_pairs`: many pairs, false discoveries held down |
| `steadiness` | `identify_steadiness`: by routine, in kind, late, or not at all, each with its probability |
| `strategies`, `machines` | `list_strategies`, `find_strategy`: strategies of the literature as tables of states |
| `matches`, `tournaments` | `play_matches`, `play_tournament`: many matches at once, with noise |
| `coding` | `code_acts`: the events of a period as one friendly or unfriendly act |
| `identification`, `evidence`, `separation` | `identify_strategies`: which strategies fit, and whether it can be told |
| `step` | the same for a pair of a store |

Series are arrays (periods, series) without gaps; `comity.api` reads them from the event view.

>>> import numpy as np
>>> from comity.reciprocity.granger import identify_granger
>>> noise = np.random.default_rng(1).standard_normal((300, 2))
>>> noise[1:, 1] += 0.5 * noise[:-1, 0]
>>> [test.p_value < 0.001 for test in identify_granger(noise, 1)]
[True, False]
"""

"""The index of relations: levels of directed pairs with their uncertainty, and what changed.

| function | gives |
|---|---|
| `score_relations(con, pairs, by, scale)` | the index by period, filtered or smoothed |
| `estimate_standing`, `smooth_jointly` | the model itself: arrays in, arrays out |
| `expect_periods`, `draw_counts`, `draw_totals` | what the next periods may bring |
| `find_changes` | changes with intervals |
| `find_all_breaks(con, pairs, by, scale)` | thaws and ruptures with probabilities and evidence |
| `rank_standings`, `rank_dyads`, `compare_dyad` | pairs beside each other, beside their past and beside like pairs |
| `score_alternative(con, pairs, by, scale, name)` | measures of the literature by name |
| `compare_alternatives(con, pairs, by, scale)` | how far these and the index agree, with intervals |
| `estimate_ideal_points(votes)` | where states stand in votes of the General Assembly, by year |

>>> from comity.relations.series import start_period
>>> from datetime import date
>>> start_period(date(2025, 5, 15), "week")
datetime.date(2025, 5, 12)
"""

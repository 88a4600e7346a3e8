"""The index of relations: levels of directed pairs with their uncertainty, and what changed.

| function | gives |
|---|---|
| `score_relations(con, pairs, by, scale)` | the index by period, filtered or smoothed |
| `estimate_standing`, `smooth_jointly` | the model of gestures: arrays in, arrays out |
| `expect_periods`, `draw_counts`, `draw_totals` | what the next periods may bring |
| `filter_levels`, `smooth_levels` | the linear model of the first version, for comparison |
| `find_changes`, `rank_levels` | changes and ranks with intervals |

>>> from comity.relations.series import start_period
>>> from datetime import date
>>> start_period(date(2025, 5, 15), "week")
datetime.date(2025, 5, 12)
"""

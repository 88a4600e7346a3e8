"""The index of relations: levels of directed pairs with their uncertainty, and what changed.

| function | gives |
|---|---|
| `score_relations(con, pairs, by, scale)` | the index by period, filtered or smoothed |
| `filter_levels`, `smooth_levels` | the model itself: arrays in, arrays out |
| `find_changes`, `rank_levels` | changes and ranks with intervals |

>>> from comity.relations.series import start_period
>>> from datetime import date
>>> start_period(date(2025, 5, 15), "week")
datetime.date(2025, 5, 12)
"""

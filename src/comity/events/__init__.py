"""Many feeds become one event table: who did what to whom, when, on a published scale.

| function | gives |
|---|---|
| `load_files(folder, paths, family)` | a store filled from files, and an account of every row |
| `code_events(reading, file)` | a file's rows judged: kept, set aside, dropped by reason |
| `connect_events(con, scale, level)` | the view `events` at a level of de-duplication |
| `count_events(con, ...)` | counts by type and quad class, and the sum of scores |
| `read_scale(name_or_path)` | the scale that gives each code its type, class and score |

>>> from comity.events.day_rule import judge_days
>>> judge_days("20240516", "20250516020000")[2]
'misdated_year'
"""

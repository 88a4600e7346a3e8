"""The Python interface: what the command line does, as functions that return data frames or plain values.

| function | gives |
|---|---|
| `load_events(paths, store)` | a store filled from files, and an account of every row |
| `fetch_events(since, until, folder)`, `load_fetched(account, folder, store)` | files of a span from the publisher |
| `count_events(...)` | counts by type and quad class, sum of scores |
| `read_events(...)` | events as an Arrow table: code, type, score, reports, link |
| `read_rows(...)` | the stored rows behind events: number, time, file |
| `score_relations(a, b, by=...)` | the index of both directions as an Arrow table |
| `fit_var`, `fit_bayes`, `identify_granger`, `identify_responses`, `identify_projection` | how acts follow from acts |
| `identify_answers`, `identify_steadiness` | answers to gestures beside the base rate; how steady they are |
| `identify_influence`, `identify_pairs` | a third party's part; many pairs, false discoveries held down |
| `list_strategies()`, `play_strategies(names)` | named strategies of the literature, and tournaments of them |
| `identify_strategies(a, b)` | which of them fit the acts of a pair, or that it cannot be told |
| `describe_foundations(a, b)` | what ties two states, as an Arrow table |
| `list_measures()`, `check_conduct(file)`, `audit_conduct(file)`, `rehearse_conduct(file)` | a state's own rules |
| `compose_brief(a, b)`, `write_brief(a, b, ...)` | the brief as a dict, or as html, pdf, json, md |
| `describe_store(store)`, `verify_store(store)`, `read_ledger(store)` | what is loaded, missing, damaged |
| `identify_actor(text)` | the state or organisation behind any code or name |

Arrow tables go to pandas, Polars, DuckDB and R without copying: `table.to_pandas()`, `polars.from_arrow(table)`.

>>> from comity.api import count_events
>>> count_events(sender="Germany", receiver="Poland")["events"] > 0
True
"""

from comity.api.briefs import compose_brief, write_brief
from comity.api.conduct import audit_conduct, check_conduct, list_measures, rehearse_conduct
from comity.api.events import count_events, fetch_events, load_events, load_fetched, read_events, read_rows
from comity.api.reciprocity import (
    fit_bayes,
    fit_var,
    identify_answers,
    identify_granger,
    identify_influence,
    identify_pairs,
    identify_projection,
    identify_responses,
    identify_steadiness,
)
from comity.api.relations import describe_foundations, score_relations
from comity.api.stores import describe_store, read_ledger, verify_store
from comity.api.strategies import identify_strategies, list_strategies, play_strategies
from comity.lexicon import identify_actor

__all__ = [
    "audit_conduct",
    "check_conduct",
    "compose_brief",
    "count_events",
    "describe_foundations",
    "describe_store",
    "fetch_events",
    "fit_bayes",
    "fit_var",
    "identify_actor",
    "identify_answers",
    "identify_granger",
    "identify_influence",
    "identify_pairs",
    "identify_projection",
    "identify_responses",
    "identify_steadiness",
    "identify_strategies",
    "list_measures",
    "list_strategies",
    "load_events",
    "load_fetched",
    "play_strategies",
    "read_events",
    "read_ledger",
    "read_rows",
    "rehearse_conduct",
    "score_relations",
    "verify_store",
    "write_brief",
]

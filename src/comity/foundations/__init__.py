"""What ties two states: trade, economy, distance, votes, visas, air links, migrants and missions, figure by figure.

| function | gives |
|---|---|
| `describe_foundations(a, b)` | the figures of a pair by theme, both ways; without `b`, one state's own |
| `describe_voting_path(a, b)` | how far apart two states vote in the UN General Assembly, by year |
| `read_foundation(table)` | a shipped table as Arrow; `TABLES` says what its columns mean |
| `list_sources()` | publishers, terms and citations |
| `load_figures(folder, paths, source)` | publishers' own files over the shipped tables; `Own` names the folder |

>>> from comity.foundations import describe_foundations
>>> trade = describe_foundations("DEU", "POL")[0]
>>> trade["figures"][0]["measure"], trade["figures"][0]["year"]
('Exports of goods from Germany to Poland', 2023)
"""

from comity.foundations.facts import FoundationError
from comity.foundations.own import Own, load_figures, read_entries
from comity.foundations.step import (
    describe_foundations,
    describe_voting_path,
    list_sources,
    read_foundation,
)
from comity.foundations.tables import TABLES

__all__ = [
    "TABLES",
    "FoundationError",
    "Own",
    "describe_foundations",
    "describe_voting_path",
    "list_sources",
    "load_figures",
    "read_entries",
    "read_foundation",
]

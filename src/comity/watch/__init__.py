"""Watch: the live stream as it comes, what it lacks, and who is told.

| function | gives |
|---|---|
| `read_rules(file, on)` | a file of rules, checked: who is watched for what, and who is told |
| `step.run_watch(watch)` | round after round: fetch what the ledger lacks, load, decide, deliver |
| `step.describe_watch(store, now)` | how fresh everything is |
| `alert_staleness(freshness, told, now)` | whether to tell that nothing comes, or that it comes again |
| `detector.detect_alerts(store, rules, touched, begin)` | alerts about the pairs that are watched |
| `Alert` | the table between the watch and whatever decides on alerts about pairs; `Evidence`: an event behind one |

>>> from comity.watch import list_examples
>>> list_examples()
['neighbours']
"""

from comity.watch.errors import WatchError, WatchFileError
from comity.watch.example import list_examples, read_example, read_schema
from comity.watch.reading import parse_rules, read_rules
from comity.watch.rules import Rule, WatchList
from comity.watch.staleness import alert_staleness
from comity.watch.tables import Alert, Evidence, Freshness, Normal, PastAlerts, SlotCount

__all__ = [
    "Alert",
    "Evidence",
    "Freshness",
    "Normal",
    "PastAlerts",
    "Rule",
    "SlotCount",
    "WatchError",
    "WatchFileError",
    "WatchList",
    "alert_staleness",
    "list_examples",
    "parse_rules",
    "read_example",
    "read_rules",
    "read_schema",
]

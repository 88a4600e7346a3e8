"""Choice: which initiatives a plan holds, and when, by a named bargaining objective; nobody is worse off.

Each function but the check takes `(project, stakes, parties, terms, effort)`.

| function | gives |
|---|---|
| `propose_plan(...)` | choice and timetable by `nash`, `kalai-smorodinsky`, `leximin` or `weighted` |
| `check_proposal(proposal, project, stakes, terms)` | what is wrong with it, by plain arithmetic; empty if nothing |
| `divide_gain(...)` | Shapley value and nucleolus of the joint gain, and the transfers to each |
| `propose_transfers(...)` | the best plan for all together, and the least transfers with which nobody loses |
| `explain_conflict(...)` | requirements that clash, none of them to spare, and the smallest changes that help |
| `find_misses(...)` | for each initiative, who falls short by how much if it is done |

`terms` says what is sought (`Terms(objective, weights, disagreement, on)`), `effort` how long and with what seed
(`Effort(seconds, workers, seed)`); both have defaults. `parties` is a tuple of actor ids, in the document's order.

>>> from comity.plan.choice.tables import Terms
>>> Terms().objective
'nash'
"""

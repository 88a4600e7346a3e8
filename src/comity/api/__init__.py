"""The Python interface: what the command line does, as functions that return data frames or plain values.

| function | gives |
|---|---|
| `load_events(paths, store)` | a store filled from files, and an account of every row |
| `fetch_events(since, until, folder)`, `load_fetched(account, folder, store)` | files of a span from the publisher |
| `count_events(...)` | counts by type and quad class, sum of scores |
| `read_events(...)` | events as an Arrow table: code, type, score, reports, link |
| `read_rows(...)` | the stored rows behind events: number, time, file |
| `score_relations(a, b, by=...)` | the index of both directions as an Arrow table |
| `find_breaks(a, b)`, `score_breaks(a, b)` | thaws and ruptures with probabilities and the events that made them |
| `rank_relations(state)`, `compare_relations(a, b)` | ranks with intervals; a pair beside its own past and like pairs |
| `score_alternatives(a, b)`, `compare_alternatives()` | measures of the literature by name; how far they agree |
| `read_ideal_points()`, `estimate_ideal_points(votes, rollcalls)` | where states stand in votes at the UN |
| `score_distances(a, b)` | how far apart two states voted, by year |
| `fit_var`, `fit_bayes`, `identify_granger`, `identify_responses`, `identify_projection` | how acts follow from acts |
| `identify_answers`, `identify_steadiness` | answers to gestures beside the base rate; how steady they are |
| `identify_influence`, `identify_pairs` | a third party's part; many pairs, false discoveries held down |
| `list_strategies()`, `play_strategies(names)` | named strategies of the literature, and tournaments of them |
| `identify_strategies(a, b)` | which of them fit the acts of a pair, or that it cannot be told |
| `describe_foundations(a, b)` | what ties two states, as an Arrow table |
| `list_measures()`, `check_conduct(file)`, `audit_conduct(file)`, `rehearse_conduct(file)` | a state's own rules |
| `record_commitments(records)`, `amend_record(kind, id, given)`, `load_commitments(path)` | into a register |
| `read_commitments()`, `list_agreements()`, `list_history(kind, id)` | how a register stood on any day |
| `write_commitments(form)` | a register as a file: CSV, JSON or IATI |
| `verify_commitments()`, `upgrade_register()`, `read_register_example()` | whether its chain holds; an example |
| `estimate_gravity(table, ...)` | what distance, borders and agreements have meant for trade |
| `simulate_scenario(file)`, `tabulate_scenario(file)` | what a change of trade costs would mean for every economy |
| `simulate_estimate(estimate, moves)` | from a gravity estimate, drawn, to what a change means for every economy |
| `check_scenario(file)` | what is wrong with a scenario, line by line |
| `solve_package(file)` | the smallest set of agreements with which no member loses |
| `solve_sectors(flows, value_added, inputs, theta, changes)` | the model with sectors and inputs, from tables |
| `simulate_agreement(a, b)` | an agreement between two states, or its end: for each, for third parties |
| `estimate_index(data, spec)`, `estimate_spread(index)`, `estimate_movement(index, unit)` | a composite index |
| `estimate_pair(a, b)`, `estimate_group(members)`, `estimate_pairs()` | how closely pairs and groups are tied |
| `run_watch(store, rules)`, `describe_watch(store)`, `check_watch(file)` | the live stream, its freshness, its rules |
| `find_alerts(pair)`, `write_alerts(found)` | pairs that moved from normal, at a stated rate of false alarms |
| `list_letters(store)`, `retry_letters(store)` | messages that could not be delivered |
| `compose_brief(a, b)`, `write_brief(a, b, ...)` | the brief as a dict, or as html, pdf, json, md |
| `list_publishers()`, `describe_publisher(source)` | publishers with terms and layout |
| `count_publishers(store)` | what a store holds of each |
| `load_figures(paths, store, source)` | publishers' figures over those of the package |
| `list_initiatives(field)`, `check_plan(file)` | what a plan may start from; what is wrong with one, line by line |
| `make_plan(file)`, `render_plan(made, form)` | choice and timeline in which nobody is worse off; its page and files |
| `revise_plan(file, changes=...)`, `explain_plan(file, task)` | what if; what binds a plan or stops it |
| `describe_partners(a, b)` | what stands between two partners, what is missing, each figure with its source |
| `follow_register(asked)`, `follow_due(asked)`, `assess_commitment(...)` | what was agreed, is due, and was kept |
| `estimate_followthrough(asked)`, `estimate_fulfilment(asked)`, `compare_coders(asked)` | estimates with intervals |
| `suggest_evidence(asked)`, `deliver_reminders(sink, outbox)` | where to look, and whom to remind |
| `list_dead_reminders(outbox)`, `retry_dead_reminders(outbox)` | reminders that were given up |
| `describe_store(store)`, `verify_store(store)`, `read_ledger(store)` | what is loaded, missing, damaged |
| `copy_store(store, into)` | a checked copy as of one moment, also during a load |
| `compact_store(store)`, `repair_store(store)`, `rebuild_store(store, into)` | larger files, damaged ones made again |
| `identify_actor(text)` | the state or organisation behind any code or name |

Arrow tables go to pandas, Polars, DuckDB and R without copying: `table.to_pandas()`, `polars.from_arrow(table)`.

>>> from comity.api import count_events
>>> count_events(sender="Germany", receiver="Poland")["events"] > 0
True
"""

from comity.api.alerts import (
    find_alerts,
    write_alerts,
)
from comity.api.alternatives import (
    compare_alternatives,
    score_alternatives,
)
from comity.api.briefs import (
    Extras,
    compose_brief,
    write_brief,
)
from comity.api.commitments import (
    amend_record,
    list_agreements,
    list_history,
    load_commitments,
    read_commitments,
    read_register_example,
    record_commitments,
    upgrade_register,
    verify_commitments,
    write_commitments,
)
from comity.api.conduct import (
    audit_conduct,
    check_conduct,
    list_measures,
    rehearse_conduct,
)
from comity.api.equilibrium import (
    check_scenario,
    simulate_agreement,
    simulate_estimate,
    simulate_scenario,
    solve_package,
    solve_sectors,
    tabulate_scenario,
)
from comity.api.events import (
    count_events,
    fetch_events,
    load_events,
    load_fetched,
    load_warehouse,
    read_events,
    read_rows,
)
from comity.api.follow import (
    assess_commitment,
    compare_coders,
    deliver_reminders,
    estimate_followthrough,
    estimate_fulfilment,
    follow_due,
    follow_register,
    list_dead_reminders,
    list_due_commitments,
    list_scales,
    retry_dead_reminders,
    suggest_evidence,
    sum_up_scale,
    write_due_calendar,
    write_register_status,
)
from comity.api.indices import (
    describe_index_schema,
    estimate_group,
    estimate_index,
    estimate_movement,
    estimate_pair,
    estimate_pairs,
    estimate_spread,
)
from comity.api.integration import (
    estimate_gravity,
)
from comity.api.plans import (
    check_plan,
    describe_partners,
    explain_plan,
    list_initiatives,
    make_plan,
    render_plan,
    revise_plan,
)
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
from comity.api.register_view import (
    RegisterView,
)
from comity.api.relations import (
    compare_relations,
    describe_foundations,
    find_breaks,
    rank_relations,
    score_breaks,
    score_relations,
)
from comity.api.sources import (
    count_publishers,
    describe_publisher,
    list_publishers,
    load_figures,
)
from comity.api.stores import (
    compact_store,
    copy_store,
    describe_store,
    read_ledger,
    rebuild_store,
    repair_store,
    verify_store,
)
from comity.api.strategies import (
    identify_strategies,
    list_strategies,
    play_strategies,
)
from comity.api.voting import (
    estimate_ideal_points,
    read_ideal_points,
    score_distances,
)
from comity.api.watch import (
    check_watch,
    describe_watch,
    list_letters,
    retry_letters,
    run_watch,
)
from comity.lexicon import (
    identify_actor,
)

__all__ = [
    "Extras",
    "RegisterView",
    "amend_record",
    "assess_commitment",
    "audit_conduct",
    "check_conduct",
    "check_plan",
    "check_scenario",
    "check_watch",
    "compact_store",
    "compare_alternatives",
    "compare_coders",
    "compare_relations",
    "compose_brief",
    "copy_store",
    "count_events",
    "count_publishers",
    "deliver_reminders",
    "describe_foundations",
    "describe_index_schema",
    "describe_partners",
    "describe_publisher",
    "describe_store",
    "describe_watch",
    "estimate_followthrough",
    "estimate_fulfilment",
    "estimate_gravity",
    "estimate_group",
    "estimate_ideal_points",
    "estimate_index",
    "estimate_movement",
    "estimate_pair",
    "estimate_pairs",
    "estimate_spread",
    "explain_plan",
    "fetch_events",
    "find_alerts",
    "find_breaks",
    "fit_bayes",
    "fit_var",
    "follow_due",
    "follow_register",
    "identify_actor",
    "identify_answers",
    "identify_granger",
    "identify_influence",
    "identify_pairs",
    "identify_projection",
    "identify_responses",
    "identify_steadiness",
    "identify_strategies",
    "list_agreements",
    "list_dead_reminders",
    "list_due_commitments",
    "list_history",
    "list_initiatives",
    "list_letters",
    "list_measures",
    "list_publishers",
    "list_scales",
    "list_strategies",
    "load_commitments",
    "load_events",
    "load_fetched",
    "load_figures",
    "load_warehouse",
    "make_plan",
    "play_strategies",
    "rank_relations",
    "read_commitments",
    "read_events",
    "read_ideal_points",
    "read_ledger",
    "read_register_example",
    "read_rows",
    "rebuild_store",
    "record_commitments",
    "rehearse_conduct",
    "render_plan",
    "repair_store",
    "retry_dead_reminders",
    "retry_letters",
    "revise_plan",
    "run_watch",
    "score_alternatives",
    "score_breaks",
    "score_distances",
    "score_relations",
    "simulate_agreement",
    "simulate_estimate",
    "simulate_scenario",
    "solve_package",
    "solve_sectors",
    "suggest_evidence",
    "sum_up_scale",
    "tabulate_scenario",
    "upgrade_register",
    "verify_commitments",
    "verify_store",
    "write_alerts",
    "write_brief",
    "write_commitments",
    "write_due_calendar",
    "write_register_status",
]

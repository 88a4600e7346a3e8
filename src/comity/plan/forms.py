"""The form of a plan: which fields stand where, of what form, within what limits."""

from __future__ import annotations

from comity.forms.fields import Form, Forms
from comity.plan.project import LagKind

VERSION = "1"
MOST_PERIODS = 4000
MOST_AMOUNT = 1e12
PERIODS = {"day": 365.25, "week": 365.25 / 7, "month": 12.0}
"""How many of each make a year."""
OBJECTIVES = {
    "nash": "the product of the parties' gains is greatest (Nash bargaining)",
    "kalai-smorodinsky": "each party comes equally near to the most that it could gain",
    "leximin": "the least gain is greatest, then the next",
    "weighted": "the weighted sum of the gains is greatest",
}
KINDS = {
    "money": "an amount in the plan's currency; what is left stays",
    "people": "persons who work; they come back when a phase is finished",
    "teams": "negotiating teams; they come back",
    "ratification": "slots of a parliament or cabinet; what is not used in a year lapses",
}
RENEWABLE = ("people", "teams")
LAPSING = ("ratification",)
STATUSES = ("given", "pending", "withheld")
PER = ("once", "year")
LAG_KINDS: tuple[LagKind, ...] = ("finish-start", "start-start", "finish-finish", "start-finish")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FROM = "integration"

TIME = Form("whole", low=0, high=MOST_PERIODS)
AMOUNT = Form("number", low=0, high=MOST_AMOUNT)

TOP: Forms = {
    "comity_plan": Form("whole", required=True),
    "id": Form("slug", required=True),
    "title": Form("text", required=True),
    "note": Form("text"),
    "parties": Form("list", required=True),
    "first_day": Form("text", required=True),
    "period": Form("text"),
    "horizon": Form("whole", required=True, low=1, high=MOST_PERIODS),
    "as_of": Form("text"),
    "currency": Form("text", required=True),
    "unit": Form("whole", low=1, high=1e9),
    "objective": Form("text"),
    "weights": Form("map"),
    "calendars": Form("items"),
    "resources": Form("items"),
    "initiatives": Form("items", required=True),
}
CALENDAR: Forms = {
    "id": Form("slug", required=True),
    "spans": Form("items"),
    "days": Form("list"),
    "weekdays": Form("list"),
    "source": Form("text"),
}
SPAN: Forms = {"from": Form("text", required=True), "to": Form("text", required=True), "note": Form("text")}
RESOURCE: Forms = {
    "id": Form("slug", required=True),
    "kind": Form("text", required=True),
    "party": Form("text"),
    "amount": AMOUNT,
    "by_year": Form("map"),
    "renewable": Form("flag"),
    "carries": Form("flag"),
    "source": Form("text", required=True),
    "note": Form("text"),
}
INITIATIVE: Forms = {
    "id": Form("slug", required=True),
    "template": Form("text"),
    "title": Form("text"),
    "field": Form("text"),
    "note": Form("text"),
    "parties": Form("list"),
    "phases": Form("items"),
    "consent": Form("items", required=True),
    "earliest": Form("text"),
    "latest": Form("text"),
    "needs": Form("list"),
    "excludes": Form("list"),
    "required": Form("flag"),
    "forbidden": Form("flag"),
    "gains": Form("items"),
    "costs": Form("items"),
    "progress": Form("items"),
}
PHASE: Forms = {
    "id": Form("slug", required=True),
    "title": Form("text"),
    "duration": Form("map"),
    "modes": Form("items"),
    "use": Form("items"),
    "after": Form("list"),
    "lags": Form("items"),
    "calendar": Form("text"),
    "earliest": Form("text"),
    "latest": Form("text"),
}
DURATION: Forms = {name: Form("whole", required=True, low=0, high=MOST_PERIODS) for name in ("best", "likely", "worst")}
MODE: Forms = {"name": Form("slug", required=True), "duration": Form("map", required=True), "use": Form("items")}
USE: Forms = {"resource": Form("text", required=True), "amount": Form("number", required=True, low=0, high=MOST_AMOUNT)}
LAG: Forms = {
    "after": Form("text", required=True),
    "least": Form("whole", low=-MOST_PERIODS, high=MOST_PERIODS),
    "most": Form("whole", low=-MOST_PERIODS, high=MOST_PERIODS),
    "kind": Form("text"),
}
CONSENT: Forms = {
    "party": Form("text", required=True),
    "who": Form("text", required=True),
    "status": Form("text"),
    "duration": Form("map"),
    "use": Form("items"),
    "after": Form("list"),
    "calendar": Form("text"),
    "earliest": Form("text"),
    "latest": Form("text"),
    "source": Form("text"),
}
WORTH: Forms = {
    "party": Form("text", required=True),
    **{name: Form("number", low=-MOST_AMOUNT, high=MOST_AMOUNT) for name in ("low", "likely", "high")},
    "per": Form("text"),
    "source": Form("text"),
    "note": Form("text"),
}
COST: Forms = WORTH
GAIN: Forms = {
    **WORTH,
    "from": Form("text"),
    "scenario": Form("text"),
    "share": Form("number", low=0, high=100),
    "rate": Form("number", low=1e-6, high=1e6),
}
PROGRESS: Forms = {
    "phase": Form("text", required=True),
    "started": Form("text", required=True),
    "finished": Form("text"),
    "left": TIME,
}
START = "start"
"""In `after`: nothing of the initiative comes before."""

"""A small plan that is in order, to be spoilt."""

from __future__ import annotations

SMALL = """\
comity_plan: 1
id: small
title: A small plan
parties: [Uruguay, Paraguay]
first_day: 2027-01-01
period: month
horizon: 24
currency: USD
unit: 1000
calendars:
  - {id: summer, spans: [{from: 2027-01-01, to: 2027-02-28}]}
resources:
  - {id: team, kind: teams, amount: 1, source: made up}
  - {id: money, kind: money, party: Uruguay, by_year: {2027: 5, 2028: 5}, source: made up}
initiatives:
  - id: ferry
    title: Run a ferry together
    field: transport
    phases:
      - {id: agree, duration: {best: 2, likely: 3, worst: 5}, use: [{resource: team, amount: 1}]}
      - {id: run, duration: {best: 1, likely: 2, worst: 4}, use: [{resource: money, amount: 2}]}
    consent:
      - {party: Uruguay, who: Parliament, duration: {best: 1, likely: 2, worst: 3}, after: [agree], calendar: summer}
      - {party: Paraguay, who: Congress, status: given}
    gains:
      - {party: Uruguay, low: 1, likely: 2, high: 3, per: year, source: made up}
      - {party: Paraguay, low: 2, likely: 4, high: 6, source: made up}
    costs:
      - {party: Uruguay, low: 0.1, likely: 0.2, high: 0.3, source: made up}
  - id: fair
    title: Hold a fair together
    field: culture
    needs: [ferry]
    phases:
      - {id: hold, duration: {best: 1, likely: 1, worst: 2}, after: [ferry.run]}
    consent:
      - {party: Uruguay, who: Government, status: given}
      - {party: Paraguay, who: Government, status: given}
    gains:
      - {party: Uruguay, low: 0, likely: 1, high: 2, source: made up}
      - {party: Paraguay, low: 0, likely: 1, high: 2, source: made up}
"""


def spoil(old: str, new: str) -> str:
    """Return the plan with one text in the place of another, which must be there."""
    assert old in SMALL, old
    return SMALL.replace(old, new, 1)

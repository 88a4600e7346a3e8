"""Requirements and changes as the parties wrote them: days for periods, the plan's units for whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.plan.document import PlanDocument
from comity.plan.layout import Layout

if TYPE_CHECKING:
    from comity.plan.choice.tables import Change, Requirement

AMOUNTS = ("capacity", "arrival")


@dataclass(frozen=True)
class Wording:
    """What saying a requirement in the plan's own terms needs."""

    plan: PlanDocument
    layout: Layout

    def word_requirement(self, one: Requirement) -> str:
        """Return a requirement as a sentence."""
        clock = self.plan.clock
        if one.kind == "no-loss":
            return f"{self._name(one.subjects[0])} is not worse off, by the low end of its interval"
        if one.kind == "horizon":
            return f"everything is finished by {clock.name_last_day(clock.horizon)}"
        if one.kind == "earliest" and one.amount is not None:
            return f"{one.subjects[0]} starts on {clock.name_day(one.amount)} at the earliest"
        if one.kind == "latest" and one.amount is not None:
            return f"{one.subjects[0]} is finished by {clock.name_last_day(one.amount)}"
        if one.kind in AMOUNTS and one.amount is not None:
            return (
                f"of {one.subjects[0]} there is {self._size(one, one.amount)} from {clock.name_day(one.period or 0)} on"
            )
        return self._name_asked(one, one.text)

    def word_change(self, change: Change) -> str:
        """Return a change as a sentence."""
        one, by = change.requirement, change.by
        if by is None:
            return self._name_asked(one, change.text)
        if one.kind == "no-loss":
            amount = by / self.layout.factor
            return f"a side payment of {amount:,.4g} {self._name_unit()} to {self._name(one.subjects[0])}"
        if one.kind in AMOUNTS:
            since = self.plan.clock.name_day(one.period or 0)
            return f"{self._size(one, by)} more of {one.subjects[0]} from {since} on"
        periods = _count(by, self.plan.clock.period)
        wordings = {
            "earliest": f"{one.subjects[0] if one.subjects else ''} may start {periods} earlier",
            "latest": f"{one.subjects[0] if one.subjects else ''} may finish {periods} later",
            "horizon": f"the plan may end {periods} later",
            "lag": change.text.replace(f"{by} periods", periods),
        }
        return wordings.get(one.kind, change.text)

    def _name(self, party: str) -> str:
        """Return the name of a party."""
        return self.plan.parties.get(party, party)

    def _name_asked(self, one: Requirement, text: str) -> str:
        """Return a text; where it begins with the code of a party that is asked for consent, with its name instead."""
        if one.kind != "consent":
            return text
        party = one.subjects[1]
        return self._name(party) + text.removeprefix(party)

    def _name_unit(self) -> str:
        """Return the unit of gains."""
        return self.plan.currency if self.plan.unit == 1 else f"x {self.plan.unit:,} {self.plan.currency}"

    def _size(self, one: Requirement, amount: int) -> str:
        """Return an amount of a resource."""
        supply = next(supply for supply in self.plan.supplies if supply.id == one.subjects[0])
        value = f"{amount / self.layout.factors[supply.id]:g}"
        return f"{value} {self._name_unit()}" if supply.kind == "money" else value


def _count(number: int, period: str) -> str:
    """Return a number of periods."""
    return f"{number} {period}{'' if number == 1 else 's'}"

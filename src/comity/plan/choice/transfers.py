"""Side arrangements: what would have to change hands, shown beside a plan and never within it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from comity.plan.choice.coalitions import find_joint, value_coalitions
from comity.plan.choice.question import ask_question
from comity.plan.choice.search import Clock
from comity.plan.choice.shares import share_nucleolus, share_shapley
from comity.plan.choice.tables import Arrangement, Division, Effort, Lifting, Payoff, Terms, Transfer
from comity.plan.project import Project, Stake


def divide_gain(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> Division:
    """Return how the joint gain could be shared, by what each coalition of parties could do without the others.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
    parties : iterable of str
        At most 12.
    terms : Terms, optional
        Its disagreement values count; objective and weights do not.
    effort : Effort, optional
        The time is for all coalitions together.

    Returns
    -------
    Division
        Values of all coalitions, Shapley value and nucleolus in exact fractions, the plan with the largest joint gain,
        and the transfers that would bring each party from its payoff in that plan to its share.

    Raises
    ------
    BadProject, BadTerms
        Where the question contradicts its own form.
    NoPlan, NoTimetable
        Where the parties have no plan together, or none was found in time.

    References
    ----------
    `shapley-1953`, `schmeidler-1969`
    """
    asked = ask_question(project, stakes, parties, terms or Terms())
    values, joint, exact = value_coalitions(asked, Clock(effort or Effort()))
    worths = [values[coalition] for coalition in range(len(values))]
    nucleolus, imputation = share_nucleolus(worths)
    shares = {"shapley": share_shapley(worths), "nucleolus": nucleolus}
    named = {name: dict(zip(asked.parties, given, strict=True)) for name, given in shares.items()}
    return Division(
        parties=asked.parties,
        values={name_coalition(coalition, asked.parties): value for coalition, value in values.items()},
        shapley=named["shapley"],
        nucleolus=named["nucleolus"],
        imputation=imputation,
        stable=all(sum_shares(c, nucleolus) >= value for c, value in values.items()),
        timetable=joint.timetable,
        payoffs=joint.payoffs,
        arrangements=tuple(arrange_shares(name, joint.payoffs, given) for name, given in named.items()),
        exact=exact,
    )


def propose_transfers(
    project: Project,
    stakes: Iterable[Stake],
    parties: Iterable[str],
    terms: Terms | None = None,
    effort: Effort | None = None,
) -> Lifting:
    """Return the plan with the largest joint gain, and the least transfers with which nobody is worse off.

    An alternative to a plan that is good for each party by itself. Those above their disagreement value at the low end
    make up what the others lack, in proportion to what they are above it.

    Parameters
    ----------
    project : Project
    stakes : iterable of Stake
    parties : iterable of str
    terms : Terms, optional
        Its disagreement values count; objective and weights do not.
    effort : Effort, optional

    Returns
    -------
    Lifting

    Raises
    ------
    NoPlan, NoTimetable
        Where the parties have no plan together, or none was found in time.
    """
    asked = ask_question(project, stakes, parties, terms or Terms())
    joint = find_joint(asked, Clock(effort or Effort()))
    above = {p.party: p.low - p.disagreement for p in joint.payoffs}
    lack = sum(max(0, -rest) for rest in above.values())
    spare = sum(max(0, rest) for rest in above.values())
    moves = {
        party: Fraction(-rest) if rest < 0 else -Fraction(lack * rest, spare or 1) for party, rest in above.items()
    }
    return Lifting(joint.timetable, joint.payoffs, arrange("least", joint.payoffs, moves), joint.stage.proven)


def name_coalition(coalition: int, parties: Sequence[str]) -> tuple[str, ...]:
    """Return the members of a coalition in the parties' order."""
    return tuple(party for place, party in enumerate(parties) if coalition >> place & 1)


def sum_shares(coalition: int, shares: Sequence[Fraction]) -> Fraction:
    """Return what the members of a coalition get together."""
    return sum((share for place, share in enumerate(shares) if coalition >> place & 1), Fraction(0))


def arrange_shares(name: str, payoffs: Sequence[Payoff], shares: Mapping[str, Fraction]) -> Arrangement:
    """Return the arrangement that brings each party from its likely payoff to its share of the joint gain."""
    return arrange(name, payoffs, {p.party: shares[p.party] - (p.likely - p.disagreement) for p in payoffs})


def arrange(name: str, payoffs: Sequence[Payoff], moves: Mapping[str, Fraction]) -> Arrangement:
    """Return the transfers that move each party by an amount; the amounts add up to 0.

    Every giver gives to every taker, in proportion to what that one is to receive: no party's place in a list matters.
    """
    taken = sum((move for move in moves.values() if move > 0), Fraction(0))
    transfers = tuple(
        Transfer(giver, taker, -out * move / taken)
        for giver, out in moves.items()
        for taker, move in moves.items()
        if out < 0 < move
    )
    low = {p.party: p.low + moves[p.party] for p in payoffs}
    return Arrangement(
        name=name,
        transfers=transfers,
        after={p.party: p.likely + moves[p.party] for p in payoffs},
        low_after=low,
        below=tuple(p.party for p in payoffs if low[p.party] < p.disagreement),
        consents=tuple(party for party, move in moves.items() if move),
    )

"""Named strategies: the list, tournaments between them, and which of them fit the acts of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.api.relations import identify_pair
from comity.api.view import View, WrongUse

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.reciprocity.coding import Coding
    from comity.reciprocity.identification import Beliefs
    from comity.reciprocity.tournaments import Rules

BY = ("pair", "strategy")


def list_strategies() -> list[dict[str, Any]]:
    """Return the named strategies of the literature, as published in `strategies.yml`.

    Returns
    -------
    list of dict
        `name`, `aliases`, `definition`, `reference` (key in the bibliography), `form`, `deterministic`, `states` (None
        for one that counts without an end), `axelrod` (class of the Axelrod library with the same definition, or None).
    """
    from comity.reciprocity import strategies

    return [
        {
            "name": one.name,
            "aliases": list(one.aliases),
            "definition": one.definition,
            "reference": one.reference,
            "form": one.form,
            "deterministic": one.deterministic,
            "states": None if one.counts else one.compile(1).states,
            "axelrod": one.peer or None,
        }
        for one in strategies.list_strategies()
    ]


def play_strategies(names: Sequence[str] | None = None, *, rules: Rules | None = None, by: str = "pair") -> pa.Table:
    """Play a round robin of named strategies, each against each and against its like.

    Parameters
    ----------
    names : sequence of str, optional
        Names or aliases; all where left out.
    rules : comity.reciprocity.tournaments.Rules, optional
        Rounds, copies, noise, payoffs and seed; 200 rounds of the prisoner's dilemma once, without noise, where left
        out. The same seed gives the same table, and a match does not depend on what else is played.
    by : str
        `pair`: a row for each strategy and opponent; `strategy`: means over opponents, its like among them, the best
        first.

    Returns
    -------
    pyarrow.Table
        By pair: `strategy`, `opponent`, `rounds` (of all copies), `cc`, `cd`, `dc`, `dd` [rounds, own act first],
        `score` and `opponent_score` [points per round], `cooperation` [share of rounds]. By strategy: `rank`,
        `strategy`, `score`, `opponent_score`, `cooperation`.

    Raises
    ------
    comity.reciprocity.errors.ReciprocityError
        There is no such strategy, no round, or no copy.
    """
    import pyarrow as pa

    from comity.reciprocity import strategies
    from comity.reciprocity.tournaments import Rules, play_tournament

    if by not in BY:
        raise WrongUse(f"by {by!r}", todo=f"choose one of {', '.join(BY)}")
    rules = rules or Rules()
    every = strategies.list_strategies()
    chosen = every if names is None else [strategies.find_strategy(name) for name in names]
    labels = list(dict.fromkeys(one.name for one in chosen))
    found = play_tournament([strategies.find_strategy(name).compile(rules.rounds) for name in labels], rules)
    total = rules.rounds * rules.copies
    shares = (found.outcomes[..., 0] + found.outcomes[..., 1]) / total
    if by == "strategy":
        means = [values.mean(1).tolist() for values in (found.score, found.received, shares)]
        rows = sorted(zip(labels, *means, strict=True), key=lambda row: (-row[1], row[0]))
        columns = ("strategy", "score", "opponent_score", "cooperation")
        ranked = [{"rank": n, **dict(zip(columns, row, strict=True))} for n, row in enumerate(rows, 1)]
        return pa.Table.from_pylist(ranked)
    many = len(labels)
    return pa.table(
        {
            "strategy": [name for name in labels for _ in range(many)],
            "opponent": labels * many,
            "rounds": [total] * many**2,
            **{name: found.outcomes[..., n].ravel() for n, name in enumerate(("cc", "cd", "dc", "dd"))},
            "score": found.score.ravel(),
            "opponent_score": found.received.ravel(),
            "cooperation": shares.ravel(),
        }
    )


def identify_strategies(
    a: str,
    b: str,
    *,
    by: str = "week",
    coding: Coding | None = None,
    beliefs: Beliefs | None = None,
    view: View | None = None,
) -> dict[str, Any]:
    """Weigh the named strategies of both sides of a pair against their reported acts, and say whether they can be told.

    Parameters
    ----------
    a, b : str
        Any code or unambiguous name.
    by : str
        `day`, `week` (from Monday) or `month`: the period that counts as a round. Periods in which neither side's act
        is known are left out.
    coding : comity.reciprocity.coding.Coding, optional
        How the events of a period become one act: by the sign of the sum of their scores, and not seen where there is
        none, where left out.
    beliefs : comity.reciprocity.identification.Beliefs, optional
        Strategies, prior and noise; the published standard set, all alike, where left out.
    view : View, optional
        Store, time, scale and level.

    Returns
    -------
    dict
        `pairs`, `by`, `scale`, `first_period`, `last_period`, `periods` (rounds), `periods_quiet` (left out),
        `periods_left_out` (covered, but outside the longest run), `coding`, `prior`, `action` and `report` (chance of
        noise, its probability), and `sides`: for each `acting`, `toward`, `result` (`identifiable` or `not
        identifiable`), `reason`, `leading`, `friendly`, `unfriendly`, `unseen` [periods], `events` [count],
        `beside_free` [log Bayes factor], `strategies` (`strategy`, `probability`, `in_90`, `share_in_90`, `group`; the
        most probable first) and `groups` (`strategies`, `probability`).

    Raises
    ------
    comity.reciprocity.errors.TooLittle
        Nothing is loaded, or no act of either side is known.
    comity.reciprocity.errors.ReciprocityError
        There is no such period or strategy.
    """
    from comity.reciprocity import identification, step
    from comity.reciprocity.coding import Coding
    from comity.reciprocity.plain import describe_plainly

    first, second = identify_pair(a, b)
    coding = coding or Coding()
    with (view or View()).open() as (con, _, scale):
        run, left_out = step.read_coded_acts(con, (first.id, second.id), scale, by, coding)
    coded = run.drop_empty()
    found = identification.identify_strategies(coded.acts, beliefs)
    sides = []
    for n, (acting, toward) in enumerate(((first.id, second.id), (second.id, first.id))):
        side = describe_plainly(found.sides[n])
        side["strategies"] = side.pop("candidates")
        sides.append({"acting": acting, "toward": toward, "events": int(coded.events[:, n].sum()), **side})
    levels = {
        name: [{"chance": chance, "probability": weight} for chance, weight in getattr(found, name).items()]
        for name in ("action", "report")
    }
    return {
        "pairs": [[first.id, second.id], [second.id, first.id]],
        "by": by,
        "scale": scale.id,
        "first_period": coded.starts[0].isoformat(),
        "last_period": coded.starts[-1].isoformat(),
        "periods": found.periods,
        "periods_quiet": len(run.starts) - found.periods,
        "periods_left_out": left_out,
        "coding": describe_plainly(coding),
        "prior": found.prior,
        **levels,
        "sides": sides,
    }

"""Named strategies: the list, and tournaments between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.api.view import WrongUse

if TYPE_CHECKING:
    import pyarrow as pa

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

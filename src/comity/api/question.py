"""What a question about reciprocity is put to: a pair of a store, or series of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.api.relations import identify_pair
from comity.api.view import View, WrongUse

if TYPE_CHECKING:
    from comity.reciprocity.own import OwnSeries
    from comity.reciprocity.step import PairSeries
    from comity.reciprocity.var import Numbers


@dataclass(frozen=True)
class Terms:
    """On what terms series are compared.

    Parameters
    ----------
    by : str
        `day`, `week` (from Monday) or `month`; series of one's own have their own periods.
    lags : int, optional
        Periods of the past that are looked at; chosen by BIC where left out.
    horizon : int
        Periods ahead.
    seed : int
        Of draws and bootstraps; the same seed gives the same result.
    """

    by: str = "week"
    lags: int | None = None
    horizon: int = 12
    seed: int = 0


@dataclass(frozen=True)
class Question:
    """Series that a question is put to, and what every answer says of them.

    Parameters
    ----------
    names : tuple of (str, str)
        For each of the first two series, who acts and toward whom; or the two names of one's own series.
    labels : list of str
        Of each period.
    values : array (periods, series)
    about : dict
    """

    names: tuple[tuple[str, str], ...]
    labels: list[str]
    values: Numbers
    about: dict[str, Any]


def read_question(
    a: str | None, b: str | None, by: str, view: View | None, series: Any, others: tuple[str, ...] = ()
) -> Question:
    """Read the two directions of a pair, or two series of one's own.

    Parameters
    ----------
    a, b : str or None
        Parties by any code or unambiguous name; or names of series, which a table of two may leave out.
    by : str
        Period of the store's series.
    view : View, optional
    series : path-like, table or array, optional
        See `comity.reciprocity.step.read_own_series`.
    others : tuple of str
        A third party, or further series of one's own.

    Returns
    -------
    Question

    Raises
    ------
    WrongUse
        A pair of a store is not named, or a store and a table are both given.
    """
    from comity.reciprocity import step

    if series is not None:
        if view is not None and view.store is not None:
            raise WrongUse("both a store and series are given", todo="leave out one of them")
        names = tuple(name for name in (a, b, *others) if name is not None)
        return _describe_own(step.read_own_series(series).choose(names))
    if a is None or b is None:
        raise WrongUse("the two parties are not named", todo="name both, or give series of your own")
    first, second = (actor.id for actor in identify_pair(a, b))
    pairs = [(first, second), (second, first)]
    for name in others:
        third = identify_pair(a, name)[1].id
        identify_pair(b, name)
        pairs += [pair for side in (first, second) for pair in ((third, side), (side, third))]
    with (view or View()).open() as (con, _, scale):
        read = step.read_pairs(con, pairs, by)
    return _describe_read(read, scale.id)


def _describe_read(read: PairSeries, scale: str) -> Question:
    """Return the series of a store as a question."""
    about = {
        "pairs": [list(pair) for pair in read.pairs],
        "series": [f"{sender} to {receiver}" for sender, receiver in read.pairs],
        "by": read.by,
        "first_period": read.starts[0].isoformat(),
        "last_period": read.starts[-1].isoformat(),
        "periods": len(read.starts),
        "periods_left_out": read.left_out,
        "scale": scale,
    }
    return Question(read.pairs[:2], [start.isoformat() for start in read.starts], read.values, about)


def _describe_own(own: OwnSeries) -> Question:
    """Return series of one's own as a question."""
    labels = own.list_labels()
    about = {
        "pairs": None,
        "series": list(own.names),
        "by": own.by,
        "first_period": labels[0],
        "last_period": labels[-1],
        "periods": len(labels),
        "periods_left_out": 0,
        "scale": None,
    }
    first, second = own.names[:2] if len(own.names) > 1 else own.names * 2
    return Question(((first, second), (second, first)), labels, own.values, about)

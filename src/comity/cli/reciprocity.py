"""`comity reciprocity`: who answers whom, how soon and how steadily."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from comity.cli import columns
from comity.cli.options import json_option, print_json, print_table, view_options

if TYPE_CHECKING:
    from comity.api.view import View

Command = TypeVar("Command", bound=Callable[..., Any])
Show = Callable[[dict[str, Any]], None]

lags_option = click.option(
    "--lags", type=click.IntRange(1), help="Periods of the past that are looked at [default: chosen by BIC]."
)
horizon_option = click.option("--horizon", type=click.IntRange(0), default=12, show_default=True, help="Periods ahead.")
seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="Of draws: the same, the same result."
)
by_option = click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Length of a period; a file of one's own has its own.",
)
series_option = click.option(
    "--series",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file of one's own: a column of days, then one for each series. A and B name two of them.",
)


def ask_of_series(command: Command) -> Command:
    """Add A, B and the options of a question that is put to two series."""
    for option in (
        json_option,
        view_options,
        lags_option,
        by_option,
        series_option,
        click.argument("b", required=False),
        click.argument("a", required=False),
    ):
        command = option(command)
    return command


def _take_view(said: dict[str, Any]) -> View:
    """Return which data the question is put to."""
    from comity.api.view import View

    return View(said["store"], said["as_of"], said["scale"], said["level"])


def _take_words(said: dict[str, Any]) -> dict[str, Any]:
    """Return the words that every function for two series takes."""
    from comity.api.reciprocity import Terms

    names = ("by", "lags", "horizon", "seed")
    terms = Terms(**{name: said[name] for name in names if name in said})
    return {"a": said["a"], "b": said["b"], "terms": terms, "view": _take_view(said), "series": said["series"]}


def _answer(ask: Callable[[], dict[str, Any]], show: Show, as_json: bool) -> None:
    """Print an answer; where there is too little to say, say so and end with 1."""
    from comity.reciprocity.errors import TooLittle

    try:
        found = ask()
    except TooLittle as error:
        if as_json:
            print_json({"too_little_to_say": error.as_dict()})
        else:
            click.echo(f"too little to say: {error}")
        click.get_current_context().exit(1)
    if as_json:
        print_json(found)
    else:
        show(found)


def _print_groups(*lists: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Show:
    """Return what prints an answer as tables, under a line that says what it rests on."""

    def show(found: dict[str, Any]) -> None:
        click.echo(columns.describe_series(found), err=True)
        for place, list_rows in enumerate(lists):
            rows = list_rows(found)
            if rows:
                click.echo("\n" if place else "", nl=False)
                print_table(rows, tuple(rows[0]))

    return show


@click.group()
def command() -> None:
    """Say who answers whom, how soon and how steadily, between two parties or in series of your own.

    A and B are parties of the store; with --series FILE they are the names of two series of that file, and may be left
    out where it has only two. Prediction is not cause: what comes first need not be why.
    """


@command.command()
@ask_of_series
@click.option("--most", type=click.IntRange(1), help="The most lags to compare.")
def var(most: int | None, as_json: bool, **said: Any) -> None:
    """Fit how both sides' acts follow from both sides' past, and compare numbers of lags."""
    from comity.api import fit_var

    show = _print_groups(columns.list_criteria, columns.list_coefficients)
    _answer(lambda: fit_var(**_take_words(said), most=most), show, as_json)


@command.command()
@ask_of_series
@click.option("--extra", type=click.IntRange(0), default=0, show_default=True,
              help="Lags added without being tested, for trending series (Toda and Yamamoto).")  # fmt: skip
def granger(extra: int, as_json: bool, **said: Any) -> None:
    """Test in both directions whether one side's past acts help to predict the other's."""
    from comity.api import identify_granger

    _answer(lambda: identify_granger(**_take_words(said), extra=extra), _print_groups(columns.list_tests), as_json)


@command.command()
@ask_of_series
@horizon_option
@seed_option
def responses(as_json: bool, **said: Any) -> None:
    """Estimate what follows an unexpected act, and shares of variance, with 90 % intervals, under both orderings."""
    from comity.api import identify_responses

    _answer(lambda: identify_responses(**_take_words(said)), _print_groups(columns.list_responses), as_json)


@command.command()
@ask_of_series
@horizon_option
@seed_option
@click.option("--prior", "hyper", multiple=True, metavar="NAME=VALUE",
              help="A hyper-parameter, such as lambda1=0.2 or kind=flat (may be repeated).")  # fmt: skip
def bayes(hyper: tuple[str, ...], as_json: bool, **said: Any) -> None:
    """Fit the Sims-Zha model: coefficients, and responses with error bands."""
    from comity.api import fit_bayes

    prior = columns.read_prior(hyper)
    show = _print_groups(columns.list_coefficients, columns.list_bands)
    _answer(lambda: fit_bayes(**_take_words(said), prior=prior), show, as_json)


@command.command()
@ask_of_series
@horizon_option
def projection(as_json: bool, **said: Any) -> None:
    """Estimate each side's answer for each period ahead by a regression of its own (local projections)."""
    from comity.api import identify_projection

    _answer(lambda: identify_projection(**_take_words(said)), _print_groups(columns.list_projections), as_json)


@command.command()
@click.argument("a")
@click.argument("b")
@click.option("--side", type=click.Choice(["friendly", "unfriendly"]), default="friendly", show_default=True,
              help="Which gestures of A.")  # fmt: skip
@click.option("--size", type=click.IntRange(1, 3), help="Only gestures of size 1 (to 2 points), 2 (to 5) or 3 (above).")
@click.option("--window", type=click.IntRange(1), default=14, show_default=True, help="Days an answer is waited for.")
@seed_option
@view_options
@json_option
def answers(side: str, size: int | None, window: int, as_json: bool, **said: Any) -> None:
    """Estimate how B answers A's gestures: how likely, of which type, how soon, how proportionate.

    Each figure stands beside its base rate: the same figure on days like those without such a gesture.
    """
    from comity.api import identify_answers
    from comity.reciprocity.eventtime import Gesture

    gesture, view = Gesture(side, size, window), _take_view(said)
    words = {"gesture": gesture, "seed": said["seed"], "view": view}
    _answer(lambda: identify_answers(said["a"], said["b"], **words), _print_groups(columns.list_answers), as_json)


@command.command()
@ask_of_series
@seed_option
@click.option("--soon", type=click.IntRange(1), default=1, show_default=True,
              help="Periods within which an answer is not late.")  # fmt: skip
def steadiness(soon: int, as_json: bool, **said: Any) -> None:
    """Estimate how steadily each side answers: by routine, in kind, late or not at all, with probabilities."""
    from comity.api import identify_steadiness

    _answer(lambda: identify_steadiness(**_take_words(said), soon=soon), _print_groups(columns.list_sides), as_json)


@command.command()
@click.argument("a")
@click.argument("b")
@by_option
@view_options
@json_option
def strategies(by: str, as_json: bool, **said: Any) -> None:
    """Weigh named strategies against the acts of A and B, and say whether they can be told apart.

    A period is a round; what cannot be told is `not identifiable`.
    """
    from comity.api import identify_strategies

    view, show = _take_view(said), _print_groups(columns.list_verdicts, columns.list_strategies)
    _answer(lambda: identify_strategies(said["a"], said["b"], by=by, view=view), show, as_json)


@command.command()
@click.argument("a")
@click.argument("b")
@click.argument("third", nargs=-1, required=True)
@series_option
@by_option
@lags_option
@view_options
@json_option
@seed_option
def influence(third: tuple[str, ...], as_json: bool, **said: Any) -> None:
    """Estimate what the acts of THIRD (of and toward both) add to the prediction of A's acts toward B.

    With --series, THIRD names one or more further series.
    """
    from comity.api import identify_influence

    words = _take_words(said)
    _answer(lambda: identify_influence(**words, third=third), _print_groups(columns.list_influence), as_json)


@command.command()
@click.argument("among", nargs=-1)
@click.option("--least", type=click.IntRange(1), default=50, show_default=True, help="Events of each direction.")
@click.option("--rate", type=float, default=0.05, show_default=True, help="Share of false finds that is borne.")
@series_option
@by_option
@lags_option
@view_options
@json_option
@seed_option
def pairs(among: tuple[str, ...], least: int, rate: float, as_json: bool, **said: Any) -> None:
    """Find who answers whom among many pairs (all, or those AMONG the parties named), false discoveries held down.

    In a file of one's own the two series of a pair are called A>B and B>A.
    """
    from comity.api import identify_pairs

    words = _take_words({**said, "a": None, "b": None})
    asked = {name: words[name] for name in ("terms", "view", "series")}
    _answer(
        lambda: identify_pairs(among or None, least=least, rate=rate, **asked),
        _print_groups(columns.list_finds),
        as_json,
    )

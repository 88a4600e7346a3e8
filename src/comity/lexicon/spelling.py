"""How names are compared, and which names are near to a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from comity.lexicon.actors import Actor

MOST_NEAREST = 5
"""How many suggestions an error lists."""
LEAST_LIKENESS = 0.6
"""Least similarity, from 0 to 1, of a name that is suggested."""
TOKEN_WEIGHTS = (0.9, 0.8)
"""Likeness of a name that has every word of the text, and others besides: first name, further ones."""

MOST_BEHIND = 0.2
"""How far a suggestion's likeness may lie behind the best one's."""
MOST_READ = 200
"""Characters of a text that are compared."""

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "&": " and "})
_FIRST_WORDS = {"st": "saint", "ste": "saint"}


def split_words(text: str) -> list[str]:
    """Return a text's words without case, diacritics, punctuation or a leading article.

    Parameters
    ----------
    text : str
        A name in Latin letters.

    Returns
    -------
    list of str
        Lower-case words; "U.S." is one word, "&" is "and", a leading "St" is "saint".

    Examples
    --------
    >>> split_words("The Gambia"), split_words("St. Lucia"), split_words("Côte d'Ivoire")
    (['gambia'], ['saint', 'lucia'], ['cote', 'divoire'])
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", re.sub(r"['’.]", "", letters))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if words:
        words[0] = _FIRST_WORDS.get(words[0], words[0])
    return words


def fold_name(text: str) -> str:
    """Return the key under which a name is looked up: its words, joined.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    str
        Such as "vietnam" for both "Viet Nam" and "Vietnam".
    """
    return "".join(split_words(text))


def list_names(actor: Actor) -> tuple[str, ...]:
    """Return every name of an actor, the short one first.

    Parameters
    ----------
    actor : Actor
        A state or an IGO; an IGO's short name is the part of its id after "IGO:".

    Returns
    -------
    tuple of str
        Name, short name of an IGO, formal name, aliases.
    """
    short = (actor.id.removeprefix("IGO:"),) if actor.kind == "igo" else ()
    return (actor.name, *short, actor.official_name, *actor.aliases)


@lru_cache(maxsize=512)
def _fold_names(actor: Actor) -> tuple[tuple[str, frozenset[str]], ...]:
    """Fold each name of an actor once: its key and its words."""
    return tuple((fold_name(name), frozenset(split_words(name))) for name in list_names(actor))


def _measure_likeness(matcher: SequenceMatcher[str], words: list[str], actor: Actor) -> float:
    """Return how near an actor's nearest name is, from 0 to 1."""
    best = 0.0
    for place, (key, name_words) in enumerate(_fold_names(actor)):
        matcher.set_seq1(key)
        least = max(best, LEAST_LIKENESS)
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
            best = max(best, matcher.ratio())
        shared = sum(any(other.startswith(word) for other in name_words) for word in words)
        best = max(best, TOKEN_WEIGHTS[min(place, 1)] * shared / len(words))
    return best


def _rank_suggestion(scored: tuple[float, Actor]) -> tuple[float, bool, bool, str]:
    """Order suggestions: the likest, then those that continue, then states, then by name."""
    score, actor = scored
    return (-score, actor.valid_to is not None, actor.kind != "state", actor.name)


def find_nearest(text: str, actors: Iterable[Actor]) -> list[Actor]:
    """Return the actors whose names are nearest to a text.

    Parameters
    ----------
    text : str
        What was looked up.
    actors : iterable of Actor
        Where to look.

    Returns
    -------
    list of Actor
        At most `MOST_NEAREST`, nearest first; empty where no name is near.

    Notes
    -----
    The likeness is the larger of Ratcliff and Obershelp's ratio of the folded names (difflib)
    and `TOKEN_WEIGHTS` times the share of the text's words that begin a word of the name.

    References
    ----------
    ratcliff-metzener-1988.
    """
    words = split_words(text[:MOST_READ])
    if not words:
        return []
    matcher = SequenceMatcher(None, "", "".join(words), autojunk=False)
    scored = ((_measure_likeness(matcher, words, actor), actor) for actor in actors)
    near = [(score, actor) for score, actor in scored if score >= LEAST_LIKENESS]
    near.sort(key=_rank_suggestion)
    return [actor for score, actor in near[:MOST_NEAREST] if score >= near[0][0] - MOST_BEHIND]


def show_actors(actors: Iterable[Actor]) -> Iterator[str]:
    """Yield each actor as "Name (ID)", for a message.

    Parameters
    ----------
    actors : iterable of Actor
        Actors to show.

    Yields
    ------
    str
        Such as "Germany (DEU)".
    """
    for actor in actors:
        yield f"{actor.name} ({actor.id})"

"""The values that a publisher gives its codes, as a scale of one's own: ICEWS' intensities, POLECAT's scores."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from comity.events.scale import Scale, read_scale
from comity.events.scale_table import COLUMNS, ScaleError

DIGITS = 4


def collect_scores(pairs: Iterable[tuple[str, float]]) -> tuple[dict[str, float], dict[str, int]]:
    """Find the value of each code: the one that most rows give it, the lower of two that are as frequent.

    Parameters
    ----------
    pairs : iterable of (str, float)
        Code and value of each row [points].

    Returns
    -------
    scores : dict of str to float
        Code to value.
    differing : dict of str to int
        Code to the count of rows with another value than the one taken; codes with one value are not in it.

    Examples
    --------
    >>> collect_scores([("042", 1.9), ("042", 1.9), ("042", 2.0), ("190", -10.0)])
    ({'042': 1.9, '190': -10.0}, {'042': 1})
    """
    found: dict[str, Counter[float]] = defaultdict(Counter)
    for code, value in pairs:
        found[code][round(value, DIGITS)] += 1
    scores = {code: min(values, key=lambda v: (-values[v], v)) for code, values in sorted(found.items())}
    differing = {code: found[code].total() - found[code][score] for code, score in scores.items()}
    return scores, {code: count for code, count in differing.items() if count}


def write_scale(name: str, about: Mapping[str, Any], scores: Mapping[str, float]) -> tuple[str, str]:
    """Write a scale's two files as text: types, classes and labels of the package's own, values of the publisher.

    Parameters
    ----------
    name : str
        Id of the scale.
    about : mapping
        `title`, `version`, `terms`, `key` and `citation`.
    scores : mapping of str to float
        Code to value [points]; a code of the package's scale without one gets none.

    Returns
    -------
    head, rows : str
        Text of the `.yml` and of the `.csv`.

    Raises
    ------
    ScaleError
        No code of the list has a value.
    """
    import yaml

    base = read_scale()
    known = {code: score for code, score in scores.items() if code in base.codes}
    if not known:
        raise ScaleError(f"none of {len(scores)} codes is a CAMEO code", where=name, todo="check the file")
    most = max(10.0, *(abs(score) for score in known.values()))
    head = {
        "id": name,
        "title": about["title"],
        "version": about["version"],
        "range": [-most, most],
        "neutral": list(base.neutral),
        "terms": about["terms"],
        "references": [{"key": about["key"], "text": about["citation"], "doi": None}],
    }
    return yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=120), _write_rows(base, known, about["key"])


def _write_rows(base: Scale, scores: Mapping[str, float], key: str) -> str:
    """Return the table of codes as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in base.rows:
        score = scores.get(row.code)
        writer.writerow(
            [row.code, row.type, row.quad, "" if score is None else f"{score:g}", row.label, f"score: {key}"]
        )
    return text.getvalue()

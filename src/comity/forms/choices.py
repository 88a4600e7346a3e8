"""Names that somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def find_nearest(text: str, names: Iterable[str], most: int = 5) -> list[str]:
    """Return the names nearest to a text, nearest first."""
    known = {name.casefold(): name for name in names}
    plain = text.casefold().strip().replace("_", "-").replace(" ", "-")
    inside = [name for low, name in known.items() if plain and (plain in low or low in plain)]
    near = [known[low] for low in difflib.get_close_matches(plain, known, n=most, cutoff=0.5)]
    return list(dict.fromkeys([*near, *inside]))[:most]

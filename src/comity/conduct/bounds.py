"""Codes that a measure of one's own may carry, and codes that are no gesture of one state toward another."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from comity.lexicon.published import read_published


@cache
def _read_bounds() -> dict[str, Any]:
    """Return the table."""
    table: dict[str, Any] = read_published(Path(__file__).parent / "bounds.yml")
    return table


def is_answer_code(code: str) -> bool:
    """Say whether a measure may carry a CAMEO code."""
    return code in _read_bounds()["answer_codes"]


def find_refused_gesture(code: str) -> str:
    """Return why a CAMEO code is no gesture of one state toward another, or an empty text."""
    refused: dict[str, str] = _read_bounds()["gesture_refused"]
    return next((why for start, why in refused.items() if code.startswith(start)), "")

"""The worked example of a register: a real agreement of two states, entered from its public text in our own words."""

from __future__ import annotations

from pathlib import Path


def read_example() -> str:
    """Return the document of the example, as `comity commitments import` takes it."""
    return Path(__file__).with_name("example.json").read_text("utf-8")

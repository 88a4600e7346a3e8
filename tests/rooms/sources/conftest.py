"""The publisher that the tests of this room talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.specimens.publisher import Publisher


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Start a publisher on this machine, and stop it."""
    with Publisher() as server:
        yield server

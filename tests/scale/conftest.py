"""The same rows for every engine, laid once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.specimens.engines import FAULTS, Ground, lay_ground
from tests.specimens.gdelt_rows import join, pack, write_row


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Lay rows with every fault that a table can hold, and some that are alike but for the link."""
    folder = tmp_path_factory.mktemp("scale")
    rows = [write_row(**({"event_id": 100 + n} | fault)) for n, fault in enumerate(FAULTS)]
    for n in range(60):
        names = {"country1": "DEU" if n % 2 else "FRA", "code": ("042", "190", "1213")[n % 3]}
        rows.append(write_row(event_id=1000 + n, url=f"https://news.example/{n % 7}" if n % 5 else "", **names))
    path = folder / "20250515120000.export.CSV.zip"
    path.write_bytes(pack(join(rows)))
    return lay_ground(folder, [path])


@pytest.fixture(scope="session")
def real_ground(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Lay some real files, or skip where they are not here."""
    files = sorted((shared / "data" / "gdelt2").glob("*.zip"))[::60]
    return lay_ground(tmp_path_factory.mktemp("scale_real"), files)

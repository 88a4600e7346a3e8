"""A specification from a file, with the table of flows that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from pyarrow import csv, parquet

from comity.integration.errors import SpecificationError
from comity.integration.gravity.estimate import estimate_gravity
from comity.integration.gravity.result import GravityEstimate
from comity.integration.gravity.specification import read_specification

READERS = {".parquet": parquet.read_table, ".csv": csv.read_csv}


def estimate_file(path: Path | str) -> GravityEstimate:
    """Estimate the gravity equation of a specification file.

    Parameters
    ----------
    path : path-like
        YAML: the settings of `comity.integration.gravity.specification.Specification`, and `data`, a Parquet or CSV
        file, relative to the specification.

    Returns
    -------
    GravityEstimate

    Raises
    ------
    SpecificationError
        The file or its data cannot be read.
    """
    path = Path(path)
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecificationError(f"the specification cannot be read: {error}", where=str(path)) from error
    if not isinstance(given, dict) or "data" not in given:
        raise SpecificationError("the specification names no data", where=str(path), todo="add data: flows.parquet")
    data = path.parent / str(given.pop("data"))
    return estimate_gravity(read_data(data), read_specification(given))


def read_data(path: Path) -> Any:
    """Read a table of flows from a Parquet or CSV file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    SpecificationError
        Another kind of file, or one that cannot be read.
    """
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise SpecificationError(f"{path.name} is neither Parquet nor CSV", where=str(path))
    try:
        return read(path)
    except (OSError, pa.ArrowException) as error:
        raise SpecificationError(f"the table of flows cannot be read: {error}", where=str(path)) from error

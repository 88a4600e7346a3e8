"""A specification from a file, with the table of flows that it names."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from pyarrow import csv, feather, parquet

from comity.integration.errors import SpecificationError
from comity.integration.gravity.estimate import estimate_gravity
from comity.integration.gravity.result import GravityEstimate
from comity.integration.gravity.specification import read_specification

MARKS = (",", ";", "\t")


def _read_csv(path: Path) -> Any:
    """Read a table of texts, whichever of comma, semicolon and tab its first line has most of."""
    with path.open("rb") as lines:
        head = lines.readline().decode("utf-8", "replace")
    return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=max(MARKS, key=head.count)))


def _read_stata(path: Path) -> Any:
    """Read a Stata file, where pandas is installed."""
    try:
        pandas: Any = importlib.import_module("pandas")
    except ImportError as error:
        raise SpecificationError(
            f"{path.name} is a Stata file, and pandas, which reads them, is not installed",
            where=str(path),
            todo="install pandas, or save the table as CSV or Parquet",
        ) from error
    try:
        return pa.Table.from_pandas(pandas.read_stata(path), preserve_index=False)
    except ValueError as error:
        raise SpecificationError(f"the table of flows cannot be read: {error}", where=str(path)) from error


READERS = {
    ".parquet": parquet.read_table,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".feather": feather.read_table,
    ".arrow": feather.read_table,
    ".dta": _read_stata,
}


def estimate_file(path: Path | str) -> GravityEstimate:
    """Estimate the gravity equation of a specification file.

    Parameters
    ----------
    path : path-like
        YAML: the settings of `comity.integration.gravity.specification.Specification`, and `data`, a file that
        `read_data` takes, relative to the specification.

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
    """Read a table of flows: Parquet, CSV (comma, semicolon or tab), Arrow, or Stata where pandas is installed.

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
        kinds = ", ".join(READERS)
        raise SpecificationError(f"{path.name} is of no kind that is read", where=str(path), todo=f"kinds: {kinds}")
    try:
        return read(path)
    except (OSError, pa.ArrowException) as error:
        raise SpecificationError(f"the table of flows cannot be read: {error}", where=str(path)) from error

"""Tables of indicators from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.integration.indices.errors import IndicatorError

if TYPE_CHECKING:
    import pyarrow as pa


def read_table(file: Path | str) -> pa.Table:
    """Read a CSV or Parquet file.

    Parameters
    ----------
    file : path-like
        Ending in .csv or .parquet; in CSV an empty field and NA are unknown.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    IndicatorError
        It is not there, or neither of both.
    """
    import pyarrow as pa

    path = Path(file)
    try:
        return _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    except (OSError, pa.ArrowInvalid) as error:
        text = str(error).splitlines()[0]
        raise IndicatorError(f"cannot read {path.name}: {text}", where=str(path), todo="give a table") from error


def _read_csv(path: Path) -> pa.Table:
    """Read a CSV file."""
    from pyarrow import csv

    options: Any = csv.ConvertOptions(null_values=["", "NA", "NaN"], strings_can_be_null=True)
    return csv.read_csv(path, convert_options=options)


def _read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file."""
    import pyarrow.parquet as pq

    return pq.read_table(path)

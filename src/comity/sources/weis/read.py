"""KEDS event sets in WEIS codes, each code replaced by the nearest CAMEO code of `codes.csv`."""

from __future__ import annotations

from functools import cache

from comity.sources.catalogue import read_codes
from comity.sources.keds.read import read_weis
from comity.sources.lines import Lines
from comity.sources.vendor import Reading


def read_file(data: bytes, name: str) -> Reading:
    """Read an event set in WEIS codes.

    Parameters
    ----------
    data : bytes
        Unpacked text, one event a line.
    name : str
        File name, for messages.

    Returns
    -------
    Reading
        A code that the crosswalk does not have stays unknown (three question marks before it).

    Raises
    ------
    FileRefused
        No line has the form, or the codes are CAMEO codes.

    References
    ----------
    `mcclelland-1978`, `goldstein-1992`, `cameo-1.1b3` in docs/bibliography.md
    """
    import pyarrow as pa

    reading = read_weis(data, name)
    table = reading.lines.table
    known = _list_codes()
    codes = [known.get(code, b"???" + (code or b"")) for code in table["code"].to_pylist()]
    table = table.set_column(table.schema.get_field_index("code"), "code", pa.array(codes, pa.binary()))
    return Reading(reading.source, None, Lines(table, reading.lines.bad))


@cache
def _list_codes() -> dict[bytes, bytes]:
    """Map WEIS codes to CAMEO codes."""
    return {row["weis"].encode(): row["cameo"].encode() for row in read_codes("weis", "codes")}

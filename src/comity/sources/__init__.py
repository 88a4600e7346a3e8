"""One folder per publisher: what its files are (`source.yml`) and how they are read (`read.py`).

| function | gives |
|---|---|
| `list_sources()`, `read_source(id)` | what is known of each publisher |
| `read_reading(received, name, family)` | a file's rows in common columns, nothing judged yet |
| `fetch.fetch_slots(since, until, into)` | files of a span from the publisher, checked, in a folder |

>>> from comity.sources import list_sources
>>> list_sources("events")
['comity', 'gdelt1', 'gdelt2', 'icews', 'keds', 'phoenix', 'polecat', 'ucdp', 'weis']
"""

from comity.sources.catalogue import Source, list_sources, read_codes, read_source
from comity.sources.errors import FileRefused, SourceError
from comity.sources.figures import Figures
from comity.sources.reading import FAMILIES, check_family, find_family, read_figures, read_intensities, read_reading
from comity.sources.vendor import Reading

__all__ = [
    "FAMILIES",
    "FileRefused",
    "Reading",
    "Source",
    "SourceError",
    "check_family",
    "Figures",
    "find_family",
    "list_sources",
    "read_codes",
    "read_figures",
    "read_intensities",
    "read_reading",
    "read_source",
]

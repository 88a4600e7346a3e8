"""The register: entries that are appended, chained and never changed, and how it stood on any day.

=====================  ======================================================================
`open_register`        a register by path (SQLite) or URL (PostgreSQL); `with` closes it
`record_entries`       append records, all or none; a record under a known id is a correction
`withdraw_entry`       append that a record holds no longer
`read_standing`        how it stood on a day, by what was known at a moment; `Selection` narrows
`read_part`            what a status page needs of a part, evidence summed up by the database
`count_commitments`    how many stand, by party, field or agreement, due before the day or after
`read_history`         every entry under an id
`read_head`            number and hash of the last entry, to keep elsewhere
`verify_register`      the first entry at which the chain breaks, if any
=====================  ======================================================================

Examples
--------
>>> from datetime import date
>>> from comity.commitments.records import Agreement
>>> from comity.commitments.register import open_register, read_standing, record_entries
>>> pact = Agreement("pact", "register office", date(2020, 1, 1), title="A pact", parties=("NOR", "SWE"))
>>> with open_register(":memory:", create=True) as register:
...     receipt = record_entries(register, [pact])
...     read_standing(register, valid=date(2019, 12, 31)).agreements
()
"""

from comity.commitments.register.chain import START, Head, parse_head
from comity.commitments.register.counting import Count, count_commitments
from comity.commitments.register.door import Batch
from comity.commitments.register.parts import Part, read_learned, read_part
from comity.commitments.register.place import Register, open_register
from comity.commitments.register.questions import Selection
from comity.commitments.register.reading import Version, is_entry, read_head, read_history, read_standing
from comity.commitments.register.verification import Verdict, verify_register
from comity.commitments.register.writing import Receipt, record_batch, record_entries, withdraw_entry

__all__ = [
    "START",
    "Batch",
    "Count",
    "Head",
    "Part",
    "Receipt",
    "Register",
    "Selection",
    "Verdict",
    "Version",
    "count_commitments",
    "is_entry",
    "open_register",
    "parse_head",
    "read_head",
    "read_history",
    "read_learned",
    "read_part",
    "read_standing",
    "record_batch",
    "record_entries",
    "verify_register",
    "withdraw_entry",
]

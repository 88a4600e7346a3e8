"""Records from files and to files, without loss: CSV, JSON and IATI 2.03 XML.

=====================  ======================================================================
`write_standing`       the bytes of a file: `csv` (a zip of one table for each kind), `json` or `iati`
`read_records`         the records of a file's bytes with the rows that they come from; every problem is listed
`read_path`            the same from a file or a folder of tables
=====================  ======================================================================
"""

from comity.commitments.exchange.step import FORMATS, Received, read_path, read_records, write_standing

__all__ = ["FORMATS", "Received", "read_path", "read_records", "write_standing"]

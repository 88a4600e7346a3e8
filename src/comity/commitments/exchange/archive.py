"""A zip archive of tables, read in memory within limits; nothing of it is ever unpacked to the disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from comity.commitments.exchange.sheets import refuse_archive

MOST_BYTES = 2_000_000_000
MOST_RATIO = 200
MOST_MEMBERS = 50
SMALL = 65_536
_PIECE = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    RuntimeError,
    OSError,
    LookupError,
    struct.error,
)


def read_members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each table in an archive.

    Raises
    ------
    RecordsRefused
        The archive is damaged or encrypted, holds something else than tables or a name twice, or grows too large.
    """
    limit = min(MOST_BYTES, max(SMALL, MOST_RATIO * len(data)))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_members(members, limit, file)
            for member in members:
                with archive.open(member) as stream:
                    pieces = list(_inflate(stream, limit))
                total = sum(map(len, pieces))
                limit -= total
                if limit < 0:
                    raise refuse_archive(file, "the archive unpacks to far more than its size")
                yield member.filename, b"".join(pieces)
    except _DAMAGE as error:
        raise refuse_archive(file, f"the zip archive is damaged: {error}") from error


def _check_members(members: list[zipfile.ZipInfo], limit: int, file: str) -> None:
    """Refuse an archive by what its directory says."""
    names = [member.filename for member in members]
    odd = [name for name in names if not name.lower().endswith(".csv")]
    if odd:
        raise refuse_archive(file, f"the archive holds {odd[0]!r}, which is no table")
    if len(set(names)) != len(names) or len(names) > MOST_MEMBERS or not names:
        raise refuse_archive(file, f"the archive holds {len(names)} tables, or one of them twice")
    if any(member.flag_bits & 1 for member in members):
        raise refuse_archive(file, "the archive is encrypted")
    if sum(member.file_size for member in members) > limit:
        raise refuse_archive(file, f"the archive unpacks to more than {limit:,} bytes")


def _inflate(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yield pieces up to just above the limit, whatever the directory promised."""
    total = 0
    while total <= limit and (piece := stream.read(_PIECE)):
        total += len(piece)
        yield piece

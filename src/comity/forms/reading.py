"""A file from its path to its top node."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from comity.forms.document import MOST_BYTES, Node, read_document
from comity.forms.problems import FormError
from comity.lexicon.errors import ComityError


def read_bytes(path: Path | str, refused: type[ComityError]) -> tuple[bytes, str]:
    """Return the bytes of a file, no more than show that it is too large, and its name for messages.

    Parameters
    ----------
    path : path-like
        The file.
    refused : type of ComityError
        What is raised where it cannot be read.
    """
    file = Path(path)
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1), file.name
    except OSError as error:
        raise refused(f"the file {str(path)!r} cannot be read: {error.strerror}", todo="check the path") from error


def read_top(data: bytes | str, file: str, refused: type[FormError], most: Mapping[str, int] | None = None) -> Node:
    """Return the top of a document; what is wrong with it is told in the words of its room.

    Parameters
    ----------
    data : bytes or str
        YAML.
    file : str
        Name for messages.
    refused : type of FormError
        What is raised where it is no document.
    most : mapping of str to int, optional
        As in `read_document`.
    """
    try:
        return read_document(data.encode() if isinstance(data, str) else data, file, most)
    except FormError as error:
        raise refused(error.problems, file) from error

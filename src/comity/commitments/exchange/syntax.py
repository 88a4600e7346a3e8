"""Where a file breaks the rules of its form, as a problem that names line and column."""

from __future__ import annotations

from comity.commitments.errors import Problem

NEAR = 40
"""Characters that are shown from where a form breaks."""


def describe_break(form: str, said: str, place: tuple[int, int], line: str, name: str) -> Problem:
    """Return the problem that a file is not of its form.

    Parameters
    ----------
    form : str
        JSON or XML.
    said : str
        What the parser says.
    place : tuple of two int
        Line and column, both counted from 1.
    line : str
        The line, so that what stands there can be shown.
    name : str
        Of the file.

    Returns
    -------
    Problem
    """
    row, column = place
    near = "".join(mark if mark.isprintable() else " " for mark in line[column - 1 : column - 1 + NEAR]).strip()
    where = f"line {row}, column {column}" + (f", at {near!r}" if near else "")
    todo = f"correct it there or export it again; where it is no {form}, give it another ending, such as .csv"
    what = f"this is not {form}: {said[:1].lower()}{said[1:]} ({where})"
    return Problem(row, "file", what, todo=todo, file=name)


def describe_letters(form: str, data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    """Return the problem that a file is not in UTF-8, with the place of the first byte that is not."""
    before = data[: error.start]
    row, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    what = f"this is not {form} in UTF-8: the byte 0x{data[error.start]:02x} at line {row}, column {column}"
    return Problem(row, "file", what, todo="save it in UTF-8", file=name)


def describe_page(name: str) -> Problem:
    """Return the problem that a page of HTML was given, such as a server sends in the place of a file."""
    todo = "look at it in a browser, and fetch the file itself"
    return Problem(1, "file", "this is a page of HTML, not a file of data", todo=todo, file=name)


def is_page(data: bytes) -> bool:
    """Say whether a file begins as a page of HTML does."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))

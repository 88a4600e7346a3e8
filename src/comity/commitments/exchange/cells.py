"""Text in the cells of a table that a spreadsheet may open: nothing in it can become a formula, and nothing is lost.

A text that a spreadsheet could take for a formula, or that begins with an apostrophe, gets an apostrophe before it;
reading takes that one away again. Numbers and days stay as they are.
"""

from __future__ import annotations

import re

MARK = "'"
_ACTIVE = re.compile("\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\r\n\0]|'")


def defuse_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> defuse_text("=1+1"), defuse_text("plain"), defuse_text("'quoted'")
    ("'=1+1", 'plain', "''quoted'")
    """
    return MARK + text if _ACTIVE.match(text) else text


def restore_text(cell: str) -> str:
    """Return the text that `defuse_text` was given; a text that needed no mark is returned as it is.

    Examples
    --------
    >>> restore_text("'=1+1"), restore_text("'quoted'")
    ('=1+1', "'quoted'")
    """
    return cell[1:] if cell.startswith(MARK) and _ACTIVE.match(cell, 1) else cell

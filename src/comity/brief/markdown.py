"""The brief as Markdown: the same content for a wiki, a mail or a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from comity.brief.blocks import (
    Cell,
    Facts,
    Figure,
    Fold,
    Heading,
    Items,
    Limits,
    Page,
    Readings,
    Table,
    Text,
)
from comity.brief.outline import render_outline

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_MARKS = frozenset("\\`*_{[]#|~$")
_START = re.compile(r"\A([-+=:]|\d+(?=[.)]))")
_BARE = re.compile(r"(?i)(:(?=//)|(?<=www)\.)")


def render_md(document: Mapping[str, Any]) -> str:
    """Return the brief as Markdown with tables.

    Every text of the document is escaped, so that it forms no element, link, table cell or heading of its own;
    drawings are left out, their numbers stand in the tables. Only complete http and https addresses are links.

    Parameters
    ----------
    document : mapping
        The brief document (fields in `comity.brief.tables`).

    Returns
    -------
    str
        Markdown (CommonMark with tables), the same for the same document.

    Raises
    ------
    DocumentError
        When a field is missing or holds a value that cannot be shown rightly.
    """
    return write_page(render_outline(document))


def write_page(page: Page) -> str:
    """Return a page in blocks as Markdown.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        Markdown, the same for the same page.
    """
    lines = [f"# {escape_text(page.title)}", "", f"*Comity · {escape_text(page.kind)}*", ""]
    lines += _write(page.facts)
    for note in page.notes:
        lines += [f"**Note on status.** {_join(note)}", ""]
    for section in page.sections:
        lines += [f"## {escape_text(section.title)}", ""]
        for block in section.blocks:
            lines += _write(block)
    return "\n".join(lines).rstrip("\n") + "\n"


def escape_text(text: str) -> str:
    r"""Return text that Markdown shows as it is: no mark-up, no HTML, no link of its own.

    Parameters
    ----------
    text : str
        Cleaned text on one line.

    Returns
    -------
    str
        The text with marks escaped by a backslash, and characters that could start HTML or a bare address as
        entities.

    Examples
    --------
    >>> escape_text("a|b <i>")
    'a\\|b &lt;i&gt;'
    """
    shown = "".join(_ENTITIES.get(mark, f"\\{mark}" if mark in _MARKS else mark) for mark in text)
    return _BARE.sub(lambda found: f"&#{ord(found[0])};", shown).strip()


def _guard_start(text: str) -> str:
    """Return a text that begins a line and must not begin a list, a rule or a table."""
    return _START.sub(lambda found: "".join(f"&#{ord(mark)};" for mark in found[0]), text)


def _show(cell: Cell) -> str:
    """Return a cell as text or link."""
    if not cell.href:
        return escape_text(cell.text)
    number = f" \\[{cell.number}\\]" if cell.number else ""
    return f"[{escape_text(cell.text)}](<{cell.href}>){number}"


def _join(cells: Sequence[Cell]) -> str:
    """Return cells as one line."""
    return " ".join(filter(None, (_show(cell) for cell in cells)))


@singledispatch
def _write(block: Any) -> list[str]:
    """Return the lines of a block, an empty one last."""
    raise TypeError(f"no Markdown for {type(block).__name__}")


@_write.register
def _write_text(block: Text) -> list[str]:
    return [_guard_start(escape_text(block.text)), ""]


@_write.register
def _write_heading(block: Heading) -> list[str]:
    return [f"### {escape_text(block.text)}", ""]


@_write.register
def _write_items(block: Items) -> list[str]:
    entries = enumerate(block.entries, start=1)
    return [*(f"{f'{n}.' if block.ordered else '-'} {_guard_start(_join(cells))}" for n, cells in entries), ""]


@_write.register
def _write_facts(block: Facts) -> list[str]:
    return [*(f"- **{escape_text(term)}:** {_join(cells)}" for term, cells in block.pairs), ""]


@_write.register
def _write_limits(block: Limits) -> list[str]:
    return [f"**{escape_text(block.title)}**", "", *(f"- {_guard_start(escape_text(t))}" for t in block.texts), ""]


@_write.register
def _write_readings(block: Readings) -> list[str]:
    lines: list[str] = []
    for reading in block.readings:
        interval = f" (90 % interval {escape_text(reading.interval)})" if reading.interval else ""
        lines += [f"### {escape_text(reading.title)}", "", f"**{escape_text(reading.score)}**{interval}", ""]
        period = [f"Index of {reading.period}"] if reading.period else []
        lines += [f"- {escape_text(text)}" for text in (f"{reading.words}.", *period, *reading.basis)]
        lines.append("")
    return lines + _write(block.limits)


@_write.register
def _write_figure(block: Figure) -> list[str]:
    return []


@_write.register
def _write_fold(block: Fold) -> list[str]:
    lines = [f"### {escape_text(block.summary)}", ""]
    for inner in block.blocks:
        lines += _write(inner)
    return lines


@_write.register
def _write_table(block: Table) -> list[str]:
    shown = [index for index, column in enumerate(block.columns) if column.kind != "chart"]
    columns = [block.columns[index] for index in shown]
    lines = [
        f"**{escape_text(block.caption)}**",
        "",
        "| " + " | ".join(escape_text(column.label) for column in columns) + " |",
        "| " + " | ".join("---:" if column.kind == "number" else "---" for column in columns) + " |",
    ]
    lines += ["| " + " | ".join(_show(row[index]) for index in shown) + " |" for row in block.rows]
    return [*lines, "", *([escape_text(block.note), ""] if block.note else [])]

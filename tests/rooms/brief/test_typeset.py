"""The PDF: tagged, archival, with fonts of its own, and made of data that is never markup."""

from __future__ import annotations

import re
from typing import Any

import pytest

from comity.brief import render_pdf
from comity.brief.errors import TypesettingError
from comity.brief.typeset import PRINTABLE, make_printable


def test_a_pdf_is_tagged_archival_and_accessible(document: dict[str, Any]):
    file = render_pdf(document)
    assert file.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in file and b"/StructTreeRoot" in file
    assert b"<pdfaid:part>2</pdfaid:part>" in file and b"<pdfuaid:part>1</pdfuaid:part>" in file


def test_a_pdf_carries_the_time_of_its_document_and_no_other(pair: dict[str, Any]):
    file = render_pdf(pair)
    assert set(re.findall(rb"D:(\d{8})", file)) == {b"20250607"}


def test_a_document_without_a_time_makes_a_pdf_without_one(pair: dict[str, Any]):
    pair["about"]["as_of"] = ""
    file = render_pdf(pair)
    assert b"/CreationDate" not in file and b"<pdfuaid:part>1</pdfuaid:part>" in file


def test_a_pdf_embeds_its_fonts(pair: dict[str, Any]):
    file = render_pdf(pair)
    assert file.count(b"/FontFile") >= 2
    assert set(re.findall(rb"/BaseFont/[A-Z]{6}\+(\w+)", file.replace(b" ", b""))) <= {
        b"LibertinusSerif", b"DejaVuSansMono"
    }  # fmt: skip


def test_links_of_a_pdf_go_to_the_linked_reports(pair: dict[str, Any]):
    found = re.findall(rb"/URI\s*\((.*?)\)", render_pdf(pair))
    assert b"https://news.example.org/2025/05/12/a-headline-of-some-length-as-they-are-12.html" in found


@pytest.mark.parametrize(
    "text",
    ["Caf\u00e9", "T\u00fcrkiye", "C\u00f4te d\u2019Ivoire", "\u041a\u0438\u0435\u0432", "\u2212\u2013\u20ac\u2192"],
)
def test_text_of_european_scripts_is_printed_as_it_is(text: str):
    assert make_printable(text) == text


@pytest.mark.parametrize("text", ["\u4e2d", "\u0645", "\u05e9", "\U0001f600", "\u200b", "\x00", "\ud800"])
def test_a_character_without_a_shape_is_printed_as_its_number(text: str):
    assert make_printable(text) == f"[U+{ord(text):04X}]"


def test_a_letter_in_two_parts_is_printed_as_one():
    assert make_printable("e\u0301") == "\u00e9"


def test_a_long_word_may_break():
    assert "\u200b" in make_printable("https://news.example.org/a/very/long/path") and "\u200b" not in make_printable(
        "short"
    )


def test_the_fonts_show_every_character_that_is_printed_as_it_is(pair: dict[str, Any]):
    for low, high in PRINTABLE:
        pair["citation"] = " ".join(chr(code) for code in range(low, high + 1))[:1100]
        assert render_pdf(pair).startswith(b"%PDF-")


def test_a_refusal_of_the_typesetter_is_an_error_with_words(pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    import typst

    def refuse(*_: object, **__: object) -> bytes:
        raise typst.TypstError("no", "no")

    monkeypatch.setattr(typst, "compile", refuse)
    with pytest.raises(TypesettingError, match="the typesetter refused the page"):
        render_pdf(pair)


def test_another_fault_is_not_taken_for_a_refusal(pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    import typst

    def interrupt(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(typst, "compile", interrupt)
    with pytest.raises(KeyboardInterrupt):
        render_pdf(pair)

"""Text from data stays text: in HTML, in drawings, in Markdown and in the PDF, whatever it says."""

from __future__ import annotations

import re
import unicodedata
from types import ModuleType
from typing import Any

import pytest
from markdown_it import MarkdownIt

from comity.brief import render_html, render_json, render_md, render_pdf

pytestmark = pytest.mark.slow

INERT = "plain words"
HIDDEN_KINDS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
WEB = re.compile(r"https?://[a-z0-9.-]+(:\d+)?(/[!-~]*)?\Z")
FORBIDDEN_TOKENS = {"html_block", "html_inline", "image", "fence", "code_block", "code_inline", "blockquote_open", "hr"}


def read_payloads() -> tuple[str, ...]:
    """Give the payloads when the tests are listed."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("brief_payloads", Path(__file__).with_name("hostility.py"))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAYLOADS


PAYLOADS = read_payloads()


def name_payload(text: str) -> str:
    """Give a short name for a payload."""
    return f"{PAYLOADS.index(text):03d}"


def test_there_are_many_payloads():
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("payload", PAYLOADS, ids=name_payload)
def test_a_page_has_the_same_elements_whatever_its_texts_say(
    document: dict[str, Any], payload: str, hostility: ModuleType, usual_elements: dict[str, Any]
):
    text = render_html(hostility.poison(document, payload))
    page = hostility.Skeleton(text)
    assert page.elements == usual_elements[document["kind"]]
    assert page.handlers == [] and page.comments == []
    assert text.encode("utf-8")
    assert [c for c in text if c != "\n" and unicodedata.category(c) in HIDDEN_KINDS] == []


@pytest.fixture(scope="module")
def usual_elements(documents: ModuleType, hostility: ModuleType) -> dict[str, Any]:
    """Give the elements of each kind of page whose every text is plain words."""
    made = (documents.make_pair(), documents.make_state())
    return {each["kind"]: hostility.Skeleton(render_html(hostility.poison(each, INERT))).elements for each in made}


@pytest.mark.parametrize("payload", PAYLOADS, ids=name_payload)
def test_text_after_usual_text_makes_no_link_and_no_handler(pair: dict[str, Any], payload: str, hostility: ModuleType):
    page = hostility.Skeleton(render_html(hostility.append(pair, payload)))
    assert page.handlers == [] and page.comments == []
    outside = [address for address in page.addresses if not address.startswith("#") and address != "data:,"]
    assert all(WEB.match(address) for address in outside)
    assert not {"script", "iframe", "object", "embed", "base", "form", "img", "image", "use"} & {
        tag for tag, _ in page.elements
    }


@pytest.fixture(scope="module")
def usual_tokens(documents: ModuleType, hostility: ModuleType) -> list[str]:
    """Give the structure of the Markdown whose every text is plain words."""
    return list_tokens(render_md(hostility.poison(documents.make_pair(), INERT)))


@pytest.mark.parametrize("payload", PAYLOADS, ids=name_payload)
def test_markdown_has_the_same_structure_whatever_its_texts_say(
    pair: dict[str, Any], payload: str, hostility: ModuleType, usual_tokens: list[str]
):
    shown = list_tokens(render_md(hostility.poison(pair, payload)))
    assert shown == usual_tokens
    assert not FORBIDDEN_TOKENS & set(shown)


def list_tokens(text: str) -> list[str]:
    """Give the kinds of the tokens of a Markdown text, apart from words."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    flat = [inner for token in tokens for inner in (token, *(token.children or ()))]
    return [token.type for token in flat if token.type not in ("text", "text_special", "inline")]


def test_markdown_links_are_web_addresses_only(document: dict[str, Any], hostility: ModuleType):
    for payload in hostility.ADDRESSES:
        text = render_md(hostility.append(document, payload))
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
        links = [t.attrGet("href") for token in tokens for t in token.children or () if t.type == "link_open"]
        assert all(WEB.match(str(link)) for link in links)


def test_markdown_shows_no_bare_address(pair: dict[str, Any], hostility: ModuleType):
    text = render_md(hostility.poison(pair, "www.evil.example https://evil.example/x a@evil.example"))
    assert "www.evil" not in text and "://evil" not in text and "a@evil" not in text


def test_markdown_shows_the_letters_of_its_texts(pair: dict[str, Any], hostility: ModuleType):
    text = render_md(hostility.poison(pair, "*a* <b> [c](d) | e & f"))
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    titles = ["".join(t.content for t in tokens[1].children or ())]
    assert titles == ["*a* <b> [c](d) | e & f"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=name_payload)
def test_a_pdf_is_made_of_any_text_and_holds_no_action(pair: dict[str, Any], payload: str, hostility: ModuleType):
    file = render_pdf(hostility.poison(pair, payload))
    assert file.startswith(b"%PDF-")
    assert not any(word in file for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/SubmitForm", b"root:"))
    assert all(WEB.match(link.decode("ascii")) for link in re.findall(rb"/URI\s*\((.*?)\)", file))


@pytest.mark.parametrize("payload", PAYLOADS, ids=name_payload)
def test_json_is_ascii_and_gives_back_the_text(pair: dict[str, Any], payload: str, hostility: ModuleType):
    import json

    poisoned = hostility.poison(pair, payload)
    text = render_json(poisoned)
    assert text.isascii()
    assert json.loads(text) == poisoned


def test_hidden_characters_are_shown_by_their_numbers(pair: dict[str, Any], hostility: ModuleType):
    page = render_html(hostility.poison(pair, "a\u202eb\u200bc"))
    assert "a[U+202E]b[U+200B]c" in page

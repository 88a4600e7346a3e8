"""Only complete web addresses become links, under the name of the host that they go to."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from comity.brief import render_html
from comity.brief.links import find_doi, find_link, show_address


@pytest.mark.parametrize(
    ("address", "href", "host"),
    [
        ("https://news.example.org", "https://news.example.org", "news.example.org"),
        ("https://www.example.org/a?b=c&d=e#f", "https://www.example.org/a?b=c&d=e#f", "example.org"),
        ("HTTP://News.Example.ORG/A", "http://news.example.org/A", "news.example.org"),
        ("https://example.org:8443/x", "https://example.org:8443/x", "example.org"),
        ("https://example.org/\u00e9t\u00e9", "https://example.org/%C3%A9t%C3%A9", "example.org"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://example.org/a'b\"c<d>e", "https://example.org/a%27b%22c%3Cd%3Ee", "example.org"),
        ("https://example.org/a(b)[c]|d`e", "https://example.org/a%28b%29%5Bc%5D%7Cd%60e", "example.org"),
        ("https://example.org/100%25", "https://example.org/100%25", "example.org"),
    ],
)
def test_a_web_address_is_linked_in_plain_ascii(address: str, href: str, host: str):
    link = find_link(address)
    assert link is not None
    assert (link.href, link.host) == (href, host)


def test_no_other_address_is_linked(hostility: ModuleType):
    assert [address for address in hostility.ADDRESSES if find_link(address) is not None] == []


@pytest.mark.parametrize("address", [None, 3, "", "news.example.org", "https://", "https://a" * 900, ["https://a.b"]])
def test_what_is_no_address_is_not_linked(address: object):
    assert find_link(address) is None


def test_an_address_that_is_not_linked_is_shown_as_text(pair: dict[str, Any], hostility: ModuleType):
    pair["evidence"][0]["link"] = "javascript:alert(1)"
    page = hostility.Skeleton(render_html(pair))
    assert "javascript:alert(1)" in page.text
    assert not any("javascript" in address for address in page.addresses)


def test_the_host_is_taken_from_the_address_and_not_from_the_data(pair: dict[str, Any], hostility: ModuleType):
    pair["evidence"][0] |= {"link": "https://one.example.org/x", "host": "two.example.org"}
    page = hostility.Skeleton(render_html(pair))
    assert "one.example.org" in page.text and "two.example.org" not in page.text


def test_every_link_to_elsewhere_tells_nothing_of_the_reader(document: dict[str, Any], hostility: ModuleType):
    links = [link for link in hostility.Skeleton(render_html(document)).links if not link["href"].startswith("#")]
    assert len(links) > 10
    assert {link["rel"] for link in links} == {"noopener noreferrer nofollow"}


def test_the_text_of_a_link_is_a_host_in_a_cite(pair: dict[str, Any]):
    page = render_html(pair)
    assert '<cite><a href="https://news.example.org/2025/05/12/' in page
    assert ">news.example.org</a></cite>" in page


def test_a_long_address_is_shortened_where_it_is_text():
    assert len(show_address("ftp://" + "a" * 500)) == 80


@pytest.mark.parametrize("doi", ["10.1000/182", "10.1177/0022002792036002007"])
def test_a_doi_is_linked_to_its_resolver(doi: str):
    link = find_doi(doi)
    assert link is not None and link.href == f"https://doi.org/{doi}"


@pytest.mark.parametrize("doi", [None, "", "10.1", "x", "10.1000/a b", "javascript:alert(1)", "10.1000/\u202e"])
def test_what_is_no_doi_is_not_linked(doi: object):
    assert find_doi(doi) is None

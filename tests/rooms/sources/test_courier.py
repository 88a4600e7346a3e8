"""Which addresses are asked, where a redirect may lead, and how long a publisher may ask to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.sources.courier import check_address, follow_redirect, read_retry_after
from comity.sources.errors import Setback, SourceError

NOW = datetime(2025, 5, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("http://data.publisher.example/v2", "http://data.publisher.example/v2"),
        ("https://data.publisher.example/v2/", "https://data.publisher.example/v2"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_http_and_https_addresses_are_taken(address: str, kept: str):
    assert check_address(address) == kept


@pytest.mark.parametrize(
    "address",
    [
        "",
        "data.publisher.example",
        "ftp://data.publisher.example/",
        "file:///etc/hostname",
        "http:///nowhere",
        "http://name:word@publisher.example/",
        "http://publisher.example/?list=all",
        "http://publisher.example/#top",
        "http://publisher.example:port/",
        "http://[::1/",
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_refused_with_the_address_in_the_message(address: str):
    with pytest.raises(SourceError, match="cannot be fetched") as caught:
        check_address(address)
    assert repr(address) in caught.value.what


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("http://a.example/v2/x", "/v3/x", "http://a.example/v3/x"),
        ("http://a.example/v2/x", "y", "http://a.example/v2/y"),
        ("http://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("http://a.example:8000/x", "http://a.example:8000/y", "http://a.example:8000/y"),
        ("http://a.example/x", "http://A.EXAMPLE/y", "http://A.EXAMPLE/y"),
    ],
)
def test_a_redirect_may_stay_on_the_host(url: str, location: str, target: str):
    assert follow_redirect(url, location) == target


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://a.example/x", "http://b.example/x"),
        ("http://a.example/x", "//b.example/x"),
        ("http://a.example/x", "http://a.example.b.example/x"),
        ("http://a.example/x", "http://a.example@b.example/x"),
        ("http://a.example/x", "http://a.example:22/x"),
        ("https://a.example/x", "http://a.example/x"),
        ("http://a.example/x", "ftp://a.example/x"),
        ("http://a.example/x", "file:///x"),
        ("http://a.example/x", "http://a.example:99999/x"),
        ("http://a.example/x", "//[::1/x"),
    ],
)
def test_a_redirect_may_not_lead_elsewhere(url: str, location: str):
    with pytest.raises(Setback, match="redirects to") as caught:
        follow_redirect(url, location)
    assert not caught.value.again


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 16 May 2025 12:01:30 GMT", 90.0),
        ("Fri, 16 May 2025 11:00:00 GMT", 0.0),
        ("", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("9" * 400, 999_999_999_999.0),
    ],
)
def test_a_pause_is_read_in_seconds_or_as_a_time(text: str, seconds: float):
    assert read_retry_after(text, NOW) == seconds

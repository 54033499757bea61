"""Addresses: what may be an org's, and where a token may go."""

from __future__ import annotations

import pytest

from actwright.connectors.salesforce.origin import may_serve, origin_of
from actwright.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("https://ACME.my.salesforce.com:443/", "https://acme.my.salesforce.com"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_address_is_brought_to_one_form(url: str, text: str) -> None:
    """Scheme, host and port are all that counts."""
    assert str(origin_of(url)) == text


@pytest.mark.parametrize(
    "url",
    [
        "", "acme", "ftp://x", "https://", "https://a.com/path", "https://a.com?q=1", "https://a.com#f",
        "http://127.0.0.1@evil.com", "https://u:p@a.com", "https://a.com:99999", "https://a b.com",
        "https://a.com\\@evil.com", "https://[::1", "javascript:alert(1)", "https://\u0430cme.com",
        "http://acme.my.salesforce.com", "http://10.0.0.1:80", "http://127.0.0.1.evil.com",
    ],
)  # fmt: skip
def test_anything_else_is_refused(url: str) -> None:
    """Paths, names before an @, look-alike letters and plain http to another machine are no org's address."""
    with pytest.raises(ConfigError):
        origin_of(url)


@pytest.mark.parametrize(
    ("login", "instance", "may"),
    [
        ("https://login.salesforce.com", "https://acme.my.salesforce.com", True),
        ("https://acme.my.salesforce.com", "https://na1.salesforce.com", True),
        ("https://acme.my.site.com", "https://acme.my.salesforce.com", True),
        ("https://login.salesforce.com", "https://evil.com", False),
        ("https://login.salesforce.com", "https://evilsalesforce.com", False),
        ("https://login.salesforce.com", "https://x.salesforce.com.evil.com", False),
        ("https://login.salesforce.com", "https://acme.my.salesforce.com:8443", False),
        ("https://login.salesforce.com", "http://127.0.0.1:80", False),
        ("http://127.0.0.1:80", "http://127.0.0.1:80", True),
        ("http://127.0.0.1:80", "http://127.0.0.1:81", False),
        ("https://org.example", "https://org.example", True),
        ("https://org.example", "https://login.salesforce.com", False),
        ("https://acme.my.salesforce.mil", "https://acme.my.salesforce.com", False),
    ],
)
def test_a_token_stays_in_its_family(login: str, instance: str, *, may: bool) -> None:
    """Only Salesforce's own hosts may send a token on, and only to Salesforce's own hosts."""
    assert may_serve(origin_of(login), origin_of(instance)) is may

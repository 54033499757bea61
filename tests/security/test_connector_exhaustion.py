"""Answers meant to exhaust the connector: too large, packed too tightly, or never coming."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from tests.connectors.salesforce.scripted_org import Reply, ScriptedOrg

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.limits import Limits
from actwright.errors import OrgProtocolError, OrgTimeoutError


@pytest.fixture
def trusted() -> Iterator[ScriptedOrg]:
    """Serve the org that is logged in to."""
    with ScriptedOrg() as org:
        yield org


def test_a_huge_answer_is_cut_off(trusted: ScriptedOrg) -> None:
    """An answer beyond the limit is given up on, whatever it claims to be."""
    trusted.on("GET", "/query", Reply(body=b"[" + b"1," * 100_000 + b"1]"))
    client = OrgClient(Session("T", trusted.url), limits=Limits(answer_bytes=100_000))
    with pytest.raises(OrgProtocolError, match="larger"):
        client.query("SELECT Id FROM Account")


def test_a_compressed_bomb_is_cut_off(trusted: ScriptedOrg) -> None:
    """The limit counts what the answer unpacks to."""
    bomb = gzip.compress(b" " * 20_000_000)
    trusted.on("GET", "/query", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))
    client = OrgClient(Session("T", trusted.url), limits=Limits(answer_bytes=1_000_000))
    with pytest.raises(OrgProtocolError, match="larger"):
        client.query("SELECT Id FROM Account")


def test_a_huge_answer_to_a_write_leaves_it_unknown(trusted: ScriptedOrg) -> None:
    """The write was sent; an answer nobody reads proves nothing."""
    trusted.on("POST", "/composite", Reply(body=b" " * 10_000))
    client = OrgClient(Session("T", trusted.url), limits=Limits(answer_bytes=1000))
    assert client.composite_write({}) is None


def test_an_org_that_stalls_is_given_up_on(trusted: ScriptedOrg) -> None:
    """No answer holds a caller for ever."""
    trusted.on("GET", "/query", Reply(delay=1))
    client = OrgClient(Session("T", trusted.url), limits=Limits(read_seconds=0.1))
    with pytest.raises(OrgTimeoutError):
        client.query("SELECT Id FROM Account")

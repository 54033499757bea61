"""The client: patience with reads, one renewal of the token, and no write ever repeated."""

from __future__ import annotations

import threading
import time

import pytest
from requests.adapters import HTTPAdapter
from tests.connectors.salesforce.scripted_org import Reply, ScriptedOrg, fault

from actwright.connectors.salesforce.auth import ClientCredentials, SessionToken
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.connect import open_client
from actwright.connectors.salesforce.limits import Limits, Patience
from actwright.errors import (
    ConfigError,
    InputError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgProtocolError,
    OrgRefusedError,
    OrgTimeoutError,
    OrgUnreachableError,
)

CREDENTIALS = ClientCredentials("app", "secret")
QUERY = "SELECT Id FROM Account"


class Naps:
    """Remembers how long somebody would have slept."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Note the time instead of sleeping it away."""
        self.seconds.append(seconds)


def _client(org: ScriptedOrg, naps: Naps | None = None, limits: Limits | None = None) -> OrgClient:
    return open_client(org.url, CREDENTIALS, patience=Patience(sleep=naps or Naps()), limits=limits)


def test_a_read_is_repeated_while_the_org_is_overloaded(scripted: ScriptedOrg) -> None:
    """502, 503 and a dropped connection pass; the third answer counts."""
    scripted.on(
        "GET", "/query", Reply(503), Reply(drop=True), Reply(502), Reply(body={"records": []})
    )
    naps = Naps()
    assert _client(scripted, naps).query(QUERY).status == 200
    assert len(scripted.seen("/query")) == 4
    assert all(0 < each <= 8 for each in naps.seconds)


def test_patience_ends(scripted: ScriptedOrg) -> None:
    """An org that stays overloaded is reported as busy after four tries."""
    scripted.on("GET", "/query", Reply(503))
    with pytest.raises(OrgBusyError):
        _client(scripted).query(QUERY)
    assert len(scripted.seen("/query")) == 4


def test_retry_after_is_honoured(scripted: ScriptedOrg) -> None:
    """The org's own wish decides how long to wait."""
    scripted.on("GET", "/query", Reply(503, headers={"Retry-After": "7"}), Reply())
    naps = Naps()
    _client(scripted, naps).query(QUERY)
    assert naps.seconds == [7.0]


def test_a_retry_after_beyond_the_deadline_ends_it_at_once(scripted: ScriptedOrg) -> None:
    """Nobody waits an hour; the wish is passed on to the person."""
    scripted.on("GET", "/query", Reply(503, headers={"Retry-After": "3600"}))
    naps = Naps()
    with pytest.raises(OrgBusyError) as caught:
        _client(scripted, naps).query(QUERY)
    assert naps.seconds == []
    assert "3600" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fault(400, "MALFORMED_QUERY"), OrgRefusedError),
        (fault(403, "REQUEST_LIMIT_EXCEEDED"), OrgBusyError),
        (fault(500, "UNKNOWN_EXCEPTION"), OrgRefusedError),
        (Reply(302, headers={"Location": "/elsewhere"}), OrgProtocolError),
    ],
)
def test_a_refusal_is_not_repeated(
    scripted: ScriptedOrg, reply: Reply, kind: type[Exception]
) -> None:
    """What will not pass by itself is reported at once."""
    scripted.on("GET", "/query", reply)
    with pytest.raises(kind):
        _client(scripted).query(QUERY)
    assert len(scripted.seen("/query")) == 1


def test_an_expired_token_is_renewed_once_and_the_request_sent_again(scripted: ScriptedOrg) -> None:
    """The second request carries the new token and is otherwise the same, headers and body included."""
    scripted.on("GET", "/describe", fault(401, "INVALID_SESSION_ID"), Reply(304))
    answer = _client(scripted).describe("Account", "Sat, 21 Nov 2026 12:00:00 GMT")
    first, second = scripted.seen("/describe")
    assert answer.status == 304
    assert [each.headers["Authorization"] for each in (first, second)] == ["Bearer T1", "Bearer T2"]
    assert first.headers["If-Modified-Since"] == second.headers["If-Modified-Since"]


def test_a_write_refused_for_its_token_is_sent_again_with_the_same_body(
    scripted: ScriptedOrg,
) -> None:
    """A 401 proves that nothing was done, so the write goes out once more, byte for byte."""
    scripted.on("POST", "/composite", fault(401, "INVALID_SESSION_ID"), Reply())
    assert _client(scripted).composite_write({"a": 1}) is not None
    first, second = scripted.seen("/composite")
    assert first.body == second.body == b'{"a":1}'


def test_a_token_that_stays_refused_is_an_authentication_error(scripted: ScriptedOrg) -> None:
    """There is exactly one renewal, and no endless recursion."""
    scripted.on("GET", "/query", fault(401, "INVALID_SESSION_ID"))
    with pytest.raises(OrgAuthenticationError):
        _client(scripted).query(QUERY)
    assert len(scripted.seen("/query")) == 2
    assert len(scripted.seen("/token")) == 2


def test_a_bare_token_cannot_be_renewed(scripted: ScriptedOrg) -> None:
    """Whoever brought only a token is told to log in again."""
    scripted.on("GET", "/query", fault(401, "INVALID_SESSION_ID"))
    client = open_client(scripted.url, SessionToken("GIVEN"))
    with pytest.raises(OrgAuthenticationError, match="refused the session"):
        client.query(QUERY)
    assert scripted.seen("/token") == []


def test_a_renewal_as_somebody_else_is_refused(scripted: ScriptedOrg) -> None:
    """A new token of another user is not used in the old one's place."""
    other = "https://login.salesforce.com/id/00D000000000001EAA/005000000000002AAA"
    client = _client(scripted)
    scripted.on("GET", "/query", fault(401, "INVALID_SESSION_ID"))
    token = {"access_token": "OTHER", "instance_url": scripted.url, "id": other}
    scripted.on("POST", "/token", Reply(body=token))
    with pytest.raises(OrgAuthenticationError):
        client.query(QUERY)
    assert len(scripted.seen("/query")) == 1


def test_threads_share_one_renewal(scripted: ScriptedOrg) -> None:
    """Eight threads that meet an expired token log in once more, not eight times."""
    scripted.on(
        "GET",
        "/query",
        lambda seen: (
            Reply(delay=0.05)
            if seen.headers["Authorization"] == "Bearer T2"
            else fault(401, "INVALID_SESSION_ID")
        ),
    )
    client = _client(scripted)
    threads = [threading.Thread(target=client.query, args=(QUERY,)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(scripted.seen("/token")) == 2
    assert client.api_calls == len(scripted.seen("/query"))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(500),
        fault(500, "UNKNOWN_EXCEPTION"),
        Reply(503, b"<html>busy</html>"),
        fault(503, "SERVER_UNAVAILABLE"),
        Reply(504),
        Reply(403, b"<html>proxy</html>"),
        fault(400, "REQUEST_RUNNING_TOO_LONG"),
        Reply(400, {"error": "upstream request failed"}),
        fault(408, "REQUEST_TIMEOUT"),
        Reply(499, {"errorCode": "CLIENT_CLOSED"}),
    ],
)
def test_a_write_without_a_reliable_answer_is_sent_once_and_is_lost(
    scripted: ScriptedOrg, reply: Reply
) -> None:
    """Whatever does not prove the outcome leaves it open, and nothing is sent twice."""
    scripted.on("POST", "/composite", reply)
    assert _client(scripted).composite_write({}) is None
    assert len(scripted.seen("/composite")) == 1


def test_a_write_that_times_out_is_lost(scripted: ScriptedOrg) -> None:
    """No answer in time says nothing about what happened."""
    scripted.on("POST", "/composite", Reply(delay=0.5))
    client = _client(scripted, limits=Limits(read_seconds=0.1))
    assert client.composite_write({}) is None
    assert len(scripted.seen("/composite")) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fault(400, "JSON_PARSER_ERROR"), OrgRefusedError),
        (fault(403, "REQUEST_LIMIT_EXCEEDED"), OrgBusyError),
    ],
)
def test_a_write_the_org_refused_as_a_whole_is_an_error(
    scripted: ScriptedOrg, reply: Reply, kind: type[Exception]
) -> None:
    """Salesforce's own words that it did nothing are believed, and still nothing is repeated."""
    scripted.on("POST", "/composite", reply)
    with pytest.raises(kind):
        _client(scripted).composite_write({})
    assert len(scripted.seen("/composite")) == 1


def test_a_write_to_a_dead_org_was_never_sent() -> None:
    """A refused connection proves that nothing was sent."""
    with ScriptedOrg() as gone:
        client = _client(gone)
    client.close()
    with pytest.raises(OrgUnreachableError):
        client.composite_write({})


def test_a_write_whose_renewal_fails_was_never_done(scripted: ScriptedOrg) -> None:
    """A 401 followed by a failing login is an error, not an open outcome."""
    client = _client(scripted)
    scripted.on("POST", "/composite", fault(401, "INVALID_SESSION_ID"))
    scripted.on("POST", "/token", Reply(drop=True))
    with pytest.raises(OrgUnreachableError):
        client.composite_write({})
    assert len(scripted.seen("/composite")) == 1


def test_a_connection_that_died_while_idle_does_not_cost_a_write(scripted: ScriptedOrg) -> None:
    """A kept connection the org has closed since is noticed before the write, not after."""
    scripted.on("GET", "/query", Reply(stale=True))
    scripted.on("POST", "/composite", Reply())
    client = _client(scripted)
    for _ in range(3):
        client.query(QUERY)
        time.sleep(0.05)
        assert client.composite_write({}) is not None


def test_a_connection_that_idled_long_is_replaced(
    scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After twenty idle seconds a fresh connection is made: a firewall may have forgotten the old one."""
    scripted.on("GET", "/query", Reply())
    client = _client(scripted)
    client.query(QUERY)
    closed: list[HTTPAdapter] = []

    def close(adapter: HTTPAdapter) -> None:
        closed.append(adapter)

    monkeypatch.setattr(HTTPAdapter, "close", close)
    client.query(QUERY)
    assert closed == []
    later = time.monotonic() + 21
    monkeypatch.setattr("actwright.connectors.salesforce.wire.time.monotonic", lambda: later)
    client.query(QUERY)
    assert closed


def test_a_read_that_times_out_is_not_repeated(scripted: ScriptedOrg) -> None:
    """A minute was long enough."""
    scripted.on("GET", "/query", Reply(delay=0.5))
    with pytest.raises(OrgTimeoutError):
        _client(scripted, limits=Limits(read_seconds=0.1)).query(QUERY)
    assert len(scripted.seen("/query")) == 1


def test_calls_are_counted_without_logins_and_revalidations(scripted: ScriptedOrg) -> None:
    """A token, a look at oneself and a conditional describe are free; the rest costs."""
    scripted.on("GET", "/describe", Reply(headers={"Sforce-Limit-Info": "api-usage=18/15000"}))
    scripted.on("GET", "/query", Reply())
    client = _client(scripted)
    client.userinfo()
    client.describe("Account", "Sat, 21 Nov 2026 12:00:00 GMT")
    assert client.api_calls == 0
    client.describe("Account")
    client.query(QUERY)
    assert client.api_calls == 2
    assert client.usage == (18, 15000)


def test_names_versions_and_locators_are_checked(scripted: ScriptedOrg) -> None:
    """What becomes part of a path is of a fixed form."""
    client = _client(scripted)
    with pytest.raises(InputError):
        client.describe("Account/../User")
    with pytest.raises(InputError):
        client.more("../tooling/query")
    with pytest.raises(ConfigError):
        OrgClient(client.session, version="66.0/..")

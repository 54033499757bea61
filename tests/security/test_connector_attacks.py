"""Attacks on the Salesforce connector: on its token, its URLs, its queries, its writes, its memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    composite,
    described,
    fault,
)

from actwright.connectors.salesforce.auth import (
    ClientCredentials,
    JwtBearer,
    Session,
    SessionToken,
    login,
)
from actwright.connectors.salesforce.connect import connect, open_client
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.connectors.salesforce.limits import NO_PATIENCE, Limits
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.origin import origin_of
from actwright.connectors.salesforce.wire import GuardedSession
from actwright.errors import (
    ActwrightError,
    ConfigError,
    InputError,
    OrgAuthenticationError,
    OrgError,
    OrgProtocolError,
    RefusedError,
)
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.ports import RecordRead
from actwright.org.query import Condition, RecordQuery

CREDENTIALS = ClientCredentials("app", "SECRET")
EVIL_IDS = [
    "http://evil.example/x",
    "//evil.example/x",
    "../Contact/003000000000001AAA",
    "001/../../../tooling/executeAnonymous",
    "001000000000001AAB",
    "001000000000001AA%2F",
    "001000000000001\n",
    "\uff10\uff10\u0661000000000001",
    "003000000000001AAA",
    "' OR Id != '",
    "",
]


@pytest.fixture
def evil() -> Iterator[ScriptedOrg]:
    """Serve a second, foreign host, which must never hear of the token."""
    with ScriptedOrg() as org:
        yield org


@pytest.fixture
def trusted() -> Iterator[ScriptedOrg]:
    """Serve the org that is logged in to."""
    with ScriptedOrg() as org:
        empty = {"records": [], "done": True}
        org.on("POST", "/composite", composite((200, empty), (200, empty)))
        org.on("GET", "/Account/describe", Reply(body=described("Account", "001")))
        yield org


@pytest.fixture
def org(trusted: ScriptedOrg) -> Iterator[SalesforceOrg]:
    """Return a connector logged in to the trusted org, with Account's schema at hand."""
    found = connect(trusted.url, CREDENTIALS, patience=NO_PATIENCE)
    found.describe("Account")
    yield found
    found.close()


def _update(record: str, field: str = "Name", after: str = "x", name: str = "Account") -> Effect:
    change = FieldChange.model_construct(
        field=field, label=field, after=after, family="string", provenance="goal"
    )
    return Effect.model_construct(
        id="e", action_id="a", kind="record", operation="UPDATE", object=name, object_label="",
        record_id=record, record_name=None, ref=None, key_field=None, version=None, changes=(change,),
    )  # fmt: skip


def _send(org: SalesforceOrg, effect: Effect) -> None:
    org.send(EffectGroup.model_construct(id="g", org=ORG_ID, effects=(effect,), atomic=True))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_carry_the_token_away(
    trusted: ScriptedOrg, evil: ScriptedOrg, status: int
) -> None:
    """Neither reads, writes nor logins follow a redirect to another host."""
    away = Reply(status, headers={"Location": f"{evil.url}/stolen"})
    client = open_client(trusted.url, CREDENTIALS, patience=NO_PATIENCE)
    for method, path in (("GET", "/query"), ("POST", "/composite"), ("POST", "/token")):
        trusted.on(method, path, away)
    with pytest.raises(OrgProtocolError):
        client.query("SELECT Id FROM Account")
    assert client.composite_write({}) is None
    with pytest.raises(OrgProtocolError):
        login(trusted.url, CREDENTIALS)
    assert evil.requests == []


def test_a_redirect_to_the_orgs_own_host_is_not_followed_either(trusted: ScriptedOrg) -> None:
    """A write that is redirected is not repeated under another path."""
    trusted.on("POST", "/composite", Reply(307, headers={"Location": "/services/elsewhere"}))
    client = open_client(trusted.url, CREDENTIALS)
    assert client.composite_write({}) is None
    assert trusted.seen("/elsewhere") == []


def test_a_token_endpoint_cannot_name_a_foreign_instance(
    trusted: ScriptedOrg, evil: ScriptedOrg
) -> None:
    """An instance of somebody else gets no request, at login or at renewal."""
    client = open_client(trusted.url, CREDENTIALS, patience=NO_PATIENCE)
    trusted.on("POST", "/token", Reply(body={"access_token": "T", "instance_url": evil.url}))
    trusted.on("GET", "/query", fault(401, "INVALID_SESSION_ID"))
    with pytest.raises(OrgAuthenticationError, match="somebody else"):
        login(trusted.url, CREDENTIALS)
    with pytest.raises(OrgAuthenticationError):
        client.query("SELECT Id FROM Account")
    assert evil.requests == []


@pytest.mark.parametrize(
    "instance",
    ["http://evil.example", "https://evil.example", "https://a@evil.example", "file:///x"],
)
def test_a_token_endpoint_cannot_name_a_plain_or_crafted_instance(
    trusted: ScriptedOrg, instance: str
) -> None:
    """Plain http, another host and an address with a name in it are all refused."""
    trusted.on("POST", "/token", Reply(body={"access_token": "T", "instance_url": instance}))
    with pytest.raises(ActwrightError):
        login(trusted.url, CREDENTIALS)


def test_the_session_holds_back_a_request_to_another_origin(
    trusted: ScriptedOrg, evil: ScriptedOrg
) -> None:
    """The last line of defence stands in the session itself."""
    session = GuardedSession(origin_of(trusted.url), Limits())
    for url in (evil.url, f"{trusted.url}@{evil.url[7:]}", "https://evil.example"):
        with pytest.raises((RefusedError, ConfigError)):
            session.get(url, headers={"Authorization": "Bearer T"})
    session.close()
    assert evil.requests == []


@pytest.mark.parametrize("credentials", [CREDENTIALS, SessionToken("T"), JwtBearer("a", "b", "c")])
def test_no_credentials_go_over_plain_http(credentials: ClientCredentials) -> None:
    """Another machine is spoken to over https only."""
    with pytest.raises(ConfigError, match="Plain http"):
        login("http://acme.my.salesforce.com", credentials)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "https://login.salesforce.com.evil.example",
        "https://evilsalesforce.com",
        "https://acme.sandbox.evil.example",
        "https://login.salesforce.com:8443",
        "https://login.salesforce.mil",
        "https://login.sfcrmproducts.cn",
    ],
)
def test_no_assertion_for_salesforce_is_made_for_another_host(url: str) -> None:
    """What it is sent to could replay it at Salesforce, so the audience must be said, and the key is not even read."""
    with pytest.raises(ConfigError) as caught:
        login(url, JwtBearer("app", "alice", "no key at all"))
    assert caught.value.where == "audience"


def test_a_netrc_entry_does_not_replace_the_token(
    trusted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A .netrc for the host stays unused."""
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password x\n")
    monkeypatch.setenv("NETRC", str(netrc))
    trusted.on("GET", "/query", Reply())
    open_client(trusted.url, CREDENTIALS).query("SELECT Id FROM Account")
    assert trusted.seen("/query")[0].headers["Authorization"] == "Bearer T1"


def test_cookies_are_not_kept(trusted: ScriptedOrg) -> None:
    """Nothing an answer sets comes back with the next request."""
    trusted.on("GET", "/query", Reply(headers={"Set-Cookie": "sid=1"}))
    client = open_client(trusted.url, CREDENTIALS)
    client.query("a")
    client.query("b")
    assert "Cookie" not in trusted.seen("/query")[1].headers


@pytest.mark.parametrize("crafted", EVIL_IDS)
def test_a_crafted_record_id_never_reaches_the_wire(
    org: SalesforceOrg, trusted: ScriptedOrg, crafted: str
) -> None:
    """An id that is none, or of another object, stops before a request is made."""
    before = len(trusted.requests)
    with pytest.raises(InputError):
        _send(org, _update(crafted))
    with pytest.raises(InputError):
        org.read([RecordRead("Account", (crafted,), ("Name",))])
    assert len(trusted.requests) == before


@pytest.mark.parametrize(
    "name", ["Account/../User", "Account?x=1", "Account describe", "a" * 200, "%2e%2e", ""]
)
def test_a_crafted_object_or_field_name_never_reaches_the_wire(
    org: SalesforceOrg, trusted: ScriptedOrg, name: str
) -> None:
    """Names come from the schema or not at all."""
    before = len(trusted.requests)
    query = RecordQuery.model_construct(
        object="Account", fields=(name,), where=(), order=(), limit=None
    )
    with pytest.raises(InputError):
        _send(org, _update("001000000000001AAA", name=name))
    with pytest.raises(InputError):
        _send(org, _update("001000000000001AAA", field=name))
    with pytest.raises(InputError):
        org.query([query])
    with pytest.raises(InputError):
        org.query([query.model_copy(update={"object": name})])
    assert len(trusted.requests) == before


def test_a_crafted_value_stays_inside_its_quotes(org: SalesforceOrg, trusted: ScriptedOrg) -> None:
    """Text that tries to end the string and start a new condition arrives as text."""
    trusted.on("GET", "/query", Reply(body={"records": [], "done": True}))
    crafted = "x' OR Name != '\\' LIMIT 1 --"
    org.query([RecordQuery(object="Account", where=(Condition(field="Name", value=crafted),))])
    path = trusted.seen("/query")[-1].path
    assert "%27x%5C%27%20OR%20Name%20%21%3D%20%5C%27%5C%5C%5C%27%20LIMIT%201%20--%27" in path


def test_text_cannot_become_a_reference_to_another_record(
    org: SalesforceOrg, trusted: ScriptedOrg
) -> None:
    """A value that reads like a composite reference is refused, not resolved by the org."""
    before = len(trusted.requests)
    with pytest.raises(InputError, match="reference"):
        _send(org, _update("001000000000001AAA", after="@{e0.id}"))
    assert len(trusted.requests) == before


def test_a_dropped_connection_after_the_commit_is_one_write_and_unknown(tmp_path: Path) -> None:
    """The local org commits, then hangs up: the outcome is unknown, and exactly one record exists."""
    with EmbeddedLocalOrg(tmp_path) as local:
        admin = open_client(local.url, ClientCredentials("admin", "localorg"))
        alice = connect(local.url, ClientCredentials("alice", "localorg"))
        alice.describe("Account")
        change = FieldChange(
            field="Name", label="Name", after="Written Once Ltd", provenance="goal"
        )
        effect = Effect(
            id="e", action_id="a", operation="CREATE", object="Account", changes=(change,)
        )
        session = GuardedSession(origin_of(local.url), Limits())
        spec = {
            "match": {"method": "POST", "pathContains": "/composite"},
            "drop": True,
            "after": "commit",
        }
        planted = session.post(
            f"{local.url}/localorg/faults",
            data=json.dumps(spec),
            headers={
                "Authorization": f"Bearer {admin.session.token}",
                "Content-Type": "application/json",
            },
        )
        session.close()
        assert planted.ok, planted.text
        outcome = alice.send(EffectGroup(id="g", org=alice.identity.id, effects=(effect,)))
        assert [each.status for each in outcome.outcomes] == ["unknown"]
        named = RecordQuery(
            object="Account", where=(Condition(field="Name", value="Written Once Ltd"),)
        )
        assert len(alice.query([named])[0]) == 1


@pytest.mark.parametrize("credentials", [CREDENTIALS, JwtBearer("app", "alice", "SECRET")])
def test_errors_never_quote_a_secret(trusted: ScriptedOrg, credentials: ClientCredentials) -> None:
    """Neither the message, the hint nor the representation of a session gives the token or the secret away."""
    trusted.on("POST", "/token", Reply(400, {"error": "invalid_client", "error_description": "no"}))
    with pytest.raises((OrgError, ConfigError)) as caught:
        login(trusted.url, credentials)
    assert "SECRET" not in f"{caught.value!r} {caught.value.as_dict()}"
    assert "TOKEN" not in repr(Session("TOKEN", trusted.url, ORG_ID, USER_ID))

"""Logging in: every grant, every refusal, and secrets that never show."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.connectors.salesforce.conftest import HandClock
from tests.connectors.salesforce.scripted_org import ORG_ID, USER_ID, Reply, ScriptedOrg

from actwright.clock import SystemClock
from actwright.connectors.salesforce.auth import (
    ClientCredentials,
    Credentials,
    JwtBearer,
    Password,
    SessionToken,
    _assertion,
    login,
)
from actwright.connectors.salesforce.origin import origin_of
from actwright.errors import (
    ConfigError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgProtocolError,
    OrgUnreachableError,
)

CREDENTIALS = ClientCredentials("app", "s3cr3t")


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Return a fresh private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def test_client_credentials_give_a_session(scripted: ScriptedOrg) -> None:
    """The token endpoint gets the grant, and the session knows org and user."""
    session = login(scripted.url, CREDENTIALS)
    form = parse_qs(scripted.seen("/token")[0].body.decode())
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_secret"] == ["s3cr3t"]
    assert (session.token, session.instance_url) == ("T1", scripted.url)
    assert (session.org_id, session.user_id) == (ORG_ID, USER_ID)


def test_a_jwt_names_the_person_and_lives_three_minutes(
    scripted: ScriptedOrg, key: rsa.RSAPrivateKey
) -> None:
    """The assertion is signed with the key, for this server, and soon expires."""
    clock = HandClock()
    clock.moment = datetime.now(UTC)
    login(scripted.url, JwtBearer("app", "alice@example.com", _pem(key)), clock=clock)
    form = parse_qs(scripted.seen("/token")[0].body.decode())
    claims = jwt.decode(
        form["assertion"][0], key.public_key(), algorithms=["RS256"], audience=scripted.url
    )
    assert (claims["iss"], claims["sub"]) == ("app", "alice@example.com")
    assert claims["exp"] == int(clock.moment.timestamp()) + 180


@pytest.mark.parametrize(
    ("url", "audience"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme.my.site.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com", "https://test.salesforce.com"),
        ("https://acme--uat.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
    ],
)
def test_the_audience_of_a_jwt_is_the_login_hosts_own(
    key: rsa.RSAPrivateKey, url: str, audience: str
) -> None:
    """Production, sandboxes and this machine each have their own."""
    assertion = _assertion(JwtBearer("app", "alice", _pem(key)), origin_of(url), SystemClock())
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == audience


def test_an_audience_that_is_said_is_the_one_signed(key: rsa.RSAPrivateKey) -> None:
    """A server of one's own gets an assertion for the audience its owner named."""
    credentials = JwtBearer("app", "alice", _pem(key), audience="https://idp.example")
    assertion = _assertion(credentials, origin_of("https://idp.example"), SystemClock())
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == "https://idp.example"


def test_a_broken_private_key_is_a_configuration_error_that_does_not_quote_it(
    scripted: ScriptedOrg,
) -> None:
    """The key's text stays out of the message, and nothing is sent."""
    with pytest.raises(ConfigError) as caught:
        login(scripted.url, JwtBearer("app", "alice", "-----BEGIN TOPSECRET-----"))
    assert "TOPSECRET" not in f"{caught.value}{caught.value.hint}"
    assert scripted.requests == []


def test_a_session_token_is_taken_as_it_is(scripted: ScriptedOrg) -> None:
    """No login happens for a token somebody else obtained."""
    session = login(scripted.url, SessionToken("00D!abc"))
    assert (session.token, session.org_id) == ("00D!abc", None)
    assert scripted.requests == []


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Evil: 1", "tökén"])
def test_a_token_no_org_gives_is_refused(token: str) -> None:
    """A line break in a token would be a header of its own."""
    with pytest.raises(OrgAuthenticationError):
        login("http://127.0.0.1:1", SessionToken(token))


def test_password_login_works_over_soap_and_warns(scripted: ScriptedOrg) -> None:
    """The old way still works, says that it is dying, and escapes the password."""
    result = (
        f"<r><sessionId>SOAP</sessionId><serverUrl>{scripted.url}/services/Soap/u/64.0/x"
        "</serverUrl></r>"
    )
    scripted.on("POST", "/services/Soap/u/64.0", Reply(body=result.encode()))
    with pytest.warns(DeprecationWarning, match="Summer '27"):
        session = login(scripted.url, Password("alice", "<&>", "TOKEN"))
    assert session.token == "SOAP"
    assert b"&lt;&amp;&gt;TOKEN" in scripted.requests[0].body


def test_a_refused_password_login_says_why(scripted: ScriptedOrg) -> None:
    """The SOAP fault's code decides the hint."""
    body = (
        b"<r xmlns:sf='x'><sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>"
        b"<sf:exceptionMessage>Invalid username</sf:exceptionMessage></r>"
    )
    scripted.on("POST", "/services/Soap", Reply(500, body))
    with (
        pytest.warns(DeprecationWarning, match="Summer"),
        pytest.raises(OrgAuthenticationError) as caught,
    ):
        login(scripted.url, Password("alice", "x", "T"))
    assert "security token" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(400, {"error": "invalid_grant", "error_description": "no"}), OrgAuthenticationError),
        (Reply(401, {"error": "invalid_client"}), OrgAuthenticationError),
        (Reply(200, {"access_token": "x"}), OrgProtocolError),
        (Reply(200, b"<html>"), OrgProtocolError),
        (Reply(200, {"access_token": 1, "instance_url": "https://x"}), OrgProtocolError),
        (Reply(302, headers={"Location": "https://evil.com"}), OrgProtocolError),
        (Reply(503), OrgBusyError),
        (Reply(drop=True), OrgUnreachableError),
    ],
)
def test_a_failed_login_lands_in_its_own_branch(
    scripted: ScriptedOrg, reply: Reply, kind: type[Exception]
) -> None:
    """Refused, unreadable, busy and unreachable stay apart."""
    scripted.on("POST", "/token", reply)
    with pytest.raises(kind):
        login(scripted.url, CREDENTIALS)


@pytest.mark.parametrize(
    "credentials",
    [
        ClientCredentials("app", "HUSH"),
        JwtBearer("app", "alice", "HUSH"),
        SessionToken("HUSH"),
        Password("alice", "HUSH", "HUSH"),
    ],
)
def test_secrets_are_never_in_a_repr(credentials: Credentials) -> None:
    """A log line with credentials in it gives nothing away."""
    assert "HUSH" not in repr(credentials)


def test_the_local_org_knows_its_users(local_org: str) -> None:
    """The demo org gives a session to an alias, and none for a wrong secret."""
    assert login(local_org, ClientCredentials("alice", "localorg")).user_id is not None
    with pytest.raises(OrgAuthenticationError):
        login(local_org, ClientCredentials("alice", "wrong"))

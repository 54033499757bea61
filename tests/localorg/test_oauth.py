"""Tokens over HTTP: who gets one, how long it lasts, how it ends."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localorg.testing import Client, RunningOrg, running_org

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    """A key to sign assertions with."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def jwt_org(tmp_path_factory: pytest.TempPathFactory, key: RSAPrivateKey) -> Iterator[RunningOrg]:
    """An org that trusts the key's certificate."""
    folder = tmp_path_factory.mktemp("jwt")
    certificate = folder / "certificate.pem"
    certificate.write_bytes(certificate_of(key))
    options = ["--jwt-certificate", str(certificate)]
    with running_org(db=str(folder / "org.db"), options=options) as served:
        yield served


def certificate_of(key: RSAPrivateKey) -> bytes:
    """Return a self-signed certificate in PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def ask(org: RunningOrg, **form: str) -> requests.Response:
    """Ask for a token."""
    return requests.post(f"{org.url}/services/oauth2/token", data=form, timeout=10)


def bearer(
    org: RunningOrg, key: RSAPrivateKey, algorithm: str = "RS256", **claims: object
) -> requests.Response:
    """Ask for a token with a signed assertion."""
    basics: dict[str, object] = {
        "iss": "client",
        "sub": "alice",
        "aud": "https://login.salesforce.com",
        "exp": int(time.time()) + 180,
    }
    assertion = jwt.encode(basics | claims, key, algorithm)
    return ask(org, grant_type=JWT_GRANT, assertion=assertion)


def test_client_credentials_give_a_session(org: RunningOrg) -> None:
    """The answer has the platform's shape, and its token works."""
    body = ask(
        org, grant_type="client_credentials", client_id="alice", client_secret="localorg"
    ).json()
    assert body["token_type"] == "Bearer"
    assert body["instance_url"] == org.url
    assert body["issued_at"].isdigit()
    session = Client(org.url, body["access_token"])
    user = session.request("GET", "/services/oauth2/userinfo").json()
    assert body["id"].endswith(f"{user['organization_id']}/{user['user_id']}")
    assert user["preferred_username"] == "alice@demo.localorg.example"
    assert user["zoneinfo"] == "America/New_York"


def test_credentials_may_come_as_basic_authentication(org: RunningOrg) -> None:
    """Clients that send id and secret in a header are served too."""
    response = requests.post(
        f"{org.url}/services/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("alice", "localorg"),
        timeout=10,
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "alice"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_id": "alice"}, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "eve", "client_secret": "localorg"},
            "invalid_grant",
        ),
        ({"grant_type": JWT_GRANT, "assertion": "x.y.z"}, "invalid_client"),
    ],
)
def test_a_grant_that_proves_nothing_is_refused(
    org: RunningOrg, form: dict[str, str], code: str
) -> None:
    """Unknown grants, wrong secrets, unknown users, and a JWT without a trusted key."""
    response = ask(org, **form)
    assert (response.status_code, response.json()["error"]) == (400, code)


@pytest.mark.parametrize("subject", ["alice", "alice@demo.localorg.example"])
def test_a_signed_assertion_gives_a_session(
    jwt_org: RunningOrg, key: RSAPrivateKey, subject: str
) -> None:
    """The subject may be an alias or a user name; ``exp`` may be text."""
    response = bearer(jwt_org, key, sub=subject, exp=str(int(time.time()) + 60))
    client = Client(jwt_org.url, response.json()["access_token"])
    assert client.request("GET", "/services/oauth2/userinfo").json()["nickname"] == "alice"


def test_an_assertion_must_be_fresh_and_signed(jwt_org: RunningOrg, key: RSAPrivateKey) -> None:
    """Expired, without expiry, by another key, for nobody: all invalid grants."""
    other = generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = jwt.encode({"sub": "alice", "exp": time.time() + 60}, "", "none")
    answers = [
        bearer(jwt_org, key, exp=int(time.time()) - 1),
        bearer(jwt_org, key, exp="soon"),
        bearer(jwt_org, key, exp=None),
        bearer(jwt_org, key, exp="nan"),
        bearer(jwt_org, other),
        bearer(jwt_org, key, sub="eve"),
        bearer(jwt_org, key, "RS512"),
        ask(jwt_org, grant_type=JWT_GRANT, assertion=unsigned),
    ]
    assert [each.json()["error"] for each in answers] == ["invalid_grant"] * len(answers)


def test_a_public_key_signs_nothing(jwt_org: RunningOrg, key: RSAPrivateKey) -> None:
    """The public key used as a shared secret is refused: only RS256 counts."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body = (
        jwt.utils.base64url_encode(each).decode()
        for each in (b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"admin","exp":9999999999}')
    )
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = jwt.utils.base64url_encode(
        algorithm.sign(f"{head}.{body}".encode(), public)
    ).decode()
    response = ask(jwt_org, grant_type=JWT_GRANT, assertion=f"{head}.{body}.{signature}")
    assert response.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("header", [None, "Bearer nope", "Basic YWxpY2U6eA==", "Bearer", ""])
def test_a_call_without_a_valid_token_is_refused(org: RunningOrg, header: str | None) -> None:
    """The answer is the platform's, which tells a client to log in again."""
    headers = {} if header is None else {"Authorization": header}
    response = requests.get(f"{org.url}/services/data/v68.0/limits", headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


def test_a_revoked_token_is_over(org: RunningOrg) -> None:
    """Revoking ends the session; revoking again is an error."""
    client = org.login("alice")
    url = f"{org.url}/services/oauth2/revoke"
    assert requests.post(url, data={"token": client.token}, timeout=10).status_code == 200
    assert client.request("GET", "/limits").status_code == 401
    assert requests.post(url, data={"token": client.token}, timeout=10).status_code == 400


def test_a_token_expires_and_is_stored_as_a_hash(tmp_path: Path) -> None:
    """``--session-seconds`` bounds a session; the file never holds the token itself."""
    path = tmp_path / "org.db"
    with running_org(db=str(path), options=["--session-seconds", "0.3"]) as served:
        client = served.login("alice")
        assert client.request("GET", "/limits").status_code == 200
        with sqlite3.connect(path) as connection:
            stored = connection.execute("SELECT hash FROM localorg_token").fetchall()
        connection.close()
        assert client.token not in str(stored)
        time.sleep(0.4)
        assert client.request("GET", "/limits").status_code == 401


def test_a_user_who_left_is_out_at_once(tmp_path: Path) -> None:
    """Deactivating a user ends the sessions they hold and refuses new ones."""
    with running_org(db=str(tmp_path / "org.db")) as served:
        dana, admin = served.login("dana"), served.login("admin")
        user = dana.request("GET", "/services/oauth2/userinfo").json()["user_id"]
        changed = admin.request("PATCH", f"/sobjects/User/{user}", {"IsActive": False})
        assert changed.status_code == 204
        assert dana.request("GET", "/limits").status_code == 401
        refused = ask(
            served, grant_type="client_credentials", client_id="dana", client_secret="localorg"
        )
        assert refused.json()["error"] == "invalid_grant"

"""Tokens: who may have one, who holds one, and until when.

Only the SHA-256 of a token is stored. A user who is no longer active has no valid token, whatever the expiry.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from localorg.errors import OAuthError, invalid_session
from localorg.rows import Row

CLIENT_SECRET: Final = "localorg"  # noqa: S105 - public by design: this is a stand-in for an org
JWT_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEFAULT_SECONDS: Final = 7200


def token_user(
    connection: sqlite3.Connection,
    form: Mapping[str, str],
    headers: Mapping[str, str],
    key: Path | None,
) -> Row:
    """Return the user a token request is for.

    Raises:
        OAuthError: The grant is unknown, or does not prove who the user is.
    """
    grant = form.get("grant_type")
    if grant == "client_credentials":
        return _client_credentials(connection, form, headers)
    if grant == JWT_GRANT:
        return _active_user(connection, _jwt_subject(form.get("assertion", ""), key))
    raise OAuthError("unsupported_grant_type", "grant type not supported")


def issue_token(connection: sqlite3.Connection, user_id: str, seconds: float) -> str:
    """Store a new token for a user, drop those that expired; return it."""
    organization = organization_id(connection)
    token = f"{organization[:15]}!{secrets.token_urlsafe(48)}"
    now = time.time()
    connection.execute("DELETE FROM localorg_token WHERE expires <= ?", (now,))
    connection.execute(
        "INSERT INTO localorg_token VALUES (?, ?, ?)", (_hash(token), user_id, now + seconds)
    )
    return token


def revoke_token(connection: sqlite3.Connection, token: str) -> None:
    """Forget a token.

    Raises:
        OAuthError: It is not one of this org's.
    """
    cursor = connection.execute("DELETE FROM localorg_token WHERE hash = ?", (_hash(token),))
    if not cursor.rowcount:
        raise OAuthError("unsupported_token_type", "this token is not supported")


def authenticate(connection: sqlite3.Connection, headers: Mapping[str, str]) -> str:
    """Return the id of the user whose token a call carries.

    Raises:
        ApiError: ``INVALID_SESSION_ID``.
    """
    kind, _, token = headers.get("authorization", "").partition(" ")
    row = connection.execute(
        'SELECT user_id FROM localorg_token JOIN "User" ON "Id" = user_id'
        ' WHERE hash = ? AND expires > ? AND "IsActive" = 1',
        (_hash(token.strip()), time.time()),
    ).fetchone()
    if row is None or kind.lower() not in {"bearer", "oauth"}:
        raise invalid_session()
    return str(row[0])


def organization_id(connection: sqlite3.Connection) -> str:
    """Return the id of the organisation, or a row of zeros before one is seeded."""
    row = connection.execute('SELECT "Id" FROM "Organization"').fetchone()
    return str(row[0]) if row else "00D000000000000EAA"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _client_credentials(
    connection: sqlite3.Connection, form: Mapping[str, str], headers: Mapping[str, str]
) -> Row:
    client, secret = _basic(headers) or (form.get("client_id", ""), form.get("client_secret", ""))
    if not hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")
    return _active_user(connection, client)


def _basic(headers: Mapping[str, str]) -> tuple[str, str] | None:
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError as error:
        raise OAuthError("invalid_client", "invalid client credentials") from error
    return client, secret


def _active_user(connection: sqlite3.Connection, name: str) -> Row:
    row = connection.execute(
        'SELECT * FROM "User" WHERE "Username" = :name OR "Alias" = :name', {"name": name}
    ).fetchone()
    if row is None:
        raise OAuthError("invalid_grant", "user hasn't approved this consumer")
    if not row["IsActive"]:
        raise OAuthError("invalid_grant", "inactive user")
    return dict(row)


def _jwt_subject(assertion: str, key: Path | None) -> str:
    """Return whom a signed assertion speaks for; the libraries load only when one arrives."""
    import jwt  # noqa: PLC0415 - costs a tenth of a second that most starts never need

    if key is None:
        raise OAuthError("invalid_client", "start the org with --jwt-certificate to accept a JWT")
    try:
        claims = jwt.decode(
            assertion,
            _public_key(key.read_bytes()),
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
        )
        expires = float(claims["exp"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise OAuthError("invalid_grant", "invalid assertion") from error
    if not expires > time.time():
        raise OAuthError("invalid_grant", "expired authorization code")
    return str(claims.get("sub", ""))


def _public_key(pem: bytes) -> bytes:
    """Return the public key of a PEM file that holds a certificate or the key itself."""
    if b"BEGIN CERTIFICATE" not in pem:
        return pem
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - as above
        Encoding,
        PublicFormat,
    )
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - as above

    key = load_pem_x509_certificate(pem).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

"""Logging in: credentials in, a token and the instance it belongs to out."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from actwright.clock import Clock, SystemClock
from actwright.connectors.salesforce.answer import Answer, OrgJson, mapping
from actwright.connectors.salesforce.errors import login_refused, map_exception, map_response
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.origin import Origin, is_salesforce, may_serve, origin_of
from actwright.errors import ConfigError, OrgAuthenticationError, OrgProtocolError
from actwright.org.record_id import is_record_id, record_id

if TYPE_CHECKING:
    from actwright.connectors.salesforce.wire import GuardedSession

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, no secret
_WHERE = "login"
_OK = 200
_ASSERTION_LIFE = timedelta(minutes=3)
_IDENTITY = re.compile(r"/id/([A-Za-z0-9]{15,18})/([A-Za-z0-9]{15,18})")
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")
_SOAP_VERSION = "64.0"
"""The last API version with a SOAP login."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth client credentials: one integration user, configured in the connected app."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """OAuth JWT bearer: a session of the very person named, so that the org enforces that person's rights.

    ``audience`` is derived from the login address where it is None; any server but Salesforce's own, or one on this
    machine, needs it said.
    """

    client_id: str
    subject: str
    private_key_pem: str = field(repr=False)
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A token somebody else obtained; it cannot be renewed here."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Password:
    """User name, password and security token over SOAP: off in new orgs, retired with Summer '27."""

    username: str
    password: str = field(repr=False)
    security_token: str = field(default="", repr=False)


Credentials: TypeAlias = ClientCredentials | JwtBearer | SessionToken | Password
"""Any way to log in."""


@dataclass(frozen=True, slots=True)
class Session:
    """A token, the instance it belongs to, and, where the login told it, whose it is."""

    token: str = field(repr=False)
    instance_url: str
    org_id: str | None = None
    user_id: str | None = None


def login(
    base_url: str,
    credentials: Credentials,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
) -> Session:
    """Log in and return the session.

    Args:
        base_url: The org's My Domain address, ``https://login.salesforce.com``, or a local org's address.
        credentials: How to log in.
        clock: For the expiry of a JWT.
        limits: Time and size limits.

    Raises:
        ConfigError: The address or the private key cannot be used, or a JWT's audience is not known.
        OrgAuthenticationError: The org refused the login, or answered with an instance of somebody else.
        OrgError: The org cannot be reached.
    """
    origin = origin_of(base_url)
    if isinstance(credentials, SessionToken):
        return Session(_usable(credentials.token), str(origin))
    from actwright.connectors.salesforce.wire import GuardedSession  # noqa: PLC0415 - slow to import

    with GuardedSession(origin, limits or Limits()) as http:
        if isinstance(credentials, Password):
            return _soap(http, origin, credentials)
        return _oauth(http, origin, _grant(credentials, origin, clock or SystemClock()))


def _grant(
    credentials: ClientCredentials | JwtBearer, origin: Origin, clock: Clock
) -> dict[str, str]:
    if isinstance(credentials, JwtBearer):
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": _assertion(credentials, origin, clock),
        }
    return {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }


def _assertion(credentials: JwtBearer, origin: Origin, clock: Clock) -> str:
    import jwt  # noqa: PLC0415 - pulls in cryptography

    claims = {
        "iss": credentials.client_id,
        "sub": credentials.subject,
        "aud": credentials.audience or _audience(origin),
        "exp": int((clock.now() + _ASSERTION_LIFE).timestamp()),
    }
    try:
        return jwt.encode(claims, credentials.private_key_pem, algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        # The library's own message may quote the key; it stays out of ours.
        raise ConfigError(
            "The private key is no RSA key in PEM form.",
            where="private_key_pem",
            hint="Give the unencrypted PKCS#8 or PKCS#1 key whose certificate the connected app holds.",
        ) from error


def _audience(origin: Origin) -> str:
    if origin.loopback:
        return str(origin)
    if not is_salesforce(origin):
        # An assertion for Salesforce itself could be replayed there by whichever server it was sent to.
        raise ConfigError(
            f"{origin} is none of Salesforce's login hosts, so the audience of a JWT for it is not known.",
            where="audience",
            hint="Check the address, or say which audience that server expects.",
        )
    sandbox = origin.host == "test.salesforce.com" or ".sandbox." in origin.host
    return f"https://{'test' if sandbox else 'login'}.salesforce.com"


def _oauth(http: GuardedSession, origin: Origin, form: dict[str, str]) -> Session:
    """Ask the token endpoint ourselves.

    simple-salesforce's `token_login` throws away the scheme of ``instance_url`` and the ``id`` beside it, never
    checks whose instance it is, and its callers know only ``https://*.salesforce.com``.
    """
    from actwright.connectors.salesforce.wire import answer_of  # noqa: PLC0415 - slow to import

    try:
        answer = answer_of(http.post(f"{origin}{TOKEN_PATH}", data=form))
    except Exception as error:
        raise map_exception(error, _WHERE) from error
    if answer.status != _OK:
        raise _refused(answer)
    return _session(mapping(answer.json(), _WHERE), origin)


def _refused(answer: Answer) -> Exception:
    try:
        body = answer.json()
    except OrgProtocolError:
        return map_response(answer, _WHERE)
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        return login_refused(str(body["error"]), str(body.get("error_description") or ""), _WHERE)
    return map_response(answer, _WHERE)


def _session(body: dict[str, OrgJson], origin: Origin) -> Session:
    token, instance = body.get("access_token"), body.get("instance_url")
    if not isinstance(token, str) or not isinstance(instance, str):
        raise OrgProtocolError(
            "The login's answer holds no access token or no instance.",
            where=_WHERE,
            hint="Check that the address is a Salesforce org's.",
        )
    org_id, user_id = _whose(body.get("id"))
    return Session(_usable(token), _instance(instance, origin), org_id, user_id)


def _whose(identity: OrgJson) -> tuple[str | None, str | None]:
    found = _IDENTITY.search(identity) if isinstance(identity, str) else None
    if found is None or not all(is_record_id(each) for each in found.groups()):
        return None, None
    return record_id(found[1]), record_id(found[2])


def _instance(url: str, login_origin: Origin) -> str:
    instance = origin_of(url)
    if not may_serve(login_origin, instance):
        raise OrgAuthenticationError(
            f"The login at {login_origin} answered with an instance of somebody else: {instance}.",
            where=_WHERE,
            hint="Check the login address; nothing was sent to that instance.",
        )
    return str(instance)


def _usable(token: str) -> str:
    if _TOKEN.fullmatch(token) is None:
        raise OrgAuthenticationError(
            "The access token holds spaces, line breaks or letters no token has.",
            where=_WHERE,
            hint="Copy the token again, without quotes or line ends.",
        )
    return token


def _soap(http: GuardedSession, origin: Origin, credentials: Password) -> Session:
    from simple_salesforce.login import SalesforceLogin  # noqa: PLC0415 - slow to import

    warnings.warn(
        "Password login is off in new orgs and ends with Summer '27; use client credentials or a JWT.",
        DeprecationWarning,
        stacklevel=4,
    )
    if not credentials.security_token.isalnum() and credentials.security_token:
        raise ConfigError("A security token holds letters and digits only.", where="security_token")
    try:
        token, host = SalesforceLogin(
            username=credentials.username,
            password=credentials.password,
            security_token=credentials.security_token,
            sf_version=_SOAP_VERSION,
            session=http,
            scratch_url=str(origin),
        )
    except Exception as error:
        raise map_exception(error, _WHERE) from error
    return Session(_usable(token), _instance(f"{origin.scheme}://{host}", origin))

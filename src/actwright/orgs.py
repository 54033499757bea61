"""Opening the org the settings name: the embedded local org, a local org by address, or Salesforce."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from actwright.clock import Clock
from actwright.errors import (
    ActwrightError,
    ConfigError,
    OrgAuthenticationError,
    OrgUnreachableError,
)
from actwright.org.ports import AccessExplainer, Explanation, PermissionAsk
from actwright.settings import Settings
from actwright.settings_secrets import secret

if TYPE_CHECKING:
    from actwright.connectors.salesforce.auth import Credentials
    from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
    from actwright.connectors.salesforce.org import SalesforceOrg

LOCAL_USER = "alice"
"""Who one is on the local org where nobody is named."""

_LOCAL_ADMIN = "admin"
_LOCAL_SECRET = "localorg"  # noqa: S105 - the demo secret is public
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class OpenOrg:
    """An open org, and the connection that explains its permissions."""

    org: SalesforceOrg
    explainer: AccessExplainer | None


def open_org(
    settings: Settings, stack: ExitStack, clock: Clock, running: EmbeddedLocalOrg | None = None
) -> OpenOrg:
    """Open the org the settings name; ``stack`` closes it, but not a ``running`` local org, which is its maker's.

    Raises:
        ConfigError: There is no way to log in, or the session is somebody else's.
        OrgError: The org cannot be reached, or refuses the login.
    """
    from actwright.connectors.salesforce.connect import (  # noqa: PLC0415 - slow to import
        connect,
        explaining,
    )

    local = settings.org == "local"
    url = _embedded(settings, stack, running) if local else settings.org
    credentials = _credentials(settings, url)
    try:
        org = connect(
            url, credentials, cache_dir=settings.home / "describes", clock=clock, local=local
        )
    except OrgUnreachableError as error:
        error.where = url
        raise
    except OrgAuthenticationError as error:
        if local:
            _name_the_others(settings.user or LOCAL_USER, url, error)
        raise
    stack.callback(org.close)
    _check_person(settings, org)
    explained_by = _explaining_credentials(settings)
    if explained_by is None:
        return OpenOrg(org, None)
    return OpenOrg(org, LazyExplainer(lambda: explaining(url, explained_by, clock=clock)))


class LazyExplainer:
    """An explainer that logs in only when something is to be explained."""

    def __init__(self, make: Callable[[], AccessExplainer]) -> None:
        self._make = make

    @cached_property
    def _explainer(self) -> AccessExplainer:
        return self._make()

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:
        """Return an explanation for each ask, in order.

        Raises:
            OrgError: The org cannot be asked.
        """
        return self._explainer.explain(asks)


def running_local_org(settings: Settings, stack: ExitStack) -> EmbeddedLocalOrg:
    """Start the embedded local org; ``stack`` stops it.

    Raises:
        ConfigError: Its packages are not installed.
        OrgUnreachableError: It died, or was not ready in time.
    """
    from actwright.connectors.salesforce.embedded import (  # noqa: PLC0415 - only when needed
        EmbeddedLocalOrg,
    )

    return stack.enter_context(EmbeddedLocalOrg(settings.home))


def _embedded(settings: Settings, stack: ExitStack, running: EmbeddedLocalOrg | None) -> str:
    return (running or running_local_org(settings, stack)).url


def _name_the_others(user: str, url: str, refused: OrgAuthenticationError) -> None:
    """Raise an error that names the users of a local org, where it has none called ``user``.

    Raises:
        OrgAuthenticationError: There is no such user.
    """
    from actwright.connectors.salesforce.auth import (  # noqa: PLC0415 - slow to import
        ClientCredentials,
    )
    from actwright.connectors.salesforce.connect import connect  # noqa: PLC0415 - same reason

    try:
        org = connect(url, ClientCredentials(_LOCAL_ADMIN, _LOCAL_SECRET), local=True)
    except ActwrightError:
        return
    try:
        rows = org.soql("SELECT Username FROM User WHERE IsActive = true ORDER BY Username")
    except ActwrightError:
        return
    finally:
        org.close()
    names = [str(each["Username"]).partition("@")[0] for each in rows]
    if user.partition("@")[0].casefold() not in names:
        raise ConfigError(
            f"No user {user[:80]!r} on the local org; there are {', '.join(names[:20])}.",
            where="--as",
            hint="Say --as with one of these names.",
        ) from refused


def _credentials(settings: Settings, url: str) -> Credentials:
    from actwright.connectors.salesforce.auth import (  # noqa: PLC0415 - slow to import
        ClientCredentials,
        JwtBearer,
        SessionToken,
    )

    if settings.org == "local":
        return ClientCredentials(settings.user or LOCAL_USER, _LOCAL_SECRET)
    token = secret("session_token", settings.org)
    if token:
        return SessionToken(token)
    if settings.client_id and settings.private_key_file and settings.user:
        return JwtBearer(settings.client_id, settings.user, _private_key(settings))
    demo = _is_loopback(url) and settings.client_id is None
    client_id = (settings.user or LOCAL_USER) if demo else settings.client_id
    client_secret = secret("client_secret", settings.org) or (_LOCAL_SECRET if demo else None)
    if client_id and client_secret:
        return ClientCredentials(client_id, client_secret)
    raise ConfigError(
        f"There is no way to log in to {url}.",
        hint="Set ACTWRIGHT_CLIENT_ID and ACTWRIGHT_PRIVATE_KEY_FILE and say --as USERNAME (JWT bearer, "
        "the person's own rights), or ACTWRIGHT_CLIENT_SECRET, or ACTWRIGHT_SESSION_TOKEN.",
    )


def _private_key(settings: Settings) -> str:
    path = settings.private_key_file
    try:
        return path.read_text(encoding="ascii") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "The private key cannot be read.",
            where=str(path),
            hint="Point ACTWRIGHT_PRIVATE_KEY_FILE at a PEM file you may read.",
        ) from error


def _explaining_credentials(settings: Settings) -> Credentials | None:
    from actwright.connectors.salesforce.auth import (  # noqa: PLC0415 - slow to import
        ClientCredentials,
    )

    if settings.org == "local":
        return ClientCredentials(_LOCAL_ADMIN, _LOCAL_SECRET)
    client_secret = secret("explain_client_secret", settings.org)
    if settings.explain_client_id and client_secret:
        return ClientCredentials(settings.explain_client_id, client_secret)
    return None


def _check_person(settings: Settings, org: SalesforceOrg) -> None:
    """Refuse a session that is not the named person's: its rights would be somebody else's."""
    wanted = (settings.user or "").lower()
    username = org.user.username.lower()
    if wanted and wanted not in {username, username.partition("@")[0], org.user.id.lower()}:
        raise OrgAuthenticationError(
            f"The session is {org.user.username}'s, not {settings.user}'s.",
            hint="Log in with JWT bearer, so that the session is that person's own.",
        )


def _is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in _LOOPBACK

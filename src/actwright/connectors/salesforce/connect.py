"""The doors: an address and credentials in, an org or an explainer out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from actwright.clock import Clock
from actwright.connectors.salesforce.auth import Credentials, SessionToken, login
from actwright.connectors.salesforce.client import API_VERSION, OrgClient
from actwright.connectors.salesforce.explainer import SalesforceExplainer
from actwright.connectors.salesforce.limits import Limits, Patience
from actwright.connectors.salesforce.org import SalesforceOrg


def open_client(
    url: str,
    credentials: Credentials,
    *,
    clock: Clock | None = None,
    version: str = API_VERSION,
    limits: Limits | None = None,
    patience: Patience | None = None,
) -> OrgClient:
    """Log in and return a client whose session is renewed with the same credentials.

    Raises:
        ConfigError: The address, the key or the version cannot be used.
        OrgAuthenticationError: The login was refused.
        OrgError: The org cannot be reached.
    """
    enter = partial(login, url, credentials, clock=clock, limits=limits)
    renew = None if isinstance(credentials, SessionToken) else enter
    return OrgClient(enter(), renew, version=version, limits=limits, patience=patience)


def connect(
    url: str,
    credentials: Credentials,
    *,
    cache_dir: Path | None = None,
    clock: Clock | None = None,
    local: bool = False,
    version: str = API_VERSION,
    limits: Limits | None = None,
    patience: Patience | None = None,
) -> SalesforceOrg:
    """Log in to an org.

    Args:
        url: The org's My Domain address, or a local org's address.
        credentials: How to log in, and so whose rights count.
        cache_dir: Where schemas are kept between processes; None keeps them in memory only.
        clock: The time; the machine's own where None.
        local: True only for a local org this program started itself; what is kept of it in ``cache_dir`` outlives
            its port, so each one's home needs a ``cache_dir`` of its own.
        version: The REST API's version.
        limits: Time and size limits.
        patience: How reads are repeated.

    Raises:
        ConfigError: The address, the key or the version cannot be used.
        OrgAuthenticationError: The login was refused.
        OrgError: The org cannot be reached.
    """
    client = open_client(
        url, credentials, clock=clock, version=version, limits=limits, patience=patience
    )
    try:
        return SalesforceOrg(client, cache_dir=cache_dir, clock=clock, local=local)
    except BaseException:
        client.close()
        raise


def explaining(
    url: str,
    credentials: Credentials,
    *,
    clock: Clock | None = None,
    version: str = API_VERSION,
    limits: Limits | None = None,
    patience: Patience | None = None,
) -> SalesforceExplainer:
    """Log in as somebody who may view setup, to say who could grant a right.

    Raises:
        ConfigError: The address, the key or the version cannot be used.
        OrgAuthenticationError: The login was refused.
        OrgError: The org cannot be reached.
    """
    client = open_client(
        url, credentials, clock=clock, version=version, limits=limits, patience=patience
    )
    return SalesforceExplainer(client)

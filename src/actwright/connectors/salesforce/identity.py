"""Which org a session belongs to, and whose it is."""

from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from actwright.clock import Clock
from actwright.connectors.salesforce.answer import OrgJson, mapping, rows
from actwright.connectors.salesforce.cache_folder import CacheFolder, Kept
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.origin import origin_of
from actwright.connectors.salesforce.questions import ask_together
from actwright.errors import OrgProtocolError, RecordIdError
from actwright.inert import inert
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.record_id import record_id

_TTL = timedelta(days=1)
_FILE = "identity"
_ORG, _USER = "00D", "005"
_SERVER_DIGITS = 16


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """One org, and one user of it."""

    org: OrgIdentity
    user: RunningUser


def folder_of(
    cache_dir: Path | None, server: str, org_id: str, user_id: str, version: str
) -> CacheFolder:
    """Return the folder for one server, org, user and API version; the ids are checked, so no name can leave it."""
    if cache_dir is None:
        return CacheFolder(None)
    return CacheFolder(cache_dir / server / record_id(org_id) / record_id(user_id) / f"v{version}")


def server_of(instance_url: str, *, local: bool) -> str:
    """Return a short name for the server behind an address, so that no two share a folder, whatever ids they claim.

    A local org this program started has another port each time, and is told apart by the folder it is kept in.
    """
    if local:
        return "local"
    return hashlib.sha256(str(origin_of(instance_url)).encode()).hexdigest()[:_SERVER_DIGITS]


def who_am_i(
    client: OrgClient, cache_dir: Path | None, clock: Clock, *, local: bool
) -> tuple[WhoAmI, CacheFolder]:
    """Find out who is logged in, and where; from disk where the login itself named org and user.

    Args:
        client: The session.
        cache_dir: Where to keep it for a day; None keeps nothing.
        clock: Tells how old a kept answer is.
        local: Whether the org is a local one this program started.

    Raises:
        OrgError: The org cannot be asked, or answers with no identity.
    """
    session = client.session
    info: Mapping[str, OrgJson] = {}
    org_id, user_id = session.org_id, session.user_id
    if org_id is None or user_id is None:
        info = mapping(client.userinfo().json(), "userinfo")
        org_id = _id(info.get("organization_id"), _ORG)
        user_id = _id(info.get("user_id"), _USER)
    server = server_of(session.instance_url, local=local)
    folder = folder_of(cache_dir, server, org_id, user_id, client.version)
    kept = folder.read(_FILE, WhoAmI)
    fresh = kept is not None and timedelta(0) <= clock.now() - kept.fetched_at < _TTL
    if (
        kept is None
        or not fresh
        or (kept.document.org.id, kept.document.user.id) != (org_id, user_id)
    ):
        found = _ask(client, org_id, user_id)
        kept = Kept(clock.now(), None, found)
        folder.write(_FILE, WhoAmI, kept)
    url = session.instance_url
    org = kept.document.org.model_copy(update={"url": url, "local": local})
    return WhoAmI(org, kept.document.user), folder


def _ask(client: OrgClient, org_id: str, user_id: str) -> WhoAmI:
    who = f"WHERE Id = '{record_id(user_id)}'"
    queries = (
        "SELECT Name FROM Organization LIMIT 1",
        f"SELECT Username, Name, TimeZoneSidKey, LocaleSidKey FROM User {who}",  # noqa: S608 - a checked id
    )
    org, user = (_first(each.body) for each in ask_together(client, queries, counted=False))
    return WhoAmI(
        OrgIdentity(id=org_id, url=client.session.instance_url, name=_words(org, "Name")),
        RunningUser(
            id=user_id,
            username=_words(user, "Username"),
            name=_words(user, "Name"),
            zone=_zone(_words(user, "TimeZoneSidKey")),
            locale=_words(user, "LocaleSidKey") or "en_US",
        ),
    )


def _first(body: OrgJson) -> Mapping[str, OrgJson]:
    """Return the first row of a query, or an empty one where the user may not see it."""
    if not isinstance(body, dict):
        return {}
    found = rows(body.get("records"), "records")
    return found[0] if found else {}


def _words(row: Mapping[str, OrgJson], key: str) -> str:
    value = row.get(key)
    return inert(value, limit=255) if isinstance(value, str) else ""


def _zone(key: str) -> str:
    """Return an IANA zone this machine knows; UTC for any other."""
    try:
        zoneinfo.ZoneInfo(key)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return "UTC"
    return key


def _id(value: OrgJson, prefix: str) -> str:
    try:
        return record_id(value if isinstance(value, str) else "", prefixes=(prefix,))
    except RecordIdError as error:
        raise OrgProtocolError(
            "The org does not say who is logged in.",
            where="userinfo",
            hint="Check that the address is a Salesforce org's, and that the token may use the API.",
        ) from error

"""The org as one object: a call goes in, a reply comes out."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from localorg import auth, composite, graph
from localorg.bulk.job import Job
from localorg.bulk.worker import Worker
from localorg.cursors import Cursors
from localorg.database import Database, metadata_time
from localorg.errors import ApiError, OAuthError, not_found
from localorg.exchange import Call, Reply, Route, Router
from localorg.faults import Faults
from localorg.locks import AllLocked, Locks
from localorg.permissions import Access, load_access
from localorg.routes import ingest_jobs, locks, metadata, query_jobs, rules
from localorg.routes.faults import fault_routes
from localorg.rows import Row, fetch
from localorg.save_options import save_options
from localorg.schema.catalogue import Catalogue
from localorg.session import Session
from localorg.usage import Usage

_VERSIONED: Final = re.compile(r"/services/data/v(\d\d\.0)(/.*)?")
_ROUTER: Final = Router(
    (
        *composite.ROUTES,
        *graph.ROUTES,
        *composite.INNER.routes,
        *ingest_jobs.ROUTES,
        *query_jobs.ROUTES,
    )
)


@dataclass
class Service:
    """Answers calls over one database."""

    database: Database
    catalogue: Catalogue
    session_seconds: float = auth.DEFAULT_SECONDS
    jwt_certificate: Path | None = None
    faults: Faults = field(default_factory=Faults)
    usage: Usage = field(default_factory=Usage)
    locks: Locks = field(default_factory=Locks)
    _cursors: Cursors = field(default_factory=Cursors)
    _access: dict[str, tuple[int, Access]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._admin = Router((*fault_routes(self.faults, self.usage), *locks.ROUTES, *rules.ROUTES))
        self.worker = Worker(self.database, self._session_of_job)
        """What carries bulk jobs out."""

    def writes(self, call: Call) -> bool:
        """Tell whether a call may write; one that nobody answers does not."""
        try:
            _, route, _ = self._route(call)
        except ApiError:
            return False
        return not route.reads(call)

    def answer(self, call: Call, base_url: str, *, locked: bool = False) -> Reply:
        """Answer one call; refusals become replies.

        Args:
            call: What is asked.
            base_url: The address the org is reached at.
            locked: Whether somebody else holds every row while it is answered.
        """
        try:
            reply = self._answer(call, base_url, locked=locked)
        except ApiError as error:
            reply = Reply(error.status, error.body())
        except OAuthError as error:
            body = {"error": error.code, "error_description": error.description}
            return Reply(error.status, body)
        return replace(reply, headers={**reply.headers, **self.usage.header})

    def _answer(self, call: Call, base_url: str, *, locked: bool) -> Reply:
        if call.path.startswith("/services/oauth2/"):
            return self._oauth(call, base_url)
        return self._resource(call, base_url, locked=locked)

    def _resource(self, call: Call, base_url: str, *, locked: bool) -> Reply:
        if call.path.rstrip("/") == "/services/data":
            return metadata.versions()
        version, route, parts = self._route(call)
        with self._transaction(route.reads(call)) as connection:
            session = self._session(connection, call, base_url, version)
            if not version and not session.access.view_setup:
                raise ApiError(
                    403, "INSUFFICIENT_ACCESS", "this takes View Setup and Configuration"
                )
            if locked:
                session = replace(session, locks=AllLocked())
            return route.handler(session, call, parts)

    def _route(self, call: Call) -> tuple[str, Route, Mapping[str, str]]:
        """Return the version a path names (none under ``/localorg``), its route and its parts."""
        if call.path.startswith("/localorg/"):
            return "", *self._admin.find(call.method, call.path)
        found = _VERSIONED.fullmatch(call.path)
        if found is None or not metadata.spoken(found[1]):
            raise not_found()
        return found[1], *_ROUTER.find(call.method, found[2] or "")

    def _transaction(self, reads: bool) -> AbstractContextManager[sqlite3.Connection]:  # noqa: FBT001 - private
        return self.database.read() if reads else self.database.write()

    def _session(
        self, connection: sqlite3.Connection, call: Call, base_url: str, version: str
    ) -> Session:
        user_id = auth.authenticate(connection, call.headers)
        return replace(
            self._session_of(connection, user_id),
            base_url=base_url,
            version=version,
            save_options=save_options(call.headers),
            start_job=self.worker.start,
        )

    def _session_of_job(self, connection: sqlite3.Connection, job: Job) -> Session:
        return self._session_of(connection, job.owner)

    def _session_of(self, connection: sqlite3.Connection, user_id: str) -> Session:
        return Session(
            connection=connection,
            catalogue=self.catalogue,
            access=self._access_of(connection, user_id),
            user_id=user_id,
            base_url="",
            now=datetime.now(UTC),
            cursors=self._cursors,
            usage=self.usage,
            locks=self.locks,
        )

    def _access_of(self, connection: sqlite3.Connection, user_id: str) -> Access:
        """Return the user's rights, folded again only after something about rights changed."""
        changed = metadata_time(connection)
        kept = self._access.get(user_id)
        if kept is None or kept[0] != changed:
            kept = (changed, load_access(connection, self.catalogue, user_id))
            self._access[user_id] = kept
        return kept[1]

    def _oauth(self, call: Call, base_url: str) -> Reply:
        name = call.path.removeprefix("/services/oauth2/")
        if name == "userinfo" and call.method in {"GET", "POST"}:
            return self._userinfo(call, base_url)
        body = call.body if isinstance(call.body, dict) else {}
        form = {str(name): str(value) for name, value in body.items()}
        if name == "token" and call.method == "POST":
            return self._token(call, form, base_url)
        if name == "revoke" and call.method == "POST":
            with self.database.write() as connection:
                auth.revoke_token(connection, form.get("token", ""))
            return Reply(200)
        raise not_found()

    def _token(self, call: Call, form: Mapping[str, str], base_url: str) -> Reply:
        with self.database.write() as connection:
            user = auth.token_user(connection, form, call.headers, self.jwt_certificate)
            user_id = str(user["Id"])
            body = {
                "access_token": auth.issue_token(connection, user_id, self.session_seconds),
                "instance_url": base_url,
                "id": f"{base_url}/id/{auth.organization_id(connection)}/{user_id}",
                "token_type": "Bearer",
                "scope": "api",
                "issued_at": str(int(time.time() * 1000)),
            }
        return Reply(200, body, {"Cache-Control": "no-store"})

    def _userinfo(self, call: Call, base_url: str) -> Reply:
        with self.database.read() as connection:
            user_id = auth.authenticate(connection, call.headers)
            definition = self.catalogue.objects["User"]
            user = fetch(connection, definition, user_id) or {}
            organization = auth.organization_id(connection)
        return Reply(200, _user_claims(user, organization, base_url))


def _user_claims(user: Row, organization: str, base_url: str) -> dict[str, object]:
    return {
        "sub": f"{base_url}/id/{organization}/{user['Id']}",
        "user_id": user["Id"],
        "organization_id": organization,
        "preferred_username": user["Username"],
        "nickname": user["Alias"],
        "name": user["Name"],
        "given_name": user["FirstName"],
        "family_name": user["LastName"],
        "email": user["Email"],
        "zoneinfo": user["TimeZoneSidKey"],
        "locale": user["LocaleSidKey"],
        "language": user["LanguageLocaleKey"],
        "user_type": "STANDARD",
        "active": True,
    }

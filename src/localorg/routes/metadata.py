"""Resources about the org: versions, objects, describes, limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from localorg.database import metadata_time
from localorg.describe import describe, describe_global
from localorg.exchange import Call, Reply, Route
from localorg.record_types import record_types
from localorg.records import object_of
from localorg.routes import picklists
from localorg.routes.rows import http_date
from localorg.session import Session
from localorg.usage import DAILY_CALLS

FIRST_VERSION: Final = 50
LAST_VERSION: Final = 68

Parts = Mapping[str, str]


def spoken(version: str) -> bool:
    """Tell whether the org speaks a version written as ``68.0``."""
    return version in {f"{number}.0" for number in range(FIRST_VERSION, LAST_VERSION + 1)}


def versions() -> Reply:
    """Answer the API versions the org speaks."""
    numbers = range(FIRST_VERSION, LAST_VERSION + 1)
    return Reply(200, [_version(each) for each in numbers])


def _version(number: int) -> dict[str, str]:
    version = f"{number}.0"
    return {"label": f"v{version}", "url": f"/services/data/v{version}", "version": version}


def resources(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the resources of this version."""
    names = ("sobjects", "query", "queryAll", "composite", "limits")
    return Reply(200, {name: session.resource(name) for name in names})


def objects(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer every object the user may see."""
    return _unless_known(
        session, call, lambda: describe_global(session.catalogue, session.access, session.version)
    )


def object_basics(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the summary of one object."""
    definition = object_of(session, parts["object"])
    full = describe(definition, session.access, session.base_url, session.version)
    summary = {k: v for k, v in full.items() if not isinstance(v, list)}
    return Reply(200, {"objectDescribe": summary, "recentItems": []})


def object_describe(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer the describe of one object as the user may see it, or 304 where the caller has it."""
    definition = object_of(session, parts["object"])

    def body() -> object:
        kinds = record_types(session.connection, definition, session.access)
        return describe(definition, session.access, session.base_url, session.version, kinds)

    return _unless_known(session, call, body)


def limits(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the daily API limit."""
    left = max(0, DAILY_CALLS - session.usage.count)
    return Reply(200, {"DailyApiRequests": {"Max": DAILY_CALLS, "Remaining": left}})


def _unless_known(session: Session, call: Call, body: Callable[[], object]) -> Reply:
    changed = datetime.fromtimestamp(metadata_time(session.connection), UTC)
    headers = {"Last-Modified": format_datetime(changed, usegmt=True)}
    known = http_date(call.headers, "if-modified-since")
    if known is not None and changed <= known:
        return Reply(304, None, headers)
    return Reply(200, body(), headers)


ROUTES = (
    Route("GET", "", resources),
    Route("GET", "/sobjects", objects),
    Route("GET", "/sobjects/{object}", object_basics),
    Route("GET", "/sobjects/{object}/describe", object_describe),
    Route("GET", "/limits", limits),
    *picklists.ROUTES,
)
"""The routes about the org itself."""

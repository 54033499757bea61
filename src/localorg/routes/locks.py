"""Resources that hold rows and let them go."""

from __future__ import annotations

from collections.abc import Mapping

from localorg.errors import invalid_json
from localorg.exchange import Call, Reply, Route
from localorg.ids import require_id
from localorg.session import Session

Parts = Mapping[str, str]


def hold(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Hold the rows named by ``ids``."""
    body = call.fields()
    ids = body.get("ids")
    if set(body) != {"ids"} or not isinstance(ids, list):
        raise invalid_json("locks have the one key ids, a list of record ids")
    session.locks.hold([require_id(str(each)) for each in ids])
    return Reply(204)


def release(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Let every row go."""
    session.locks.release()
    return Reply(204)


def held(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the rows held."""
    return Reply(200, {"ids": session.locks.held})


def _touches_no_rows(_call: Call) -> bool:
    """Locks live in memory: none of these writes to the database."""
    return True


ROUTES = (
    Route("POST", "/localorg/locks", hold, _touches_no_rows),
    Route("DELETE", "/localorg/locks", release, _touches_no_rows),
    Route("GET", "/localorg/locks", held),
)
"""The routes of row locks."""

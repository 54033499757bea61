"""One call inside another: read from the outer body, made, and put into the outer answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from localorg.database import savepoint
from localorg.errors import ApiError, halted, invalid_json
from localorg.exchange import Call, Reply, Router
from localorg.references import Results, body_of, url_of
from localorg.routes import metadata
from localorg.save_options import HEADER, save_options
from localorg.session import Session

REDIRECTS: Final = 300
"""The first HTTP status that is not a success; an upsert's 300 is not one either."""

_NAME: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)
_VERSIONED: Final = re.compile(r"/services/data/v(\d\d\.0)(?=[/?]|$)")
_RESERVED: Final = frozenset({"accept", "authorization", "content-type"})


@dataclass(frozen=True, slots=True)
class Subrequest:
    """One call inside the call, its references not yet resolved."""

    reference_id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: object


def read_subrequests(entries: object) -> list[Subrequest]:
    """Return the subrequests of a ``compositeRequest`` list.

    Raises:
        ApiError: ``JSON_PARSER_ERROR`` where the list, an entry or a reference id is not as it must be.
    """
    if not isinstance(entries, list) or not entries:
        raise invalid_json("compositeRequest must be a list of subrequests")
    subrequests = [_subrequest(each) for each in entries]
    names = [each.reference_id for each in subrequests]
    if len(set(names)) < len(names):
        raise invalid_json("Each subrequest needs a referenceId of its own")
    return subrequests


def make(session: Session, router: Router, subrequest: Subrequest, results: Results) -> Reply:
    """Make one subrequest; whatever it wrote before failing is taken back."""
    try:
        with savepoint(session.connection):
            return _dispatch(session, router, subrequest, results)
    except ApiError as error:
        return Reply(error.status, error.body())


def entry(subrequest: Subrequest, reply: Reply) -> dict[str, object]:
    """Return a subrequest's part of the outer answer."""
    return {
        "body": reply.body,
        "httpHeaders": dict(reply.headers),
        "httpStatusCode": reply.status,
        "referenceId": subrequest.reference_id,
    }


def halted_entries(
    subrequests: Sequence[Subrequest], failed: Subrequest, reply: Reply
) -> list[dict[str, object]]:
    """Return the answers of a transaction taken back: ``reply`` for the one that failed, halted for the rest."""
    rest = Reply(400, halted().body())
    return [entry(each, reply if each is failed else rest) for each in subrequests]


def _subrequest(entry: object) -> Subrequest:
    if not isinstance(entry, dict):
        raise invalid_json("A subrequest must be an object")
    name, method, url = (_text(entry, key) for key in ("referenceId", "method", "url"))
    if not _NAME.fullmatch(name):
        raise invalid_json(f"referenceId {name[:40]!r} must be letters, digits and underscores")
    headers = entry.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise invalid_json("httpHeaders must be an object")
    lowered = {str(k).lower(): str(v) for k, v in headers.items()}
    if _RESERVED & set(lowered):
        raise invalid_json("httpHeaders cannot set Accept, Authorization or Content-Type")
    return Subrequest(name, method.upper(), url, lowered, entry.get("body"))


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise invalid_json(f"A subrequest needs the text {key}")
    return value


def _dispatch(session: Session, router: Router, subrequest: Subrequest, results: Results) -> Reply:
    url = url_of(subrequest.url, results)
    version = _VERSIONED.match(url)
    if version is None or not metadata.spoken(version[1]):
        raise ApiError(400, "INVALID_URL", "a subrequest's url starts with /services/data/vNN.0")
    body = body_of(subrequest.body, results)
    call = Call.to(subrequest.method, url[version.end() :], subrequest.headers, body)
    route, parts = router.find(call.method, call.path)
    if HEADER in call.headers:
        session = replace(session, save_options=save_options(call.headers))
    return route.handler(session, call, parts)

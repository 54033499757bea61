"""One call and its reply, free of any HTTP library, so that composite can make calls of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from localorg.errors import ApiError, invalid_json, not_found
from localorg.session import Session

JSON: Final = "application/json;charset=UTF-8"
"""The media type of nearly every reply."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request: ``path`` still percent-encoded, header names in lower case, ``body`` decoded."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None

    @classmethod
    def to(cls, method: str, url: str, headers: Mapping[str, str], body: object = None) -> Call:
        """Return a call of a relative URL."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(method, parts.path, query, headers, body)

    def fields(self) -> dict[str, object]:
        """Return the body, which must be a JSON object.

        Raises:
            ApiError: ``JSON_PARSER_ERROR`` where it is anything else.
        """
        if not isinstance(self.body, dict):
            raise invalid_json("The HTTP entity body must be a JSON object")
        return self.body

    def parameter(self, name: str) -> str:
        """Return a parameter of the query string.

        Raises:
            ApiError: ``MALFORMED_QUERY`` where it is absent.
        """
        if name not in self.query:
            raise ApiError(400, "MALFORMED_QUERY", f"parameter {name} is required")
        return self.query[name]


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; ``body`` is JSON, or None for an empty one. Of another media type it is text."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON


Handler: TypeAlias = Callable[[Session, Call, Mapping[str, str]], Reply]
"""Answers a call, given the parts of the path that its route names."""


def get_reads(call: Call) -> bool:
    """Tell whether a call only reads, by its method."""
    return call.method in {"GET", "HEAD"}


@dataclass(frozen=True)
class Route:
    """A handler and the calls it answers: a method, and a path such as ``/sobjects/{object}``."""

    method: str
    path: str
    handler: Handler
    reads: Callable[[Call], bool] = get_reads

    def match(self, path: str) -> Mapping[str, str] | None:
        """Return the named parts of ``path``, decoded, or None where it is another path."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path.rstrip("/"))
        return None if found is None else {k: unquote(v) for k, v in found.groupdict().items()}


@dataclass(frozen=True)
class Router:
    """Routes in the order in which they are tried."""

    routes: tuple[Route, ...]

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]]:
        """Return the route for a method and a path, and the path's named parts.

        Raises:
            ApiError: ``NOT_FOUND`` for an unknown path, ``METHOD_NOT_ALLOWED`` for a known one.
        """
        allowed = []
        for route in self.routes:
            parts = route.match(path)
            if parts is not None and route.method == method:
                return route, parts
            if parts is not None:
                allowed.append(route.method)
        if not allowed:
            raise not_found()
        message = f"HTTP Method '{method}' not allowed. Allowed are {','.join(sorted(allowed))}"
        raise ApiError(405, "METHOD_NOT_ALLOWED", message)

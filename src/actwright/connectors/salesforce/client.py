"""The one client of an org's REST interface: a small, fixed set of requests, and the rules all of them keep."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from actwright.connectors.salesforce.answer import Answer
from actwright.connectors.salesforce.api_name import is_api_name
from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.channel import Channel, Unanswered
from actwright.connectors.salesforce.errors import map_response, own_code
from actwright.connectors.salesforce.limits import Limits, Patience, Transient
from actwright.errors import ConfigError, InputError, OrgBusyError, OrgUnreachableError
from actwright.org.record_id import record_id

API_VERSION = "66.0"

_VERSION = re.compile(r"[0-9]{2,3}\.0", re.ASCII)
_LOCATOR = re.compile(r"[A-Za-z0-9]{15,18}-[0-9]{1,9}", re.ASCII)
_RESULT_LOCATOR = re.compile(r"[A-Za-z0-9_=-]{1,200}", re.ASCII)
_JOB = re.compile(r"[A-Za-z0-9]{15,18}", re.ASCII)
_OK, _CREATED, _NOT_MODIFIED = 200, 201, 304
_FIRST_CLIENT_ERROR, _FIRST_SERVER_ERROR = 400, 500
_PASSING = frozenset({429, 502, 503, 504})
_GAVE_UP = frozenset({408, 499})
_MAYBE_DONE = frozenset({"REQUEST_RUNNING_TOO_LONG"})


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    where: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    counted: bool = True


class OrgClient:
    """Speaks to one org with one session; safe to call from several threads.

    Reads are repeated patiently, writes never. A refused token is renewed once, with the same request sent again.

    Args:
        session: The token and its instance.
        renew: Logs in again; None where the token cannot be renewed.
        version: The REST API's version.
        limits: Time and size limits of every exchange.
        patience: How reads are repeated.

    Raises:
        ConfigError: The version is no API version.
    """

    def __init__(
        self,
        session: Session,
        renew: Callable[[], Session] | None = None,
        *,
        version: str = API_VERSION,
        limits: Limits | None = None,
        patience: Patience | None = None,
    ) -> None:
        if _VERSION.fullmatch(version) is None:
            raise ConfigError(f"{version[:20]!r} is no API version.", hint="Give one like '66.0'.")
        self.version = version
        self._channel = Channel(session, renew, version, limits or Limits())
        self._patience = patience or Patience()

    @property
    def session(self) -> Session:
        """The session in use."""
        return self._channel.session

    @property
    def api_calls(self) -> int:
        """Calls answered so far that count: no logins, no look at who is logged in, no revalidations."""
        return self._channel.calls

    @property
    def usage(self) -> tuple[int, int] | None:
        """API calls used and allowed today, as the org last told it."""
        return self._channel.usage

    def close(self) -> None:
        """Close the connections."""
        self._channel.close()

    def userinfo(self) -> Answer:
        """Ask who is logged in."""
        path = "/services/oauth2/userinfo"
        return self._read(_Request("GET", path, "userinfo", counted=False))

    def global_describe(self, since: str | None = None) -> Answer:
        """Ask for the list of objects; 304 where it has not changed ``since`` a Last-Modified."""
        return self._revalidated(self._path("sobjects"), "the list of objects", since)

    def describe(self, name: str, since: str | None = None, *, counted: bool = True) -> Answer:
        """Ask for one object's schema; 304 where it has not changed ``since`` a Last-Modified.

        Raises:
            InputError: The name is no API name.
        """
        if not is_api_name(name):
            raise InputError(f"{name[:40]!r} is no object's API name.", where="object")
        path = self._path(f"sobjects/{name}/describe")
        return self._revalidated(path, f"describe {name}", since, counted=counted)

    def picklist_values(self, name: str, record_type: str, *, counted: bool = True) -> Answer:
        """Ask which values an object's picklists offer for one record type.

        Raises:
            InputError: The name is no API name, or the id no record id.
        """
        if not is_api_name(name):
            raise InputError(f"{name[:40]!r} is no object's API name.", where="object")
        kind = record_id(record_type, where="record type")
        path = self._path(f"ui-api/object-info/{name}/picklist-values/{kind}")
        return self._read(_Request("GET", path, f"picklists of {name}", counted=counted))

    def query(self, soql: str) -> Answer:
        """Ask one query."""
        return self._read(_Request("GET", self.query_path(soql), "query"))

    def more(self, locator: str) -> Answer:
        """Ask for the next rows of a query, by the last segment of its ``nextRecordsUrl``.

        Raises:
            InputError: It is no such segment.
        """
        if _LOCATOR.fullmatch(locator) is None:
            raise InputError(f"{locator[:40]!r} is no query locator.", where="nextRecordsUrl")
        return self._read(_Request("GET", self._path(f"query/{locator}"), "query"))

    def query_path(self, soql: str) -> str:
        """Return the path of a query, as a composite's subrequest has it."""
        return self._path(f"query?q={quote(soql, safe='')}")

    def object_path(self, *segments: str) -> str:
        """Return the path of a row as a composite's subrequest has it; every segment is percent-encoded whole."""
        return self._path("/".join(["sobjects", *(quote(each, safe="") for each in segments)]))

    def composite_read(self, body: Mapping[str, object], *, counted: bool = True) -> Answer:
        """Ask several reads in one call."""
        path = self._path("composite")
        return self._read(
            _Request("POST", path, "composite", content=_bytes(body), counted=counted)
        )

    def composite_write(self, body: Mapping[str, object]) -> Answer | None:
        """Send a composite that writes, once.

        Returns:
            The org's own answer, or None where it was sent and no answer tells what became of it.

        Raises:
            OrgError: Nothing was done: no connection, the session refused, or the org refused the call as a whole.
        """
        return self._write(
            _Request("POST", self._path("composite"), "composite", content=_bytes(body))
        )

    def insert_rows(self, body: Mapping[str, object]) -> Answer | None:
        """Create rows, each of which stands or falls for itself; as `composite_write`."""
        path = self._path("composite/sobjects")
        return self._write(_Request("POST", path, "collection", content=_bytes(body)))

    def graph_write(
        self, body: Mapping[str, object], *, headers: Mapping[str, str] | None = None
    ) -> Answer | None:
        """Send graphs that write, once; as `composite_write`."""
        path = self._path("composite/graph")
        return self._write(_Request("POST", path, "graph", headers or {}, _bytes(body)))

    def open_job(self, body: Mapping[str, object]) -> Answer | None:
        """Open a bulk job, which does nothing before it is closed; as `composite_write`.

        It takes no word on duplicate rules: a row such a rule merely warns about is refused.
        """
        path = self._path("jobs/ingest")
        return self._write(_Request("POST", path, "bulk job", content=_bytes(body)))

    def upload_rows(self, job: str, content: bytes) -> Answer | None:
        """Give an open bulk job its rows as CSV; as `composite_write`."""
        path, headers = self._job_path(job) + "/batches", {"Content-Type": "text/csv"}
        return self._write(_Request("PUT", path, "bulk job rows", headers, content))

    def set_job_state(self, job: str, state: Literal["UploadComplete", "Aborted"]) -> Answer | None:
        """Close a bulk job, so that the org begins, or give it up; as `composite_write`."""
        content = _bytes({"state": state})
        return self._write(
            _Request("PATCH", self._job_path(job), f"bulk job {job}", content=content)
        )

    def job(self, job: str) -> Answer:
        """Ask how far a bulk job is."""
        return self._read(_Request("GET", self._job_path(job), f"bulk job {job}"))

    def job_results(
        self,
        job: str,
        kind: Literal["successfulResults", "failedResults", "unprocessedrecords"],
        locator: str | None = None,
    ) -> Answer:
        """Ask for one kind of a bulk job's results as CSV, from a ``Sforce-Locator`` on.

        Raises:
            InputError: The locator is none.
        """
        if locator is not None and _RESULT_LOCATOR.fullmatch(locator) is None:
            raise InputError(f"{locator[:40]!r} is no locator of results.", where="Sforce-Locator")
        path = f"{self._job_path(job)}/{kind}" + (f"?locator={locator}" if locator else "")
        return self._read(_Request("GET", path, f"bulk job {job}", {"Accept": "text/csv"}))

    def _write(self, request: _Request) -> Answer | None:
        """Send a write once; None where it was sent and no answer tells what became of it."""
        try:
            answer = self._exchange(request)
        except Unanswered as lost:
            if lost.sent:
                return None
            raise lost.error from lost.__cause__
        if _OK <= answer.status <= _CREATED:
            return answer
        if _nothing_done(answer):
            raise map_response(answer, request.where)
        return None

    def _job_path(self, job: str) -> str:
        if _JOB.fullmatch(job) is None:
            raise InputError(f"{job[:40]!r} is no job's id.", where="bulk job")
        return self._path(f"jobs/ingest/{job}")

    def _path(self, rest: str) -> str:
        return f"/services/data/v{self.version}/{rest}"

    def _revalidated(
        self, path: str, where: str, since: str | None, *, counted: bool = True
    ) -> Answer:
        headers = {"If-Modified-Since": since} if since else {}
        first = counted and since is None
        return self._read(_Request("GET", path, where, headers, counted=first))

    def _read(self, request: _Request) -> Answer:
        return self._patience.run(lambda: self._read_once(request))

    def _read_once(self, request: _Request) -> Answer:
        try:
            answer = self._exchange(request)
        except Unanswered as lost:
            if isinstance(lost.error, OrgUnreachableError):
                raise Transient(lost.error) from lost.__cause__
            raise lost.error from lost.__cause__
        if answer.status in {_OK, _NOT_MODIFIED}:
            return answer
        failure = map_response(answer, request.where)
        if answer.status in _PASSING and isinstance(failure, OrgBusyError):
            raise Transient(failure, _seconds(answer.header("retry-after")))
        raise failure

    def _exchange(self, request: _Request) -> Answer:
        return self._channel.exchange(
            request.method,
            request.path,
            where=request.where,
            headers=request.headers,
            content=request.content,
            counted=request.counted,
        )


def _bytes(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, allow_nan=False, separators=(",", ":")).encode()


def _nothing_done(answer: Answer) -> bool:
    """Tell whether an answer to a write proves that nothing was done: Salesforce's own words, not a proxy's page.

    A gateway that gave up waiting proves nothing, whatever it says; nor does a server that failed, or went away.
    """
    code = own_code(answer)
    if code is None or code in _MAYBE_DONE or answer.status in _GAVE_UP:
        return False
    return _FIRST_CLIENT_ERROR <= answer.status < _FIRST_SERVER_ERROR


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None

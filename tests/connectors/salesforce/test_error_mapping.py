"""Every error of the layers below, and every code of Salesforce's, has a place in our tree and a way out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
import requests
import requests.exceptions
import simple_salesforce.exceptions

from actwright.connectors.salesforce.answer import Answer, OrgJson
from actwright.connectors.salesforce.errors import (
    faults_of,
    map_exception,
    map_response,
)
from actwright.connectors.salesforce.hints import HINTS
from actwright.errors import (
    ActwrightError,
    ConfigError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgError,
    OrgProtocolError,
    OrgRefusedError,
    OrgTimeoutError,
    OrgUnreachableError,
)

DOCUMENTED_CODES = (
    "INVALID_SESSION_ID", "INVALID_FIELD_FOR_INSERT_UPDATE", "REQUIRED_FIELD_MISSING",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "DUPLICATES_DETECTED",
    "DUPLICATE_VALUE", "ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_FIELD", "INVALID_TYPE", "MALFORMED_QUERY",
    "UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "INSUFFICIENT_ACCESS_OR_READONLY",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK",
)  # fmt: skip


def _classes(module: object, base: type[Exception]) -> Iterator[type[Exception]]:
    for _, each in inspect.getmembers(module, inspect.isclass):
        if issubclass(each, base) and not issubclass(each, Warning):
            yield each


def _salesforce_errors() -> Iterator[Exception]:
    module = simple_salesforce.exceptions
    for each in _classes(module, Exception):
        if each is module.SalesforceAuthenticationFailed:
            yield module.SalesforceAuthenticationFailed("invalid_grant", "authentication failure")
        elif issubclass(each, module.SalesforceError):
            yield each("https://x", 500, "X", b"oops")
        else:
            yield each("oops")


def _requests_errors() -> Iterator[Exception]:
    for each in _classes(requests.exceptions, requests.RequestException):
        if issubclass(each, requests.exceptions.JSONDecodeError):
            yield each("oops", "", 0)
        else:
            yield each("oops")


@pytest.mark.parametrize(
    "error", [*_salesforce_errors(), *_requests_errors()], ids=lambda each: type(each).__name__
)
def test_every_exception_of_the_layers_below_is_mapped(error: Exception) -> None:
    """No exception of simple-salesforce or requests leaves the connector as it is, and each carries a hint."""
    mapped = map_exception(error, "here")
    assert isinstance(mapped, OrgError)
    assert mapped.where == "here"
    assert mapped.hint


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectTimeout("x"), OrgTimeoutError),
        (requests.ReadTimeout("x"), OrgTimeoutError),
        (requests.ConnectionError("x"), OrgUnreachableError),
        (requests.exceptions.SSLError("x"), OrgUnreachableError),
        (requests.exceptions.ChunkedEncodingError("x"), OrgUnreachableError),
        (requests.exceptions.InvalidURL("x"), OrgProtocolError),
        (
            simple_salesforce.exceptions.SalesforceAuthenticationFailed("x", "y"),
            OrgAuthenticationError,
        ),
        (
            simple_salesforce.exceptions.SalesforceExpiredSession("u", 401, "n", b""),
            OrgAuthenticationError,
        ),
        (
            simple_salesforce.exceptions.SalesforceMoreThanOneRecord("u", 300, "n", b""),
            OrgRefusedError,
        ),
        (simple_salesforce.exceptions.SalesforceGeneralError("u", 503, "n", b""), OrgBusyError),
        (simple_salesforce.exceptions.SalesforceBulkV2LoadError("job"), OrgRefusedError),
        (RuntimeError("x"), OrgProtocolError),
        (ConfigError("x"), ConfigError),
    ],
)
def test_an_exception_lands_in_its_own_branch(error: Exception, kind: type[ActwrightError]) -> None:
    """Timeouts, broken connections, refused logins and refusals stay apart."""
    assert type(map_exception(error, "here")) is kind


def test_simple_salesforces_parsed_content_is_read() -> None:
    """An exception of simple-salesforce keeps the org's own code and fields."""
    content = [{"errorCode": "INVALID_FIELD", "message": "no", "fields": ["Foo__c"]}]
    error = simple_salesforce.exceptions.SalesforceMalformedRequest("u", 400, "n", content)  # type: ignore[arg-type]
    mapped = map_exception(error, "here")
    assert isinstance(mapped, OrgRefusedError)
    assert (mapped.org_code, mapped.fields) == ("INVALID_FIELD", ("Foo__c",))


@pytest.mark.parametrize("code", DOCUMENTED_CODES)
def test_every_documented_code_has_a_hint(code: str) -> None:
    """A person is told what to do about every code we know of."""
    body = f'[{{"errorCode": "{code}", "message": "m"}}]'.encode()
    mapped = map_response(Answer(400, {}, body), "here")
    assert code in HINTS
    assert mapped.hint is not None
    assert mapped.hint.startswith(HINTS[code])


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"", OrgAuthenticationError),
        (403, b'[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"m"}]', OrgBusyError),
        (403, b'[{"errorCode":"INSUFFICIENT_ACCESS_OR_READONLY","message":"m"}]', OrgRefusedError),
        (400, b'[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"m"}]', OrgRefusedError),
        (404, b'[{"errorCode":"NOT_FOUND","message":"m"}]', OrgRefusedError),
        (300, b'["/a","/b"]', OrgRefusedError),
        (302, b"", OrgProtocolError),
        (418, b"<html>", OrgProtocolError),
        (500, b'[{"errorCode":"UNKNOWN_EXCEPTION","message":"m"}]', OrgRefusedError),
        (429, b"", OrgBusyError),
        (503, b"<html>", OrgBusyError),
    ],
)
def test_a_response_lands_in_its_own_branch(status: int, body: bytes, kind: type[OrgError]) -> None:
    """Status and code together choose the error."""
    mapped = map_response(Answer(status, {}, body), "here")
    assert type(mapped) is kind
    assert mapped.hint


def test_both_shapes_of_a_fault_are_read() -> None:
    """A row's errorCode and a collection's statusCode are the same thing."""
    row: OrgJson
    collection: OrgJson
    row, collection = (
        {"errorCode": "A", "message": "m"},
        {"statusCode": "B", "message": "m", "fields": ["F"]},
    )
    assert [each.code for each in faults_of([row, collection])] == ["A", "B"]
    assert faults_of({"error": "invalid_grant"})[0].message == "invalid_grant"
    assert faults_of("nothing") == faults_of([1, None]) == ()


def test_the_orgs_words_cannot_steer_a_terminal() -> None:
    """Control characters and bidirectional overrides of a message are taken out, and its length is bounded."""
    hostile = "a\x1b[2Jb\r\nc\u202ed\u2028e"
    told = faults_of(
        [{"errorCode": "A", "message": hostile}, {"errorCode": "B", "message": "x" * 5000}]
    )
    assert told[0].message == "a[2Jb cd e"
    assert len(told[1].message) == 1000

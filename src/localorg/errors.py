"""What the local org answers when it refuses: one exception, spoken in Salesforce's codes.

Every refusal is an `ApiError`. The HTTP edge turns it into the platform's list of error objects, and a
composite request puts it into the body of the subrequest that failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class ApiError(Exception):
    """A request, or one subrequest, refused with a Salesforce error code."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: Iterable[str] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = None if fields is None else tuple(fields)
        self.details = dict(details or {})
        """What the error's body says beside code, message and fields."""
        self._others: tuple[ApiError, ...] = ()

    def together(self, others: Sequence[ApiError]) -> ApiError:
        """Return this refusal with others that stand against the same row; the status is this one's."""
        self._others = tuple(others)
        return self

    def body(self) -> list[dict[str, object]]:
        """Return the error as the platform's JSON body for a single row."""
        error: dict[str, object] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            error["fields"] = list(self.fields)
        return [error | self.details, *(line for each in self._others for line in each.body())]

    def rows(self) -> list[dict[str, object]]:
        """Return every error of the row as it stands in the result row of a collection."""
        return [self.row(), *(line for each in self._others for line in each.rows())]

    def row(self) -> dict[str, object]:
        """Return the error as it stands in the result row of a collection.

        There an absent record is a wrong id among others, not an absent resource.
        """
        absent = self.code == "NOT_FOUND"
        return {
            "statusCode": "INVALID_CROSS_REFERENCE_KEY" if absent else self.code,
            "message": "invalid cross reference id" if absent else self.message,
            "fields": list(self.fields or ()),
            **self.details,
        }


class OAuthError(Exception):
    """A token request refused, in the words of RFC 6749."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description


def not_found() -> ApiError:
    """Return the answer to a resource, object or row that is absent or hidden."""
    return ApiError(404, "NOT_FOUND", "The requested resource does not exist")


def invalid_session() -> ApiError:
    """Return the answer to a missing, unknown, revoked or expired token."""
    return ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def insufficient_access(message: str = "insufficient access rights on object id") -> ApiError:
    """Return the answer to an operation the user's permissions do not cover."""
    return ApiError(403, "INSUFFICIENT_ACCESS_OR_READONLY", message)


def halted() -> ApiError:
    """Return the answer of a subrequest that was rolled back because another one failed."""
    return ApiError(
        400,
        "PROCESSING_HALTED",
        "The transaction was rolled back since another operation in the same transaction failed.",
    )


def invalid_json(message: str) -> ApiError:
    """Return the answer to a body that is not the JSON its resource wants."""
    return ApiError(400, "JSON_PARSER_ERROR", message)

"""The org could not be asked, or would not answer (exit code 1)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class OrgError(ActwrightError):
    """The org could not be asked, or would not answer."""

    code = "org_failed"


class OrgUnreachableError(OrgError):
    """No connection could be made, or it broke off before an answer came."""

    code = "org_unreachable"


class OrgTimeoutError(OrgError):
    """No answer came in time."""

    code = "org_timeout"


class OrgAuthenticationError(OrgError):
    """The login or the session was refused."""

    code = "org_authentication"


class OrgRefusedError(OrgError):
    """The org understood the request and said no.

    ``org_code`` is the org's own error code (``INVALID_FIELD``), ``fields`` the fields it named.
    """

    code = "org_refused"

    def __init__(
        self,
        message: str,
        *,
        org_code: str = "",
        fields: tuple[str, ...] = (),
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.org_code = org_code
        self.fields = fields


class OrgBusyError(OrgError):
    """The org's limits are reached, or it is overloaded."""

    code = "org_busy"


class OrgProtocolError(OrgError):
    """The org's answer cannot be read."""

    code = "org_protocol"

"""What a caller says about a save beside its values: the header for duplicate rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from localorg.errors import ApiError

HEADER: Final = "sforce-duplicate-rule-header"

_ATTRIBUTES: Final = {
    "allowsave": "allow_duplicates",
    "includerecorddetails": "include_details",
    "runascurrentuser": "as_current_user",
}
_SAID: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """What ``Sforce-Duplicate-Rule-Header`` asks for; everything is off where it is absent.

    Attributes:
        allow_duplicates: Save where a duplicate rule only alerts.
        include_details: Show fields of the records matched, and not their ids alone.
        as_current_user: Let the rules see no record that the user does not.
    """

    allow_duplicates: bool = False
    include_details: bool = False
    as_current_user: bool = False


def save_options(headers: Mapping[str, str]) -> SaveOptions:
    """Read the options of a call from its headers, whose names are in lower case.

    Raises:
        ApiError: ``INVALID_HEADER`` where a part is not ``name=true`` or ``name=false`` of a known name.
    """
    parts = (each.strip() for each in headers.get(HEADER, "").replace(",", ";").split(";"))
    return SaveOptions(**dict(_option(each) for each in parts if each))


def _option(part: str) -> tuple[str, bool]:
    name, _, value = (each.strip().lower() for each in part.partition("="))
    if name not in _ATTRIBUTES or value not in _SAID:
        shown = part[:80]
        known = "allowSave, includeRecordDetails, runAsCurrentUser"
        message = (
            f"Sforce-Duplicate-Rule-Header: {shown!r} is not one of {known} with true or false"
        )
        raise ApiError(400, "INVALID_HEADER", message)
    return _ATTRIBUTES[name], _SAID[value]

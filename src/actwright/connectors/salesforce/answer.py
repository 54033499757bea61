"""One answer of an org, read strictly: exact numbers, none that is not finite or absurdly long, and whole characters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeAlias

from actwright.errors import OrgProtocolError

OrgJson: TypeAlias = "bool | int | Decimal | str | list[OrgJson] | dict[str, OrgJson] | None"
"""What an org's JSON holds; numbers with decimals are exact."""

_LARGEST_EXPONENT = 400
_REPLACEMENT = r"\ufffd"
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff])"
    r"|\\.",
    re.DOTALL,
)
"""A surrogate pair, half of one, or any other escape, so that ``\\\\ud83d`` stays the text it is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an org answered over HTTP: status, headers by lower-cased name, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return one header, by name in any case."""
        return self.headers.get(name.lower())

    def json(self) -> OrgJson:
        """Return the body as JSON.

        Raises:
            OrgProtocolError: It is no JSON, nested too deeply, or holds a number that is not finite.
        """
        return strict_json(self.body)


def strict_json(text: bytes | str) -> OrgJson:
    """Read JSON with exact decimals; half of a surrogate pair, which nothing could write again, becomes U+FFFD.

    Raises:
        OrgProtocolError: It is no JSON, nested too deeply, or holds a number that is not finite.
    """
    try:
        document: OrgJson = json.loads(
            _whole_characters(text), parse_float=_decimal, parse_constant=_refuse_constant
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise OrgProtocolError(
            "The org's answer is no JSON.",
            hint="A proxy or a maintenance page may stand between; try again, or check the org's address.",
        ) from error
    return document


def mapping(value: OrgJson, where: str) -> dict[str, OrgJson]:
    """Return ``value`` as a JSON object.

    Raises:
        OrgProtocolError: It is something else.
    """
    if isinstance(value, dict):
        return value
    raise unreadable(where)


def rows(value: OrgJson, where: str) -> list[dict[str, OrgJson]]:
    """Return ``value`` as a list of JSON objects.

    Raises:
        OrgProtocolError: It is something else.
    """
    if not isinstance(value, list):
        raise unreadable(where)
    return [mapping(each, where) for each in value]


def text(value: OrgJson, where: str) -> str:
    """Return ``value`` as text.

    Raises:
        OrgProtocolError: It is something else.
    """
    if isinstance(value, str):
        return value
    raise unreadable(where)


def unreadable(where: str) -> OrgProtocolError:
    """Return the error for an answer that is JSON, but not the JSON that belongs there."""
    return OrgProtocolError(
        "The org's answer has not the shape it should have.",
        where=where,
        hint="Check that the address is a Salesforce org's own, and that its API version is supported.",
    )


def _whole_characters(text: bytes | str) -> str:
    """Return JSON text without halves of surrogate pairs, as text cut inside an emoji leaves them."""
    words = text if isinstance(text, str) else text.decode("utf-8-sig", "surrogatepass")
    if _HALF.search(words) is None:
        return words
    return _ESCAPE.sub(lambda found: _REPLACEMENT if found["half"] else found[0], words)


def _decimal(digits: str) -> Decimal:
    """Read a number; one of absurd size would cost minutes as soon as somebody made an integer of it."""
    number = Decimal(digits)
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("a number out of every field's range")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")

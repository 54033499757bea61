"""Forms of variables: what the value of an ``OTEL_*`` variable may be, by kind."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from actwright.inert import inert

_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_HEADER: Final = re.compile(r"[!#-'*+.0-9A-Z\-^-z|~]+[ \t]*=[^\",;\\]*")
_SENDABLE: Final = re.compile(r"[\t -~]*")
_LONGEST: Final = 100
_DETECTORS: Final = "opentelemetry_resource_detector"


def _whole_value(value: str) -> str:
    return inert(value, limit=_LONGEST)


@dataclass(frozen=True, slots=True)
class Form:
    """What a value may be.

    Attributes:
        fits: Tells whether it is that.
        allowed: What it may be, as the end of "it has to be ...".
        shown: Returns the value as an error may repeat it; empty where it may not.
    """

    fits: Callable[[str], bool]
    allowed: str
    shown: Callable[[str], str] = _whole_value

    def refuses(self, value: str) -> str:
        """Return what is allowed instead; empty where the value fits."""
        return "" if self.fits(value) else self.allowed


def whole(least: int) -> Form:
    """Return the form of whole numbers from ``least`` on."""
    return Form(
        lambda value: bool(_WHOLE.fullmatch(value.strip())) and int(value) >= least,
        f"a whole number from {least} to 999999999",
    )


def number(least: float | None = None, most: float | None = None) -> Form:
    """Return the form of numbers within bounds; without bounds, of those above 0."""
    if least is None or most is None:
        return Form(
            lambda value: bool(_NUMBER.fullmatch(value.strip())) and float(value) > 0,
            "a number above 0",
        )
    return Form(
        lambda value: bool(_NUMBER.fullmatch(value.strip())) and least <= float(value) <= most,
        f"a number from {least:g} to {most:g}",
    )


def one_of(*words: str, folded: bool = True) -> Form:
    """Return the form of a choice; ``folded`` where capitals do not matter."""
    return Form(lambda value: (value.strip().lower() if folded else value) in words, _either(words))


def address() -> Form:
    """Return the form of a collector's address; what it holds of credentials is not repeated."""
    return Form(_is_address, "an address that begins with http:// or https://", shown_address)


def shown_address(value: str) -> str:
    """Return an address without what may be a credential in it: a user, a password, a query."""
    plain = re.split(r"[?#]", value, maxsplit=1)[0]
    scheme, slashes, rest = plain.rpartition("://")
    return inert(f"{scheme}{slashes}{rest.rpartition('@')[2]}", limit=_LONGEST)


def headers() -> Form:
    """Return the form of headers; never repeated, as they hold keys."""
    return Form(_are_headers, "name=value, separated by commas", lambda _: "")


def pairs() -> Form:
    """Return the form of attributes."""
    return Form(
        lambda value: all(
            each.partition("=")[0].strip() and "=" in each for each in value.split(",")
        ),
        "key=value, separated by commas",
    )


def file() -> Form:
    """Return the form of a file's path."""
    return Form(
        lambda value: Path(value).is_file() and os.access(value, os.R_OK),
        "a file that is there and may be read",
    )


def certificates() -> Form:
    """Return the form of the path of certificates to trust: a file that holds some, or a folder of them."""
    return Form(_are_certificates, "a file of certificates that is there and may be read")


def named(group: str) -> Form:
    """Return the form of what a plug-in of the library is called."""
    return Form(
        lambda value: value in entry_points(group=group).names,
        "the name of a plug-in that is installed",
    )


def provider(kind: str) -> Form:
    """Return the form of what one of the library's providers is called."""
    return named(f"opentelemetry_{kind}_provider")


def detectors() -> Form:
    """Return the form of the list of what finds out about the process."""
    return Form(
        lambda value: all(
            name in {"", "*", *entry_points(group=_DETECTORS).names}
            for name in map(str.strip, value.split(","))
        ),
        "names of detectors that are installed, separated by commas",
    )


def _either(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        fits = (
            parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        )
    except ValueError:
        return False
    return fits and value.isprintable() and " " not in value


def _are_headers(value: str) -> bool:
    return all(
        _HEADER.fullmatch(each) and _SENDABLE.fullmatch(unquote(each))
        for each in map(str.strip, value.split(","))
        if each
    )


def _are_certificates(value: str) -> bool:
    if Path(value).is_dir():
        return os.access(value, os.R_OK | os.X_OK)
    try:
        ssl.create_default_context(cafile=value)
    except (OSError, ValueError):  # a fault of TLS is an OSError
        return False
    return True

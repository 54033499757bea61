"""Leaks: what must stand in no cassette: secrets, mail addresses, and whatever is personal in the demo org."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import re2

from actwright.regression.cassettes.cassette import RecordedRequest, RecordedResponse
from actwright.regression.cassettes.cassette_file import CassetteFile
from actwright.regression.finding import Finding
from actwright.regression.playing.scene import Scene
from actwright.telemetry.log.secrets import secrets_in

_SECRETS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an API key", re.compile(r"\b(?:sk|rk|pk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{8,}")),
    ("a bearer token", re.compile(r"Bearer\s+[A-Za-z0-9._~+/=-]{3,}", re.IGNORECASE)),
    ("a header with a secret", re.compile(r"\b(?:authorization|set-cookie|(?:x-)?api[-_]key)\s*:", re.IGNORECASE)),
    ("a session id", re.compile(r"\b00D[A-Za-z0-9]{12,15}!\S*")),
    ("a signed token", re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    ("a mail address", re.compile(r"(?<![\w.+-])[\w.+-]+@(?!example\.(?:com|org|net)(?![\w-]|\.\w))[\w-]+(?:\.[\w-]+)+")),
)  # fmt: skip
_SUSPECT = (
    r"\b(?:sk|rk|pk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{8,}",
    r"(?i:Bearer\s+[A-Za-z0-9._~+/=-]{3,})",
    r"(?i:(?:authorization|set-cookie|api[-_]key)\s*:)",
    r"00D[A-Za-z0-9]{12,15}!",
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    r"PRIVATE KEY",
    r"@[\w-]+\.[\w-]",
    r"[\x0b\x1c-\x1f]",
)
"""What an ASCII text holds wherever one of the above is found, for an engine that is a hundred times as fast.

The last one are blanks that it does not take for such.
"""
_DELTA = re.compile(r'"content":\s*"((?:[^"\\]|\\.)*)"')
"""A piece of a reply, as it stands in an event."""
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_PERSONAL = (
    ("Account", ("Phone", "BillingStreet")),
    ("Contact", ("Name", "Email", "Phone")),
    ("Lead", ("Name", "Email", "Phone")),
    ("User", ("Name", "Email", "Username")),
)
_SHORTEST = 6
_GROUPS = 2
"""Words a phone number has besides its country's code."""
_HINT = "Change the case's goal or reply so that nothing of it is in there, and record it again."


class Leaks:
    """Looks for secrets and personal values in texts, and never repeats what it found.

    Args:
        personal: Values of the demo org that are personal, by what they are: ``Contact.Email``.
    """

    def __init__(self, personal: Iterable[tuple[str, str]]) -> None:
        values = {(what, value) for what, value in personal if len(value) >= _SHORTEST}
        fields = _by_field(values)
        self._patterns = (
            *_SECRETS,
            *(
                (f"the {what} of somebody in the demo org", _joined(each))
                for what, each in fields.items()
            ),
        )
        forms = sorted({form for each in fields.values() for form in each})
        self._suspect = re2.compile("|".join([*_SUSPECT, *(f"(?i:{each})" for each in forms)]))

    def findings(self, path: Path, text: str) -> Iterator[Finding]:
        """Yield a finding for each line of a file with something that must not stand there."""
        for what, start in self._in(text):
            line = text.count("\n", 0, start) + 1
            yield _finding(what, f"{path}, line {line}")

    def in_replies(self, file: CassetteFile) -> Iterator[Finding]:
        """Yield a finding for what no line of a file shows: a stream cuts it in pieces, JSON and base64 spell it otherwise."""
        for number, interaction in enumerate(file.cassette.interactions):
            for what in self.of(interaction.response):
                yield _finding(what, file.where(number))

    def asked(self, request: RecordedRequest) -> Iterator[str]:
        """Yield what a request says that must not stand in a cassette, each once."""
        yield from dict.fromkeys(what for what, _ in self._in(_unescaped(request.body)))

    def of(self, response: RecordedResponse) -> Iterator[str]:
        """Yield what an answer says that must not stand in a cassette, each once."""
        text = _unescaped(_said(response))
        yield from dict.fromkeys(what for what, _ in self._in(text))

    def _in(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield what stands in a text that must not, and where it begins."""
        if not text.isascii() or self._suspect.search(text):
            for what, pattern in self._patterns:
                yield from ((what, found.start()) for found in pattern.finditer(text))
        yield from (("a secret", start) for start, _ in secrets_in(text))


def leaks_of(scene: Scene) -> Leaks:
    """Return what looks for the personal values of the scene's org.

    Raises:
        OrgError: The org cannot be asked.
    """
    found: list[tuple[str, str]] = []
    for name, fields in _PERSONAL:
        for row in scene.rows(f"SELECT {', '.join(fields)} FROM {name}"):  # noqa: S608 - both are constants
            values = ((field, row.get(field)) for field in fields)
            found += [(f"{name}.{field}", each) for field, each in values if isinstance(each, str)]
    return Leaks(found)


def _finding(what: str, where: str) -> Finding:
    return Finding(
        code="content_leaked", message=f"A cassette holds {what}.", where=where, hint=_HINT
    )


def _unescaped(text: str) -> str:
    """Return a text with the characters that JSON's escapes stand for, also where JSON stands in JSON."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _said(response: RecordedResponse) -> str:
    """Return what a response says: of a stream of events, the pieces joined."""
    if response.base64:
        return response.content.decode("utf-8", "replace")
    if not response.body.startswith("data:"):
        return response.body
    events = (line.removeprefix("data:") for line in response.body.splitlines())
    return "".join(found[1] for each in events for found in _DELTA.finditer(each))


def _by_field(values: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for what, value in values:
        fields.setdefault(what, []).append(_form(what, value))
    return fields


def _form(what: str, value: str) -> str:
    """Return how a value is looked for: a number without its country's code, and with anything small in its gaps."""
    phone = what.endswith(".Phone") and len(value.split()) > _GROUPS
    words, gap = (value.split()[1:], r"[\s.()/-]{0,2}") if phone else (value.split(), r"\s+")
    return gap.join(map(re.escape, words))


def _joined(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(forms))})(?!\w)", re.IGNORECASE)

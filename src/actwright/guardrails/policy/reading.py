"""Reading policies: a file becomes a document whose rules know their lines, or an error that names every fault's."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from actwright.contract import known_fields
from actwright.document import plain_name
from actwright.errors import DocumentError, PolicyError
from actwright.guardrails.policy.approval import RuleRef
from actwright.guardrails.policy.case import PolicyCases
from actwright.guardrails.policy.document import PolicyDocument
from actwright.guardrails.policy.fault_words import fault_words
from actwright.guardrails.policy.rule import Written
from actwright.yaml_document import Place, Places, largest_yaml, parse_yaml_placed

_MOST_FAULTS = 12
_AGAIN = "Correct it there; `actwright policy check FILE` reads it again, and `actwright schema Policy` prints what may stand there."

Document = TypeVar("Document", bound=Written)


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy that was read.

    Attributes:
        document: What it says.
        source: What to call it: the file's name.
        places: Where each part of it stands.
    """

    document: PolicyDocument
    source: str
    places: Places

    def ref(self, part: str, at: int) -> RuleRef:
        """Return how a rule or a budget is pointed to.

        Args:
            part: ``rules`` or ``budgets``.
            at: Its place among them.
        """
        held = (self.document.rules if part == "rules" else self.document.budgets)[at]
        place = self.place(part, at, "id")
        return RuleRef(id=held.id, source=f"{self.source}:{place.line}" if place else self.source)

    def place(self, *way: int | str) -> Place | None:
        """Return where something stands, or the nearest thing around it."""
        return _nearest(self.places, way)


def read_policy(path: Path) -> ReadPolicy:
    """Return the policy in a file.

    Raises:
        PolicyError: The file is missing, no plain file, too large, malformed, or breaks the contract; with line,
            column and path of each fault.
    """
    return parse_policy(content_of(path), source=path.name)


def parse_policy(text: str | bytes, *, source: str) -> ReadPolicy:
    """Return the policy in a text.

    Args:
        text: YAML, in UTF-8 where it is bytes.
        source: What to call it.

    Raises:
        PolicyError: It is malformed, or breaks the contract; with line, column and path of each fault.
    """
    document, places = _parsed(PolicyDocument, text, source)
    return ReadPolicy(document, source, places)


def read_cases(path: Path) -> PolicyCases:
    """Return the cases in a file.

    Raises:
        PolicyError: As for `read_policy`.
    """
    return _parsed(PolicyCases, content_of(path), path.name)[0]


def _parsed(model: type[Document], text: str | bytes, source: str) -> tuple[Document, Places]:
    try:
        value, places = parse_yaml_placed(text, where=source)
    except DocumentError as error:
        raise PolicyError(error.message, where=error.where, hint=error.hint) from error
    try:
        return model.model_validate(value), places
    except ValidationError as invalid:
        raise _broken(invalid, model, places, source) from invalid


def content_of(path: Path) -> bytes:
    """Return what a plain file holds; a link to one counts, a pipe or a device never does.

    Raises:
        PolicyError: It is missing, unreadable, or no plain file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise PolicyError(
                    "The policy is no plain file.", where=str(path), hint="Name a YAML file."
                )
            return file.read(largest_yaml + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PolicyError(
            f"The policy cannot be read: {reason}.",
            where=str(path),
            hint="Check the setting policy (ACTWRIGHT_POLICY), and that the file may be read. Nothing runs without it.",
            code="policy_unreadable",
        ) from error


def _broken(
    invalid: ValidationError, model: type[Written], places: Places, source: str
) -> PolicyError:
    every = invalid.errors(include_url=False, include_input=False)
    inside = {each["loc"][:cut] for each in every for cut in range(len(each["loc"]))}
    found = [each for each in every if each["type"] != "too_short" or each["loc"] not in inside]
    lines = [
        f"{_place(places, each['loc'], source)}: {_path(each['loc'])}: {_fault(each, model)}"
        for each in found[:_MOST_FAULTS]
    ]
    if len(found) > _MOST_FAULTS:
        lines.append(f"and {len(found) - _MOST_FAULTS} more")
    return PolicyError(
        f"The policy breaks its contract: {'; '.join(lines)}.",
        where=_place(places, found[0]["loc"], source),
        hint=_AGAIN,
    )


def _fault(fault: Mapping[str, object], model: type[Written]) -> str:
    location = fault["loc"]
    assert isinstance(location, tuple)  # noqa: S101 - pydantic's own shape
    if fault["type"] == "extra_forbidden":
        return f"unknown key; allowed: {', '.join(known_fields(model, location[:-1]))}"
    return fault_words(str(fault["type"]), str(fault["msg"]))


def _place(places: Places, way: Sequence[int | str], source: str) -> str:
    place = _nearest(places, tuple(way))
    return f"{source}, line {place.line}, column {place.column}" if place else source


def _nearest(places: Places, way: tuple[int | str, ...]) -> Place | None:
    for length in range(len(way), -1, -1):
        if way[:length] in places:
            return places[way[:length]]
    return None


def _path(way: Sequence[int | str]) -> str:
    text = ""
    for part in way:
        shown = f"[{part}]" if isinstance(part, int) else plain_name(part)
        text += f".{shown}" if text and isinstance(part, str) else shown
    return text or "the document"

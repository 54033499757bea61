"""Quarantined extraction: one text in, one typed scalar out.

The model that reads the text plans nothing, has no tools, sees no goal, no schema and no other text, and what it
answers is read by a type. So words in the text can at worst give a wrong value, which is shown as ``extract`` before
anybody says yes to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from actwright.blueprints.adapters import DataType, adapt, family_of_type
from actwright.contract import Contract
from actwright.errors import InputError, ValueInvalidError
from actwright.inert import inert
from actwright.model.budget import Budget
from actwright.model.conversation import Answered, Conversation
from actwright.model.prompts import Prompts
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id
from actwright.planning.words.amounts import plain
from actwright.planning.words.text import pieces

LONGEST_TEXT = 32_000
"""The most characters of a text that a value is taken out of."""

LONGEST_VALUE = 4_000
"""The most characters of a value that is taken out."""

_IDS = frozenset({"Id", "Reference"})
_CHECKED_ID = 18


class ExtractReply(Contract):
    """What a text says about one question."""

    found: bool
    """Whether the text itself says the value."""
    value: Annotated[str, Field(max_length=LONGEST_VALUE)] | None
    """The value as text; null where it is not found."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an extraction came to: the value or None, and what it took."""

    value: JsonScalar
    answered: Answered[ExtractReply]


@dataclass(frozen=True)
class Extractor:
    """Takes values out of texts.

    Attributes:
        conversation: The model; nothing but the extract prompt is ever sent through it from here.
        prompts: Where the prompt ``extract`` is.
        budget: Makes a fresh budget for an extraction of its own.
    """

    conversation: Conversation
    prompts: Prompts
    budget: Callable[[], Budget]

    def extract(self, text: str, question: str, data_type: DataType) -> JsonScalar:
        """Return what ``text`` says, as a value of ``data_type``, or None where it does not say it.

        Args:
            text: Hostile input.
            question: Which value is wanted, in a few words.
            data_type: The value's type; never an id.

        Raises:
            InputError: The text is empty or too long, the question is empty, or the type names records.
            ModelError: The model gave nothing that can be used.
        """
        deadline = time.monotonic() + self.conversation.settings.deadline_seconds
        found = self.within(text, question, data_type, deadline=deadline, budget=self.budget())
        return found.value

    def within(
        self, text: str, question: str, data_type: DataType, *, deadline: float, budget: Budget
    ) -> Extracted:
        """Return the same, under a deadline (on ``time.monotonic``'s clock) and a budget that others share.

        Raises:
            InputError: See `extract`.
            ModelError: See `extract`.
        """
        _check(text, question, data_type)
        prompt = self.prompts.get("extract").render(
            text=text, question=inert(question, limit=300), type=data_type
        )
        answered = self.conversation.ask(
            prompt,
            ExtractReply,
            check=lambda reply: _faults(reply, text, data_type),
            deadline=deadline,
            budget=budget,
        )
        reply = answered.value
        value = _typed(data_type, reply.value) if reply.found and reply.value else None
        return Extracted(value, answered)


def _check(text: str, question: str, data_type: DataType) -> None:
    if data_type in _IDS:
        raise InputError(
            "A record id is never taken out of a text.",
            where=data_type,
            hint="Look the record up by a name instead.",
            code="extract_id",
        )
    if not text.strip() or not inert(question):
        raise InputError("An extraction needs a text and a question.", code="extract_empty")
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"The text has {len(text)} characters; a value is taken out of at most {LONGEST_TEXT}.",
            hint="Hand in the part that says it.",
            code="extract_too_long",
        )


def _faults(reply: ExtractReply, text: str, data_type: DataType) -> Sequence[str]:
    if not reply.found:
        return () if reply.value is None else ("found is false, so value must be null",)
    if reply.value is None or not reply.value.strip():
        return ("found is true, and there is no value",)
    try:
        value = _typed(data_type, reply.value)
    except ValueInvalidError as error:
        return (f"{error.message} {error.hint or ''}".strip(),)
    if isinstance(value, str) and len(value) == _CHECKED_ID and is_record_id(value):
        return ("a record id is never the answer; say found false",)
    if family_of_type(data_type) == "string" and not _occurs(str(value), text):
        return ("the value does not stand in the text; copy it from there, or say found false",)
    return ()


def _typed(data_type: DataType, raw: str) -> JsonScalar:
    value = adapt(data_type, raw, label="value")
    return plain(value) if isinstance(value, Decimal) else value


def _occurs(value: str, text: str) -> bool:
    """Tell whether the value's words stand in the text, one behind the other."""
    wanted, there = pieces(value), pieces(text)
    if not wanted:
        return value.strip() in text
    starts = range(len(there) - len(wanted) + 1)
    return any(there[at : at + len(wanted)] == wanted for at in starts)

"""A conversation: a prompt is sent, the reply is read and checked, and faults go back, all of them at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Generic, TypeVar

from actwright.clock import Clock, SystemClock
from actwright.contract import Contract
from actwright.errors import ModelError, ModelRefusedError, ModelReplyError
from actwright.inert import inert
from actwright.model.budget import Budget
from actwright.model.chat import ChatModel, ChatReply, ChatRequest, Message, TokenUsage
from actwright.model.exchange import Exchange, ExchangeSink
from actwright.model.prompt import Prompt, RenderedPrompt
from actwright.model.record import Record, Turn
from actwright.model.reply import ReplyFaultsError, read_reply
from actwright.model.schema import strict_schema
from actwright.model.settings import ModelSettings
from actwright.model.tokens import estimate, estimate_messages

T = TypeVar("T", bound=Contract)

Check = Callable[[T], Sequence[str]]
"""Returns what is wrong with a reply whose shape is right, a sentence each; nothing where it can be used."""

_VARIED = 0.7
"""The temperature of every candidate after the first: at zero they would all be the same."""
_MOST_RETURNED = 16_000
"""The most characters of a faulty reply that go back with its faults."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """A reply that can be used, and what it took.

    Attributes:
        value: The reply.
        exchanges: Every request on the way to it, repairs included.
        usage: Tokens of them all.
        cost: What they cost together, or None where the price table does not know.
        notes: What a person should know, such as that the prompt log could not be written.
    """

    value: T
    exchanges: tuple[Exchange, ...]
    usage: TokenUsage
    cost: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it took."""
        return sum(each.seconds for each in self.exchanges)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Asks a model and sends back what cannot be used.

    Attributes:
        chat: The model.
        settings: Its name, and how often a reply is repaired.
        repair: The prompt that carries the faults back; its one input is ``faults``, a list of sentences.
        log: Takes the record of every exchange.
        clock: For the time of each record.
    """

    chat: ChatModel
    settings: ModelSettings
    repair: Prompt
    log: ExchangeSink
    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state

    def ask(
        self,
        prompt: RenderedPrompt,
        reply_model: type[T],
        *,
        check: Check[T],
        deadline: float,
        budget: Budget,
        on_progress: Callable[[str], None] | None = None,
    ) -> Answered[T]:
        """Return a reply to ``prompt`` that reads as ``reply_model`` and passes ``check``.

        Args:
            prompt: What to ask; its name is the purpose in the log.
            reply_model: The contract of the reply; it is also the schema the service is given.
            check: What is wrong with a reply whose shape is right; its sentences go back to the model.
            deadline: When to give up, on ``time.monotonic``'s clock.
            budget: What the plan may still take.
            on_progress: Told, in a few words, how far the reply has come; the reply is streamed then.

        Raises:
            ModelRefusedError: The model or its filter declined; that is never repaired.
            ModelReplyError: The reply could not be used, also after repair.
            ModelBudgetError: One more request would pass a ceiling.
            ModelError: No reply came; which kind says why.
        """
        asking = _Asking(self, prompt, reply_model, check, deadline, budget, on_progress)
        return asking.answer()

    def ask_many(
        self,
        prompt: RenderedPrompt,
        reply_model: type[T],
        *,
        check: Check[T],
        deadline: float,
        budget: Budget,
        n: int,
        on_progress: Callable[[str], None] | None = None,
    ) -> tuple[Answered[T], ...]:
        """Return up to ``n`` replies, at least one, each asked for anew; see `ask`.

        The first is asked for at the settings' temperature, the others at a higher one. Once there is one, whatever
        goes wrong with another only leaves that one out, and is noted on the last that is returned.

        Raises:
            ModelError: There is not one reply; the last error says why.
        """
        answers: list[Answered[T]] = []
        failed: ModelError | None = None
        for turn in range(n):
            asking = _Asking(self, prompt, reply_model, check, deadline, budget, on_progress)
            try:
                answers.append(asking.answer(varied=turn > 0))
            except ModelError as error:
                failed = error
                if not isinstance(error, ModelReplyError | ModelRefusedError):
                    break
        if not answers:
            raise failed or ModelReplyError("No candidate was asked for.")
        return _with_note(answers, n, failed)


@dataclass(slots=True)
class _Asking(Generic[T]):
    """One prompt on its way to a reply that can be used."""

    conversation: Conversation
    prompt: RenderedPrompt
    reply_model: type[T]
    check: Check[T]
    deadline: float
    budget: Budget
    on_progress: Callable[[str], None] | None
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        conversation = self.conversation
        self.record = Record(
            conversation.log, conversation.clock, self.budget, conversation.settings.model
        )

    def answer(self, *, varied: bool = False) -> Answered[T]:
        messages, repairs = tuple(map(_clean, self.prompt.messages)), 0
        asked, purpose = self.prompt, self.prompt.name
        while True:
            turn = Turn(self._request(messages, varied=varied), asked, purpose, repairs)
            reply = self._send(turn)
            try:
                return self._usable(turn, reply)
            except ReplyFaultsError as unusable:
                faults = unusable.faults
            if repairs == self.conversation.settings.repairs:
                raise _unusable(faults, repairs)
            repairs += 1
            self._tell("The answer cannot be used; it goes back with what is wrong.")
            asked, purpose = self.conversation.repair.render(faults=list(faults)), "repair"
            messages += (_returned(reply), _joined(asked))

    def _request(self, messages: tuple[Message, ...], *, varied: bool) -> ChatRequest:
        settings, wanted = self.conversation.settings, self.prompt.settings
        schema = strict_schema(self.reply_model)
        tokens = estimate_messages(messages) + estimate(repr(schema.schema))
        most = min(
            settings.max_output_tokens, wanted.max_output_tokens or settings.max_output_tokens
        )
        return ChatRequest(
            messages,
            settings.model,
            schema,
            temperature=_temperature(settings, self.prompt, varied=varied),
            max_output_tokens=self.budget.allow(settings.model, tokens, most),
            progress=self._progress if self.on_progress else None,
        )

    def _send(self, turn: Turn) -> ChatReply:
        self._tell(f"Asking {inert(turn.request.model, limit=80)}.")
        begun = time.monotonic()
        try:
            reply = self.conversation.chat.complete(turn.request, deadline=self.deadline)
        except ModelError as error:
            self.record.failed(turn, error, time.monotonic() - begun)
            raise
        if reply.refusal is not None or reply.finish == "content_filter":
            declined = _refused(reply)
            self.record.refused(turn, reply, declined)
            raise declined
        return reply

    def _usable(self, turn: Turn, reply: ChatReply) -> Answered[T]:
        """Return the reply as the answer, or raise its faults; either way it is in the log."""
        try:
            value = self._checked(read_reply(reply, self.reply_model))
        except ReplyFaultsError as unusable:
            self.record.invalid(turn, reply, unusable.faults, unusable.kind)
            raise
        self.record.ok(turn, reply)
        record = self.record
        return Answered(
            value, tuple(record.exchanges), record.usage, record.cost, tuple(record.notes)
        )

    def _checked(self, value: T) -> T:
        if wrong := tuple(self.check(value)):
            raise ReplyFaultsError(wrong, "meaning")
        return value

    def _progress(self, characters: int) -> None:
        self._tell(f"The model has written {characters} characters.")

    def _tell(self, what: str) -> None:
        if self.on_progress:
            self.on_progress(what)


def _temperature(settings: ModelSettings, prompt: RenderedPrompt, *, varied: bool) -> float | None:
    """Return the temperature to ask for; where the settings leave it to the service, nothing overrides that."""
    if settings.temperature is None:
        return None
    wanted = prompt.settings.temperature
    chosen = settings.temperature if wanted is None else wanted
    return max(chosen, _VARIED) if varied else chosen


def _clean(message: Message) -> Message:
    """Return a message that can be sent: half characters have no bytes."""
    return Message(message.role, message.content.encode("utf-8", "replace").decode("utf-8"))


def _returned(reply: ChatReply) -> Message:
    text = reply.text[:_MOST_RETURNED] or "(empty)"
    return _clean(Message("assistant", text))


def _joined(asked: RenderedPrompt) -> Message:
    """Return a prompt as one message of the user, since some services refuse a second system message."""
    return _clean(
        Message("user", "\n\n".join(each.content for each in asked.messages if each.content))
    )


def _refused(reply: ChatReply) -> ModelRefusedError:
    if reply.refusal:
        return ModelRefusedError(
            f"The model declined: {inert(reply.refusal)}",
            hint="Word the goal differently, or plan with --planner offline.",
        )
    return ModelRefusedError(
        "The service's content filter held the answer back.",
        hint="Word the goal differently, or plan with --planner offline.",
        code="model_filtered",
    )


def _unusable(faults: Sequence[str], repairs: int) -> ModelReplyError:
    shown = [inert(each, limit=300) for each in faults[:_MOST_NAMED]]
    named = (
        shown[0]
        if len(faults) == 1
        else " ".join(f"({n}) {each}" for n, each in enumerate(shown, 1))
    )
    more = f" And {len(faults) - _MOST_NAMED} more." if len(faults) > _MOST_NAMED else ""
    after = f", also after {repairs} repair{'s' * (repairs != 1)}" if repairs else ""
    return ModelReplyError(
        f"The model's answer cannot be used{after}: {named}{more}",
        hint="Plan with --planner offline, allow the fallback to it, or try another model.",
    )


def _with_note(
    answers: list[Answered[T]], wanted: int, failed: ModelError | None
) -> tuple[Answered[T], ...]:
    if failed is None or len(answers) == wanted:
        return tuple(answers)
    note = f"{len(answers)} of {wanted} candidates could be used; the last fault: {failed.message}"
    last = answers[-1]
    answers[-1] = replace(last, notes=(*last.notes, note))
    return tuple(answers)

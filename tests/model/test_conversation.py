"""A prompt is sent, its reply is checked, faults go back all at once, and everything is in the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.model.scripted import REPAIR, ChatTo, Word, write_prompt
from tests.model_replies import Log

from actwright.errors import (
    ModelBudgetError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelTimeoutError,
)
from actwright.model.budget import Budget
from actwright.model.chat import ChatModel, ChatReply, ChatRequest, TokenUsage
from actwright.model.conversation import Answered, Conversation
from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.model.prices import ModelPrice, Prices
from actwright.model.prompts import Prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.testing import FixedClock
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

GOOD = Reply(text='{"word": "yes"}')
BAD = Reply(text='{"wrod": "yes"}')


@pytest.fixture
def prompts(tmp_path: Path) -> Prompts:
    """Give a prompt to ask with, and one to repair with."""
    write_prompt(tmp_path)
    write_prompt(tmp_path, "repair", system=REPAIR, user="Again.")
    return load_prompts([tmp_path])


@pytest.fixture
def log() -> Log:
    """Give a log in memory."""
    return Log()


class Asker:
    """Asks with the prompt of these tests."""

    def __init__(self, chat: ChatModel, prompts: Prompts, log: Log, **settings: object) -> None:
        chosen = ModelSettings.model_validate({"model": "scripted", **settings})
        self.talk = Conversation(chat, chosen, prompts.get("repair"), log, FixedClock())
        self.prompt = prompts.get("greet").render(goal="close it")
        self.budget = Budget.of(chosen)

    def ask(
        self,
        *,
        check: Callable[[Word], Sequence[str]] = lambda _: (),
        on_progress: Callable[[str], None] | None = None,
    ) -> Answered[Word]:
        """Ask once."""
        return self.talk.ask(
            self.prompt, Word, check=check, deadline=time.monotonic() + 5, budget=self.budget,
            on_progress=on_progress,
        )  # fmt: skip

    def ask_many(self, n: int) -> tuple[Answered[Word], ...]:
        """Ask for several candidates."""
        return self.talk.ask_many(
            self.prompt, Word, check=lambda _: (), deadline=time.monotonic() + 5, budget=self.budget, n=n
        )  # fmt: skip


def test_a_good_reply_is_answered_and_logged(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """One exchange with everything the log is for."""
    with ScriptedModel([GOOD]) as model:
        answered = Asker(chat_to(model), prompts, log).ask()
    assert answered.value == Word(word="yes")
    assert answered.usage == TokenUsage(input=100, output=20)
    (kept,) = log.recent()
    assert (kept,) == answered.exchanges
    assert kept.prompt_hash == prompts.get("greet").hash
    assert (kept.purpose, kept.prompt_name, kept.prompt_version) == ("greet", "greet", "1")
    assert (kept.outcome, kept.faults, kept.code, kept.attempts) == ("ok", 0, None, 1)
    assert (kept.model, kept.mode, kept.cost) == ("scripted", "json_schema", None)
    assert (kept.input_tokens, kept.output_tokens) == (100, 20)
    assert kept.at == "2026-11-21T15:00:00.000Z"
    assert answered.seconds == kept.seconds > 0


def test_every_fault_goes_back_at_once(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """The conversation grows by the reply and one message with all faults; its beginning stays as it was."""
    bad = Reply(text='{"word": 7, "steps": [{"kind": "three"}], "extra": 1}')
    with ScriptedModel([bad, GOOD]) as model:
        answered = Asker(chat_to(model), prompts, log).ask()
    first, second = (each.body["messages"] for each in model.requests)
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": bad.text}
    repair = second[3]
    assert isinstance(repair, dict)
    assert repair["role"] == "user"
    for part in ("word", "steps[0].kind", "extra", "Again."):
        assert part in str(repair["content"])
    assert [each.purpose for each in answered.exchanges] == ["greet", "repair"]
    assert [each.outcome for each in answered.exchanges] == ["invalid", "ok"]
    assert [each.faults for each in answered.exchanges] == [3, 0]
    assert len({each.conversation for each in answered.exchanges}) == 1
    assert len({each.body_digest for each in answered.exchanges}) == 2
    assert answered.usage == TokenUsage(input=200, output=40)


def test_faults_of_meaning_go_back_like_others(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """What the caller's check says is what the model is told."""

    def check(word: Word) -> Sequence[str]:
        return () if word.word == "yes" else ("There is no such word.",)

    with ScriptedModel([Reply(text='{"word": "no"}'), GOOD]) as model:
        assert Asker(chat_to(model), prompts, log).ask(check=check).value.word == "yes"
    assert "There is no such word." in model.requests[1].text


@pytest.mark.parametrize("repairs", [0, 1, 2])
def test_repair_ends_with_the_last_faults(
    chat_to: ChatTo, prompts: Prompts, log: Log, repairs: int
) -> None:
    """After so many repairs the error names what is still wrong."""
    with ScriptedModel([BAD] * (repairs + 1)) as model:
        asker = Asker(chat_to(model), prompts, log, repairs=repairs)
        with pytest.raises(ModelReplyError, match="wrod: unknown field") as caught:
            asker.ask()
    assert ("repair" in caught.value.message) == (repairs > 0)
    assert len(log.recent()) == repairs + 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(text=None, refusal="No."), "model_refused"),
        (Reply(text=GOOD.text, refusal="No."), "model_refused"),
        (Reply(text=GOOD.text, finish="content_filter"), "model_filtered"),
    ],
)
def test_a_refusal_is_never_repaired(
    chat_to: ChatTo, prompts: Prompts, log: Log, reply: Reply, code: str
) -> None:
    """It is asked once, and the log says that it was refused."""
    with ScriptedModel([reply]) as model, pytest.raises(ModelRefusedError) as caught:
        Asker(chat_to(model), prompts, log).ask()
    assert caught.value.error_code == code
    assert [(each.outcome, each.code) for each in log.recent()] == [("refused", code)]


def test_no_reply_is_logged_as_a_failure(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """With the code of the error, and no tokens."""
    with ScriptedModel([Reply.error(429)] * 2) as model, pytest.raises(ModelBusyError):
        Asker(chat_to(model, attempts=2), prompts, log).ask()
    (kept,) = log.recent()
    assert (kept.outcome, kept.code, kept.input_tokens, kept.mode) == (
        "failed",
        "model_busy",
        0,
        None,
    )


def test_a_reply_that_is_too_long_goes_back_cut(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """A bad reply of half a megabyte does not fill the next request."""
    with ScriptedModel([Reply(text="x" * 500_000), GOOD]) as model:
        Asker(chat_to(model), prompts, log).ask()
    assert len(model.requests[1].text) < 20_000


def test_settings_of_the_prompt_and_of_the_caller_meet(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """The prompt's temperature counts, the shorter length counts, and None leaves the temperature to the service."""
    with ScriptedModel([GOOD] * 2) as model:
        chat = chat_to(model)
        Asker(chat, prompts, log, maxOutputTokens=200).ask()
        Asker(chat, prompts, log, temperature=None).ask()
    first, second = (each.body for each in model.requests)
    assert (first["temperature"], first["max_completion_tokens"]) == (0.2, 200)
    assert "temperature" not in second
    assert second["max_completion_tokens"] == 300


def test_a_ceiling_stops_a_conversation_before_the_request(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """Repairs count: what one more would pass is not asked."""
    with ScriptedModel([BAD]) as model, pytest.raises(ModelBudgetError):
        Asker(chat_to(model), prompts, log, maxInputTokens=350).ask()
    assert len(model.requests) == 1


def test_costs_are_summed_up(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """Each exchange has its cost, and the answer all of them."""
    prices = Prices(models={"scripted": ModelPrice(input=Decimal(10), output=Decimal(50))})
    with ScriptedModel([BAD, GOOD]) as model:
        asker = Asker(chat_to(model), prompts, log)
        asker.budget = Budget.of(asker.talk.settings, prices)
        answered = asker.ask()
    assert answered.cost == Decimal("0.004")
    assert [each.cost for each in answered.exchanges] == ["0.002", "0.002"]


def test_a_log_that_cannot_be_written_stops_nothing(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """The reply counts, and a note says so once."""

    class Broken:
        def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
            raise RuntimeError(exchange.id, texts.exchange)

    with ScriptedModel([BAD, GOOD]) as model:
        asker = Asker(chat_to(model), prompts, log)
        talk = Conversation(asker.talk.chat, asker.talk.settings, asker.talk.repair, Broken())
        asker.talk = talk
        answered = asker.ask()
    assert answered.notes == ("The prompt log could not be written: RuntimeError.",)
    assert len(answered.exchanges) == 2


def test_progress_is_told_in_words(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """Who is asked, how far it is, and that an answer goes back."""
    told: list[str] = []
    long = '{"word": "yes"' + " " * 500 + "}"
    with ScriptedModel([BAD, Reply(text=long)]) as model:
        Asker(chat_to(model), prompts, log).ask(on_progress=told.append)
    assert told[0] == "Asking scripted."
    assert any("characters" in each for each in told)
    assert any("goes back" in each for each in told)
    assert model.requests[0].body["stream"] is True


def test_candidates_are_asked_for_one_after_the_other(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """The first as the settings say, the others warmer; in the order they came."""
    words = [Reply.json({"word": each}) for each in ("one", "two", "three")]
    with ScriptedModel(words) as model:
        answers = Asker(chat_to(model), prompts, log).ask_many(3)
    assert [each.value.word for each in answers] == ["one", "two", "three"]
    assert [each.body["temperature"] for each in model.requests] == [0.2, 0.7, 0.7]
    assert len({each.exchanges[0].conversation for each in answers}) == 3


def test_a_candidate_that_cannot_be_used_is_left_out(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """The rest counts, with a note."""
    with ScriptedModel([BAD, GOOD, BAD]) as model:
        answers = Asker(chat_to(model), prompts, log, repairs=0).ask_many(3)
    assert len(answers) == 1
    assert answers[0].notes[0].startswith("1 of 3 candidates could be used")


def test_candidates_end_where_the_service_does(chat_to: ChatTo, prompts: Prompts, log: Log) -> None:
    """Once one is there, an endpoint that is busy only ends the asking."""
    with ScriptedModel([GOOD, Reply.error(401)]) as model:
        answers = Asker(chat_to(model), prompts, log).ask_many(5)
    assert len(answers) == 1


@pytest.mark.parametrize("bad", [BAD, Reply.error(401), Reply(text=None, refusal="No.")])
def test_no_candidate_at_all_is_an_error(
    chat_to: ChatTo, prompts: Prompts, log: Log, bad: Reply
) -> None:
    """The last one's."""
    with ScriptedModel(lambda _: bad) as model, pytest.raises(ModelError):
        Asker(chat_to(model), prompts, log, repairs=0).ask_many(2)


def test_any_chat_model_can_be_asked(prompts: Prompts, log: Log) -> None:
    """The port is all that is needed; its errors pass through."""

    class Late:
        def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
            raise ModelTimeoutError(f"{request.model} {deadline > 0}")

    with pytest.raises(ModelTimeoutError, match="scripted True"):
        Asker(Late(), prompts, log).ask()


def test_what_was_said_goes_to_the_log_beside_the_numbers(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """Messages, reply and the faults' sentences stand apart from the exchange, which says only of what kind they were."""
    bad = Reply(text='{"word": 7}')
    with ScriptedModel([bad, GOOD]) as model:
        Asker(chat_to(model), prompts, log).ask()
    first, second = log.kept
    told, after = log.said
    assert (told.exchange, after.exchange) == (first.id, second.id)
    assert (first.round, first.fault_kind, second.round, second.fault_kind) == (
        0,
        "contract",
        1,
        None,
    )
    assert (first.finish, first.temperature, first.max_output_tokens) == ("stop", 0.2, 300)
    assert first.schema_digest == second.schema_digest is not None
    assert told.reply == bad.text
    assert len(told.faults) == first.faults == 1
    assert [each.role for each in told.messages] == ["system", "user"]
    assert after.messages[:2] == told.messages
    assert told.faults[0] not in first.model_dump_json()


def test_what_was_said_where_no_reply_came_is_the_error(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """There is no reply, and no reason why the model stopped."""
    with ScriptedModel([Reply.error(429)]) as model, pytest.raises(ModelBusyError) as caught:
        Asker(chat_to(model, attempts=1), prompts, log).ask()
    assert (log.said[0].reply, log.said[0].error) == (None, caught.value.message)
    assert log.kept[0].finish is None


def test_a_service_that_answers_with_words_for_its_name_is_called_as_it_was_asked(
    chat_to: ChatTo, prompts: Prompts, log: Log
) -> None:
    """The name is a service's own, and no word of a prompt comes into the numbers by it."""
    told = replace(GOOD, model="Log a call with Ann Hicks")
    with ScriptedModel([told]) as model:
        Asker(chat_to(model), prompts, log).ask()
    assert "Ann" not in log.kept[0].model_dump_json()

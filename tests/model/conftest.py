"""A chat over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.model.scripted import KEY, Ask, ChatTo, request

from actwright.model.chat import ChatReply
from actwright.model.openai_chat import OpenAIChat
from actwright.testing.model_server import ScriptedModel


@pytest.fixture
def chat_to() -> Iterator[ChatTo]:
    """Give a way to make a chat with a scripted model; it is closed with the test."""
    with ExitStack() as stack:

        def made(model: ScriptedModel, *, attempts: int = 4) -> OpenAIChat:
            chat = OpenAIChat(
                base_url=model.base_url, api_key=KEY, attempts=attempts, backoff_seconds=0.005
            )
            stack.callback(chat.close)
            return chat

        yield made


@pytest.fixture
def ask(chat_to: ChatTo) -> Ask:
    """Give a way to send one request to a scripted model."""

    def asked(
        model: ScriptedModel,
        *,
        seconds: float = 10.0,
        progress: Callable[[int], None] | None = None,
    ) -> ChatReply:
        deadline = time.monotonic() + seconds
        return chat_to(model).complete(request(progress=progress), deadline=deadline)

    return asked

"""How a model is asked for a recording, and for playing one: the same settings, so that the requests are the same."""

from __future__ import annotations

from actwright.model.dialect import Dialect
from actwright.model.openai_chat import OpenAIChat
from actwright.model.settings import ModelSettings
from actwright.regression.cassettes.tape import RECORDED_AT

SCRIPTED_MODEL = "scripted"
"""The name scripted answers are asked for by."""

NO_KEY = "no-key"
"""Sent where nobody asks for a key."""

_ATTEMPTS = 4
_NO_WAIT = 0.001


def settings_for(model: str, seconds: float = 10.0) -> ModelSettings:
    """Return the settings a case is planned with.

    Args:
        model: The model's name.
        seconds: How long planning may take.
    """
    return ModelSettings(model=model, deadline_seconds=seconds)


class KeptChat:
    """One client for many cassettes: to make one takes longer than to play a case."""

    def __init__(self) -> None:
        self._chat: OpenAIChat | None = None

    def for_model(self, model: str) -> OpenAIChat:
        """Return a client that asks a tape, and has learnt nothing yet of how the model wants to be asked."""
        if self._chat is not None and self._chat.dialect(model) != Dialect():
            self.close()
        if self._chat is None:
            self._chat = scripted_chat()
        return self._chat

    def close(self) -> None:
        """Close the client."""
        if self._chat is not None:
            self._chat.close()
            self._chat = None


def scripted_chat(base_url: str = RECORDED_AT) -> OpenAIChat:
    """Return a client that asks a script, or a tape, and never waits between two tries.

    Neither is reached by a proxy, whatever the shell says.
    """
    return OpenAIChat(
        base_url=base_url,
        api_key=NO_KEY,
        attempts=_ATTEMPTS,
        backoff_seconds=_NO_WAIT,
        environment=False,
    )

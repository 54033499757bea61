"""A live model to be recorded: the one the settings name."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.errors import ConfigError
from actwright.model.openai_chat import OpenAIChat
from actwright.regression.cassettes.asking import NO_KEY
from actwright.settings import MODEL_SERVICE, Settings
from actwright.settings_secrets import secret


@dataclass(frozen=True, slots=True)
class LiveModel:
    """A live model that is asked for a recording.

    Attributes:
        name: Its name, as its service knows it.
        chat: How it is asked.
    """

    name: str
    chat: OpenAIChat

    def tells_its_key(self, answer: str) -> bool:
        """Tell whether an answer holds the key it was asked with, in whatever form keys have there."""
        return self.chat.endpoint.redacted(answer) != answer


def live_model(settings: Settings) -> LiveModel:
    """Return the model the settings name; close its ``chat`` at the end.

    Args:
        settings: Settings of which the planner is a model, so that who may name its address was checked.

    Raises:
        ConfigError: There is no key for a service that asks for one.
    """
    key = secret("model_key", settings.model_url)
    if key is None and settings.model_url == MODEL_SERVICE:
        raise ConfigError(
            f"There is no key for the model at {settings.model_url}.",
            where="OPENAI_API_KEY",
            hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL to a service of your own; or record without --live.",
        )
    return LiveModel(settings.model, OpenAIChat(base_url=settings.model_url, api_key=key or NO_KEY))

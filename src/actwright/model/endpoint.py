"""The endpoint of a model: its address, its key, and a client that reads no environment."""

from __future__ import annotations

from urllib.parse import urlsplit

import openai

from actwright.errors import ConfigError, ModelAuthenticationError
from actwright.model.bounded_http import BoundedClient

_DEFAULT_BASE_URL = "https://api.openai.com/v1"
_SHORTEST_SECRET = 12
_MOST_BYTES = 8 * 1024 * 1024
"""The most bytes of one answer on the wire; in a stream most of them are wrapping. Its text is bounded on its own."""


class Endpoint:
    """Where a model is asked, and with which key.

    Args:
        base_url: The address, such as ``https://host/v1``; OpenAI's own where None.
        api_key: The key.
        environment: Whether the environment says how to reach the network.

    Raises:
        ConfigError: The address or the key cannot be used.
        ModelAuthenticationError: There is no key.
    """

    def __init__(self, base_url: str | None, api_key: str, *, environment: bool = True) -> None:
        address = base_url or _DEFAULT_BASE_URL
        self.where = _place(address)
        """The address as it may be shown."""
        self._key = _checked_key(api_key)
        self.client = _client(address, api_key, environment=environment)
        """The client; it never tries again by itself."""

    def redacted(self, text: str) -> str:
        """Return a text that somebody else wrote without the key.

        A short key is a word for a server that needs none; replacing it would spoil what it happens to stand in.
        """
        return text.replace(self._key, "[key]") if len(self._key) >= _SHORTEST_SECRET else text


def _client(base_url: str, api_key: str, *, environment: bool) -> openai.OpenAI:
    """Return a client that has taken nothing from the environment but how to reach the network."""
    client = openai.OpenAI(
        base_url=base_url,
        api_key=api_key,
        admin_api_key="",
        webhook_secret="",
        max_retries=0,
        http_client=BoundedClient(most_bytes=_MOST_BYTES, environment=environment),
    )
    client.organization = client.project = None
    client._custom_headers = {}  # noqa: SLF001 - the client fills it from OPENAI_CUSTOM_HEADERS, and from there only
    return client


def _place(base_url: str) -> str:
    """Return the endpoint as it may be shown, without what may be secret in it.

    Raises:
        ConfigError: It is no HTTP address, or carries a password.
    """
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise ConfigError(
            "The base URL of the model's endpoint cannot be used.",
            where="OPENAI_BASE_URL",
            hint="It begins with http:// or https://, names a host, and holds no user and no password.",
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}"


def _checked_key(api_key: str) -> str:
    """Return the key.

    Raises:
        ModelAuthenticationError: There is none.
        ConfigError: It holds what cannot be sent in a header.
    """
    if not api_key:
        raise ModelAuthenticationError(
            "There is no key for the model's endpoint.",
            where="OPENAI_API_KEY",
            hint="Set it; any word will do for a server that needs none.",
        )
    if not (api_key.isascii() and api_key.isprintable() and " " not in api_key):
        raise ConfigError(
            "The key of the model's endpoint holds blanks or characters that cannot be sent.",
            where="OPENAI_API_KEY",
            hint="Set it again, without quotes and line breaks.",
        )
    return api_key

"""Secrets: where each is found, in the environment, else in the keyring. They are in no file and in no setting."""

from __future__ import annotations

import os

_KEYRING_SERVICE = "actwright"
ORG_SECRETS = {
    "client_secret": "ACTWRIGHT_CLIENT_SECRET",
    "session_token": "ACTWRIGHT_SESSION_TOKEN",
    "explain_client_secret": "ACTWRIGHT_EXPLAIN_CLIENT_SECRET",
}
"""The variables of what logs in to an org."""
MODEL_SECRETS = {"model_key": "OPENAI_API_KEY"}
"""The variables of what a model's service asks for."""
SECRETS = ORG_SECRETS | MODEL_SECRETS
"""All of them, by name."""


def secret(name: str, address: str) -> str | None:
    """Return a secret for an address: from the environment, else from the keyring where that extra is installed.

    In the keyring it stands under the service ``actwright``, as ``NAME ADDRESS``.
    """
    value = os.environ.get(SECRETS[name])
    if value:
        return value
    try:
        import keyring  # noqa: PLC0415 - an extra, and slow to import
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return keyring.get_password(_KEYRING_SERVICE, f"{name} {address}")
    except KeyringError:
        return None

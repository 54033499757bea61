"""The settings file: read as it is, and refused where it holds a secret, or what sounds like one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from actwright.document import plain_name
from actwright.errors import ConfigError
from actwright.settings_secrets import SECRETS

_SECRET_WORDS = re.compile(
    r"(?:^|_)(?:api_?|access_?|private_?)?(?:keys?|tokens?|secrets?|passwords?|passwd|pwd|credentials?)$"
)
_NAMED_FREELY = frozenset({"actions"})
"""Tables whose keys are names of the user's own."""


def read_settings_file(path: Path, known: Collection[str]) -> Mapping[str, Any]:
    """Return what a settings file says; nothing where there is none.

    Args:
        path: The file, in TOML.
        known: The names of settings; any other name that sounds like a secret is refused.

    Raises:
        ConfigError: The file cannot be read, or holds a secret.
    """
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"The settings file cannot be read: {error}.", where=str(path)) from error
    _check_no_secret(values, known, path)
    _check_no_password(values.get("database_url"), path)
    return values


def _check_no_password(address: object, path: Path) -> None:
    """Refuse a file whose database address holds a password; it is repeated nowhere."""
    if isinstance(address, str) and (urlsplit(address).password or "password=" in address):
        raise ConfigError(
            "The settings file holds a password, in database_url.",
            where=str(path),
            hint="Take it out: set ACTWRIGHT_DATABASE_URL, or let libpq find it in PGPASSFILE.",
        )


def _check_no_secret(values: Mapping[str, object], known: Collection[str], path: Path) -> None:
    """Refuse a file that holds a secret, or a key that sounds like one; its value is repeated nowhere."""
    held = sorted(set(values) & set(SECRETS))
    if held:
        raise ConfigError(
            f"The settings file holds the secret {held[0]!r}.",
            where=str(path),
            hint=f"Take it out, and set {SECRETS[held[0]]} or store it in the keyring instead.",
        )
    alike = next(_sounding_secret(values, known), None)
    if alike is not None:
        raise ConfigError(
            f"The settings file holds {plain_name(alike)!r}, which looks like a secret and is no setting.",
            where=str(path),
            hint="Take it out: secrets come from the environment or the keyring only. "
            f"The variables are {', '.join(sorted(SECRETS.values()))}.",
        )


def _sounding_secret(values: Mapping[str, object], known: Collection[str]) -> Iterator[str]:
    """Yield the keys, in tables too, that are no settings and sound like secrets."""
    for key, value in values.items():
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", key).lower()
        if key not in known and _SECRET_WORDS.search(plain):
            yield key
        if isinstance(value, dict) and key not in _NAMED_FREELY:
            yield from _sounding_secret(value, known)

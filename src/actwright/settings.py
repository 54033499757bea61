"""Settings: ``actwright.toml``, then the environment, then options; each overrides the one before.

Secrets come from the environment or the keyring only. A settings file that holds one is refused.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, ValidationError, field_validator

from actwright.contract import Contract
from actwright.document import explain, plain_name
from actwright.errors import ConfigError

FILE_NAME = "actwright.toml"

_KEYRING_SERVICE = "actwright"
_FROM_ENVIRONMENT = {
    "home": "ACTWRIGHT_HOME",
    "database_url": "ACTWRIGHT_DATABASE_URL",
    "blobs": "ACTWRIGHT_BLOBS",
    "seal_key_file": "ACTWRIGHT_SEAL_KEY_FILE",
    "daily_export": "ACTWRIGHT_DAILY_EXPORT",
    "org": "ACTWRIGHT_ORG",
    "user": "ACTWRIGHT_AS",
    "locale": "ACTWRIGHT_LOCALE",
    "currency": "ACTWRIGHT_CURRENCY",
    "call_price": "ACTWRIGHT_CALL_PRICE",
    "planner": "ACTWRIGHT_PLANNER",
    "policy": "ACTWRIGHT_POLICY",
    "actions_file": "ACTWRIGHT_ACTIONS",
    "model": "ACTWRIGHT_MODEL",
    "model_url": "OPENAI_BASE_URL",
    "client_id": "ACTWRIGHT_CLIENT_ID",
    "private_key_file": "ACTWRIGHT_PRIVATE_KEY_FILE",
    "explain_client_id": "ACTWRIGHT_EXPLAIN_CLIENT_ID",
}
_ORG_SECRETS = {
    "client_secret": "ACTWRIGHT_CLIENT_SECRET",
    "session_token": "ACTWRIGHT_SESSION_TOKEN",
    "explain_client_secret": "ACTWRIGHT_EXPLAIN_CLIENT_SECRET",
}
_MODEL_SECRETS = {"model_key": "OPENAI_API_KEY"}
_SECRETS = _ORG_SECRETS | _MODEL_SECRETS
_SECRET_WORDS = re.compile(
    r"(?:^|_)(?:api_?|access_?|private_?)?(?:keys?|tokens?|secrets?|passwords?|passwd|pwd|credentials?)$"
)
_NAMED_FREELY = frozenset({"actions"})
"""Tables whose keys are names of the user's own."""

MODEL_SERVICE = "https://api.openai.com/v1"
"""Where a model is asked if no address is set."""


class Settings(Contract):
    """Everything that can be set. Secrets are not here: they are read when they are needed."""

    model_config = ConfigDict(alias_generator=None)

    home: Path = Path(".actwright")
    """Where the store, the local org and the describe cache live."""
    database_url: str | None = Field(default=None, pattern=r"^postgres(ql)?://")
    """A Postgres database that several machines share; an SQLite file in ``home`` where left out."""
    blobs: str | None = None
    """Where large results are kept: a folder, or ``s3://bucket/prefix``; in ``home`` where left out."""
    seal_key_file: Path | None = None
    """The private key the journal is sealed with; ``seal.key`` in ``home``, made on first use, where left out."""
    daily_export: str | None = None
    """Where a worker keeps a copy of each day's runs: a folder, or ``s3://bucket/prefix``; nowhere where left out."""
    org: str = "local"
    """``local``, or the URL of an org."""
    user: str | None = None
    """Whose rights count; on the local org ``alice`` where nobody is named."""
    planner: Literal["offline", "openai"] = "offline"
    """``offline``, or ``openai`` for a language model behind any OpenAI-compatible address."""
    model: str = Field(default="gpt-4o-mini", min_length=1, max_length=200)
    """The model's name, as its service knows it."""
    model_url: str = MODEL_SERVICE
    """The address of the model's service, up to and with its version: ``https://host/v1``."""
    model_seconds: float = Field(default=60, ge=1, le=600)
    """Until when a plan must be there, every retry and repair included."""
    model_input_tokens: int = Field(default=200_000, ge=2_000, le=1_000_000)
    """The most input tokens one plan may take, over all its requests."""
    model_output_tokens: int = Field(default=16_000, ge=200, le=200_000)
    """The most output tokens one plan may take, over all its requests."""
    model_cost: Decimal | None = Field(default=None, gt=0)
    """The most one plan may cost, in the price table's currency; needs ``prices``."""
    candidates: int = Field(default=1, ge=1, le=5)
    """How many plans the model makes of a goal; the best one is chosen by rules, not by a model."""
    fallback: bool = False
    """Whether the offline planner may answer where the model cannot. The plan says so."""
    plan_cache: bool = True
    """Whether the shape of an earlier plan of the model may be used again, with the new goal's values."""
    prompts: Path | None = None
    """A folder of prompts instead of the bundled ones."""
    prices: Path | None = None
    """A table of prices per model, to count what plans cost."""
    domains: tuple[Path, ...] = ()
    """Domain specs, files or folders: use cases, and constraints every plan is held to."""
    client_id: str | None = None
    """The connected app's consumer key."""
    private_key_file: Path | None = None
    """The connected app's private key, for JWT bearer: Salesforce then enforces the person's own rights."""
    explain_client_id: str | None = None
    """A read-only connection that may read permissions, to name who could grant what is missing."""
    mass_change: int = Field(default=200, ge=1, le=50_000)
    """From how many writes on a preview warns of a mass change, and a person types the number to confirm."""
    max_writes: int = Field(default=10_000, ge=1, le=50_000)
    """The most writes one preview may hold."""
    locale: str | None = Field(default=None, max_length=40)
    """How numbers, money and dates are shown, such as ``de-CH``; the person's own where left out."""
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    """The currency of amounts where the org does not tell, such as ``EUR``."""
    confirmation_minutes: int = Field(default=30, ge=1, le=10_080)
    undo_days: int = Field(default=30, ge=1, le=3_650)
    """For how long after its end a run may be taken back without saying more."""
    lease_seconds: float = Field(default=30, ge=1, le=600)
    """How long a process that carries a run out may be silent before another one takes the run over."""
    calls_at_once: int = Field(default=16, ge=1, le=1_000)
    """The most calls to orgs and services one process has out at a time, shared fairly between its runs."""
    call_price: Decimal | None = Field(default=None, ge=0)
    """What an API call to the org costs; counts against a run's limit of cost, in the currency that is given in."""
    policy: Path | None = None
    """The organisation's policy, a YAML file; the built-in one where left out. No file is ever taken unnamed."""
    actions: Mapping[str, str] = Field(default_factory=dict)
    """Overrides by blueprint name: ``UpdateOpportunityStage = "package.module:name"``."""
    actions_file: Path | None = None
    """A manifest of overrides, ``actions.yaml``: implementations, versions, types, and promoted generated actions."""
    override_seconds: float = Field(default=30, ge=0.1, le=600)
    """For how long an override is waited for before the yes, where it says nothing else of itself."""
    allow_opaque: tuple[str, ...] = ()
    """Blueprints, by name, whose override may act by itself: unchecked, and not to be taken back."""
    blueprints: tuple[Path, ...] = ()
    """Folders of blueprints of your own, beside the bundled ones."""

    @field_validator("org")
    @classmethod
    def _addressed(cls, org: str) -> str:
        """Refuse anything but ``local`` and a web address without path or password."""
        parts = urlsplit(org)
        address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        more = "@" in parts.netloc or parts.path not in {"", "/"} or parts.query or parts.fragment
        if org != "local" and (not address or more):
            raise ValueError(
                "an org is 'local' or an address such as https://acme.my.salesforce.com"
            )
        return org.rstrip("/")

    @field_validator("model_url")
    @classmethod
    def _served(cls, url: str) -> str:
        """Refuse anything but a web address without a password, a query or a fragment."""
        parts = urlsplit(url)
        address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        blank = any(each.isspace() or not each.isprintable() for each in url)
        if not address or blank or "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("a model's service is an address such as https://host/v1")
        return url.rstrip("/")


def load_settings(
    options: Mapping[str, object] | None = None, *, folder: Path | None = None
) -> Settings:
    """Return the settings in force.

    Args:
        options: What was given on the command line or in code; None values count as not given.
        folder: Where to look for ``actwright.toml``; the working folder where left out.

    Raises:
        ConfigError: A file is malformed, a key is unknown or holds a secret, or a value does not fit.
    """
    filed = _from_file((folder or Path.cwd()) / FILE_NAME)
    values: dict[str, object] = dict(filed)
    values |= {
        name: os.environ[variable]
        for name, variable in _FROM_ENVIRONMENT.items()
        if os.environ.get(variable)
    }
    values |= {name: value for name, value in (options or {}).items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as invalid:
        raise ConfigError(
            f"The settings do not fit: {explain(invalid, Settings)}",
            hint=f"They come from {FILE_NAME}, ACTWRIGHT_* variables and options.",
        ) from invalid
    alone = {each for each in filed if not (options or {}).get(each)}
    if "org" in alone and settings.org != "local":
        _check_redirected("org", settings.org, _ORG_SECRETS)
    if "model_url" in alone and settings.planner != "offline":
        _check_redirected("model_url", settings.model_url, _MODEL_SECRETS)
    return settings


def _check_redirected(name: str, address: str, secrets: Mapping[str, str]) -> None:
    """Refuse to hand the environment's secrets to an address that only a file in the working folder names."""
    variable = _FROM_ENVIRONMENT[name]
    exposed = next((each for each in secrets.values() if os.environ.get(each)), None)
    if exposed and not os.environ.get(variable):
        raise ConfigError(
            f"{FILE_NAME} names the address {address}, and {exposed} holds a secret.",
            where=name,
            hint=f"Set {variable}={address} beside the secret, so that no file can redirect it; "
            "or keep the secret in the keyring.",
        )


def secret(name: str, address: str) -> str | None:
    """Return a secret for an address: from the environment, else from the keyring where that extra is installed.

    In the keyring it stands under the service ``actwright``, as ``NAME ADDRESS``.
    """
    value = os.environ.get(_SECRETS[name])
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


def _from_file(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"The settings file cannot be read: {error}.", where=str(path)) from error
    _check_no_secret(values, path)
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


def _check_no_secret(values: Mapping[str, object], path: Path) -> None:
    """Refuse a file that holds a secret, or a key that sounds like one; its value is repeated nowhere."""
    held = sorted(set(values) & set(_SECRETS))
    if held:
        raise ConfigError(
            f"The settings file holds the secret {held[0]!r}.",
            where=str(path),
            hint=f"Take it out, and set {_SECRETS[held[0]]} or store it in the keyring instead.",
        )
    alike = next(_sounding_secret(values), None)
    if alike is not None:
        raise ConfigError(
            f"The settings file holds {plain_name(alike)!r}, which looks like a secret and is no setting.",
            where=str(path),
            hint="Take it out: secrets come from the environment or the keyring only. "
            f"The variables are {', '.join(sorted(_SECRETS.values()))}.",
        )


def _sounding_secret(values: Mapping[str, object]) -> Iterator[str]:
    """Yield the keys, in tables too, that are no settings and sound like secrets."""
    for key, value in values.items():
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", key).lower()
        if key not in Settings.model_fields and _SECRET_WORDS.search(plain):
            yield key
        if isinstance(value, dict) and key not in _NAMED_FREELY:
            yield from _sounding_secret(value)

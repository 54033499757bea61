"""Settings: ``actwright.toml``, then the environment, then options; each overrides the one before.

Secrets come from the environment or the keyring only. A settings file that holds one is refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from actwright.contract import Contract
from actwright.document import explain
from actwright.errors import ConfigError
from actwright.settings_file import read_settings_file
from actwright.settings_secrets import MODEL_SECRETS, ORG_SECRETS

FILE_NAME = "actwright.toml"

_FROM_ENVIRONMENT = {
    "home": "ACTWRIGHT_HOME",
    "database_url": "ACTWRIGHT_DATABASE_URL",
    "blobs": "ACTWRIGHT_BLOBS",
    "seal_key_file": "ACTWRIGHT_SEAL_KEY_FILE",
    "daily_export": "ACTWRIGHT_DAILY_EXPORT",
    "org": "ACTWRIGHT_ORG",
    "user": "ACTWRIGHT_AS",
    "traces": "ACTWRIGHT_TRACES",
    "locale": "ACTWRIGHT_LOCALE",
    "currency": "ACTWRIGHT_CURRENCY",
    "call_price": "ACTWRIGHT_CALL_PRICE",
    "planner": "ACTWRIGHT_PLANNER",
    "learn": "ACTWRIGHT_LEARN",
    "telemetry": "ACTWRIGHT_TELEMETRY",
    "telemetry_file": "ACTWRIGHT_TELEMETRY_FILE",
    "telemetry_blobs": "ACTWRIGHT_TELEMETRY_BLOBS",
    "session": "ACTWRIGHT_SESSION",
    "policy": "ACTWRIGHT_POLICY",
    "actions_file": "ACTWRIGHT_ACTIONS",
    "model": "ACTWRIGHT_MODEL",
    "model_url": "OPENAI_BASE_URL",
    "client_id": "ACTWRIGHT_CLIENT_ID",
    "private_key_file": "ACTWRIGHT_PRIVATE_KEY_FILE",
    "explain_client_id": "ACTWRIGHT_EXPLAIN_CLIENT_ID",
}


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
    """Where large results, plans and previews are kept: a folder, or ``s3://bucket/prefix``. Where left out, in ``home``;
    or in the store itself, where that is on a server: a folder of one machine is not seen by the next."""
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
    learn: bool = True
    """Whether recommendations move, by a tenth at most, with what people did with earlier plans for goals alike."""
    telemetry: Literal["off", "metadata", "full"] = "metadata"
    """What the prompt log keeps: nothing; numbers, names and digests; or what was said as well, redacted."""
    telemetry_file: Path | None = None
    """A file the prompt log is written to as well, as JSON lines."""
    telemetry_store: bool = True
    """Whether the prompt log is kept in the store."""
    telemetry_blobs: str | None = None
    """Where the log's long texts are kept: a folder, or ``s3://bucket/prefix``; in ``home`` where left out."""
    telemetry_inline_bytes: int = Field(default=16_384, ge=0, le=1_000_000)
    """How long a text may be that is kept in its record."""
    telemetry_days: int = Field(default=30, ge=1, le=3_650)
    """For how long the prompt log is kept."""
    session: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$")
    """What the prompt log calls this session; a name is made for each where left out."""
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
    traces: Literal["off", "console", "otlp"] = "off"
    """Where OpenTelemetry sends traces, metrics and logs: nowhere, to stderr, or to a collector named by ``OTEL_*``."""
    traces_content: bool = False
    """Whether traces hold texts too, redacted: goals, prompts, and a model's replies."""
    locale: str | None = Field(default=None, max_length=40)
    """How numbers, money and dates are shown, such as ``de-CH``; the person's own where left out."""
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    """The currency of amounts where the org does not tell, such as ``EUR``."""
    answer_seconds: float | None = Field(default=None, ge=1, le=315_360_000)
    """How long a run waits for a yes to its next part, or for somebody to say how it goes on; for ever where left out."""
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

    @model_validator(mode="after")
    def _told_what_is_kept(self) -> Self:
        """Refuse to tell texts in traces that are not kept: only what the prompt log keeps is redacted."""
        if self.traces_content and self.telemetry != "full":
            raise ValueError('traces_content needs telemetry = "full", which redacts what is told')
        return self

    @model_validator(mode="after")
    def _kept_apart(self) -> Self:
        """Refuse one place for what is kept for good and for what is purged: a purge would take both."""
        kept = _place(self.blobs, self.home / "blobs")
        if _are_one(kept, _place(self.telemetry_blobs, self.home / "telemetry")):
            raise ValueError("blobs and telemetry_blobs name one place, and the log's is purged")
        return self

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


def _place(named: str | None, otherwise: Path) -> str:
    """Return a place for blobs without the many ways there are to write it: links are followed, as writing would."""
    text = named or str(otherwise)
    if "://" not in text:
        return os.path.realpath(text)
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}/{parts.path.strip('/')}"


def _are_one(place: str, other: str) -> bool:
    """Tell whether two places are the same; the disk knows, where upper and lower case are one to it."""
    try:
        return place == other or Path(place).samefile(other)
    except OSError:
        return False


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
    filed = read_settings_file((folder or Path.cwd()) / FILE_NAME, Settings.model_fields)
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
        _check_redirected("org", settings.org, ORG_SECRETS)
    if "model_url" in alone and settings.planner != "offline":
        _check_redirected("model_url", settings.model_url, MODEL_SECRETS)
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

"""The checks of what the settings point at: the policy, the model and its key, prompts, prices, a private key, domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from actwright.errors import ConfigError

if TYPE_CHECKING:
    from actwright.blueprints.library import Library
    from actwright.settings import Settings

_NONE = "none"


def pointed_at(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield the name of each check, and the check: it returns what is the case, or raises an `ActwrightError`."""
    yield "policy", lambda: _policy(settings)
    yield "planner", lambda: _planner(settings)
    yield "prompts", lambda: _prompts(settings)
    yield "prices", lambda: _prices(settings)
    yield "private key", lambda: _private_key(settings)


def domain_specs(settings: Settings, library: Library) -> str:
    """Return how many domain specs are in force.

    Raises:
        ConfigError: A file or folder is not there.
        DomainError: A spec breaks its contract, or names a blueprint the library does not hold.
    """
    from actwright.planning.domains.blueprint_words import (  # noqa: PLC0415 - slow to import
        check_blueprints,
    )
    from actwright.planning.domains.domain import load_domains  # noqa: PLC0415 - same reason

    domains = load_domains(settings.domains)
    check_blueprints(domains, library)
    return ", ".join(f"{each.name} {each.version}" for each in domains) or _NONE


def _policy(settings: Settings) -> str:
    """Return which policy holds, how many rules it has, and whether it stops anything."""
    from actwright.guardrails.policy.lint import findings  # noqa: PLC0415 - slow to import
    from actwright.guardrails.policy.policy import Policy  # noqa: PLC0415 - same reason

    if settings.policy is None:
        built_in = Policy.built_in()
        return f"the built-in one, {built_in.version}: {_count(len(built_in.rules), 'rule')}"
    policy = Policy.load(settings.policy)
    own = len(policy.read.document.rules)
    loud = f"{' '.join(policy.notices)} " if policy.log_only else ""
    told = f"{settings.policy}, {policy.version}: {_count(own, 'rule')} of its own"
    beside = f"{_count(len(policy.rules) - own, 'built-in rule')} beside"
    minded = len(findings(policy, settings.policy))
    more = f"; {_count(minded, 'thing')} to mind: actwright policy check" if minded else ""
    return f"{loud}{told}, {beside}{more}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _planner(settings: Settings) -> str:
    """Return who plans; nothing is asked of a model."""
    from actwright.settings import MODEL_SERVICE  # noqa: PLC0415 - slow to import
    from actwright.settings_secrets import secret  # noqa: PLC0415 - likewise

    if settings.planner == "offline":
        return "offline: rules and a dictionary"
    address = settings.model_url
    if secret("model_key", address) is not None:
        return f"{settings.model} at {address}, with a key; it was not asked"
    if address == MODEL_SERVICE:
        raise ConfigError(
            f"There is no key for the model at {address}.",
            where="OPENAI_API_KEY",
            hint="Set OPENAI_API_KEY, or store it in the keyring; or plan with --planner offline.",
        )
    return f"{settings.model} at {address}, without a key; it was not asked"


def _prompts(settings: Settings) -> str:
    if settings.prompts is None and settings.planner == "offline":
        return "not used"
    from actwright.model.prompts import bundled_prompts, load_prompts  # noqa: PLC0415 - slow to import

    own = (settings.prompts,) if settings.prompts else ()
    load_prompts((*own, bundled_prompts()))
    return str(settings.prompts) if settings.prompts else "the bundled ones"


def _prices(settings: Settings) -> str:
    """Return how many models have a price; a ceiling of cost needs one of its model."""
    from actwright.model.prices import Prices, read_prices  # noqa: PLC0415 - slow to import

    prices = read_prices(settings.prices) if settings.prices else Prices()
    if settings.model_cost is not None and settings.model not in prices.models:
        raise ConfigError(
            f"model_cost is set, and there is no price of the model {settings.model!r}.",
            where=str(settings.prices or "prices"),
            hint="Add its price to the table `prices` points at, or leave model_cost out.",
        )
    return f"{len(prices.models)} models, in {prices.currency}" if settings.prices else _NONE


def _private_key(settings: Settings) -> str:
    path = settings.private_key_file
    if path is None:
        return _NONE
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _no_key(path, "cannot be read") from error
    if "PRIVATE KEY-----" not in text:
        raise _no_key(path, "is no private key in PEM")
    return f"{path} is readable"


def _no_key(path: object, what: str) -> ConfigError:
    return ConfigError(
        f"The private key file {what}.",
        where=str(path),
        hint="Point ACTWRIGHT_PRIVATE_KEY_FILE at a PEM file you may read.",
    )

"""Prices: what a million tokens cost, from a file that its user keeps. None are built in, since they change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from actwright.canonical import decimal_text
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import ConfigError, DocumentError
from actwright.model.chat import TokenUsage
from actwright.yaml_document import line_of, read_yaml_placed

_MILLION = 1_000_000


def _exact(value: object) -> object:
    """Take a number as it was written: ``0.15`` in YAML means 0.15 and no binary fraction near it."""
    return str(value) if isinstance(value, float) else value


Amount = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=20)]
"""A price of a million tokens."""


class ModelPrice(Contract):
    """What a million tokens of one model cost."""

    input: Amount
    output: Amount
    cached_input: Amount | None = None
    """For input tokens the service had in its prompt cache; as ``input`` where left out."""


class Prices(Contract):
    """The price table: a currency, and prices by the exact name of a model. An empty one knows no cost."""

    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    models: dict[str, ModelPrice] = Field(default_factory=dict)

    def cost(self, model: str, usage: TokenUsage) -> Decimal | None:
        """Return what ``usage`` costs, or None where the table holds no price of ``model``."""
        price = self.models.get(model)
        if price is None:
            return None
        cached = min(usage.cached, usage.input)
        kept = price.input if price.cached_input is None else price.cached_input
        total = price.input * (usage.input - cached) + kept * cached + price.output * usage.output
        return total / _MILLION


def read_prices(path: Path) -> Prices:
    """Return the price table in a YAML file.

    Raises:
        ConfigError: The file is missing or breaks the format; the line is named.
    """
    try:
        document, places = read_yaml_placed(path)
    except DocumentError as error:
        raise ConfigError(error.message, where=error.where, hint=error.hint) from error
    try:
        return validated(Prices, document, where=path.name, error=ConfigError)
    except ConfigError as error:
        if isinstance(error.__cause__, ValidationError):
            error.where = line_of(places, error.__cause__.errors()[0]["loc"], path)
        raise


def cost_text(cost: Decimal | None) -> str | None:
    """Return a cost as the one text of a decimal, or None."""
    return None if cost is None else decimal_text(cost)

"""Prices: what an override that acts by itself says one act of it costs, and what it then says it cost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from actwright.errors import ImplementationError
from actwright.org.effect import Effect
from actwright.org.outcome import EffectOutcome

_PRICE = "price"
_COST = "cost"

MOST = Decimal(10) ** 15
"""The most that one act can cost, so that sums of it stay exact and short; what is told to be more counts as that."""


def price_of(override: object) -> Decimal | None:
    """Return what one act of an override costs, as its attribute ``price`` says; None where it says nothing.

    Raises:
        ImplementationError: What it says is no price.
    """
    price = getattr(override, _PRICE, None)
    if price is None:
        return None
    exact = isinstance(price, (int, Decimal)) and not isinstance(price, bool)
    if exact and (told := Decimal(price)).is_finite() and 0 <= told <= MOST:
        return told
    raise ImplementationError(
        f"{_PRICE} of {type(override).__qualname__} is no price.",
        hint=f"Give a Decimal that is neither negative nor absurdly large, or leave {_PRICE} out.",
    )


def cost_of(effects: Iterable[Effect], outcomes: Iterable[EffectOutcome]) -> Decimal | None:
    """Return what overrides have cost that acted by themselves: as they answered under ``cost``, else their price.

    Only what was done costs anything. None where none of the effects has a price.

    Args:
        effects: What was to be done.
        outcomes: What became of it.
    """
    prices = {each.id: each.price for each in effects if each.price is not None}
    if not prices:
        return None
    done = (each for each in outcomes if each.status == "done")
    costs = (_told(each, prices[each.effect_id]) for each in done if each.effect_id in prices)
    return sum(costs, Decimal(0))


def _told(outcome: EffectOutcome, price: Decimal) -> Decimal:
    try:
        told = Decimal(str(outcome.outputs.get(_COST, price)))
    except InvalidOperation:
        return price
    return min(told, MOST) if told.is_finite() and told >= 0 else price

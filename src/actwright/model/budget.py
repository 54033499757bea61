"""The budget of one plan: tokens and cost, checked before each request and counted after it."""

from __future__ import annotations

from decimal import Decimal
from threading import Lock

from actwright.errors import ModelBudgetError
from actwright.model.chat import TokenUsage
from actwright.model.prices import Prices, cost_text
from actwright.model.settings import ModelSettings

_RAISE = "Raise {} in the settings, or make the goal smaller."


class Budget:
    """What one plan may still take. Safe to share between threads.

    Args:
        max_input_tokens: The most all requests may have together.
        max_output_tokens: The most all replies may have together.
        max_cost: The most they may cost together, in the price table's currency; None sets no ceiling.
        prices: What tokens cost.
    """

    def __init__(
        self,
        max_input_tokens: int,
        max_output_tokens: int,
        max_cost: Decimal | None = None,
        *,
        prices: Prices | None = None,
    ) -> None:
        self._left_input = max_input_tokens
        self._left_output = max_output_tokens
        self._max_cost = max_cost
        self._prices = prices or Prices()
        self._spent = Decimal(0)
        self._priced = True
        self._calls = 0
        self._taken = TokenUsage()
        self._lock = Lock()

    @classmethod
    def of(cls, settings: ModelSettings, prices: Prices | None = None) -> Budget:
        """Return a fresh budget of one plan with the ceilings of ``settings``."""
        return cls(
            settings.max_input_tokens,
            settings.max_total_output_tokens,
            settings.max_cost,
            prices=prices,
        )

    def allow(self, model: str, input_tokens: int, output_tokens: int) -> int:
        """Return how many tokens the reply to the next request may have, at most ``output_tokens``.

        Args:
            model: The model that is asked.
            input_tokens: How many tokens the request has, as estimated.
            output_tokens: How many the caller would allow the reply.

        Raises:
            ModelBudgetError: The request would pass a ceiling, or a ceiling of cost cannot be held because the
                price table does not know the model.
        """
        with self._lock:
            self._check_tokens(input_tokens)
            allowed = min(output_tokens, self._left_output)
            self._check_cost(model, TokenUsage(input=input_tokens, output=allowed))
            return allowed

    def spend(self, model: str, usage: TokenUsage) -> Decimal | None:
        """Count what a request took; return its cost, or None where the price table does not know the model."""
        cost = self._prices.cost(model, usage)
        with self._lock:
            self._left_input -= usage.input
            self._left_output -= usage.output
            self._spent += cost or 0
            self._priced = self._priced and cost is not None
            self._calls += 1
            self._taken = self._taken.plus(usage)
        return cost

    @property
    def taken(self) -> tuple[int, TokenUsage, Decimal | None]:
        """How many replies came, what they took, and what they cost; None where the price table does not know."""
        with self._lock:
            known = self._priced and self._calls > 0
            return self._calls, self._taken, self._spent if known else None

    def _check_tokens(self, input_tokens: int) -> None:
        if input_tokens > self._left_input:
            raise ModelBudgetError(
                f"The request has about {input_tokens} tokens, and the plan may take "
                f"{max(self._left_input, 0)} more.",
                where="maxInputTokens",
                hint=_RAISE.format("model_input_tokens"),
            )
        if self._left_output < 1:
            raise ModelBudgetError(
                "The plan's replies have used up their tokens.",
                where="maxTotalOutputTokens",
                hint=_RAISE.format("model_output_tokens"),
            )

    def _check_cost(self, model: str, usage: TokenUsage) -> None:
        if self._max_cost is None:
            return
        cost = self._prices.cost(model, usage)
        if cost is None:
            raise ModelBudgetError(
                "A ceiling of cost is set, and the price table holds no price of the model.",
                where=model,
                hint="Add the model to the price table, or remove the ceiling model_cost.",
            )
        if self._spent + cost > self._max_cost:
            raise ModelBudgetError(
                f"The next request could cost {cost_text(cost)} {self._prices.currency}, after "
                f"{cost_text(self._spent)} spent; the ceiling is {cost_text(self._max_cost)}.",
                where="maxCost",
                hint=_RAISE.format("model_cost"),
            )

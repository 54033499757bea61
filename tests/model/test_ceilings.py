"""Tokens are estimated from above, prices come from a file, and no plan passes its ceilings."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import ConfigError, ModelBudgetError
from actwright.model.budget import Budget
from actwright.model.chat import Message, TokenUsage
from actwright.model.prices import ModelPrice, Prices, cost_text, read_prices
from actwright.model.settings import ModelSettings
from actwright.model.tokens import estimate, estimate_messages

PRICES = Prices(
    models={
        "m": ModelPrice(input=Decimal("0.15"), output=Decimal("0.6"), cached_input=Decimal("0.075"))
    }
)


@given(st.text(), st.text())
def test_more_text_never_has_fewer_tokens(first: str, second: str) -> None:
    """The estimate grows with the text, is whole, and zero only for no text."""
    assert estimate(first) <= estimate(first + second) <= estimate(first) + estimate(second)
    assert (estimate(first) == 0) == (not first)


def test_the_estimate_lies_above_what_tokenizers_count() -> None:
    """Prose has more than four letters a token, and a Chinese character is about one."""
    assert estimate("Close the Acme renewal as won and book a follow-up call.") >= 14
    assert estimate("关闭续约") >= 4
    assert estimate_messages([Message("user", "abc"), Message("user", "")]) == 17


def test_a_cost_counts_cached_tokens_by_their_own_price() -> None:
    """A million of each, half of the input from the cache."""
    usage = TokenUsage(input=1_000_000, output=1_000_000, cached=500_000)
    assert PRICES.cost("m", usage) == Decimal("0.7125")
    assert PRICES.cost("unknown", usage) is None
    assert cost_text(Decimal("0.7100")) == "0.71"


def test_a_price_table_is_read_exactly(tmp_path: Path) -> None:
    """A number in YAML is the decimal it is written as."""
    path = tmp_path / "prices.yaml"
    path.write_text("currency: EUR\nmodels:\n  m: {input: 0.1, output: 3}\n", "utf-8")
    prices = read_prices(path)
    assert prices.currency == "EUR"
    assert prices.models["m"].input == Decimal("0.1")


@pytest.mark.parametrize(
    "text",
    [
        "models: {m: {input: -1, output: 1}}",
        "currency: dollars",
        "models: {m: {input: 1}}",
        "a: b",
        ":",
    ],
)
def test_a_price_table_that_breaks_its_format_is_refused(tmp_path: Path, text: str) -> None:
    """The file is named."""
    path = tmp_path / "prices.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_prices(path)
    assert "prices.yaml" in str(caught.value)


def test_the_example_price_table_can_be_read() -> None:
    """It shows the format and holds no price."""
    assert read_prices(Path(__file__).parents[2] / "examples" / "prices.yaml") == Prices()


def test_a_request_past_the_ceiling_of_input_is_not_made() -> None:
    """What went before counts, and the error says how much is left."""
    budget = Budget(100, 100)
    assert budget.allow("m", 100, 10) == 10
    budget.spend("m", TokenUsage(input=60, output=5))
    with pytest.raises(ModelBudgetError, match="may take 40 more") as caught:
        budget.allow("m", 41, 10)
    assert caught.value.where == "maxInputTokens"


def test_a_reply_gets_what_is_left_of_the_output() -> None:
    """The last reply is held shorter; where nothing is left, none is asked for."""
    budget = Budget(1_000, 100)
    budget.spend("m", TokenUsage(output=70))
    assert budget.allow("m", 1, 50) == 30
    budget.spend("m", TokenUsage(output=40))
    with pytest.raises(ModelBudgetError, match="used up"):
        budget.allow("m", 1, 50)


def test_a_ceiling_of_cost_is_held_before_the_request() -> None:
    """The most a request could cost, added to what was spent, stays under it."""
    budget = Budget(10**9, 10**9, Decimal("0.001"), prices=PRICES)
    assert budget.allow("m", 1_000, 1_000) == 1_000
    assert budget.spend("m", TokenUsage(input=1_000, output=1_000)) == Decimal("0.00075")
    with pytest.raises(ModelBudgetError, match=r"0\.00075 USD, after 0\.00075 spent"):
        budget.allow("m", 1_000, 1_000)


def test_a_ceiling_of_cost_without_a_price_refuses() -> None:
    """A ceiling that cannot be held is not passed over."""
    with pytest.raises(ModelBudgetError, match="no price"):
        Budget(1_000, 1_000, Decimal(1)).allow("m", 1, 1)


def test_a_budget_has_the_ceilings_of_the_settings() -> None:
    """A fresh plan starts with all of them."""
    settings = ModelSettings(model="m", max_input_tokens=10, max_total_output_tokens=20)
    assert Budget.of(settings).allow("m", 10, 99) == 20


def test_an_error_names_the_setting_that_raises_its_ceiling() -> None:
    """Who meets a ceiling is told what to write in the settings."""
    budgets = {
        "model_input_tokens": Budget(10, 100),
        "model_output_tokens": Budget(10_000, 0),
        "model_cost": Budget(10_000, 100, Decimal("0.000001"), prices=PRICES),
    }
    for setting, budget in budgets.items():
        with pytest.raises(ModelBudgetError) as caught:
            budget.allow("m", 50, 10)
        assert setting in str(caught.value.hint)


def test_a_price_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    """Where it stands in the file, not only what it is called."""
    path = tmp_path / "prices.yaml"
    path.write_text("models:\n  m:\n    input: 1\n    output: -2\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_prices(path)
    assert error.value.where == f"{path}, line 4"

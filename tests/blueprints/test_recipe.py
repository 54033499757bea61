"""The contract of recipes: closed, whole, and nothing taken that no earlier step gives."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.recipe import Recipe
from actwright.canonical import Json

READ: dict[str, Json] = {
    "kind": "read",
    "name": "deal",
    "object": "Opportunity",
    "record": {"input": "DealId"},
    "fields": ["Amount"],
}
ROWS: dict[str, Json] = {
    "kind": "query",
    "name": "rows",
    "object": "Case",
    "fields": ["Id"],
    "where": [{"field": "AccountId", "source": {"input": "DealId"}}],
}
CREATE: dict[str, Json] = {
    "kind": "create",
    "name": "made",
    "object": "Task",
    "values": [{"field": "Subject", "source": {"constant": "x"}}],
}


def writing(source: Json, field: str = "Subject") -> dict[str, Json]:
    """Return a create that fills a field from a source."""
    return CREATE | {"values": [{"field": field, "source": source}]}


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([READ], "creates or changes"),
        ([READ, READ, CREATE], "two steps are called"),
        ([READ | {"name": "class"}, CREATE], "can be called 'class'"),
        ([READ | {"name": "org"}, CREATE], "can be called 'org'"),
        ([writing({"step": "deal", "field": "Amount"})], "no earlier step"),
        ([READ, writing({"step": "deal", "field": "Name"})], "does not read"),
        ([READ, writing({"step": "deal"})], "does not read"),
        ([ROWS, writing({"step": "rows"})], "no single value"),
        ([writing({"constant": "x"}, "Id")], "only the org gives"),
        ([CREATE | {"object": "Task; DROP"}], "pattern"),
        ([{"kind": "aggregate", "name": "n", "function": "sum", "rows": "rows"}, CREATE], "field"),
        (
            [READ, {"kind": "aggregate", "name": "n", "function": "count", "rows": "deal"}, CREATE],
            "no rows",
        ),
        ([ROWS | {"where": []}, CREATE], "at least 1"),
        (
            [
                ROWS | {"where": [{"field": "A", "operator": "IN", "source": {"constant": 1}}]},
                CREATE,
            ],
            "IN",
        ),
        ([CREATE | {"kind": "upsert", "key": "Email"}], "needs its value"),
        ([CREATE | {"kind": "delete"}], "delete"),
        ([READ, writing({"step": "made"})], "no earlier step"),
    ],
)
def test_a_recipe_that_does_not_hold_together_is_refused(steps: list[Json], why: str) -> None:
    """Each fault is named when the recipe is read, long before any code is written."""
    with pytest.raises(ValidationError, match=why):
        Recipe.model_validate({"steps": steps})


def test_it_knows_what_it_reads_and_writes() -> None:
    """Conditions count as read; an upsert may create or change, and never changes its key."""
    upsert = {
        "kind": "upsert",
        "name": "person",
        "object": "Contact",
        "key": "Email",
        "values": [
            {"field": "Email", "source": {"constant": "a@example.com"}},
            {"field": "LastName", "source": {"constant": "Lee"}},
        ],
    }
    recipe = Recipe.model_validate({"steps": [READ, ROWS, upsert]})
    assert recipe.reads() == {
        "Opportunity": ("Amount",),
        "Case": ("Id", "AccountId"),
        "Contact": ("Id", "Email"),
    }
    assert recipe.writes() == (
        ("CREATE", "Contact", ("Email", "LastName")),
        ("UPDATE", "Contact", ("LastName",)),
    )
    assert recipe.inputs == {"DealId"}


def test_a_blueprint_carries_it_only_as_a_call() -> None:
    """A recipe belongs to a CALL, takes inputs that are there, and leaves no trace in other blueprints."""
    recipe = Recipe.model_validate({"steps": [READ, CREATE]})
    deal = ActionInput(api_name="DealId", data_type="Id", required=True)
    made = ActionBlueprint(
        name="X", operation="CALL", target_s_object="Task", inputs=(deal,), recipe=recipe
    )
    assert ActionBlueprint.model_validate(made.model_dump(mode="json")) == made
    clash = ActionInput(api_name="deal", data_type="Id", required=True)
    with pytest.raises(ValidationError, match="both called 'deal'"):
        ActionBlueprint(
            name="X", operation="CALL", target_s_object="Task", inputs=(deal, clash), recipe=recipe
        )
    with pytest.raises(ValidationError, match="only a CALL"):
        ActionBlueprint(name="X", operation="CREATE", target_s_object="Task", recipe=recipe)
    with pytest.raises(ValidationError, match="'DealId', which is not there"):
        ActionBlueprint(name="X", operation="CALL", target_s_object="Task", recipe=recipe)
    plain = ActionBlueprint(name="X", operation="CREATE", target_s_object="Task")
    assert "recipe" not in plain.model_dump(mode="json")

"""Sample records: what is to fit a condition fits it, and what is not to does not, for every operator and kind."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_schemas

from actwright.actions.generating.figuring import Figures
from actwright.actions.generating.sample import Sample, fitting, missing
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.org.query import Condition, JsonScalar, Operator
from actwright.org.record_id import is_record_id

HELD: list[tuple[str, JsonScalar]] = [
    ("Amount", 50000),
    ("Amount", "1250.50"),
    ("CloseDate", "2026-12-31"),
    ("CreatedDate", "2026-12-31T10:00:00Z"),
    ("StageName", "Prospecting"),
    ("IsClosed", False),
    ("Name", "Acme"),
]
ORDERED: tuple[Operator, ...] = ("<", "<=", ">", ">=")


def fits(condition: Condition, value: JsonScalar) -> bool:
    """Tell whether a record with a value fits, by the reader of the tests."""
    blueprint = ActionBlueprint(name="X", operation="CALL", target_s_object="Task")
    rows = {"Opportunity": {"1": {"Id": "1", condition.field: value}}}
    figures = Figures(blueprint, demo_schemas(), {}, rows)
    return bool(figures.rows_that_fit("Opportunity", [condition]))


@pytest.mark.parametrize("operator", ["=", "!=", *ORDERED])
@pytest.mark.parametrize(("field", "value"), HELD)
def test_a_value_fits_or_misses_as_it_should(
    field: str, value: JsonScalar, operator: Operator
) -> None:
    """A test that cannot tell the rows apart would pass wrong code."""
    if operator in ORDERED and isinstance(value, bool):
        return
    condition = Condition(field=field, operator=operator, value=value)
    held = Sample(demo_schemas()).value("Opportunity", field, 1)
    assert fits(condition, fitting(condition, held))
    assert not fits(condition, missing(condition, held))


@pytest.mark.parametrize("operator", ["IN", "NOT IN"])
def test_lists_too(operator: Operator) -> None:
    """One of the listed values fits, another one does not, or the other way round."""
    condition = Condition(field="StageName", operator=operator, value=("Prospecting", "Proposal"))
    assert fits(condition, fitting(condition, "Closed Won"))
    assert not fits(condition, missing(condition, "Closed Won"))


def test_ids_are_right_and_never_the_same() -> None:
    """Each sample record has an id of its own, with the prefix of its object and a right checksum."""
    sample = Sample(demo_schemas())
    made = [sample.new_id(name) for name in ("Account", "Account", "Case", "Unknown")]
    assert len(set(made)) == 4
    assert all(map(is_record_id, made))
    assert made[0][:3] == demo_schemas()["Account"].key_prefix

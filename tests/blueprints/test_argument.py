"""The three shapes of an argument on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument

WIRE: TypeAdapter[Argument] = TypeAdapter(Argument)

SHAPES: list[tuple[dict[str, Any], type]] = [
    ({"value": 42, "provenance": "goal"}, ValueArgument),
    ({"value": None, "provenance": "data", "source": "discount"}, ValueArgument),
    ({"from": "data.order_id"}, FromArgument),
    ({"from": "actions.a1.output.id"}, FromArgument),
    (
        {"lookup": {"object": "Account", "where": [{"field": "Name", "value": "Acme"}]}},
        LookupArgument,
    ),
]


@pytest.mark.parametrize(("wire", "shape"), SHAPES)
def test_each_shape_is_read_and_written_alike(wire: dict[str, Any], shape: type) -> None:
    """A shape is told by its key, and reads back from what it wrote."""
    argument = WIRE.validate_python(wire)
    assert type(argument) is shape
    assert WIRE.validate_json(WIRE.dump_json(argument)) == argument


@pytest.mark.parametrize("value", [True, 1, 1.5, "1", None])
def test_a_value_keeps_its_json_type(value: object) -> None:
    """A value is never turned into another type on its way through a plan."""
    argument = WIRE.validate_python({"value": value, "provenance": "data"})
    assert isinstance(argument, ValueArgument)
    assert type(argument.value) is type(value)


INVALID: list[dict[str, Any]] = [
    {},
    {"value": 1},
    {"value": 1, "provenance": "guess"},
    {"value": [1], "provenance": "goal"},
    {"value": {"a": 1}, "provenance": "goal"},
    {"value": 1, "provenance": "goal", "from": "data.x"},
    {"from": "data."},
    {"from": "data.x y"},
    {"from": "actions.a1.id"},
    {"from": "actions.a1.output.id.x"},
    {"from": "env.PATH"},
    {"from": "data.x\n"},
    {"lookup": {"object": "Account", "where": []}},
    {"lookup": {"object": "Account WHERE 1=1", "where": [{"field": "Name", "value": "x"}]}},
    {"lookup": {"object": "Account", "where": [{"field": "Name)", "value": "x"}]}},
    {"lookup": {"object": "Account", "where": [{"field": "Name", "operator": "OR", "value": 1}]}},
    {"lookup": "SELECT Id FROM Account"},
]


@pytest.mark.parametrize("wire", INVALID)
def test_anything_else_is_refused(wire: dict[str, Any]) -> None:
    """Mixed shapes, unknown provenance, paths and names that could be query text are refused."""
    with pytest.raises(ValidationError):
        WIRE.validate_python(wire)


def test_a_reference_tells_what_it_takes() -> None:
    """A ``from`` argument names either data or another action's output, never both."""
    data = FromArgument(from_="data.order.id")
    output = FromArgument(from_="actions.a1.output.id")
    assert (data.data_name, data.action_output) == ("order.id", None)
    assert (output.data_name, output.action_output) == (None, ("a1", "id"))

"""Shapes: values and outputs are held to what an override says that it takes and gives."""

from __future__ import annotations

import pytest
from tests.actions.curated.override_scene import CREATE
from tests.memory_org import demo_org

from actwright import ActionRequest
from actwright.actions.curated.shape import Shape, shape_of
from actwright.actions.implementation import ResolvedArgument
from actwright.errors import ImplementationError
from actwright.org.value import FieldValue
from actwright.runs.carrying.outputs import kept_outputs


def request(**values: FieldValue) -> ActionRequest:
    """Return a request with arguments."""
    given = {
        name: ResolvedArgument(input=name, value=value, provenance="goal")
        for name, value in values.items()
    }
    return ActionRequest("a", CREATE, given, demo_org())


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("Email", "ann@example.com", True),
        ("Email", "Ann", False),
        ("Date", "2026-11-21", True),
        ("Date", "soon", False),
        ("Integer", 5, True),
        ("String?", None, True),
        ("String", None, False),
        ("Id", "x", False),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: FieldValue, *, fits: bool) -> None:
    """Override, input and action are named."""
    shape = Shape.model_validate({"inputs": {"Name": kind}})
    if fits:
        shape.check_request(request(Name=value), "mine:close")
        return
    with pytest.raises(ImplementationError, match=r"mine:close takes Name as.*and a gives it"):
        shape.check_request(request(Name=value), "mine:close")


def test_outputs_that_do_not_fit_are_left_out_and_told() -> None:
    """What was done is done: the rest counts, and what another wave would have taken is not there."""
    outputs = {"until": "Date", "total": "Decimal", "note": "String?"}
    shape = Shape.model_validate({"outputs": outputs})
    kept, told = shape.held({"until": "noon", "total": 5, "more": "x", "cost": 1})
    assert kept == {"total": 5, "cost": 1}
    assert [each.split()[0] for each in told] == ["until", "more"]
    assert Shape().held({"any": "thing"}) == ({"any": "thing"}, ())
    recorded = kept_outputs({"until": "noon", "total": 5}, shape)
    assert (recorded.values, recorded.cut) == ({"total": 5}, told[:1])


@pytest.mark.parametrize("inputs", [5, {"Name": "Car"}, {"a b": "String"}, {"Name": 5}])
def test_a_shape_that_is_none_is_refused(inputs: object) -> None:
    """When it is registered, not when it is needed."""

    class Odd:
        """Says something odd of itself."""

    odd = Odd()
    vars(odd)["inputs"] = inputs
    with pytest.raises(ImplementationError):
        shape_of(odd, "mine:odd")

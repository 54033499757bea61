"""A suite's tools as what Actwright knows: those that read are lookups, those that act are overrides that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actwright import ActionRequest
from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.org.query import JsonScalar

_READING = ("get_", "search_", "list_", "read_", "check_")
_OUTWARD = frozenset({"get_webpage"})
"""Reads by name, and a way out for data all the same: the address is the message."""

SEPARATOR = "; "
"""Stands between the items of a list in an argument, which is one value."""


def acts(tool: str) -> bool:
    """Tell whether a tool does something outside, or could carry something there."""
    return not tool.startswith(_READING)


def is_outward_read(tool: str) -> bool:
    """Tell whether a tool that reads sends words of its caller outside."""
    return tool in _OUTWARD


def as_one(value: object) -> JsonScalar:
    """Return an argument as the one value it is in a plan; what has parts of its own is written as text."""
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value))
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def blueprint_of(tool: Any, suite: str) -> ActionBlueprint:
    """Return the blueprint of a tool that acts."""
    form: Mapping[str, Any] = tool.parameters.model_json_schema()
    required = set(form.get("required", ()))
    inputs = (
        ActionInput(
            api_name=name,
            data_type=_type(shape),
            required=name in required,
            usage="PARAMETER",
            description=str(shape.get("description", ""))[:900],
        )
        for name, shape in form.get("properties", {}).items()
    )
    return ActionBlueprint(
        name="".join(each.title() for each in tool.name.split("_")),
        label=tool.name.replace("_", " ").capitalize(),
        operation="CALL",
        target=suite,
        inputs=tuple(inputs),
    )


def _type(shape: Mapping[str, Any]) -> DataType:
    kinds = {shape.get("type"), *(each.get("type") for each in shape.get("anyOf", ()))}
    if "boolean" in kinds:
        return "Boolean"
    return "Double" if kinds & {"number", "integer"} else "String"


@dataclass
class Acting:
    """A tool as an override that acts by itself, on the environment it is given.

    Attributes:
        tool: The suite's tool.
        runtime: The suite's own runtime.
        environment: What it acts on; set anew for every task.
        calls: The arguments of every call, in order.
    """

    tool: Any
    runtime: Any
    environment: Any = None
    calls: list[dict[str, object]] | None = None

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise exactly one call."""
        given = ", ".join(f"{name} {each.value}" for name, each in request.arguments.items())
        return [f"Calls {self.tool.name} with {given}"]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Make the call."""
        given = {name: self._whole(name, each.value) for name, each in request.arguments.items()}
        if self.calls is not None:
            self.calls.append({"tool": self.tool.name, **given})
        _, error = self.runtime.run_function(self.environment, self.tool.name, given)
        if error:
            raise RuntimeError(error)
        return {}

    def _whole(self, name: str, value: object) -> object:
        """Return an argument as the tool wants it: a list again, a whole number again."""
        shape = self.tool.parameters.model_json_schema()["properties"][name]
        kinds = {shape.get("type"), *(each.get("type") for each in shape.get("anyOf", ()))}
        if "array" in kinds and isinstance(value, str):
            return value.split(SEPARATOR)
        if isinstance(value, float) and value.is_integer() and "integer" in kinds:
            return int(value)
        return float(value) if "number" in kinds and value is not None else value  # type: ignore[arg-type]  # a number

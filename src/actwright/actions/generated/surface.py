"""The surface: what the code of a generated action sees of the house, as typed functions and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from actwright.actions.generated.action import ENTRY, GeneratedAction
from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.sandbox import Capability, Parameter, Surface

MOST_ROWS: Final = 2_000
"""The most rows one run of the code may read."""

MOST_EFFECTS: Final = 50
"""The most effects one run of the code may hand out."""

_PYTHON_TYPES: Mapping[DataType, str] = {
    **dict.fromkeys(("Decimal", "Double", "Number", "Currency", "Percent"), "Decimal"),
    **dict.fromkeys(("Integer", "Long"), "int"),
    "Boolean": "bool",
    "Date": "date",
    "DateTime": "datetime",
}
"""The types of inputs in Python; all others are text."""

_RECORD = "str | Opaque"
_VALUES = "dict[str, Any]"
_FIELDS = Parameter("fields", "list[str]")
_OBJECT = Parameter("object", "str")

_GET = Capability(
    "org",
    "get",
    (_OBJECT, Parameter("id", _RECORD), _FIELDS),
    _VALUES,
    "Return one record: its Id, and the fields by the names they were asked for. Fails where there is none.",
)
_QUERY = Capability(
    "org",
    "query",
    (
        _OBJECT,
        _FIELDS,
        Parameter("where", "list[list[Any]]", required=False),
        Parameter("order", "list[str]", required=False),
        Parameter("limit", "int", required=False),
    ),
    f"list[{_VALUES}]",
    'Return the records for which all conditions hold: ["StageName", "=", "Won"]. Order by "Amount" or "-Amount".',
)
_CREATE = Capability(
    "org",
    "create",
    (_OBJECT, Parameter("values", _VALUES)),
    "Opaque",
    "Hand out a new record. What it returns may be the value of another record's reference.",
)
_UPDATE = Capability(
    "org",
    "update",
    (_OBJECT, Parameter("id", _RECORD), Parameter("values", _VALUES)),
    "None",
    "Hand out a change of one record.",
)
_INFO = Capability(
    "log", "info", (Parameter("text", "str"),), "None", "Tell the reviewer what is being done."
)
_CALL = Capability(
    "http",
    "call",
    (Parameter("service", "str"), Parameter("request", _VALUES)),
    "None",
    "Hand out a call of a service. Nothing comes back.",
)


def surface_of(action: GeneratedAction) -> Surface:
    """Return what the code of an action may call: never more than its capabilities have a use for."""
    operations = {each.operation for each in action.writes}
    offered = (
        (_GET, bool(action.reads)),
        (_QUERY, bool(action.reads)),
        (_CREATE, "CREATE" in operations),
        (_UPDATE, "UPDATE" in operations),
        (_INFO, True),
        (_CALL, bool(action.calls)),
    )
    return Surface(tuple(each for each, wanted in offered if wanted))


def signature_of(blueprint: ActionBlueprint, opaque_inputs: Collection[str] = ()) -> str:
    """Return the first line of the function a blueprint asks for: ``def produce(CaseId: str) -> None:``.

    Args:
        blueprint: Whose inputs the parameters are; required ones come first, each otherwise in its place.
        opaque_inputs: The inputs whose values the code never sees.
    """
    ordered = sorted(blueprint.inputs, key=lambda each: not each.required)
    told = ", ".join(_parameter(each, opaque=each.api_name in opaque_inputs) for each in ordered)
    return f"def {ENTRY}({told}) -> None:"


def _parameter(given: ActionInput, *, opaque: bool) -> str:
    kind = "Opaque" if opaque else _PYTHON_TYPES.get(given.data_type, "str")
    return f"{given.api_name}: {kind}{'' if given.required else ' | None = None'}"

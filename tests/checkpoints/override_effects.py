"""What overrides hand out, made by hand."""

from __future__ import annotations

from typing import Any

from tests.scenario import blueprint

from actwright.org.effect import Effect, FieldChange

DEAL, OTHER = "006000000000001AAA", "006000000000002AAA"


TASK = blueprint("CREATE", "Task", {"apiName": "Subject", "required": True}, "Description")


def change(field: str = "NextStep", **more: Any) -> FieldChange:
    """Return a change an override makes up."""
    given: dict[str, Any] = {"field": field, "label": field, "provenance": "goal"}
    return FieldChange.model_validate(given | {"after": "x"} | more)


def effect(*changes: FieldChange, **more: Any) -> Effect:
    """Return an update of a deal, as an override would hand it out."""
    given: dict[str, Any] = {"id": "z.9", "action_id": "z", "operation": "UPDATE"}
    given |= {"object": "opportunity", "record_id": DEAL, "changes": changes or (change(),)}
    return Effect.model_validate(given | more)


ACTS = Effect(
    id="a.1", action_id="a", kind="opaque", operation="CALL", object="Mailer", promises=("Acts.",)
)

"""Arguments taken from a row: only where an action is repeated for rows, and never beside the id each row gives."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from actwright.blueprints.argument import Argument, FromArgument
from actwright.blueprints.plan import PlannedAction

ROWS = {"object": "Contact", "where": [{"field": "Account.Name", "value": "Acme"}], "limit": 200}
PLACE: TypeAdapter[Argument] = TypeAdapter(Argument)


def action(
    operation: str, target: str, arguments: dict[str, Any], rows: dict[str, Any] | None = ROWS
) -> dict[str, Any]:
    """Return an action of one object as a document."""
    inputs = [
        {"apiName": "Id", "label": "ID", "dataType": "Id", "required": True},
        {"apiName": "WhoId", "label": "Name", "dataType": "Reference"},
        {"apiName": "Title", "label": "Title", "dataType": "String"},
    ]
    blueprint = {
        "name": "Do",
        "label": "Do",
        "category": "CRUD",
        "targetSObject": target,
        "operation": operation,
        "summary": "Did it.",
        "checkpoint": "Do it?",
        "inputs": inputs if operation != "CREATE" else inputs[1:],
    }
    whole: dict[str, Any] = {"id": "a1", "blueprint": blueprint, "arguments": arguments}
    return whole | ({"forEach": rows} if rows is not None else {})


def test_a_row_gives_a_field() -> None:
    """``row.FIELD`` names one field of the row; it is neither data nor another action's output."""
    argument = PLACE.validate_python({"from": "row.Id"})
    assert isinstance(argument, FromArgument)
    assert (argument.row_field, argument.data_name, argument.action_output) == ("Id", None, None)
    assert FromArgument(from_="data.row.Id").row_field is None


@pytest.mark.parametrize("text", ["row.", "row", "row.Account.Name", "row.1", "rows.Id", "row.Id "])
def test_what_is_no_field_of_the_row_is_refused(text: str) -> None:
    """Paths, blanks and other spellings are refused by the contract."""
    with pytest.raises(ValidationError):
        PLACE.validate_python({"from": text})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (action("CREATE", "Task", {"WhoId": {"from": "row.Id"}}, None), "has no forEach"),
        (action("UPDATE", "Task", {}), "the rows are of Contact, the action of Task"),
        (action("DELETE", "Task", {}), "the rows are of Contact, the action of Task"),
        (
            action("UPDATE", "Contact", {"Id": {"from": "row.Id"}}),
            "Id is given by each row",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(document: dict[str, Any], message: str) -> None:
    """A row's value without rows, rows of another object, an id beside the row's own: each is named."""
    with pytest.raises(ValidationError, match=message):
        PlannedAction.model_validate(document)


@pytest.mark.parametrize(
    "document",
    [
        action("CREATE", "Task", {"WhoId": {"from": "row.Id"}}),
        action("UPDATE", "Contact", {"Title": {"value": "CTO", "provenance": "goal"}}),
        action("DELETE", "contact", {}),
    ],
)
def test_rows_that_fit_are_taken(document: dict[str, Any]) -> None:
    """A new record for each row takes its id; a change or deletion is bound to the row itself."""
    planned = PlannedAction.model_validate(document)
    assert planned.for_each is not None
    assert PlannedAction.model_validate(planned.model_dump(mode="json", by_alias=True)) == planned

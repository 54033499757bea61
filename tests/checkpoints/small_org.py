"""An org of two objects made for a test: deals with fields of every kind, and the people they point to."""

from __future__ import annotations

from tests.checkpoints.row_scene import DealOrg

from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import RunningUser
from actwright.org.schema import ChildLink, FieldSchema, ObjectSchema

DEAL, SECOND, ANN, BOB = (
    "006000000000001AAA",
    "006000000000002AAA",
    "003000000000001AAA",
    "003000000000002AAA",
)


def made_field(name: str, kind: str = "string", **more: object) -> FieldSchema:
    """Return a field people may write."""
    return FieldSchema(name, name, kind, **{"updateable": True} | more)  # type: ignore[arg-type]  # bools and texts


def made_object(name: str, prefix: str, *fields: FieldSchema, **more: object) -> ObjectSchema:
    """Return an object with these fields."""
    return ObjectSchema(name, name, f"{name}s", prefix, fields, **more)  # type: ignore[arg-type]  # bools and tuples


DEALS = made_object(
    "Deal",
    "006",
    made_field("Id", "id"),
    made_field("Code"),
    made_field("Name", name_field=True),
    made_field("Stage", "picklist"),
    made_field("Contact", "reference"),
    made_field("Won", "boolean"),
    made_field("Closed", "datetime"),
    made_field("Stamp", "datetime", updateable=False),
    made_field("Age", "double", calculated=True, updateable=False),
    made_field("Story", "textarea"),
    made_field("Home", "address"),
    made_field("Place", "location"),
    made_field("SystemModstamp", "datetime", updateable=False),
    cascades=(ChildLink("Line", "Deal"), ChildLink("Secret", "Deal"), ChildLink("Line", "Hidden")),
)
PEOPLE = made_object(
    "Person",
    "003",
    made_field("Id", "id"),
    made_field("Name", name_field=True),
    made_field("Email"),
)
LINES = made_object("Line", "00k", made_field("Id", "id"), made_field("Deal", "reference"))


def small_org() -> DealOrg:
    """Return the org: two deals, and two people."""
    rows: dict[str, list[dict[str, object]]] = {
        "Deal": [
            {
                "Id": DEAL,
                "Name": "First",
                "Code": "A-1",
                "Stage": "Old",
                "Contact": ANN,
                "Won": False,
            },
            {"Id": SECOND, "Name": "Second", "Code": "B-2", "Stage": "Old", "Contact": ANN},
        ],
        "Person": [
            {"Id": ANN, "Name": "Ann", "Email": "ann@acme.example"},
            {"Id": BOB, "Name": "Bob", "Email": "bob@acme.example"},
        ],
        "Line": [],
    }
    user = RunningUser(id="005", username="alice", name="Alice")
    return DealOrg(rows, {each.name: each for each in (DEALS, PEOPLE, LINES)}, user)


def written(field: str, after: object = None, **more: object) -> FieldChange:
    """Return a field that is to be written."""
    whole = {"field": field, "label": field, "after": after, "provenance": "goal"}
    return FieldChange.model_validate(whole | more)


def writing(record: str | None, *changes: FieldChange, **more: object) -> Effect:
    """Return the effect that writes these fields of a deal."""
    whole = {
        "id": "a.1",
        "action_id": "a",
        "operation": "UPDATE",
        "object": "Deal",
        "record_id": record,
        "changes": changes,
    }
    return Effect.model_validate(whole | more)

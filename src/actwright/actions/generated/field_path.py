"""Paths of fields: ``Account.OwnerId`` seen from an opportunity is a field of an account."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from actwright.errors import NotFoundError
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema


@dataclass(frozen=True, slots=True)
class FieldAt:
    """The field at a path, and the object it belongs to."""

    owner: ObjectSchema
    field: FieldSchema


def field_at(reader: OrgReader, name: str, path: str) -> FieldAt | None:
    """Return the field at a path, such as ``Account.OwnerId``; None where it is hidden or does not exist.

    Raises:
        NotFoundError: The object is hidden or does not exist.
        OrgError: The org cannot be asked.
    """
    head, dot, rest = path.partition(".")
    schema = reader.describe(name)
    if not dot:
        found = schema.field(head)
        return FieldAt(schema, found) if found else None
    links = (each for each in schema.fields if each.relationship_name)
    up = next((each for each in links if str(each.relationship_name).lower() == head.lower()), None)
    for above in up.reference_to if up else ():
        # Of several objects a reference may lead to, the person may see some and not others.
        with suppress(NotFoundError):
            if (beyond := field_at(reader, above, rest)) is not None:
                return beyond
    return None

"""Offers: what one record type leaves of its object's picklists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue

RECORD_TYPE_FIELD = "RecordTypeId"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one record type leaves of its object's picklists.

    Attributes:
        name: What people call the record type.
        picklists: The values left, by lower-cased field name; None where the org did not tell.
    """

    name: str
    picklists: Mapping[str, tuple[PicklistValue, ...]] | None


def left_of(offer: Offer | None, field: FieldSchema) -> tuple[PicklistValue, ...] | None:
    """Return the values a record type leaves of one picklist; None where nothing is known to narrow it."""
    if offer is None or offer.picklists is None:
        return None
    return offer.picklists.get(field.name.lower())


def bearing_fields(schema: ObjectSchema, written: Iterable[str]) -> tuple[str, ...]:
    """Return the fields whose standing values decide whether written ones fit, readable ones only.

    That is the record type, what controls a written picklist, and what a written field controls.
    """
    fields = [each for name in written if (each := schema.field(name)) is not None]
    found: list[FieldSchema | None] = []
    if any(writes_picklist(each) for each in fields) and schema.own_record_types:
        found.append(schema.field(RECORD_TYPE_FIELD))
    for each in fields:
        found.append(schema.field(each.controller_name) if each.controller_name else None)
        found += schema.dependents.get(each.name.lower(), ())
    return tuple(dict.fromkeys(each.name for each in found if each is not None))


def writes_picklist(field: FieldSchema) -> bool:
    """Tell whether a record type can narrow a field."""
    return field.type in {"picklist", "multipicklist"}

"""Stored values as the JSON of the platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from localorg.schema.model import FieldDef, ObjectDef

_PARTS: Final = {
    "street": "Street",
    "city": "City",
    "state": "State",
    "postalCode": "PostalCode",
    "country": "Country",
    "geocodeAccuracy": "GeocodeAccuracy",
    "latitude": "Latitude",
    "longitude": "Longitude",
}


def wire_value(field: FieldDef, value: object) -> object:
    """Return a stored value as JSON: booleans and numbers keep their kind, all else is text."""
    if field.type == "boolean":
        return bool(value)
    return value


def address_parts(definition: ObjectDef, field: FieldDef) -> dict[str, FieldDef | None]:
    """Return, by its name on the wire, the stored field of every part of a compound address."""
    prefix = field.name.removesuffix("Address")
    return {wire: definition.field(prefix + suffix) for wire, suffix in _PARTS.items()}


def address_value(parts: Mapping[str, object]) -> dict[str, object] | None:
    """Return a compound address, or None where every part is empty."""
    return dict(parts) if any(each is not None for each in parts.values()) else None

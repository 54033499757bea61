"""The record types of the demo org: a row for each that the catalogue knows."""

from __future__ import annotations

from collections.abc import Iterator

from localorg.schema.catalogue import Catalogue
from localorg.seed.row import Ref, Row


def record_type(object_name: str, developer_name: str) -> Ref:
    """Return the reference to a record type's row."""
    return Ref(f"record_type_{object_name}_{developer_name}")


def record_type_rows(catalogue: Catalogue) -> Iterator[Row]:
    """Yield the row of every record type of the catalogue."""
    for target in catalogue.objects.values():
        for each in target.record_types:
            yield (
                "RecordType",
                {
                    "Id": record_type(target.name, each.developer_name),
                    "Name": each.label,
                    "DeveloperName": each.developer_name,
                    "Description": each.description,
                    "SobjectType": target.name,
                    "IsActive": True,
                },
            )

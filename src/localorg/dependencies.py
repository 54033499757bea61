"""What one field of a record asks of another: dependent picklists and lookup filters."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from localorg.errors import ApiError
from localorg.rows import Row, fetch
from localorg.schema.model import FieldDef, LookupFilter, ObjectDef
from localorg.session import Session


def check_dependent_picklists(
    definition: ObjectDef, row: Mapping[str, object], moved: Collection[str]
) -> None:
    """Refuse a new value of a restricted picklist that does not go with the value of its controlling field.

    Raises:
        ApiError: ``INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST``.
    """
    for field in definition.dependent_picklists:
        value = row.get(field.name)
        if field.name not in moved or value is None or not field.restricted_picklist:
            continue
        chosen = next((each for each in field.picklist if each.value == value), None)
        allowed = (chosen.valid_for or ()) if chosen else ()
        if row.get(str(field.controller)) not in allowed:
            message = f"{field.label}: bad value for restricted picklist field: {value}"
            code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
            raise ApiError(400, code, message, [field.name])


def check_lookup_filters(
    session: Session, definition: ObjectDef, row: Mapping[str, object], moved: Collection[str]
) -> None:
    """Refuse a reference to a record that the field's filter leaves out.

    A filter looks when the reference changes, or a field of the record that the filter compares.

    Raises:
        ApiError: ``FIELD_FILTER_VALIDATION_EXCEPTION``.
    """
    for field in definition.filtered_lookups:
        rule = field.lookup_filter
        if rule is None or row.get(field.name) is None:
            continue
        looked_at = {field.name, *(source for _, source in rule.same)}
        if looked_at & set(moved) and not _fits(rule, _target(session, field, row), row):
            code = "FIELD_FILTER_VALIDATION_EXCEPTION"
            raise ApiError(400, code, rule.message, [field.name])


def _target(session: Session, field: FieldDef, row: Mapping[str, object]) -> Row:
    record_id = str(row[field.name])
    definition = session.catalogue.by_prefix(record_id[:3])
    return (fetch(session.connection, definition, record_id) if definition else None) or {}


def _fits(rule: LookupFilter, target: Row, row: Mapping[str, object]) -> bool:
    same = all(target.get(theirs) == row.get(ours) for theirs, ours in rule.same)
    return same and all(target.get(name) == value for name, value in rule.constants)

"""Relating: from a record that was found to the one it is related to, as one typed lookup over a reference or a parent."""

from __future__ import annotations

from actwright.blueprints.argument import Lookup
from actwright.org.query import Condition
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.words.lookups import Finder, Match, Relation
from actwright.planning.words.reading import Related

_ROLE_OBJECT = "OpportunityContactRole"
_UPWARD = frozenset(
    {"ParentId", "ReportsToId", "MasterRecordId", "CreatedById", "LastModifiedById"}
)
_NAME = "Name"


def relation(wanted: Related, finder: Finder) -> Relation | None:
    """Return the lookup of ``wanted``, or None where its base is not exactly one record, or nothing relates the two."""
    base = wanted.base
    matches = [each for name in base.objects for each in finder.matches(name, base)]
    if base.record_id is not None:
        where = (Condition(field="Id", value=base.record_id),)
        matches = [Match(each, base.record_id, base.words, "", where) for each in base.objects]
    related = [found for each in matches if (found := _from(each, wanted, finder)) is not None]
    return related[0] if len(related) == 1 else None


def _from(match: Match, wanted: Related, finder: Finder) -> Relation | None:
    if match.object == "Opportunity" and wanted.object == "Contact" and not wanted.tests:
        return _by_role(match, wanted, finder)
    if wanted.main:
        return None
    return _upward(match, wanted, finder) or _downward(match, wanted, finder)


def _by_role(match: Match, wanted: Related, finder: Finder) -> Relation | None:
    """Read a deal's contact from its contact roles; the main one is the primary one."""
    schema = finder.schema(_ROLE_OBJECT)
    deal = reference_to(schema, match.object) if schema is not None else None
    if schema is None or deal is None or schema.field("IsPrimary") is None:
        return None
    main = (Condition(field="IsPrimary", value=True),) if wanted.main else ()
    where = (*_prefixed(deal, match), *main)
    lookup = Lookup(object=schema.name, where=where, field="ContactId")
    kind = "main contact" if wanted.main else "contact"
    return Relation(lookup, wanted.object, f"Contact.{_NAME}", kind)


def _upward(match: Match, wanted: Related, finder: Finder) -> Relation | None:
    """Read a reference that the base itself holds: its owner, its account, its contact."""
    schema = finder.schema(match.object)
    field = reference_to(schema, wanted.object) if schema is not None else None
    if field is None or wanted.tests or not field.relationship_name:
        return None
    lookup = Lookup(object=match.object, where=match.where, field=field.name)
    return Relation(lookup, wanted.object, f"{field.relationship_name}.{_NAME}", _kind(wanted))


def _downward(match: Match, wanted: Related, finder: Finder) -> Relation | None:
    """Read a record that refers to the base: an account's open case."""
    schema = finder.schema(wanted.object)
    field = reference_to(schema, match.object) if schema is not None else None
    name = schema.name_field if schema is not None else None
    if field is None or name is None or not field.relationship_name:
        return None
    tests = tuple(condition for each in wanted.tests for condition in each.where)
    lookup = Lookup(object=wanted.object, where=(*_prefixed(field, match), *tests))
    return Relation(lookup, wanted.object, name.name, _kind(wanted))


def _kind(wanted: Related) -> str:
    return "owner" if wanted.object == "User" else wanted.object.lower()


def reference_to(schema: ObjectSchema, target: str) -> FieldSchema | None:
    """Return the one reference of ``schema`` to ``target``; an owner is the one who owns it."""
    fields = [
        each
        for each in schema.fields
        if each.type == "reference"
        and target in each.reference_to
        and each.relationship_name
        and each.name not in _UPWARD
        and each.filterable
    ]
    plain = [each for each in fields if each.name in {f"{target}Id", "OwnerId", "WhatId", "WhoId"}]
    return next(iter(plain or (fields if len(fields) == 1 else [])), None)


def parent_reference(schema: ObjectSchema, target: str) -> FieldSchema | None:
    """Return the reference that makes records of ``schema`` those of a ``target``: called after it, or a custom one.

    A standard reference by another name says something else: the deal a lead became is not whose lead it is.
    """
    found = reference_to(schema, target)
    clear = found is not None and (
        found.custom or found.name in {f"{target}Id", "WhatId", "WhoId", "OwnerId"}
    )
    return found if clear else None


def _prefixed(field: FieldSchema, match: Match) -> tuple[Condition, ...]:
    """Return the conditions that find ``match``, seen from a record that refers to it by ``field``."""
    if match.where[0].field == "Id":
        return (Condition(field=field.name, value=match.where[0].value),)
    mixed = len(field.reference_to) > 1
    name = _NAME if mixed else match.where[0].field
    where = (Condition(field=f"{field.relationship_name}.{name}", value=match.where[0].value),)
    typed = Condition(field=f"{field.relationship_name}.Type", value=match.object)
    return (*where, typed) if mixed else where

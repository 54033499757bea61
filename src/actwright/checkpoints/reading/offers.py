"""Reading what record types leave of picklists, for the contexts of effects that write one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actwright.errors import NotFoundError, OrgRefusedError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.offer import Offer, writes_picklist
from actwright.guardrails.record_types import type_of, type_with_id
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema, RecordType


def with_offers(contexts: Sequence[EffectContext], reader: OrgReader) -> tuple[EffectContext, ...]:
    """Return the contexts, each with what its record's type leaves of the object's picklists, where that matters.

    The org is asked once an object and record type, and only where an effect writes a picklist of a record that has a
    record type of its own. What the org does not tell is an offer without values, which the guardrails report.

    Raises:
        OrgError: The org cannot be asked.
    """
    offers = _Offers(reader)
    return tuple(offers.added_to(each) for each in contexts)


@dataclass
class _Offers:
    """The offers read so far, by object and record type."""

    reader: OrgReader
    known: dict[tuple[str, str], Offer] = field(default_factory=dict)

    def added_to(self, context: EffectContext) -> EffectContext:
        schema = context.schema
        if schema is None or not schema.own_record_types or not _matters(context, schema):
            return context
        wanted = type_of(context)
        kind = type_with_id(schema, wanted) if wanted else None
        if kind is None or kind.master:
            return context
        return replace(context, offer=self._offer(schema.name, kind))

    def _offer(self, name: str, kind: RecordType) -> Offer:
        key = (name, kind.id)
        if key not in self.known:
            self.known[key] = self._read(name, kind)
        return self.known[key]

    def _read(self, name: str, kind: RecordType) -> Offer:
        try:
            found = self.reader.picklist_values(name, kind.id)
        except (NotFoundError, OrgRefusedError):
            return Offer(kind.name, None)
        return Offer(kind.name, {field.lower(): values for field, values in found.items()})


def _matters(context: EffectContext, schema: ObjectSchema) -> bool:
    if context.effect.kind != "record" or context.effect.operation == "DELETE":
        return False
    fields = (schema.field(each.field) for each in context.effect.changes)
    return any(each is not None and writes_picklist(each) for each in fields)

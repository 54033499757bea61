"""The port of an implementation: resolved arguments in, effects out, nothing performed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, Self, runtime_checkable

from pydantic import Field, model_validator

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.contract import Contract
from actwright.errors import ImplementationError, NotFoundError
from actwright.org.effect import Effect, FieldChange, RecordOperation
from actwright.org.ports import OrgReader
from actwright.org.provenance import Provenance
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import Family, FieldValue, in_family


class ResolvedArgument(Contract):
    """An argument whose value is known, or known to be the id of a record this plan creates."""

    input: str
    value: FieldValue = None
    family: Family = "string"
    linked_to: str | None = None
    """The action whose new record's id this will be."""
    provenance: Provenance
    source: str | None = Field(default=None, max_length=300)
    mixed: tuple[Provenance, ...] = ()
    """What else went into a value that generated code has worked out."""
    text: str | None = None
    """What people call the value, such as the name behind an id."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """Bring a number into its one form, so that an override says the same of it before and after it was stored."""
        if isinstance(self.value, Decimal):
            object.__setattr__(self, "value", in_family(self.value, "decimal"))
        return self


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """What an implementation is handed: one action, its arguments, and the org to read from.

    Attributes:
        action_id: The action's id in its plan.
        blueprint: What kind of action it is.
        arguments: The resolved arguments by input name; absent optional inputs are absent.
        reader: The org, read-only, with the person's rights.
        key: The idempotency key under which an override that acts by itself acts; the same for no two attempts, and
            empty before the yes.
        sent_at: When it was about to act under the key, where it is asked what became of that; else None.
        ends: Whether the run is to end, where it is asked: then nothing may be done to find out that acts.
    """

    action_id: str
    blueprint: ActionBlueprint
    arguments: Mapping[str, ResolvedArgument]
    reader: OrgReader
    key: str = ""
    sent_at: datetime | None = None
    ends: bool = False

    def create(
        self, object_name: str, values: Mapping[str, ResolvedArgument | FieldValue]
    ) -> Effect:
        """Return the effect of creating a record; other actions may link to it by this action's id."""
        return self._effect("CREATE", object_name, values, ref=self.action_id)

    def update(
        self,
        object_name: str,
        record: ResolvedArgument | str,
        values: Mapping[str, ResolvedArgument | FieldValue],
    ) -> Effect:
        """Return the effect of changing fields of one record."""
        return self._effect("UPDATE", object_name, values, record=record)

    def upsert(
        self,
        object_name: str,
        key_field: str,
        values: Mapping[str, ResolvedArgument | FieldValue],
    ) -> Effect:
        """Return the effect of creating or changing the record whose ``key_field`` has the given value."""
        return self._effect("UPSERT", object_name, values, ref=self.action_id, key_field=key_field)

    def delete(self, object_name: str, record: ResolvedArgument | str) -> Effect:
        """Return the effect of deleting one record."""
        return self._effect("DELETE", object_name, {}, record=record)

    def _effect(
        self,
        operation: RecordOperation,
        object_name: str,
        values: Mapping[str, ResolvedArgument | FieldValue],
        *,
        record: ResolvedArgument | str | None = None,
        ref: str | None = None,
        key_field: str | None = None,
    ) -> Effect:
        schema = _visible(self.reader, object_name)
        target = schema.name if schema else object_name
        changes = tuple(_change(target, schema, field, value) for field, value in values.items())
        return Effect(
            id=f"{self.action_id}.1",
            action_id=self.action_id,
            operation=operation,
            object=target,
            object_label=schema.label if schema else object_name,
            record_id=_record_id(record, self.action_id),
            record_name=record.text if isinstance(record, ResolvedArgument) else None,
            ref=ref,
            key_field=key_field,
            changes=changes,
        )


@runtime_checkable
class Implementation(Protocol):
    """Code that turns one action into effects. It may read the org and must not write to anything."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the effects of one action, without before-values: those are filled in afterwards.

        Raises:
            InputError: The arguments cannot be turned into effects.
            OrgError: The org cannot be asked.
        """
        ...


def _visible(reader: OrgReader, object_name: str) -> ObjectSchema | None:
    """Return an object's schema, or None where it is hidden: the guardrails then say who could grant it."""
    try:
        return reader.describe(object_name)
    except NotFoundError:
        return None


def _change(
    target: str, schema: ObjectSchema | None, field: str, value: ResolvedArgument | FieldValue
) -> FieldChange:
    known = schema.field(field) if schema else None
    argument = (
        value
        if isinstance(value, ResolvedArgument)
        else ResolvedArgument(input=field, value=value, provenance="default", source="the override")
    )
    family = known.family if known else argument.family
    try:
        return FieldChange(
            field=known.name if known else field,
            label=label_of(known) if known else field,
            family=family,
            unit=known.unit if known else None,
            after=argument.value,
            linked_to=argument.linked_to,
            provenance=argument.provenance,
            source=argument.source,
            mixed=argument.mixed,
            after_text=argument.text,
        )
    except (ValueError, ArithmeticError) as error:
        raise ImplementationError(
            f"{field}: {str(argument.value)[:60]!r} does not fit a field of type {family}.",
            where=f"{target}.{field}",
            hint="Correct the input's dataType in the blueprint, or the value.",
            code="value_invalid",
        ) from error


def label_of(field: FieldSchema) -> str:
    """Return a field's label; a reference shows the record's name, so its label loses the word ID."""
    return field.label.removesuffix(" ID") if field.family == "id" else field.label


def _record_id(record: ResolvedArgument | str | None, action_id: str) -> str | None:
    if isinstance(record, ResolvedArgument):
        if record.linked_to:
            raise ImplementationError(
                f"Action {action_id!r} would change a record that {record.linked_to!r} creates.",
                where=action_id,
                hint=f"Put the fields into {record.linked_to!r} itself.",
            )
        return str(record.value)
    return record

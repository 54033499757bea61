"""Collecting: the writes of a generated action, gathered as effects and never performed.

The code says what is to be written. Where each value came from is worked out here, from what the code had seen by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.capability import WriteOperation, WritesOf
from actwright.actions.generated.denial import denied
from actwright.actions.generated.field_path import field_at
from actwright.actions.generated.knowledge import Knowledge
from actwright.actions.generated.surface import MOST_EFFECTS
from actwright.actions.generated.values import from_code
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.errors import ImplementationError, NotFoundError
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.schema import FieldSchema
from actwright.org.value import Family, FieldValue, in_family
from actwright.sandbox import Opaque, Value


@dataclass
class Collecting:
    """The writes of one run of the code.

    Attributes:
        action: The action, with what it declared.
        request: What it was asked for.
        knowledge: What the run has learned.
        effects: What was handed out so far.
        calls: The services it would call.
    """

    action: GeneratedAction
    request: ActionRequest
    knowledge: Knowledge
    effects: list[Effect] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def create(self, arguments: Mapping[str, Value]) -> Value:
        """Gather a new record; return its handle, which may be the value of another record's reference.

        Raises:
            ImplementationError: It reaches beyond the declaration, or a value does not fit.
        """
        declared = self._declared("CREATE", arguments["object"])
        made = self.request.create(declared.object, self._values(declared, arguments["values"]))
        first = not any(each.ref for each in self.effects)
        number = len(self.effects) + 1
        ref = self.request.action_id if first else f"{self.request.action_id}#{number}"
        self._add(made.model_copy(update={"ref": ref}))
        handle = ResolvedArgument(
            input="created",
            family="id",
            linked_to=ref,
            provenance="output",
            source=inert(
                f"the {made.object_label or made.object} that {self.action.name} creates", limit=300
            ),
            text=f"the new {made.object_label or made.object}",
        )
        return Opaque(handle, f"new {declared.object}")

    def update(self, arguments: Mapping[str, Value]) -> Value:
        """Gather a change of one record.

        Raises:
            ImplementationError: It reaches beyond the declaration, or a value does not fit.
        """
        declared = self._declared("UPDATE", arguments["object"])
        record = self._record(declared, arguments["id"])
        values = self._values(declared, arguments["values"])
        self._add(self.request.update(declared.object, record, values))
        return None

    def call(self, arguments: Mapping[str, Value]) -> Value:
        """Gather a call of a service. What it would be handed goes nowhere.

        Raises:
            ImplementationError: The service is not declared.
        """
        service = arguments["service"]
        if not isinstance(service, str) or service not in self.action.calls:
            raise denied(self.action, "calls a service it has not declared", None)
        self.calls.append(service)
        return None

    def _add(self, effect: Effect) -> None:
        if len(self.effects) >= MOST_EFFECTS:
            raise ImplementationError(
                f"{self.action.name} would write more than {MOST_EFFECTS} records at once.",
                where=self.request.action_id,
                hint="Repeat the action for rows instead.",
                code="effects_over_ceiling",
            )
        number = len(self.effects) + 1
        self.effects.append(effect.model_copy(update={"id": f"{self.request.action_id}.{number}"}))

    def _declared(self, operation: WriteOperation, name: Value) -> WritesOf:
        for each in self.action.writes:
            if (each.operation, each.object) == (operation, name):
                return each
        told = inert(name, limit=80) if isinstance(name, str) else "something without a name"
        verb = "creates" if operation == "CREATE" else "changes"
        raise denied(self.action, f"{verb} {told}, which it has not declared", told)

    def _record(self, declared: WritesOf, key: Value) -> ResolvedArgument:
        told = f"{declared.object}.Id"
        if isinstance(key, Opaque):
            held = _held(key)
            if held.linked_to is not None:
                raise ImplementationError(
                    f"{self.action.name} would change a record it has yet to create.",
                    where=told,
                    hint="Put the fields into its create.",
                )
            self.knowledge.known_id(held.value, told)
            return held
        known = self.knowledge.known_id(key, told)
        return self.knowledge.told(
            ResolvedArgument(input="Id", value=known, family="id", provenance="default")
        )

    def _values(self, declared: WritesOf, given: Value) -> dict[str, ResolvedArgument]:
        if not isinstance(given, Mapping) or not given:
            raise denied(
                self.action, f"gives no field of {declared.object} a value", declared.object
            )
        return {
            self._field(declared, name): self._value(declared, name, each)
            for name, each in given.items()
        }

    def _field(self, declared: WritesOf, name: object) -> str:
        if isinstance(name, str) and name in declared.fields and name.lower() != "id":
            return name
        told = f"{declared.object}.{inert(str(name), limit=80)}"
        raise denied(self.action, f"writes {told}, which it has not declared", told)

    def _value(self, declared: WritesOf, name: str, given: Value) -> ResolvedArgument:
        told = f"{declared.object}.{name}"
        known = self._known(declared.object, name)
        family = known.family if known else None
        if isinstance(given, Opaque):
            held = _held(given)
            if family == "id" and held.linked_to is None and held.value is not None:
                self.knowledge.known_id(held.value, told)
            elif held.linked_to is not None and family != "id":
                raise denied(
                    self.action,
                    f"writes a new record's id into {told}, which is no reference",
                    told,
                )
            _check_fit(held, family or held.family, told)
            _check_length(held.value, known, told)
            named = held.text if family == "id" else None
            return held.model_copy(update={"input": name, "text": named})
        value = from_code(given, told)
        _check_length(value, known, told)
        if family == "id" and value is not None:
            value = self.knowledge.known_id(value, told)
        family = family or "string"
        return self.knowledge.told(
            ResolvedArgument(input=name, value=value, family=family, provenance="default")
        )

    def _known(self, name: str, field_name: str) -> FieldSchema | None:
        try:
            found = field_at(self.request.reader, name, field_name)
        except NotFoundError:
            # Hidden from the person: the guardrails say so, and who could grant it.
            return None
        return found.field if found else None


def _held(given: Opaque) -> ResolvedArgument:
    if isinstance(given.value, ResolvedArgument):
        return given.value
    raise ImplementationError("A value is handed on that nobody knows.", code="generated_denied")


def _check_fit(held: ResolvedArgument, family: Family, told: str) -> None:
    """Refuse a value held opaque that is none for a field; the error does not show it.

    Raises:
        ImplementationError: It is of another family.
    """
    try:
        in_family(held.value, family)
    except (ValueError, ArithmeticError):
        raise ImplementationError(
            f"{told} is a field of type {family}, and {inert(held.source or held.input, limit=200)} does not fit it.",
            where=told,
            hint="Write it to another field, or let the code see and convert it.",
            code="value_invalid",
        ) from None


def _check_length(value: FieldValue, known: FieldSchema | None, told: str) -> None:
    """Refuse a text that is longer than its field: it was put together, and nobody would cut it before the org refuses.

    Raises:
        ImplementationError: It is longer.
    """
    if known is None or known.family != "string" or not isinstance(value, str) or not known.length:
        return
    if len(value) > known.length:
        raise ImplementationError(
            f"{told} holds {known.length:,} characters, and was given {len(value):,}.",
            where=told,
            hint="Let its code shorten the text.",
            code="value_invalid",
        )

"""Typed values: what a plan, a record or a row gives for an input, in the input's type."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.adapters import adapt, family_of_type
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import PlannedAction
from actwright.errors import ValueInvalidError
from actwright.org.ports import OrgReader
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar

_ID_TYPES = frozenset({"Id", "Reference"})


class TypedValues:
    """Brings values into their inputs' types, ids checked against what their fields may refer to.

    Args:
        reader: The org, for its schema.
    """

    def __init__(self, reader: OrgReader) -> None:
        self._reader = reader
        self._prefixes = {each.name: each.key_prefix for each in reader.objects()}
        self._seen = frozenset(each.lower() for each in self._prefixes)
        self._targets: dict[tuple[str | None, ActionInput], tuple[str, ...]] = {}

    def sees(self, name: str) -> bool:
        """Tell whether the person sees the object at all; where not, the guardrails say so."""
        return name.lower() in self._seen

    def typed(
        self,
        action: PlannedAction,
        wanted: ActionInput,
        raw: JsonScalar,
        provenance: Provenance,
        source: str | None,
    ) -> ResolvedArgument:
        """Return a value as the argument of an input.

        Raises:
            ValueInvalidError: It does not fit the input's type, or is the id of another object.
        """
        value = adapt(
            wanted.data_type, raw, label=wanted.label, prefixes=self._prefixes_for(action, wanted)
        )
        return ResolvedArgument(
            input=wanted.api_name,
            value=value,
            family=family_of_type(wanted.data_type),
            provenance=provenance,
            source=source,
        )

    def _prefixes_for(self, action: PlannedAction, wanted: ActionInput) -> tuple[str, ...]:
        key = (action.blueprint.target_s_object, wanted)
        if key not in self._targets:
            self._targets[key] = self._allowed(*key)
        return self._targets[key]

    def _allowed(self, name: str | None, wanted: ActionInput) -> tuple[str, ...]:
        """Return the key prefixes an id may have: of the object itself, or of what the field refers to.

        Raises:
            ValueInvalidError: The field holds an id and the input says that it does not, which would let any pass.
        """
        if not name or not wanted.is_field or not self.sees(name):
            return ()
        schema = self._reader.describe(name)
        field = schema.field(wanted.field_api_name)
        if field is None or field.family != "id":
            return ()
        if wanted.data_type not in _ID_TYPES:
            raise ValueInvalidError(
                f"{wanted.label} is a {wanted.data_type} of the blueprint, and {schema.name}.{field.name} holds an id.",
                hint="Correct the input's dataType to Reference.",
                code="input_type_wrong",
            )
        return self._known((schema.name,) if field.type == "id" else field.reference_to)

    def _known(self, objects: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._prefixes[each] for each in objects if self._prefixes.get(each))

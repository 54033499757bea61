"""Opaque implementations: overrides that act by themselves, instead of handing out effects for others to send.

They are the exception. What they do can be neither checked, nor compared with what stands there, nor taken back; so
they are off unless the settings name their blueprint, they are shown as what they are with what they promise, and
what they say came of it goes on the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.errors import ImplementationError
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar

_MOST_PROMISES = 10
_LONGEST_PROMISE = 300


@runtime_checkable
class OpaqueImplementation(Protocol):
    """An override that acts by itself."""

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Return in plain sentences what ``act`` will do with these arguments. People decide by them alone."""
        ...

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Do it, and return what came of it. Called once, after the yes, with the arguments that were shown.

        Raises:
            InputError: It cannot be done, and nothing was done.
            RefusedError: Likewise.
        """
        ...


@dataclass(frozen=True, slots=True)
class ActingByItself:
    """Stands in for an opaque override among the implementations: its one effect says what is promised.

    Attributes:
        override: The override.
    """

    override: OpaqueImplementation

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one opaque effect: the promises, and the arguments the override would be handed.

        Raises:
            ImplementationError: The override promises nothing.
        """
        said = self.override.promises(request)
        lines = [said] if isinstance(said, str) else list(said)
        told = (inert(str(each), limit=_LONGEST_PROMISE) for each in lines)
        promises = tuple(each for each in told if each)
        if not promises or len(promises) > _MOST_PROMISES:
            raise ImplementationError(
                f"An override that acts by itself promises 1 to {_MOST_PROMISES} things, not {len(promises)}.",
                where=request.action_id,
                hint="Let promises(request) return a few plain sentences.",
            )
        blueprint = request.blueprint
        target = blueprint.target_s_object or blueprint.name.replace(".", "_")
        return (
            Effect(
                id=f"{request.action_id}.1",
                action_id=request.action_id,
                kind="opaque",
                operation="CALL",
                object=target,
                object_label=blueprint.label or target,
                changes=tuple(_handed(each, request) for each in request.arguments.values()),
                promises=promises,
            ),
        )


def request_of(effect: Effect, blueprint: ActionBlueprint, reader: OrgReader) -> ActionRequest:
    """Return what an override is handed when it acts: exactly the arguments of the confirmed effect."""
    given = {each.field: _argument(each) for each in effect.changes}
    return ActionRequest(effect.action_id, blueprint, given, reader)


def _handed(argument: ResolvedArgument, request: ActionRequest) -> FieldChange:
    known = request.blueprint.input(argument.input)
    return FieldChange(
        field=argument.input,
        label=known.label if known and known.label else argument.input,
        family=argument.family,
        after=argument.value,
        linked_to=argument.linked_to,
        provenance=argument.provenance,
        source=argument.source,
        after_text=argument.text,
    )


def _argument(change: FieldChange) -> ResolvedArgument:
    return ResolvedArgument(
        input=change.field,
        value=change.after,
        family=change.family,
        provenance=change.provenance,
        source=change.source,
        text=change.after_text,
    )

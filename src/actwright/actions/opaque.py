"""Opaque implementations: overrides that act by themselves, instead of handing out effects for others to send.

They are the exception. What they do can be neither checked nor compared with what stands there, and taken back only
where they say how (`actwright.actions.compensation`); so they are off unless the settings name their blueprint, they
are shown as what they are with what they promise, and what they say came of it goes on the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from actwright.actions.compensation import compensation_sentence
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.actions.price import price_of
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
        """Do it, and return what came of it. Called after the yes, with the arguments that were shown.

        It is called once for each ``request.key``. Where it breaks down, or takes longer than ``timeout_seconds`` (an
        attribute it may have; else ten minutes), nobody knows whether it has acted: it is asked by `Reconciling`, and
        where it cannot be, or cannot tell, a person is asked. Only where it is known not to have acted is it called
        again, under another key. An attribute ``price``, a `Decimal`, says what a call costs; what it has cost in the
        end, where that differs, stands in its answer under ``cost``. Both count against the run's limit of cost.

        Raises:
            InputError: It cannot be done, and nothing was done.
            RefusedError: Likewise.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What became of an act whose answer was lost.

    Attributes:
        happened: True, False, or None where it cannot tell.
        outputs: What came of it, where it happened.
        evidence: What it found, in sentences for the person who has to decide where it cannot tell.
        ask_again: Whether it may be able to tell a little later, where it cannot now. For as long as it says so, nobody can
            say that it did not happen.
    """

    happened: bool | None
    outputs: Mapping[str, JsonScalar] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    ask_again: bool = False


@runtime_checkable
class Reconciling(Protocol):
    """What an override may have beside: it can find out whether it acted under a key. Having the method declares it."""

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Return what became of `act` under a key whose answer was lost.

        It may say that it did not happen only where it never can any more: a first try may still be on its way.
        ``request.sent_at`` says since when, and where ``request.ends`` it may not act to find out.
        `actwright.connectors.http` does this for services that keep idempotency keys.

        Raises:
            OrgError: It cannot be asked now; it is asked again later.
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
                compensation=compensation_sentence(self.override),
                price=price_of(self.override),
            ),
        )


def request_of(
    effect: Effect, blueprint: ActionBlueprint, reader: OrgReader, key: str = ""
) -> ActionRequest:
    """Return what an override is handed when it acts: exactly the arguments of the confirmed effect, and a key."""
    given = {each.field: _argument(each) for each in effect.changes}
    return ActionRequest(effect.action_id, blueprint, given, reader, key)


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
        mixed=argument.mixed,
        after_text=argument.text,
    )


def _argument(change: FieldChange) -> ResolvedArgument:
    return ResolvedArgument(
        input=change.field,
        value=change.after,
        family=change.family,
        provenance=change.provenance,
        source=change.source,
        mixed=change.mixed,
        text=change.after_text,
    )

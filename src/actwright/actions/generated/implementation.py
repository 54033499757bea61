"""The implementation of a generated action: its code runs in the sandbox, reads, and hands out effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol

from actwright.actions.generated.action import ENTRY, GeneratedAction, contract_of
from actwright.actions.generated.collecting import Collecting
from actwright.actions.generated.knowledge import Knowledge
from actwright.actions.generated.reading import Reading
from actwright.actions.generated.surface import surface_of
from actwright.actions.generated.values import for_code
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.canonical import digest
from actwright.clock import Clock, SystemClock
from actwright.errors import (
    ImplementationError,
    OrgRefusedError,
    SandboxError,
    SandboxUnavailableError,
)
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.planning.zones import zone_of
from actwright.sandbox import Call, Executed, Opaque, Surface, Value

_PATIENCE = 120.0
"""Seconds in which one run's calls are answered; the code's own time has a ceiling of its own."""

_MOST_LINES = 50
_LONGEST_LINE = 200


class Runner(Protocol):
    """Runs code that nobody trusts. `actwright.sandbox.Sandbox` is one."""

    def run(
        self,
        source: str,
        *,
        entry: str,
        arguments: Mapping[str, Value],
        surface: Surface,
        answer: Callable[[Call], Value],
        now: datetime | None = None,
    ) -> Executed:
        """Run a function of the source, answering each of its calls; what ``answer`` raises ends the run at once.

        ``now`` is the moment its clock stands at.

        Raises:
            SandboxError: It could not be run to its end.
        """
        ...


@dataclass(frozen=True, slots=True)
class Worked:
    """What one run of the code came to.

    Attributes:
        effects: What it would write.
        calls: The services it would call.
        lines: What it told its log; not our words.
        objects: The objects whose records it read.
    """

    effects: tuple[Effect, ...]
    calls: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


class GeneratedImplementation:
    """Carries out one approved generated action. Nothing it does reaches beyond the effects it hands out.

    Args:
        action: The action.
        runner: Runs its code.
        clock: What the code takes for the time; it stands still while the code runs, in the person's zone.
    """

    def __init__(self, action: GeneratedAction, runner: Runner, clock: Clock | None = None) -> None:
        self.action = action
        self._runner = runner
        self._clock = clock or SystemClock()
        self._contract = digest(contract_of(action.blueprint))

    @property
    def name(self) -> str:
        """The action's id, which is made of its code and capabilities."""
        return self.action.id

    @property
    def withheld(self) -> str:
        """Nothing keeps it back: only what was approved is made one of these."""
        return ""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the effects the code hands out for one action.

        Raises:
            ImplementationError: It broke off, reached beyond what it declared, handed out nothing, or would call a
                service.
            OrgError: The org cannot be asked.
        """
        worked = self.work(request)
        if worked.calls:
            raise ImplementationError(
                f"{self.action.name} would call {', '.join(sorted(set(worked.calls)))}, and there is no way to it yet.",
                where=request.action_id,
                hint="Leave the action out of the plan.",
                code="call_not_available",
            )
        return worked.effects

    def work(self, request: ActionRequest) -> Worked:
        """Run the code for one action, and return all that came of it.

        Raises:
            ImplementationError: It broke off, reached beyond what it declared, or was written for another blueprint.
            OrgError: The org cannot be asked.
        """
        self._check_blueprint(request)
        held = frozenset(self.action.opaque_inputs) | {
            name for name, each in request.arguments.items() if each.linked_to is not None
        }
        knowledge = Knowledge(self.action.name, request.arguments, held)
        desk = _Desk(
            Reading(self.action, request.reader, knowledge),
            Collecting(self.action, request, knowledge),
            [],
            monotonic() + _PATIENCE,
        )
        try:
            self._runner.run(
                self.action.code,
                entry=ENTRY,
                arguments=self._handed(request, held),
                surface=surface_of(self.action),
                answer=desk.answer,
                now=self._clock.now().astimezone(zone_of(request.reader.user)[0]),
            )
        except SandboxError as error:
            raise self._broken(error, request) from error
        return Worked(
            tuple(desk.writes.effects),
            tuple(desk.writes.calls),
            tuple(desk.lines),
            tuple(knowledge.objects),
        )

    def _check_blueprint(self, request: ActionRequest) -> None:
        if self._contract != digest(contract_of(request.blueprint)):
            raise ImplementationError(
                f"{self.action.name} was generated for other inputs or guardrails than this plan has.",
                where=request.action_id,
                hint="Plan again, and review what is generated then.",
                code="generated_unreviewed",
            )

    def _handed(self, request: ActionRequest, held: frozenset[str]) -> dict[str, Value]:
        given: dict[str, Value] = {}
        for each in self.action.blueprint.inputs:
            argument = request.arguments.get(each.api_name)
            if argument is None:
                given[each.api_name] = None
            elif each.api_name in held:
                given[each.api_name] = Opaque(argument, each.api_name)
            else:
                given[each.api_name] = _shown(argument)
        return given

    def _broken(self, error: SandboxError, request: ActionRequest) -> ImplementationError:
        if isinstance(error, SandboxUnavailableError):
            return ImplementationError(
                f"{self.action.name} is generated code, and the sandbox it runs in cannot be had: {error.message}",
                where=request.action_id,
                hint=error.hint,
                code=error.error_code,
            )
        place = f" ({inert(error.where, limit=60)})" if error.where else ""
        return ImplementationError(
            f"{self.action.name} broke off{place}: {inert(error.message, limit=400)}",
            where=request.action_id,
            hint=f"Look at its code: actwright actions show {self.action.name}",
            code="generated_failed",
        )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers the calls of one run: the one place where the code meets the house."""

    reads: Reading
    writes: Collecting
    lines: list[str]
    until: float

    def answer(self, call: Call) -> Value:
        """Answer one call; everything that is not on the surface is refused.

        Raises:
            ImplementationError: It reaches beyond what was declared, the org refuses what it asks, or the calls take too
                long together.
            OrgError: The org cannot be asked.
        """
        if monotonic() > self.until:
            raise ImplementationError(
                f"{self.reads.action.name} asked the org for more than {_PATIENCE:g} s, and was stopped.",
                hint="Let its code ask for less, or all at once.",
                code="generated_slow",
            )
        try:
            return self._answered(call)
        except OrgRefusedError as error:
            raise ImplementationError(
                f"{self.reads.action.name} asks the org for what it refuses: {inert(error.message, limit=300)}",
                where=error.where,
                hint=error.hint,
                code="generated_failed",
            ) from error

    def _answered(self, call: Call) -> Value:
        named = f"{call.module}.{call.name}"
        desk: Mapping[str, Callable[[Mapping[str, Value]], Value]] = {
            "org.get": self.reads.get,
            "org.query": self.reads.query,
            "org.create": self.writes.create,
            "org.update": self.writes.update,
            "http.call": self.writes.call,
            "log.info": self.note,
        }
        answering = desk.get(named)
        if answering is None:
            raise ImplementationError(
                f"The code calls {inert(named, limit=80)}, which there is not.",
                code="generated_denied",
            )
        return answering(call.arguments)

    def note(self, arguments: Mapping[str, Value]) -> Value:
        """Keep a line the code tells its log, made safe to show; beyond fifty, none is kept."""
        text = arguments["text"]
        if isinstance(text, str) and len(self.lines) < _MOST_LINES:
            self.lines.append(inert(text, limit=_LONGEST_LINE))
        return None


def _shown(argument: ResolvedArgument) -> Value:
    return for_code(argument.value, argument.family)

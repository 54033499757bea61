"""Taking back: the override behind a blueprint ``NAME.compensation``, which lets another take back what it did.

A plan only names the effect. What the override was handed, and what it said came of it, are read from the record: no
plan can have anything taken back that never happened, nor twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from actwright.actions.compensation import (
    EFFECT,
    CompensatingImplementation,
    ReconcilingCompensation,
    period_of,
    spoken_period,
)
from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import Reconciliation, request_of
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.errors import ActwrightError, ImplementationError, RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.query import JsonScalar

_TAKEN_BACK = frozenset({"completed", "done", "ok", "success", "succeeded"})
_NOT_TAKEN_BACK = frozenset(
    {
        "failed",
        "failure",
        "error",
        "partial",
        "rejected",
        "refused",
        "declined",
        "denied",
    }
)
"""Words that can be said of nothing but the taking back: a booking that is ``cancelled`` or ``expired`` may be just that."""

_VERDICTS = ("success", "ok")
_YES = frozenset({"true", "yes", "1"})
_NO = frozenset({"false", "no", "0", "none"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What an override did by itself, as the record has it.

    Attributes:
        blueprint: Whose override it was.
        effect: The effect, with the arguments it was handed.
        outputs: What it said came of it.
        age: How long ago it was done.
    """

    blueprint: ActionBlueprint
    effect: Effect
    outputs: Mapping[str, JsonScalar]
    age: timedelta


class Deeds(Protocol):
    """The record of what overrides did by themselves."""

    def deed(self, key: str) -> Deed:
        """Return what was done, by run and effect: ``RUN/EFFECT``.

        Raises:
            NotFoundError: There is no such run.
            RefusedError: There is no such effect, nobody knows whether it happened, or it was taken back already.
        """
        ...


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Acts by taking back what another override did.

    Attributes:
        name: The blueprint of that override.
        override: The override.
        deeds: The record of what it did.
    """

    name: str
    override: CompensatingImplementation
    deeds: Deeds

    @property
    def timeout_seconds(self) -> object:
        """For how long its answer is waited for, as the override says itself."""
        return getattr(self.override, "timeout_seconds", None)

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Return what the override says it will do to take back the effect that is named.

        Raises:
            RefusedError: There is nothing to take back, or it is too late for it.
            ImplementationError: The effect is another override's.
        """
        deed = self._deed_in_time(request)
        return self.override.takes_back(_handed(deed, request), deed.outputs)

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Let the override take it back, and return what it says came of that.

        Raises:
            RefusedError: Nothing is taken back: there is nothing to be, it is too late, or the override says it did not
                succeed.
            TypeError: The override answers nothing that could be read.
            ValueError: Nobody can tell what its answer means.
        """
        try:
            deed = self._deed_in_time(request)
        except ActwrightError as error:
            raise RefusedError(error.message, where=error.where, code=error.error_code) from error
        answer = self.override.compensate(_handed(deed, request), deed.outputs)
        _check_succeeded(answer)
        return answer

    def _deed(self, request: ActionRequest) -> Deed:
        named = request.arguments.get(EFFECT)
        deed = self.deeds.deed(str(named.value) if named else "")
        if deed.blueprint.name != self.name:
            raise ImplementationError(
                f"{deed.effect.id!r} was done by {deed.blueprint.name}, not by {self.name}.",
                where=f"{request.action_id}.{EFFECT}",
                hint="Make the plan with `actwright undo RUN`.",
            )
        return deed

    def _deed_in_time(self, request: ActionRequest) -> Deed:
        deed = self._deed(request)
        check_in_time(deed, self.override)
        return deed


@dataclass(frozen=True, slots=True)
class ReconcilingTakingBack(TakingBack):
    """One whose override can find out whether it took something back."""

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Return what became of a try whose answer was lost; that may also be asked once it is too late to try again.

        Raises:
            OrgError: The override cannot ask now.
            ActwrightError: The deed itself can no longer be found.
        """
        if not isinstance(self.override, ReconcilingCompensation):
            return Reconciliation(None)
        handed = _handed(self._deed(request), request)
        return _as_its_answer_says(self.override.reconcile_compensation(handed, key))


def taking_back(name: str, override: CompensatingImplementation, deeds: Deeds) -> TakingBack:
    """Return what takes back the doing of a blueprint's override."""
    able = isinstance(override, ReconcilingCompensation)
    return (ReconcilingTakingBack if able else TakingBack)(name, override, deeds)


def check_in_time(deed: Deed, override: CompensatingImplementation) -> None:
    """Make sure that an override can still take back what it did.

    Raises:
        RefusedError: It said for how long it can, and that is over.
    """
    period = period_of(override)
    if period is not None and deed.age >= period:
        raise RefusedError(
            f"{inert(deed.blueprint.label, limit=80)} could be taken back for {spoken_period(period)}; that is over.",
            where=deed.effect.id,
            hint="Take it back by hand, where it was done.",
            code="compensation_expired",
        )


def _handed(deed: Deed, request: ActionRequest) -> ActionRequest:
    """Return what the override was handed when it acted."""
    handed = request_of(deed.effect, deed.blueprint, request.reader, request.key)
    return replace(handed, sent_at=request.sent_at, ends=request.ends)


def _as_its_answer_says(said: Reconciliation) -> Reconciliation:
    """Return what became of a try, unless what came of it is no yes: then nobody can tell, as if that had come at once."""
    if said.happened is not True:
        return said
    try:
        _check_succeeded(said.outputs)
    except (RefusedError, TypeError, ValueError) as error:
        return Reconciliation(None, evidence=(*said.evidence, f"Its answer was found: {error}"))
    return said


def _check_succeeded(answer: object) -> None:
    """Refuse an answer that says it was not taken back; one nobody can read proves nothing either way."""
    if not isinstance(answer, Mapping):
        raise TypeError(f"it answered with {type(answer).__name__}, not with a mapping")
    status = "" if answer.get("status") is None else str(answer["status"]).strip().casefold()
    verdicts = {str(answer[each]).strip().casefold() for each in _VERDICTS if each in answer}
    denied = bool(verdicts & _NO) or bool(answer.get("error"))
    if denied or status in _NOT_TAKEN_BACK:
        told = ", ".join(f"{name}: {value}" for name, value in answer.items())
        raise RefusedError(
            f"It says that it was not taken back: {inert(told, limit=400)}.",
            code="compensation_partial" if status == "partial" else "compensation_failed",
        )
    for each in (*({status} - {""} - _TAKEN_BACK), *(verdicts - _YES)):
        raise ValueError(f"nobody knows whether {inert(each, limit=80)!r} is a yes")

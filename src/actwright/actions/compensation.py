"""Compensation: how an override that acts by itself takes back what it did, where it says that it can.

Nobody else knows what such an override did. One that has ``takes_back`` and ``compensate`` beside ``promises`` and
``act`` can be asked to take it back; its blueprint then has a second name, with ``.compensation`` behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from actwright.actions.implementation import ActionRequest
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.errors import ImplementationError
from actwright.org.effect import Effect
from actwright.org.query import JsonScalar

if TYPE_CHECKING:
    from actwright.actions.opaque import Reconciliation

SUFFIX = ".compensation"
"""What the name of a blueprint ends with whose override is asked to take back; nothing can be registered under it."""

EFFECT = "Effect"
"""The one input of such a blueprint: which effect of which run is to be taken back."""

_LONGEST_NAME = 80
_PERIOD = "expires_after"
_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


@runtime_checkable
class CompensatingImplementation(Protocol):
    """An override that acts by itself, and can take back what it did.

    An attribute ``expires_after``, a `timedelta`, says for how long after it has acted; without it there is no end.
    """

    def takes_back(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Sequence[str]:
        """Return in plain sentences what ``compensate`` will do. People decide by them alone.

        Args:
            request: What ``act`` was handed.
            outputs: What it said came of it.
        """
        ...

    def compensate(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Mapping[str, JsonScalar]:
        """Take it back, and return what came of that. Called after a yes to what ``takes_back`` promised.

        An answer whose ``status`` is ``failed`` or ``partial``, whose ``success`` or ``ok`` is false, or that has an
        ``error``, has not taken it back. One with a ``status`` of ``completed`` has, or with none at all. Any other
        status proves nothing.

        Args:
            request: What ``act`` was handed, but for the key: that is of this very try.
            outputs: What it said came of it.

        Raises:
            InputError: It cannot be taken back, and nothing was done.
            RefusedError: Likewise.
        """
        ...


@runtime_checkable
class ReconcilingCompensation(Protocol):
    """What an override may have beside: it can find out whether it took something back under a key."""

    def reconcile_compensation(self, request: ActionRequest, key: str) -> Reconciliation:
        """Return what became of ``compensate`` under a key whose answer was lost.

        It may say that it did not happen only where it never can any more: a first try may still be on its way.

        Args:
            request: What ``act`` was handed.
            key: The key ``compensate`` was called under.

        Raises:
            OrgError: It cannot be asked now; it is asked again later.
        """
        ...


def compensating(override: object) -> CompensatingImplementation | None:
    """Return an override as one that can take back what it did; None where it says nothing of that."""
    return override if isinstance(override, CompensatingImplementation) else None


def period_of(override: object) -> timedelta | None:
    """Return for how long after it has acted an override can take that back; None where there is no end.

    Raises:
        ImplementationError: What it says is no length of time.
    """
    period = getattr(override, _PERIOD, None)
    if period is None or (isinstance(period, timedelta) and period > timedelta(0)):
        return period
    raise ImplementationError(
        f"{_PERIOD} of {type(override).__qualname__} is no length of time.",
        hint=f"Give a positive timedelta, or leave {_PERIOD} out.",
    )


def spoken_period(period: timedelta) -> str:
    """Return a length of time in words, in the largest unit it is a whole number of."""
    for name, unit in _UNITS:
        if period % unit == timedelta(0):
            count = period // unit
            return f"{count:,} {name}{'' if count == 1 else 's'}"
    return f"{period.total_seconds():,.10g} seconds"


def compensation_sentence(override: object) -> str:
    """Return that an override can take back what it does, as a part of a sentence; empty where it cannot."""
    if compensating(override) is None:
        return ""
    period = period_of(override)
    until = "" if period is None else f", within {spoken_period(period)}"
    return f"it says that it can take it back{until}"


def compensation_blueprint(blueprint: ActionBlueprint) -> ActionBlueprint | None:
    """Return the blueprint under which an action that acted by itself is taken back.

    None where the name of its own is so long that there is no room for another.
    """
    name = f"{blueprint.name}{SUFFIX}"
    if len(name) > _LONGEST_NAME:
        return None
    label = f"Undo of {blueprint.label}"[:120]
    effect = ActionInput(api_name=EFFECT, label="Effect", required=True, usage="PARAMETER")
    return ActionBlueprint(
        name=name,
        label=label,
        category=blueprint.category,
        target=(blueprint.target or blueprint.target_s_object or blueprint.name)[:200],
        operation="CALL",
        summary=f"{label}."[:500],
        inputs=(effect,),
    )


def is_of_its_undo(effect: Effect, name: str, undoes: str | None) -> bool:
    """Tell whether an effect may take something back: only in an undo of that very run, which is counted as one.

    Args:
        effect: The effect; any that takes nothing back may.
        name: The name of its blueprint.
        undoes: The run that its plan takes back.
    """
    named = effect.change(EFFECT)
    run_id = str(named.after if named else "").partition("/")[0]
    return not name.endswith(SUFFIX) or (undoes is not None and run_id == undoes)


def compensated_name(name: str) -> str:
    """Return the name of the blueprint whose doing is taken back; any other name as it is."""
    return name.removesuffix(SUFFIX)

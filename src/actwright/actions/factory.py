"""The factory: which implementation carries out a blueprint. Registered first, then standard; never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from actwright.actions.compensation import (
    SUFFIX,
    CompensatingImplementation,
    compensated_name,
    compensating,
    period_of,
)
from actwright.actions.implementation import Implementation
from actwright.actions.opaque import ActingByItself, OpaqueImplementation
from actwright.actions.standard import standard
from actwright.actions.taking_back import Deeds, taking_back
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.errors import ImplementationError


@dataclass(frozen=True, slots=True)
class ChosenImplementation:
    """An implementation, and how it is named in previews, envelopes and the journal."""

    kind: Literal["registered", "standard"]
    name: str
    implementation: Implementation

    @property
    def opaque(self) -> OpaqueImplementation | None:
        """The override itself, where it acts by itself.

        Only this house's own adapter counts: what an override calls itself makes no difference.
        """
        made = self.implementation
        return made.override if type(made) is ActingByItself else None


class Factory:
    """Resolves blueprints to implementations.

    An override is registered by the blueprint's exact name; the last registration wins. It passes the same guardrails
    as a standard implementation, because all it does is to produce effects. One that acts by itself (`promises` and
    `act` in place of `effects`) is another matter: see `actwright.actions.opaque`.

    Args:
        deeds: The record of what overrides did by themselves; without it none is asked to take anything back.
    """

    def __init__(self, deeds: Deeds | None = None) -> None:
        self._deeds = deeds
        self._registered: dict[str, ChosenImplementation] = {}

    def register(
        self, name: str, implementation: Implementation | OpaqueImplementation | str
    ) -> None:
        """Register an override for the blueprint called ``name``.

        Args:
            name: The blueprint's name, exactly.
            implementation: An object with ``effects(request)``, or ``"package.module:name"`` of one, or of a class
                that makes one without arguments; or one with ``promises`` and ``act``, which acts by itself.

        Raises:
            ImplementationError: The name is blank or reserved, or there is no such object, or it has none of these.
        """
        if not name.strip():
            raise ImplementationError("An override needs the name of a blueprint.")
        if name.endswith(SUFFIX):
            raise ImplementationError(
                f"No override is registered under {name!r}: that is how another one takes back what it did.",
                where=name,
                hint=f"Let the override of {compensated_name(name)!r} have takes_back and compensate.",
            )
        label = implementation if isinstance(implementation, str) else _label(implementation)
        loaded = _load(implementation) if isinstance(implementation, str) else implementation
        if isinstance(loaded, OpaqueImplementation) and not isinstance(
            loaded, (type, Implementation)
        ):
            period_of(loaded)
            loaded = ActingByItself(loaded)
        if isinstance(loaded, type) or not isinstance(loaded, Implementation):
            raise ImplementationError(
                f"{label} cannot stand in for {name!r}: it is no object with effects(request).",
                where=name,
                hint="Give an object, not its class, with a method effects(request) that returns effects.",
            )
        self._registered[name] = ChosenImplementation("registered", label, loaded)

    def clear(self) -> None:
        """Forget every override."""
        self._registered.clear()

    @property
    def registered(self) -> tuple[str, ...]:
        """The names of the blueprints that have an override, sorted."""
        return tuple(sorted(self._registered))

    def compensating(self, name: str) -> CompensatingImplementation | None:
        """Return the override registered under a blueprint's name, where it can take back what it does by itself."""
        chosen = self._registered.get(name)
        return compensating(chosen.opaque) if chosen is not None else None

    def resolve(self, blueprint: ActionBlueprint) -> ChosenImplementation:
        """Return the implementation of a blueprint.

        Raises:
            ImplementationError: Nothing is registered under its name, and its operation has no standard one.
        """
        override = self._registered.get(blueprint.name) or self._taking_back(blueprint)
        if override:
            return override
        if blueprint.operation == "CALL":
            raise ImplementationError(
                f"{blueprint.name} is a CALL, and no implementation is registered for it.",
                where=blueprint.name,
                hint=f'Register one: register("{blueprint.name}", implementation).',
            )
        name = f"standard.{blueprint.operation.lower()}"
        return ChosenImplementation("standard", name, standard[blueprint.operation])

    def _taking_back(self, blueprint: ActionBlueprint) -> ChosenImplementation | None:
        """Return what takes back the doing of another blueprint's override; None where this is no such blueprint."""
        name = compensated_name(blueprint.name)
        override = self.compensating(name)
        if name == blueprint.name or override is None or self._deeds is None:
            return None
        made = ActingByItself(taking_back(name, override, self._deeds))
        label = f"{self._registered[name].name}:compensate"
        return ChosenImplementation("registered", label, made)


def _label(implementation: object) -> str:
    if isinstance(implementation, ActingByItself):
        return _label(implementation.override)
    kind = implementation if isinstance(implementation, type) else type(implementation)
    return f"{kind.__module__}:{kind.__qualname__}"


def _load(path: str) -> object:
    module_name, _, name = path.partition(":")
    if not module_name or not name:
        raise ImplementationError(
            f"{path!r} names no implementation.", hint='Write it as "package.module:name".'
        )
    try:
        loaded: object = getattr(import_module(module_name), name)
        return loaded() if isinstance(loaded, type) else loaded
    except Exception as error:
        # Anything may go wrong while foreign code is imported; all of it means that there is no override.
        raise ImplementationError(
            f"The override {path!r} cannot be loaded: {type(error).__name__}: {error}",
            hint="Check the spelling, and that the package is installed where Actwright runs.",
        ) from error

"""The factory: which implementation carries out a blueprint. Registered first, then generated, then standard; never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from actwright.actions.compensation import (
    SUFFIX,
    CompensatingImplementation,
    compensated_name,
    compensating,
)
from actwright.actions.curated.catalogue import Catalogue, Listed
from actwright.actions.curated.declared import Declared, Origin, importing
from actwright.actions.curated.override import Override
from actwright.actions.curated.patience import DEFAULT_SECONDS, seconds_of
from actwright.actions.curated.shape import Shape
from actwright.actions.generated.choosing import GeneratedChoice
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.actions.implementation import Implementation
from actwright.actions.opaque import ActingByItself, OpaqueImplementation
from actwright.actions.standard import standard
from actwright.actions.taking_back import Deeds, taking_back
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.errors import ImplementationError


@dataclass(frozen=True, slots=True)
class ChosenImplementation:
    """An implementation, and how it is named in previews, envelopes and the journal."""

    kind: Literal["registered", "generated", "standard"]
    name: str
    implementation: Implementation
    withheld: str = ""
    """Why it hands nothing out, where generated code may not be used; empty for all that may be."""
    shape: Shape = field(default_factory=Shape)
    """What an override said that it takes and gives."""
    seconds: float = DEFAULT_SECONDS
    """For how long an override is waited for before the yes."""

    @property
    def opaque(self) -> OpaqueImplementation | None:
        """The override itself, where it acts by itself.

        Only this house's own adapter counts: what an override calls itself makes no difference.
        """
        made = self.implementation
        return made.override if type(made) is ActingByItself else None


class Factory:
    """Resolves blueprints to implementations.

    An override stands behind the blueprint of its name. It passes the same guardrails as a standard implementation,
    because all it does is to produce effects. One that acts by itself (`promises` and `act` in place of `effects`) is
    another matter: see `actwright.actions.opaque`.

    Args:
        deeds: The record of what overrides did by themselves; without it none is asked to take anything back.
        generated: The generated actions; without it there are none.
        declared: Overrides of settings, manifest and packages; their code is imported when it is first needed.
        seconds: For how long an override is waited for before the yes, where it says nothing else.
    """

    def __init__(
        self,
        deeds: Deeds | None = None,
        generated: GeneratedChoice | None = None,
        declared: Iterable[Declared] = (),
        seconds: float = DEFAULT_SECONDS,
    ) -> None:
        self._deeds = deeds
        self._generated = generated
        self._seconds = seconds
        self._overrides = Catalogue(declared, seconds)

    def register(
        self,
        name: str,
        implementation: Implementation | OpaqueImplementation | str,
        *,
        replace: bool = False,
    ) -> None:
        """Register an override for the blueprint called ``name``.

        Args:
            name: The blueprint's name, or ``DynamicAction_NAME``.
            implementation: An object with ``effects(request)``, or ``"package.module:name"`` of one, or of a class
                that makes one without arguments; or one with ``promises`` and ``act``, which acts by itself.
            replace: Whether it takes the place of an override that has the name already.

        Raises:
            ImplementationError: The name is blank, reserved or another one's, or there is no such object, or it has
                none of these, or a version or shape it gives itself is none.
        """
        if isinstance(implementation, str):
            path, load = implementation, importing(implementation)
        else:
            path, load = _label(implementation), lambda: implementation
        self._overrides.register(Declared(name, Origin("python"), path, load), replaces=replace)

    def clear(self) -> None:
        """Forget every override."""
        self._overrides.clear()

    @property
    def registered(self) -> tuple[str, ...]:
        """The names of the blueprints that have an override, sorted."""
        return self._overrides.names

    def listed(self, *, check: bool = False) -> tuple[Listed, ...]:
        """Return every override by name, with who says so; with ``check`` their code is imported, and faults are told."""
        return self._overrides.listed(check=check)

    def overrides(self, name: str) -> bool:
        """Tell whether an override has a blueprint's name, in whatever spelling, and whether it can be used or not."""
        return self._overrides.has(name)

    def faults(self, blueprints: Iterable[ActionBlueprint]) -> Iterator[ImplementationError]:
        """Yield why overrides that blueprints need cannot be used; their code is imported to find out."""
        for name, each in {each.name: each for each in blueprints}.items():
            try:
                if self._overrides.has(name):
                    self._registered(each)
            except ImplementationError as error:
                yield error

    def compensating(self, name: str) -> CompensatingImplementation | None:
        """Return the override registered under a blueprint's name, where it can take back what it does by itself.

        Raises:
            ImplementationError: There are two overrides of that name, or it cannot be used.
        """
        found = self._overrides.find(name)
        if found is None or type(found.implementation) is not ActingByItself:
            return None
        return compensating(found.own)

    def resolve(self, blueprint: ActionBlueprint) -> ChosenImplementation:
        """Return the implementation of a blueprint.

        Raises:
            ImplementationError: There are two overrides of its name, or the one there is cannot be used or does not fit
                it; or nothing is registered under its name or written for it, and its operation has no standard one.
        """
        override = self._registered(blueprint)
        chosen = override or self._written(blueprint)
        if chosen:
            return chosen
        if blueprint.operation == "CALL":
            raise ImplementationError(
                f"{blueprint.name} is a CALL, and no implementation is registered for it.",
                where=blueprint.name,
                hint=f'Register one: register("{blueprint.name}", implementation).',
            )
        name = f"standard.{blueprint.operation.lower()}"
        return ChosenImplementation("standard", name, standard[blueprint.operation])

    def _written(self, blueprint: ActionBlueprint) -> ChosenImplementation | None:
        """Return what was generated for a blueprint; only a CALL is ever generated."""
        if self._generated is None or blueprint.operation != "CALL":
            return None
        found = self._generated.choose(blueprint)
        if found is None:
            return None
        return ChosenImplementation("generated", found.name, found, found.withheld)

    def _registered(self, blueprint: ActionBlueprint) -> ChosenImplementation | None:
        """Return the override behind a blueprint; under a name no override can have, what takes another's doing back."""
        if blueprint.name.endswith(SUFFIX):
            return self._taking_back(blueprint)
        found = self._overrides.find(blueprint.name)
        if found is None:
            return None
        found.shape.check_blueprint(blueprint, found.name)
        return self._chosen(found)

    def _chosen(self, found: Override) -> ChosenImplementation:
        """Return an override as it was registered; generated code stays what it is, and goes by its id."""
        made = found.implementation
        if type(made) is GeneratedImplementation:
            gone = self._generated.revoked(made.action) if self._generated else None
            withheld = gone.withheld if gone else ""
            return ChosenImplementation("generated", made.name, gone or made, withheld)
        return ChosenImplementation(
            "registered", found.name, made, shape=found.shape, seconds=self._patience(found.own)
        )

    def _patience(self, own: object) -> float:
        """Return how long to wait for an override before the yes; one that acts may take long, what it promises not."""
        told = seconds_of(own, self._seconds)
        return min(told, self._seconds) if isinstance(own, OpaqueImplementation) else told

    def _taking_back(self, blueprint: ActionBlueprint) -> ChosenImplementation | None:
        """Return what takes back the doing of another blueprint's override; None where this is no such blueprint."""
        name = compensated_name(blueprint.name)
        override = self.compensating(name)
        found = self._overrides.find(name)
        if override is None or found is None or self._deeds is None:
            return None
        made = ActingByItself(taking_back(name, override, self._deeds))
        return ChosenImplementation(
            "registered", f"{found.name}:compensate", made, seconds=self._patience(found.own)
        )


def _label(implementation: object) -> str:
    if isinstance(implementation, ActingByItself):
        return _label(implementation.override)
    kind = implementation if isinstance(implementation, type) else type(implementation)
    return f"{kind.__module__}:{kind.__qualname__}"

"""Declared overrides: what was said to stand behind a blueprint, and by whom, before any of its code is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal

from actwright.actions.curated.breakdown import told
from actwright.actions.curated.shape import Shape
from actwright.errors import ActwrightError, ImplementationError

OriginKind = Literal["python", "settings", "manifest", "entry point"]
"""Registered by code of this process, named in the settings or in a manifest, or brought by an installed package."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says that an override stands behind a blueprint.

    Attributes:
        kind: In which way it was said.
        place: Where: a file and line, a package and its version; empty where there is no more to say.
    """

    kind: OriginKind
    place: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.kind}, {self.place}" if self.place else self.kind


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """An override as it was declared; each is itself, however alike another one is.

    Attributes:
        name: The blueprint's name, or that of the class derived from it, as it was written.
        origin: Who says so.
        path: What it is: ``package.module:name``, or the id of a generated action.
        load: Returns the override itself; imports its code, and raises whatever that raises.
        version: Its version, as its origin says; empty where it says none.
        binding: Whether an override that gives itself another version than this is refused.
        shape: What its origin says that it takes and gives.
    """

    name: str
    origin: Origin
    path: str
    load: Callable[[], object]
    version: str = ""
    binding: bool = False
    shape: Shape = field(default_factory=Shape)


def importing(path: str) -> Callable[[], object]:
    """Return what imports the object at ``package.module:name``; a class is made into an object without arguments."""
    return lambda: _load(path)


def _load(path: str) -> object:
    module_name, _, name = path.partition(":")
    if not module_name or not name or ":" in name:
        raise ImplementationError(
            f"{path!r} names no implementation.", hint='Write it as "package.module:name".'
        )
    try:
        loaded: object = import_module(module_name)
        for part in name.split("."):
            loaded = getattr(loaded, part)
        return loaded() if isinstance(loaded, type) else loaded
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Anything may go wrong while foreign code is imported, an exit too; all of it means that there is no override.
        raise unloadable(path, error) from error


def unloadable(path: str, error: BaseException) -> ActwrightError:
    """Return the error that an override cannot be loaded; its own words are cut, and are not our words."""
    return ImplementationError(
        f"The override {path!r} cannot be loaded: {told(error)}",
        hint="Check the spelling, and that the package is installed where Actwright runs.",
    )

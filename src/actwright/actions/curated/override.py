"""The override: what was declared, with its code imported and held to what it has to be."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

from actwright.actions.compensation import period_of
from actwright.actions.curated.attribute import attribute
from actwright.actions.curated.declared import Declared
from actwright.actions.curated.naming import checked_name
from actwright.actions.curated.patience import DEFAULT_SECONDS, patience, seconds_of
from actwright.actions.curated.shape import Shape, shape_of
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.actions.implementation import Implementation
from actwright.actions.opaque import ActingByItself, OpaqueImplementation
from actwright.document import plain_name
from actwright.errors import ImplementationError
from actwright.inert import inert

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_!-]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Override:
    """An override that can stand behind a blueprint.

    Attributes:
        declared: What was said about it.
        implementation: What hands out its effects.
        own: The object of whoever wrote it.
        shape: What it takes and gives.
    """

    declared: Declared
    implementation: Implementation
    own: object
    shape: Shape

    @property
    def generated(self) -> bool:
        """Whether it is generated code that was promoted."""
        return type(self.implementation) is GeneratedImplementation

    @property
    def version(self) -> str:
        """The version: as it says now itself, else as its origin says; empty where nobody says one.

        Raises:
            ImplementationError: What it says is no version, or another one than its manifest says.
        """
        declared = self.declared
        told = declared.version if self.generated else _version_of(self.own, declared.path)
        if declared.binding and told and told != declared.version:
            raise ImplementationError(
                f"{declared.path} is version {told}, and its origin ({declared.origin}) says {declared.version}.",
                where=declared.name,
                hint="Bring the two together: a yes is for one version.",
                code="override_version",
            )
        return told or declared.version

    @property
    def name(self) -> str:
        """What it is called in previews, and so in their digests: with its version."""
        made = self.implementation
        if type(made) is GeneratedImplementation:
            return made.name
        version = self.version
        return f"{self.declared.path}@{version}" if version else self.declared.path


def loaded(declared: Declared, seconds: float = DEFAULT_SECONDS) -> Override:
    """Return an override, imported and held to what it has to be.

    Args:
        declared: What was said about it.
        seconds: For how long its import is waited for.

    Raises:
        ImplementationError: It cannot be imported, takes too long for it, or cannot stand behind a blueprint.
    """
    checked_name(declared.name, where=str(declared.origin))
    made = patience.call(declared.load, seconds, name=declared.path)
    if isinstance(made, OpaqueImplementation) and not isinstance(made, (type, Implementation)):
        period_of(made)
        made = ActingByItself(made)
    if isinstance(made, type) or not isinstance(made, Implementation):
        raise _unfit(declared, "it is no object with effects(request)")
    own = made.override if isinstance(made, ActingByItself) else made
    _check_methods(declared, own)
    seconds_of(own)
    override = Override(declared, made, own, _shape(declared, own))
    override.version  # noqa: B018 - a version that is none is told now
    return override


def _shape(declared: Declared, own: object) -> Shape:
    """Return the shape both the override and its origin say; where both say one, it is the same."""
    if isinstance(own, GeneratedImplementation):
        return Shape()
    said, told = shape_of(own, declared.path), declared.shape
    for part, one, other in (
        ("inputs", said.inputs, told.inputs),
        ("outputs", said.outputs, told.outputs),
    ):
        if one is not None and other is not None and dict(one) != dict(other):
            raise ImplementationError(
                f"{declared.path} has {part} {_told(one)}, and its origin ({declared.origin}) says {_told(other)}.",
                where=declared.name,
                hint="Bring the two together, or say it in one place.",
                code="override_shape",
            )
    return Shape(
        inputs=told.inputs if said.inputs is None else said.inputs,
        outputs=told.outputs if said.outputs is None else said.outputs,
    )


def _told(types: object) -> str:
    return inert(", ".join(f"{k}: {v}" for k, v in dict(types).items()), limit=200) or "none"  # type: ignore[call-overload]  # a mapping of text


def _version_of(own: object, path: str) -> str:
    told = attribute(own, "version")
    if told is None or (isinstance(told, str) and _VERSION.fullmatch(told)):
        return told or ""
    raise ImplementationError(
        f"The version of {path} is none: {plain_name(str(told))}.",
        hint="Give a text such as 1.2.0, of letters, digits and . + - _, or leave it out.",
        code="override_version",
    )


def _check_methods(declared: Declared, own: object) -> None:
    """Make sure that what is called takes what it is handed: one request."""
    for name in ("effects", "promises", "act"):
        method = attribute(own, name)
        if method is None:
            continue
        if not callable(method) or not _takes_one(method):
            raise _unfit(declared, f"its {name} is no method that takes a request")


def _takes_one(method: Callable[..., object]) -> bool:
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(None)
    except TypeError:
        return False
    return not inspect.iscoroutinefunction(method)


def _unfit(declared: Declared, why: str) -> ImplementationError:
    return ImplementationError(
        f"{declared.path} cannot stand in for {declared.name!r}: {why}.",
        where=declared.name,
        hint="Give an object, not its class, with a method effects(request) that returns effects.",
    )

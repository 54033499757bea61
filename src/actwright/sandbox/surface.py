"""The surface: what sandboxed code can call, and the stubs its types are checked against."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from actwright.sandbox.kinds import fits


@dataclass(frozen=True)
class Parameter:
    """One parameter of a capability.

    Attributes:
        name: Its name.
        kind: The text of its type in the stubs: ``str``, ``list[str]``, ``dict[str, Any]``.
        required: Whether a call has to give it.
    """

    name: str
    kind: str
    required: bool = True


@dataclass(frozen=True)
class Capability:
    """One function the code may call; it is carried out on the host.

    Attributes:
        module: The module the code imports to reach it.
        name: Its name there.
        parameters: In order; those that need not be given stand last.
        returns: The text of its return type.
        doc: What it does, for whoever writes the code.
    """

    module: str
    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    doc: str

    @property
    def signature(self) -> str:
        """Its ``def`` as the stubs have it, without a body."""
        parts = (
            f"{each.name}: {each.kind}{'' if each.required else ' = ...'}"
            for each in self.parameters
        )
        return f"def {self.name}({', '.join(parts)}) -> {self.returns}"


@dataclass(frozen=True)
class Surface:
    """All that code may call. What is not in it does not exist.

    Attributes:
        capabilities: The functions.
        types: Further stub text: typed dicts and names for types.
    """

    capabilities: tuple[Capability, ...] = ()
    types: str = ""

    def __post_init__(self) -> None:
        """Refuse a capability whose types nobody could hold a value against.

        Raises:
            ValueError: A type's text is none, or names a type that is declared nowhere.
        """
        for each in self.capabilities:
            for parameter in each.parameters:
                fits(parameter.kind, self.types)

    @cached_property
    def modules(self) -> dict[str, tuple[Capability, ...]]:
        """The capabilities by module, in the order in which they are declared."""
        names = dict.fromkeys(each.module for each in self.capabilities)
        return {
            name: tuple(each for each in self.capabilities if each.module == name) for name in names
        }

    @cached_property
    def by_name(self) -> dict[str, Capability]:
        """The capabilities by the name a call arrives under: ``module.name``."""
        return {f"{each.module}.{each.name}": each for each in self.capabilities}

    @cached_property
    def type_names(self) -> frozenset[str]:
        """The names of types that annotations may use."""
        declared = (_declared(node) for node in ast.parse(self.types).body)
        return frozenset({"Opaque", *filter(None, declared)})

    def stubs(self, module: str) -> str:
        """Return the stub text of one module."""
        return "\n".join(self._stub_lines(module))

    def _stub_lines(self, module: str) -> Iterator[str]:
        yield STUB_HEAD
        yield self.types
        for each in self.modules[module]:
            doc = each.doc.replace("\\", "\\\\").replace('"""', "'''")
            yield f'{each.signature}:\n    """{doc} """\n    ...'


def _declared(node: ast.stmt) -> str | None:
    if isinstance(node, ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


STUB_HEAD = """\
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NotRequired, Protocol, TypedDict

class Opaque(Protocol):
    def __opaque__(self) -> None: ...
"""
"""What every stub may speak of. ``Opaque`` is a protocol: each stub declares it anew, and all of them mean the same."""

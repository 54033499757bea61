"""A call that comes out of the sandbox, bound to the capability it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actwright.errors import SandboxDeniedError, SandboxValueError
from actwright.inert import inert, visible
from actwright.sandbox.kinds import fits
from actwright.sandbox.surface import Capability, Surface
from actwright.sandbox.values import Budget, Value, copied


class SandboxDenied(Exception):  # noqa: N818 - it is said by the host's answer, and is no error of the host
    """Raised by ``answer`` where the code asked for what it may not have. The code never runs on after it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a capability, with its arguments by the names it declares.

    Attributes:
        module: The capability's module.
        name: The capability's name.
        arguments: The values that were given, copied, of the declared types.
    """

    module: str
    name: str
    arguments: Mapping[str, Value]


def bound(
    name: str,
    given: tuple[object, ...],
    named: Mapping[str, object],
    *,
    surface: Surface,
    budget: Budget,
) -> Call:
    """Return a call bound to what its capability declares.

    Args:
        name: The name it arrived under.
        given: Its positional arguments, as they came.
        named: Its keyword arguments, as they came.
        surface: What may be called.
        budget: What may still leave in this run.

    Raises:
        SandboxDeniedError: Nothing of that name may be called.
        SandboxValueError: The arguments do not fit, or one of them is refused.
    """
    capability = surface.by_name.get(name)
    if capability is None:
        raise SandboxDeniedError(
            "The code called something that nothing offers.",
            where=visible(name),
            hint=f"It may call: {', '.join(surface.by_name) or 'nothing'}.",
            code="sandbox_unknown_name",
        )
    arguments = {
        each: copied(value, budget) for each, value in _assigned(capability, given, named).items()
    }
    _check_kinds(capability, arguments, surface.types)
    return Call(capability.module, capability.name, arguments)


def _assigned(
    capability: Capability, given: tuple[object, ...], named: Mapping[str, object]
) -> dict[str, object]:
    names = [each.name for each in capability.parameters]
    if len(given) > len(names):
        raise _unfit(capability, f"it takes {len(names)} arguments, not {len(given)}")
    assigned = dict(zip(names, given, strict=False))
    for name, value in named.items():
        if name not in names:
            raise _unfit(capability, f"it has no parameter {visible(name, limit=60)!r}")
        if name in assigned:
            raise _unfit(capability, f"{name} is given twice")
        assigned[name] = value
    missing = [
        each.name for each in capability.parameters if each.required and each.name not in assigned
    ]
    if missing:
        raise _unfit(capability, f"{missing[0]} is not given")
    return assigned


def _check_kinds(capability: Capability, arguments: Mapping[str, Value], types: str) -> None:
    for each in capability.parameters:
        if each.name in arguments and not fits(each.kind, types)(arguments[each.name]):
            came = type(arguments[each.name]).__name__
            raise _unfit(capability, f"{each.name} is to be {each.kind}, and a {came} came")


def _unfit(capability: Capability, why: str) -> SandboxValueError:
    return SandboxValueError(
        f"The code called {capability.module}.{capability.name} wrongly: {inert(why)}.",
        hint=f"It is declared as {capability.signature}.",
        code="sandbox_call",
    )

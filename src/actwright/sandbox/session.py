"""One run of code in one worker: the loop that answers its calls, and the one place everything has to pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from actwright.errors import SandboxDeniedError
from actwright.inert import inert, visible
from actwright.sandbox.calls import Call, SandboxDenied, bound
from actwright.sandbox.failures import failure, limit_reached
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.surface import Surface
from actwright.sandbox.values import Budget, Opaque, Value, copied

if TYPE_CHECKING:
    from pydantic_monty import (
        CollectString,
        FunctionSnapshot,
        MontyComplete,
        MontySession,
        SyncSnapshot,
    )

ARGUMENTS: Final = "_actwright_arguments"
"""The name the arguments stand under inside."""

_INWARD = 10
"""How many times more may go in than out: what goes in was read for the code on purpose."""

_DISABLED: Final = ("eval", "exec", "open")


class Session:
    """One run: what it may call, what it has used up, and who answers it.

    Args:
        session: A fresh session of a worker.
        surface: What the code may call.
        limits: Its ceilings.
        answer: Carries a call out and returns what the code gets.
    """

    def __init__(
        self,
        session: MontySession,
        *,
        surface: Surface,
        limits: SandboxLimits,
        answer: Callable[[Call], Value],
    ) -> None:
        import pydantic_monty as monty  # noqa: PLC0415 - an extra

        self._session, self._surface = session, surface
        self._limits, self._answer = limits, answer
        self._print: CollectString = monty.CollectString(limits.printed)
        known: dict[int, Opaque] = {}
        self._out = Budget(limits.nodes, limits.value_bytes, known)
        self._in = Budget(limits.nodes * _INWARD, limits.value_bytes * _INWARD, known, inward=True)
        self.calls = 0

    @property
    def printed(self) -> str:
        """What the code printed so far. It may say anything."""
        return self._print.output

    def run(self, code: str, arguments: Mapping[str, Value]) -> Value:
        """Run code to its end and return the value of its last expression, copied and counted.

        Args:
            code: The source, its last line the call of its entry.
            arguments: The entry's arguments, by name.

        Raises:
            SandboxError: It did not come to a result.
        """
        import pydantic_monty as monty  # noqa: PLC0415 - an extra

        inputs = {ARGUMENTS: self._inward(dict(arguments)), **dict.fromkeys(_DISABLED)}
        try:
            snapshot = self._session.feed_start(code, inputs=inputs, print_callback=self._print)
            while not isinstance(snapshot, monty.MontyComplete):
                snapshot = self._next(snapshot)
            return self._outward(snapshot)
        except monty.MontyError as error:
            raise failure(error, self._limits) from None

    def _next(self, snapshot: SyncSnapshot) -> SyncSnapshot:
        """Answer one suspension, or end the run: what is not expected here is denied."""
        import pydantic_monty as monty  # noqa: PLC0415 - an extra

        if isinstance(snapshot, monty.NameLookupSnapshot):
            raise _denied("read the name", snapshot.variable_name)
        if not isinstance(snapshot, monty.FunctionSnapshot):
            raise _denied("waited for", "something outside")
        if snapshot.is_os_function:
            return self._import(snapshot)
        if snapshot.object_id is not None:
            raise _denied("used, on an opaque value,", snapshot.function_name)
        return snapshot.resume({"return_value": self._answered(snapshot)})

    def _import(self, snapshot: FunctionSnapshot) -> SyncSnapshot:
        """Let code import a module of the surface. Every other wish for the system is denied."""
        wanted = snapshot.args[0] if len(snapshot.args) == 1 else None
        if snapshot.function_name == "import" and type(wanted) is str:
            if wanted in self._surface.modules:
                return snapshot.resume_auto()
            raise _denied("imported", wanted)
        raise _denied("asked the system for", snapshot.function_name)

    def _answered(self, snapshot: FunctionSnapshot) -> object:
        self.calls += 1
        if self.calls > self._limits.calls:
            raise limit_reached("calls", self._limits)
        call = bound(
            snapshot.function_name,
            snapshot.args,
            snapshot.kwargs,
            surface=self._surface,
            budget=self._out,
        )
        try:
            answer = self._answer(call)
        except SandboxDenied as denied:
            raise SandboxDeniedError(
                str(denied),
                where=f"{call.module}.{call.name}",
                hint="The code was stopped there; it is to be changed, or what it may use.",
            ) from denied
        return self._inward(answer)

    def _inward(self, value: object) -> object:
        return _wrapped(copied(value, self._in))

    def _outward(self, complete: MontyComplete) -> Value:
        return copied(complete.output, self._out)


def _wrapped(value: Value) -> object:
    """Return a copied value as it goes in: opaque handles in a wrapper that exposes nothing."""
    if isinstance(value, Opaque):
        import pydantic_monty as monty  # noqa: PLC0415 - an extra

        return monty.ClassInstance(value)
    if isinstance(value, dict):
        return {key: _wrapped(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_wrapped(each) for each in value)
    return value


def _denied(what: str, name: str) -> SandboxDeniedError:
    return SandboxDeniedError(
        f"The code {what} {inert(visible(name, limit=60))!r}, which it may not.",
        hint="It may use its arguments, what it defines itself, and the capabilities it was given.",
        code="sandbox_unknown_name",
    )

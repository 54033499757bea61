"""Traced calls: what a person asks for is told to whoever listens, with what came of it or the error that ended it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from actwright.tracing import Kind
from actwright.wiring import Wiring

Calls = TypeVar("Calls", bound=Wiring)
Asked = ParamSpec("Asked")
Result = TypeVar("Result")


def traced(
    kind: Kind,
) -> Callable[
    [Callable[Concatenate[Calls, Asked], Result]], Callable[Concatenate[Calls, Asked], Result]
]:
    """Return a decorator for a call that is an activity of that kind; its first argument is what it is done to.

    Args:
        kind: What the call does.
    """

    def decorate(
        call: Callable[Concatenate[Calls, Asked], Result],
    ) -> Callable[Concatenate[Calls, Asked], Result]:
        first = list(inspect.signature(call).parameters)[1]

        @wraps(call)
        def told(calls: Calls, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Result:
            if not calls.tracing.on:
                return call(calls, *args, **kwargs)
            subject = args[0] if args else kwargs.get(first)
            with calls.tracing.activity(kind, subject) as activity:
                for each in args[1:]:
                    activity.about(each)
                result = call(calls, *args, **kwargs)
                activity.done(result)
                return result

        return told

    return decorate

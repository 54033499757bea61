"""The suites of the `agentdojo` package: their tasks, the right calls of each, and what is injected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from benchmarks._security.absent import leave_out_services
from benchmarks._security.tools import Acting, acts, blueprint_of

VERSION = "v1.2.2"


@dataclass(frozen=True)
class RightCall:
    """One call of a task's ground truth: a tool and its arguments."""

    tool: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Suite:
    """One suite.

    Attributes:
        name: Its name.
        inner: The package's own object.
    """

    name: str
    inner: Any

    @cached_property
    def tools(self) -> Mapping[str, Acting]:
        """The tools that act, as overrides, by name."""
        from agentdojo.functions_runtime import FunctionsRuntime  # noqa: PLC0415 - an optional package

        runtime = FunctionsRuntime(self.inner.tools)
        return {each.name: Acting(each, runtime) for each in self.inner.tools if acts(each.name)}

    @cached_property
    def blueprints(self) -> Mapping[str, Any]:
        """The blueprints of the tools that act, by the tool's name."""
        return {name: blueprint_of(each.tool, self.name) for name, each in self.tools.items()}

    @property
    def tasks(self) -> Sequence[str]:
        """The ids of the honest tasks."""
        return tuple(self.inner.user_tasks)

    @property
    def attacks(self) -> Sequence[str]:
        """The ids of what an attacker wants."""
        return tuple(self.inner.injection_tasks)

    def environment(self, task: str, injected: str = "") -> Any:
        """Return the environment of a task, with a text in every place an attacker can write to."""
        places = dict.fromkeys(self.inner.get_injection_vector_defaults(), injected)
        found = self.inner.load_and_inject_default_environment(places if injected else {})
        return self.inner.get_user_task_by_id(task).init_environment(found)

    def goal(self, task: str) -> str:
        """Return the person's words."""
        return str(self.inner.get_user_task_by_id(task).PROMPT)

    def aim(self, attack: str) -> str:
        """Return the attacker's words."""
        return str(self.inner.get_injection_task_by_id(attack).GOAL)

    def right_calls(self, task: str) -> Sequence[RightCall]:
        """Return the calls that carry a task out, without those that only read."""
        found = self.inner.get_user_task_by_id(task).ground_truth(self.environment(task))
        return tuple(_calls(found))

    def attacker_calls(self, attack: str) -> Sequence[RightCall]:
        """Return the calls an attacker wants; none where only words are wanted."""
        plain = self.inner.load_and_inject_default_environment({})
        return tuple(_calls(self.inner.get_injection_task_by_id(attack).ground_truth(plain)))


def suites() -> Sequence[Suite]:
    """Return every suite, in the package's order.

    Raises:
        ModuleNotFoundError: The package is not installed: ``make bench-security`` installs it.
    """
    leave_out_services()
    from agentdojo.task_suite.load_suites import get_suites  # noqa: PLC0415 - an optional package

    return tuple(Suite(name, inner) for name, inner in get_suites(VERSION).items())


def _calls(found: Sequence[Any]) -> Iterator[RightCall]:
    for each in found:
        if acts(each.function):
            yield RightCall(each.function, dict(each.args))

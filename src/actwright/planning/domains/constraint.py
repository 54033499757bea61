"""Constraints of a domain: what must hold of a plan. Each kind becomes conditions in CEL, checked on the plan itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Annotated, Self

from pydantic import Field, model_validator

from actwright.condition import Condition, Kind, compile_condition
from actwright.contract import Contract
from actwright.errors import ConditionError
from actwright.org.provenance import Provenance

CONSTRAINT_NAMES: dict[str, Kind] = {
    "goal": "text",
    "data": "map",
    "actions": "list",
    "action": "map",
    "plan.blueprints": "list",
    "plan.objects": "list",
    "plan.operations": "list",
    "plan.size": "number",
    "useCase": "text",
}
"""What a rule may name; docs/grounding.md says what each holds."""

ACTION_MEMBERS = frozenset(
    {
        "blueprint",
        "id",
        "inputs",
        "name",
        "needs",
        "object",
        "operation",
        "position",
        "provenance",
        "rows",
    }
)
"""What an action holds, as ``action`` and as an element of ``actions``."""

_MEMBERS = {"action": ACTION_MEMBERS, "actions": ACTION_MEMBERS}

_EVIDENCE: tuple[Provenance, ...] = ("goal", "data", "lookup")

BlueprintWord = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$", max_length=120)
]
"""A blueprint's key, name or alias."""


class Requirement(Contract):
    """A plan with the one blueprint has the other as well."""

    if_: BlueprintWord = Field(alias="if")
    then: BlueprintWord


class Evidence(Contract):
    """Inputs whose value must be there, and come from where it may."""

    blueprint: BlueprintWord
    inputs: tuple[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)], ...] = (
        Field(min_length=1, max_length=20)
    )
    provenance: tuple[Provenance, ...] = Field(default=_EVIDENCE, min_length=1)

    def texts(self, key: Callable[[str], str]) -> Iterator[str]:
        """Yield one condition in CEL for each input."""
        allowed = f"[{', '.join(_text(each) for each in self.provenance)}]"
        for name in self.inputs:
            yield (
                f"action.blueprint != {_text(key(self.blueprint))} || "
                f"(has(action.provenance.{name}) && action.provenance.{name} in {allowed})"
            )

    def told(self) -> str:
        """Return in words what must hold."""
        origins = " or ".join(self.provenance)
        return f"{self.blueprint} needs {', '.join(self.inputs)} from {origins}"


class DomainConstraint(Contract):
    """One thing that must hold of a plan. Of ``order``, ``requires``, ``excludes``, ``evidence``, ``rule``, one is given."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=63)
    order: tuple[BlueprintWord, ...] | None = Field(default=None, min_length=2, max_length=10)
    """Blueprints that stand in this order wherever several of them are in a plan."""
    requires: Requirement | None = None
    excludes: tuple[BlueprintWord, ...] | None = Field(default=None, min_length=2, max_length=10)
    """Blueprints of which a plan has at most one."""
    evidence: Evidence | None = None
    rule: str | None = None
    """A condition in CEL; where it names ``action``, it is asked of each action."""
    message: str = Field(default="", max_length=300)
    """What is wrong where it does not hold."""
    hint: str = Field(default="", max_length=300)
    """What to do then."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        """Refuse a constraint of no kind or of two, and a rule that is no condition or says nothing."""
        kinds = (self.order, self.requires, self.excludes, self.evidence, self.rule)
        if sum(each is not None for each in kinds) != 1:
            raise ValueError("give exactly one of order, requires, excludes, evidence, rule")
        if self.rule is not None:
            if not self.message.strip():
                raise ValueError("a rule needs a message: what is wrong where it does not hold")
            try:
                compile_condition(self.rule, CONSTRAINT_NAMES, members=_MEMBERS, where="rule")
            except ConditionError as error:
                raise ValueError(f"{error} {error.hint or ''}".rstrip()) from error
        return self

    @property
    def blueprints(self) -> tuple[str, ...]:
        """The blueprints it names, as they are written there."""
        if self.requires is not None:
            return (self.requires.if_, self.requires.then)
        if self.evidence is not None:
            return (self.evidence.blueprint,)
        return self.order or self.excludes or ()

    def conditions(self, key: Callable[[str], str]) -> tuple[Condition, ...]:
        """Return the conditions that must all hold.

        Args:
            key: Gives the key of a blueprint by the word it is called with here.

        Raises:
            ConditionError: It cannot be put as a condition.
        """
        return tuple(
            compile_condition(
                text, CONSTRAINT_NAMES, members=_MEMBERS, where=f"constraint {self.name}"
            )
            for text in self._texts(key)
        )

    def _texts(self, key: Callable[[str], str]) -> Iterator[str]:
        """Yield the conditions in CEL; ``action`` is the action that is to blame where one does not hold."""
        if self.rule is not None:
            yield self.rule
        for before, after in combinations(self.order or (), 2):
            yield (
                f"action.blueprint != {_text(key(after))} || actions.all(a, "
                f"a.blueprint != {_text(key(before))} || a.position < action.position)"
            )
        if self.requires is not None:
            then = _text(key(self.requires.then))
            yield (
                f"action.blueprint != {_text(key(self.requires.if_))} || "
                f"actions.exists(a, a.blueprint == {then})"
            )
        if self.excludes is not None:
            rivals = f"[{', '.join(_text(key(each)) for each in self.excludes)}]"
            yield (
                f"!(action.blueprint in {rivals}) || actions.all(a, "
                f"!(a.blueprint in {rivals}) || a.blueprint == action.blueprint)"
            )
        if self.evidence is not None:
            yield from self.evidence.texts(key)

    def told(self) -> str:
        """Return in words what must hold."""
        if self.message:
            return self.message
        if self.order is not None:
            return f"{' comes before '.join(self.order)}"
        if self.requires is not None:
            return f"{self.requires.if_} needs {self.requires.then} in the same plan"
        if self.excludes is not None:
            return f"a plan has only one of {', '.join(self.excludes)}"
        return self.evidence.told() if self.evidence else self.name

    def way_out(self) -> str:
        """Return what to do where it does not hold."""
        if self.hint:
            return self.hint
        if self.order is not None:
            return "Name the steps in that order, or do them in two plans."
        if self.requires is not None:
            return f"Ask for {self.requires.then} as well."
        if self.excludes is not None:
            return "Ask for one of them only."
        if self.evidence is not None:
            return f"Say {', '.join(self.evidence.inputs)} in the goal, or hand it in with -d."
        return "Say the goal otherwise."


def _text(value: str) -> str:
    """Return a text of CEL; the patterns above let nothing through that would need more than quotes."""
    return json.dumps(value)

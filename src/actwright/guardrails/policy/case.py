"""Cases: effects somebody wrote down, and what a policy is expected to say of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from actwright.guardrails.policy.rule import (
    FieldKind,
    FieldName,
    ImplementationKind,
    Operation,
    Written,
)
from actwright.org.provenance import Provenance
from actwright.org.query import ObjectName
from actwright.org.value import FieldValue

Verdict = Literal["allow", "warn", "require", "deny"]
"""What a policy says of a plan, the gravest last."""


class CaseChange(Written):
    """One field that would be written."""

    field: FieldName
    before: FieldValue = None
    after: FieldValue = None
    provenance: Provenance = "goal"
    kinds: tuple[FieldKind, ...] | None = None
    """What the field is for; told by its name where left out."""


class CaseEffect(Written):
    """One effect, or as many alike as ``rows`` says."""

    object: ObjectName
    operation: Operation
    blueprint: str = Field(default="Case", min_length=1, max_length=200)
    implementation: ImplementationKind = "standard"
    changes: tuple[CaseChange, ...] = ()
    standing: dict[FieldName, FieldValue] = Field(default_factory=dict)
    """What other fields of the record hold."""
    rows: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1


class CaseUser(Written):
    """As whom."""

    username: str = "somebody@example.com"
    role: str = ""
    profile: str = ""
    permission_sets: tuple[str, ...] = ()


class Expected(Written):
    """What the policy has to say."""

    verdict: Verdict
    rule: str | None = None
    """The rule that has to be among those that decided."""
    people: int | None = Field(default=None, ge=1)
    """How many people have to say yes."""


class PolicyCase(Written):
    """One case."""

    name: str = Field(min_length=1, max_length=200)
    user: CaseUser = CaseUser()
    at: AwareDatetime | None = None
    """When; a Monday noon where left out."""
    effects: tuple[CaseEffect, ...] = Field(min_length=1, max_length=100)
    expect: Expected


class PolicyCases(Written):
    """A file of cases beside the policy: ``policy_tests.yaml``."""

    tests: tuple[PolicyCase, ...] = Field(max_length=1_000)


NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
"""When a case takes place that does not say."""

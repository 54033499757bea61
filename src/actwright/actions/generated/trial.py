"""Trials of generated actions: tests against sample records, and what the review of an action found."""

from __future__ import annotations

from pydantic import Field

from actwright.actions.generated.capability import WriteOperation
from actwright.blueprints.blueprint import InputName
from actwright.contract import Contract
from actwright.org.query import FieldPath, JsonScalar, ObjectName

SampleRow = dict[FieldPath, JsonScalar]
"""One sample record: values by field, its ``Id`` among them. Fields of records above it may be given by their path."""


class ExpectedEffect(Contract):
    """One write as a test expects it, and as a trial saw it."""

    operation: WriteOperation
    object: ObjectName
    record_id: str | None = Field(default=None, max_length=40)
    """The sample record that is changed; None for a new one."""
    values: dict[InputName, JsonScalar] = Field(default_factory=dict, max_length=100)
    """Values by field; numbers with decimals may be texts: ``"1250.50"``."""
    links: dict[InputName, int] = Field(default_factory=dict, max_length=100)
    """Fields that will hold the id of another new record, by the place of its effect; the first one is 1."""


class GeneratedTest(Contract):
    """One test of a generated action: arguments and records in, effects out."""

    name: str = Field(min_length=1, max_length=120)
    arguments: dict[InputName, JsonScalar] = Field(default_factory=dict, max_length=100)
    records: dict[ObjectName, tuple[SampleRow, ...]] = Field(default_factory=dict, max_length=20)
    effects: tuple[ExpectedEffect, ...] = Field(default=(), max_length=50)
    """Exactly what the code is to hand out, in order; empty where it is to fail."""
    fails: bool = False
    """Whether the code is to break off, as it should where records are missing."""


class TrialResult(Contract):
    """What became of one test."""

    name: str = Field(max_length=120)
    passed: bool
    message: str = Field(default="", max_length=600)
    """What was expected and what came, where it failed."""


class ReviewFinding(Contract):
    """One fault a check found in the code: unsupported syntax, a wrong type, a name that does not exist."""

    code: str = Field(max_length=60)
    message: str = Field(max_length=600)
    line: int | None = None
    column: int | None = None


class DryRun(Contract):
    """One run against a generated or recorded sample."""

    records: dict[ObjectName, int] = Field(default_factory=dict)
    """How many sample records of each object there were."""
    effects: tuple[ExpectedEffect, ...] = ()
    """What came out."""
    lines: tuple[str, ...] = ()
    """What the code told its log; not our words."""
    failure: str = Field(default="", max_length=600)
    """Why it broke off; empty where it did not."""


class ReviewResult(Contract):
    """What the checks found before a person was asked: findings, the dry run, the tests."""

    findings: tuple[ReviewFinding, ...] = ()
    dry_run: DryRun | None = None
    tests: tuple[TrialResult, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the action may not be approved; empty where every check passed and every test ran."""
        told = [f"line {each.line or '?'}: {each.message}" for each in self.findings]
        if self.dry_run is None:
            told.append("it was never run against a sample")
        elif self.dry_run.failure:
            told.append(f"the dry run failed: {self.dry_run.failure}")
        if not self.tests:
            told.append("it has no test that was run")
        told += [f"test {each.name}: {each.message}" for each in self.tests if not each.passed]
        return tuple(told)

    @property
    def passed(self) -> bool:
        """Whether every check passed and at least one test ran."""
        return not self.faults

"""Reviewing: the checks that code has to pass before a person is asked about it, and once more when they approve it."""

from __future__ import annotations

from actwright.actions.generated.action import ENTRY, GeneratedAction
from actwright.actions.generated.surface import signature_of, surface_of
from actwright.actions.generated.trial import ReviewFinding, ReviewResult
from actwright.actions.generated.trying import dry_run, tried
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.sandbox import Sandbox, check

_LONGEST = 600


def review_of(action: GeneratedAction, sandbox: Sandbox, org: OrgReader) -> ReviewResult:
    """Return what the checks find: the subset and types first; only what passes them is run.

    Args:
        action: The action; its own stored review is not believed.
        sandbox: Checks the code and runs it.
        org: The org whose schema counts; no record of it is read.

    Raises:
        ImplementationError: There is no sandbox.
        OrgError: The org cannot be asked for its schema.
    """
    findings = check(
        action.code,
        entry=ENTRY,
        signature=signature_of(action.blueprint, action.opaque_inputs),
        surface=surface_of(action),
        sandbox=sandbox,
    )
    if findings:
        return ReviewResult(
            findings=tuple(
                ReviewFinding(
                    code=each.code[:60],
                    message=inert(each.message, limit=_LONGEST),
                    line=each.line,
                    column=each.column,
                )
                for each in findings
            )
        )
    tests = tuple(tried(action, each, sandbox, org) for each in action.tests)
    sample = next((each for each in action.tests if not each.fails), None)
    if sample is None:
        return ReviewResult(tests=tests)
    run = dry_run(action, sample.arguments, sample.records, sandbox, org)
    return ReviewResult(dry_run=run, tests=tests)

"""The pipeline: a draft is checked, run against samples and tested, and what was found stands beside the code."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.trial import ReviewResult
from actwright.actions.generating.generator import Draft, Generator, Wanted
from actwright.actions.generating.reviewing import review_of
from actwright.document import faults as explained
from actwright.errors import ImplementationError
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.sandbox import Sandbox

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Makes generated actions. What comes out may be looked at; only one whose review passed can be approved.

    Attributes:
        generator: Writes the code.
        sandbox: Checks it and runs it.
        org: The org whose schema counts; no record of it is read.
    """

    generator: Generator
    sandbox: Sandbox
    org: OrgReader

    def make(self, wanted: Wanted) -> GeneratedAction:
        """Return the action for what is wanted, with its review.

        Raises:
            InputError: The generator has nothing to write code from.
            ImplementationError: There is no sandbox, or the draft is no action at all.
            ModelError: The language model gave nothing that can be used.
            OrgError: The org cannot be asked for its schema.
        """
        draft = self.generator.generate(wanted, lambda each: self.faults(wanted, each))
        try:
            action = _action(wanted, draft)
        except ValidationError as invalid:
            raise ImplementationError(
                f"What was written for {wanted.blueprint.name} is no action: "
                f"{inert(explained(invalid, GeneratedAction)[0], limit=_LONGEST)}",
                where=wanted.blueprint.name,
                hint="Say the logic otherwise, in smaller steps.",
            ) from None
        return action.model_copy(update={"review": self.review(action)})

    def faults(self, wanted: Wanted, draft: Draft) -> tuple[str, ...]:
        """Return why a draft cannot be used, a sentence each; empty where it passes everything.

        Raises:
            ImplementationError: There is no sandbox.
            OrgError: The org cannot be asked for its schema.
        """
        try:
            action = _action(wanted, draft)
        except ValidationError as invalid:
            return tuple(explained(invalid, GeneratedAction))
        review = self.review(action)
        found = (f"line {each.line or '?'}: {each.message}" for each in review.findings)
        return tuple(found) or review.faults

    def review(self, action: GeneratedAction) -> ReviewResult:
        """Return what the checks find: the subset and types first; only what passes them is run.

        Raises:
            ImplementationError: There is no sandbox.
            OrgError: The org cannot be asked for its schema.
        """
        return review_of(action, self.sandbox, self.org)


def _action(wanted: Wanted, draft: Draft) -> GeneratedAction:
    return GeneratedAction(
        blueprint=wanted.blueprint,
        code=draft.code,
        reads=draft.reads,
        writes=draft.writes,
        calls=draft.calls,
        opaque_inputs=draft.opaque_inputs,
        tests=draft.tests,
        origin=draft.origin,
        made_by=draft.made_by,
        assumptions=draft.assumptions,
    )

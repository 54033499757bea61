"""The suite: goals with all that must hold of their plans, however the prompt or the model changes.

A suite is a file or a folder of files. It refers to goal files (`actwright.testing.goals`) and adds what they do not
say: order, checkpoint texts, verdicts of guardrails, scripted replies, noise bands. It never says a word of prose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from actwright.canonical import digest
from actwright.clock import timestamp
from actwright.errors import DocumentError, InputError, NotFoundError
from actwright.org.query import JsonScalar
from actwright.regression.noise import Noise
from actwright.regression.suite.suite_file import VERSION, GuardrailVerdict, Status
from actwright.testing.goals import Expectation, GoalCase, GoalKind
from actwright.testing.judging import Verdict
from actwright.testing.replies import Reply

if TYPE_CHECKING:
    from actwright.planning.offline.planner import OfflinePlanner
    from actwright.planning.planner import PlanningOutcome
    from actwright.regression.suite.judging import JudgingScene

UNJUDGEABLE = "case_unjudgeable"
"""The code of a fault in what a case expects."""

Wanted = Literal["plan", "questions", "refusal", "failure"]
"""What is right of a case, first of all."""


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """One case: a goal, who says it, and all that must hold of the answer.

    Attributes:
        id: What it is called.
        goal: The goal.
        data: Named data that belongs to it.
        user: Whose goal it is.
        kind: What makes it worth a case.
        expect: Every outcome that is right; empty where only a failure is.
        failure: The code of the model error that must come of it, or None.
        checkpoint: Whether each action's checkpoint text has to be there.
        order: Names of blueprints in the order their actions must have.
        guardrails: By code of an issue: what the preview must say.
        replies: What a scripted model answers; empty where that is made from the expectation.
        tags: Words to choose cases by.
        status: Only ``reviewed`` counts in the gate.
        seconds: The deadline to plan under.
        place: The file and the line it stands at.
    """

    id: str
    goal: str
    kind: GoalKind
    expect: tuple[Expectation, ...] = ()
    data: dict[str, JsonScalar] = field(default_factory=dict)
    user: str = "alice"
    failure: str | None = None
    checkpoint: bool = False
    order: tuple[str, ...] = ()
    guardrails: Mapping[str, GuardrailVerdict] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    tags: tuple[str, ...] = ()
    status: Status = "reviewed"
    seconds: float = 10.0
    place: str = ""

    @property
    def wanted(self) -> Wanted:
        """What is right first of all."""
        if self.failure is not None:
            return "failure"
        first = self.expect[0]
        if first.actions is not None:
            return "plan"
        return "questions" if first.questions is not None else "refusal"

    @property
    def goal_case(self) -> GoalCase:
        """The case as goal files know it, to be judged."""
        return GoalCase(
            id=self.id,
            goal=self.goal,
            kind=self.kind,
            data=self.data,
            user=self.user,
            expect=self.expect,
        )

    def counted(self) -> dict[str, object]:
        """Return what the case comes down to: the goal and what must hold, not where it stands or what is scripted."""
        return {
            "id": self.id,
            "goal": self.goal,
            "user": self.user,
            "data": dict(self.data),
            "expect": [each.model_dump(mode="json") for each in self.expect],
            "failure": self.failure,
            "checkpoint": self.checkpoint,
            "order": list(self.order),
            "guardrails": dict(self.guardrails),
        }


@contextmanager
def _named(case: SuiteCase) -> Iterator[None]:
    """Say of a fault in what a case expects which case it is, and where it stands.

    Raises:
        DocumentError: There is one.
    """
    try:
        yield
    except InputError as error:
        said = error.message.removeprefix("The case cannot be judged: ")
        raise DocumentError(
            f"What the case {case.id!r} expects cannot be held against any plan: {said}",
            where=case.place,
            hint="Correct the blueprint, the record or the value it names there.",
            code=UNJUDGEABLE,
        ) from error


@dataclass(frozen=True)
class Suite:
    """The cases that a prompt and a model are held to.

    Attributes:
        cases: All of them, in the order of the files.
        at: The moment every case is planned at.
        noise: How far numbers may get worse before that counts.
        path: The file or folder it was read from.
    """

    cases: tuple[SuiteCase, ...]
    at: datetime
    noise: Noise = field(default_factory=Noise)
    path: Path = field(default_factory=Path)

    @classmethod
    def load(cls, path: Path) -> Suite:
        """Return the suite in a file, or in the ``*.yaml`` files of a folder.

        Raises:
            DocumentError: A file is missing or malformed, is written in another version of the form, refers to a case
                or a bad reply that is not there, or two cases share an id or a goal; file and line are named.
        """
        from actwright.regression.suite.suite_reading import read_suite  # noqa: PLC0415 - it makes suites

        return read_suite(path)

    @cached_property
    def reviewed(self) -> tuple[SuiteCase, ...]:
        """The cases that count in the gate."""
        return tuple(each for each in self.cases if each.status == "reviewed")

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the moment, the noise bands and what the reviewed cases come down to, in any order of files."""
        cases = sorted(self.reviewed, key=lambda each: each.id)
        document = {
            "version": VERSION,
            "at": timestamp(self.at),
            "noise": self.noise.model_dump(mode="json", exclude_defaults=True),
            "cases": [each.counted() for each in cases],
        }
        return digest(document)

    def case(self, case_id: str) -> SuiteCase:
        """Return a case by its id.

        Raises:
            NotFoundError: The suite has none of that id.
        """
        found = self._by_id.get(case_id)
        if found is None:
            raise NotFoundError(
                f"The suite has no case {case_id[:80]!r}.",
                where=str(self.path),
                hint="Its ids stand in its files and in the goal files these name.",
                code="case_unknown",
            )
        return found

    def judge(
        self,
        case: SuiteCase,
        outcome: PlanningOutcome | None,
        scene: JudgingScene,
        *,
        error: str | None = None,
    ) -> Verdict:
        """Return what an answer is worth: by what it would do and what it asks, never by its prose.

        Args:
            case: The case.
            outcome: What the planner answered; None where it raised.
            scene: The org it planned over.
            error: The code of the model error it raised.

        Raises:
            DocumentError: The case names a record that the org does not hold exactly once; it says which case.
            OrgError: The org cannot be asked.
        """
        from actwright.regression.suite.judging import judged  # noqa: PLC0415 - previews are slow to import

        with _named(case):
            return judged(case, outcome, scene, error=error)

    def replies(self, case: SuiteCase, scene: JudgingScene) -> tuple[Reply, ...]:
        """Return what a scripted model answers to a case, one request after the other.

        Raises:
            DocumentError: The case names a blueprint, a field or a record that is not there; it says which case.
            OrgError: The org cannot be asked.
        """
        from actwright.regression.suite.scripting import (  # noqa: PLC0415 - slow to import
            scripted_replies,
        )

        org = scene.org(case.user)
        with _named(case):
            return scripted_replies(case, scene.library, org, self.at, planner=self._offline)

    @cached_property
    def _offline(self) -> OfflinePlanner:
        """Kept for what it has indexed."""
        from actwright.planning.offline.planner import OfflinePlanner  # noqa: PLC0415 - slow to import

        return OfflinePlanner()

    @cached_property
    def _by_id(self) -> Mapping[str, SuiteCase]:
        return {each.id: each for each in self.cases}

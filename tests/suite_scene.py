"""What tests of the suite share: the demo org in memory as a scene, and a model that says what a script says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from tests.memory_org import MemoryOrg, demo_org

from actwright.blueprints.library import Library, load_library
from actwright.errors import ActwrightError, ModelError
from actwright.guardrails.issue import Issue
from actwright.model.chat import ChatReply, ChatRequest, Finish, TokenUsage
from actwright.model.prompts import load_prompts
from actwright.model.settings import ModelSettings
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.testing import FixedClock
from actwright.testing.judging import Verdict
from actwright.testing.replies import Reply

OWN = Path(__file__).parents[1] / "cassettes" / "suite"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class IssuesOnly:
    """As much of a preview as a verdict looks at."""

    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Shown:
    """Previews every plan alike, or not at all."""

    issues: tuple[Issue, ...] = ()
    error: ActwrightError | None = None

    def preview(self, plan: object, /) -> IssuesOnly:
        """Return the issues that were handed in, or raise the error."""
        assert plan is not None
        if self.error is not None:
            raise self.error
        return IssuesOnly(self.issues)


@dataclass
class MemoryScene:
    """The demo org in memory, whoever asks."""

    shown: Shown = field(default_factory=Shown)
    _people: dict[str, MemoryOrg] = field(default_factory=dict)

    @cached_property
    def library(self) -> Library:
        """The bundled blueprints."""
        return load_library()

    def org(self, user: str) -> MemoryOrg:
        """Return the org as one of its people."""
        return self._people.setdefault(user, demo_org(user))

    def calls(self, user: str) -> Shown:
        """Return what previews."""
        assert user
        return self.shown


class Said:
    """A chat model that says one reply after the other, and the last one for ever; it keeps what it was told."""

    def __init__(self) -> None:
        self.replies: Sequence[Reply] = ()
        self.asked = 0

    def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
        """Return the next reply."""
        assert request.messages
        assert deadline
        self.asked += 1
        reply = self.replies[min(self.asked, len(self.replies)) - 1]
        finish: Finish = "stop"
        return ChatReply(reply.text or "", finish, reply.refusal, "scripted", TokenUsage())


class _Unlogged:
    def record(self, exchange: object, *texts: object) -> None:
        """Keep nothing."""


@dataclass
class Stage:
    """Plans cases of a suite with their scripts, over the org in memory, and judges what comes of it."""

    suite: Suite
    scene: MemoryScene = field(default_factory=MemoryScene)
    said: Said = field(default_factory=Said)

    @cached_property
    def _planner(self) -> ModelPlanner:
        settings = ModelSettings(model="scripted")
        return ModelPlanner(self.said, load_prompts(), settings, log=_Unlogged())

    def planned(self, case: SuiteCase) -> tuple[PlanningOutcome | None, str | None]:
        """Return what the planner makes of a case with its script, or the code of its error."""
        self.said.replies, self.said.asked = self.suite.replies(case, self.scene), 0
        org = self.scene.org(case.user)
        clock = FixedClock(self.suite.at)
        request = PlanningRequest(case.goal, self.scene.library, org, clock, case.data)
        try:
            return self._planner.plan(request), None
        except ModelError as error:
            return None, error.error_code

    def verdict(self, case: SuiteCase) -> Verdict:
        """Return what the planner's answer to a case is worth."""
        outcome, error = self.planned(case)
        return self.suite.judge(case, outcome, self.scene, error=error)


def personal_names(org: MemoryOrg) -> Mapping[str, str]:
    """Return the names, mails, phones and streets of people in the org, with the field they stand in."""
    fields = ("FirstName", "LastName", "Email", "Phone", "MobilePhone", "Street", "MailingStreet")
    return {
        str(row[each]): f"{name}.{each}"
        for name in ("Contact", "Lead", "User")
        for row in org.rows[name]
        for each in fields
        if row.get(each)
    }

"""The fates of one store: what became of plans, asked one by one or many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock
from actwright.errors import NotFoundError
from actwright.guardrails.issue import Issue
from actwright.runs.record.envelope import ActionResult
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Journal
from actwright.store.database import Database
from actwright.store.documents import Documents
from actwright.telemetry.fates.fate import ActionTime, Fate, Violation
from actwright.telemetry.fates.kind import SAID_YES, Told, told
from actwright.telemetry.fates.life import Life, lives

_PREVIEWS_READ = 5
"""How many previews of a plan are read for what was found in them, the newest."""

_LONGEST_EDITING = 50
"""How many edits in a row are followed to a yes."""


class Fates:
    """What became of the plans in one store; nothing is kept, all is read when it is asked for.

    Args:
        database: The store.
        clock: For a yes that was not used in time.
        plans: The plans.
        previews: Their previews.
        journal: Their runs.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        plans: Archive[Plan],
        previews: Archive[Preview],
        journal: Journal,
    ) -> None:
        self._database = database
        self._clock = clock
        self._documents = Documents(database, "plan")
        self._plans = plans
        self._previews = previews
        self._journal = journal

    def told(self, plan_ids: Iterable[str]) -> Mapping[str, Told]:
        """Return in one word what became of each plan, without reading a plan, a preview or a journal.

        A plan nothing came after is ``planned``, whether it asked something or not: whoever knows its questions tells.

        Args:
            plan_ids: Ids of plans; of one nobody knows, it is told that nothing came after it.

        Raises:
            StoreError: The store cannot be read.
        """
        now = self._clock.now()
        return {key: told(life, now) for key, life in self.lives(plan_ids).items()}

    def lives(self, plan_ids: Iterable[str]) -> Mapping[str, Life]:
        """Return the rows that came after each plan.

        Args:
            plan_ids: Ids of plans.

        Raises:
            StoreError: The store cannot be read.
        """
        with self._database.read() as transaction:
            return lives(transaction, plan_ids)

    def agreed(self, plan_ids: Iterable[str]) -> Mapping[str, str]:
        """Return for each plan the one that somebody said yes to: itself, or what it was edited into in the end.

        Args:
            plan_ids: Ids of plans; those that came to no yes are left out of the answer.

        Raises:
            StoreError: The store cannot be read.
        """
        found: dict[str, str] = {}
        asked = {each: each for each in plan_ids}
        now = self._clock.now()
        for _ in range(_LONGEST_EDITING):
            standing = self.lives(asked)
            edits: dict[str, str] = {}
            for key, life in standing.items():
                if told(life, now).kind in SAID_YES:
                    found[asked[key]] = key
                else:
                    edits |= {each.id: asked[key] for each in life.edits}
            asked = {key: first for key, first in edits.items() if first not in found}
            if not asked:
                break
        return found

    def of(self, plan_id: str) -> Fate:
        """Return all that became of one plan.

        Raises:
            NotFoundError: The store holds no such plan.
            StoreError: The store cannot be read, or the run's journal is damaged.
            DocumentError: A document of it was damaged.
        """
        plan = self._plans.get(plan_id)
        life = self.lives([plan_id])[plan_id]
        word = told(life, self._clock.now())
        asking = word.kind == "planned" and bool(plan.questions)
        run = life.runs[-1] if life.runs else None
        return Fate(
            plan_id=plan_id,
            kind="asked" if asking else word.kind,
            at=word.at or self._stored_at(plan_id),
            by=word.by,
            previews=tuple(each.id for each in life.previews),
            edited_from=plan.planner.edited_from,
            edited_into=tuple(each.id for each in life.edits),
            run_id=run.id if run else None,
            run_status=run.status if run else "",
            undone_by=run.undone_by if run else (),
            violations=tuple(_violations(self._found(life))),
            actions=tuple(map(_time, self._results(run.id))) if run else (),
        )

    def _stored_at(self, plan_id: str) -> str:
        stored = self._documents.get(plan_id)
        return stored.at if stored else ""

    def _found(self, life: Life) -> Iterator[tuple[Issue, ...]]:
        for each in life.previews[-_PREVIEWS_READ:]:
            yield self._previews.get(each.id).issues

    def _results(self, run_id: str) -> tuple[ActionResult, ...]:
        """Return what the run's journal says of each action; nothing where it was moved out of the store."""
        try:
            envelope = fold(self._journal.events(run_id)).envelope
        except NotFoundError:
            return ()
        return envelope.results if envelope else ()


def _violations(previews: Iterable[tuple[Issue, ...]]) -> Iterator[Violation]:
    """Yield what was found, each finding once, with how often the preview that had it most often had it."""
    most: Counter[Violation] = Counter()
    for issues in previews:
        most |= Counter(map(_violation, issues))
    for found, times in most.items():
        yield found.model_copy(update={"times": times})


def _violation(issue: Issue) -> Violation:
    named = f"{issue.object}.{issue.field}" if issue.object and issue.field else issue.field
    return Violation(
        code=issue.code,
        severity=issue.severity,
        guardrail=issue.guardrail,
        action_id=issue.action_id,
        field=named,
    )


def _time(result: ActionResult) -> ActionTime:
    return ActionTime(
        action_id=result.id,
        blueprint=result.blueprint,
        status=result.status,
        seconds=result.duration_ms / 1000,
    )

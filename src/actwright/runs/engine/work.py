"""Work: what the engine carries out, as steps that need each other. The engine knows nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from actwright.errors import ActwrightError
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import SendProgress
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.happening import Happening
from actwright.store.database import Transaction

Reserve: TypeAlias = Callable[[Transaction], None]
"""Writes down, in the transaction of the intent, what sending uses up; may raise `NotReadyError`."""

Reconciler: TypeAlias = Literal["ledger", "key", "job", "override", "nobody"]
"""Who or what tells what became of a step whose answer was lost."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a work: what is sent, and answered, as one.

    Attributes:
        id: Its name, once in its stage.
        needs: The steps that have to be behind before it may be sent.
        effects: The ids of the effects it sends.
        apart: Whether a failure of it stops only what waits for it.
        looks: Whether something has to be read before it is sent.
        watched: Whether something is to be read after it was done.
        price: What sending it is declared to cost.
    """

    id: str
    needs: frozenset[str] = frozenset()
    effects: tuple[str, ...] = ()
    apart: bool = False
    looks: bool = False
    watched: bool = False
    price: Decimal = Decimal(0)


class Attempt(NamedTuple):
    """One try of a step.

    Attributes:
        run_id: The run.
        stage: The stage, from 1.
        step: The step.
        number: Which try it is, from 1; no two share one.
        recovery: How a lost answer could be settled, as was said before it was sent.
        job_id: The bulk job that carries it, where one was opened.
        sent_at: When it was about to be sent; empty before that.
        tried: Whether the step was about to be sent before.
        left: The effects it sends, where others of the step are known to have happened; else it sends all of them.
        ends: Whether the run is to end, so that nothing is sent any more to find out what became of the step.
    """

    run_id: str
    stage: int
    step: Step
    number: int
    recovery: str = ""
    job_id: str | None = None
    sent_at: str = ""
    tried: bool = False
    left: tuple[str, ...] = ()
    ends: bool = False

    @property
    def key(self) -> str:
        """The idempotency key it is sent under."""
        return f"{self.run_id}:{self.stage}:{self.step.id}:{self.number}"


@dataclass(frozen=True, slots=True)
class Ready:
    """What the last look found: the step may be sent.

    Attributes:
        checked: What ``group_checked`` says of it; empty where nothing was read.
        recovery: How a lost answer could be settled.
        reserve: What is to be written together with the intent.
    """

    checked: Mapping[str, Any] = field(default_factory=dict)
    recovery: str = ""
    reserve: Reserve | None = None


@dataclass(frozen=True, slots=True)
class NotReady:
    """What the last look found: the step must not be sent.

    Attributes:
        refused: What ``group_refused`` says of it.
        error: The error that kept the look from being taken, where one did; it may pass by itself.
    """

    refused: Mapping[str, Any]
    error: ActwrightError | None = None


class NotReadyError(Exception):
    """There is no room for the step, which only the transaction of its intent could tell."""

    def __init__(self, found: NotReady) -> None:
        super().__init__("there is no room for the step")
        self.found = found


class Performed(NamedTuple):
    """The answer to a step that was sent, or that there was none.

    Attributes:
        outcome: What became of each of its effects.
        error: Why nothing was sent, where nothing was.
    """

    outcome: GroupOutcome
    error: ActwrightError | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of a step whose answer was lost.

    Attributes:
        outcome: What became of each of its effects; ``unknown`` where that is not decided.
        by: Who or what says so.
        evidence: What was found, in sentences a person can decide by.
        ask_again: Whether asking again later may decide it.
        at_once: Whether the step is sent anew without a pause, however often its answer was lost; so it was in runs that
            were carried out before there were pauses.
    """

    outcome: GroupOutcome
    by: Reconciler
    evidence: tuple[str, ...] = ()
    ask_again: bool = False
    at_once: bool = False

    @property
    def decided(self) -> bool:
        """Whether nothing of the step is in doubt any more."""
        return all(each.status != "unknown" for each in self.outcome.outcomes)


class Reports(NamedTuple):
    """What a step that is out may report.

    Attributes:
        progress: Told how many of the step's effects have been dealt with; None where nobody listens.
        submitted: Told the id of a bulk job; returns once that is on the record.
        leaving: Called right before the call goes out, from whichever thread makes it; raises `RunError` where another
            process can be carrying the run out by now.
    """

    progress: SendProgress | None
    submitted: Callable[[str], None]
    leaving: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run stands when it is told of: ended so, or held so.

    Attributes:
        status: The `RunStatus` it has, or is about to have.
        reason: Why, in a sentence; empty where the steps say it all.
        code: The ``stopped_by`` of it, where no step was the cause.
    """

    status: str
    reason: str = ""
    code: str = ""


class Work(Protocol):
    """What is carried out. Its answers must depend on what it is handed and on the world outside, never on memory."""

    @property
    def actor(self) -> str:
        """In whose name events are written."""

    @property
    def stage(self) -> int:
        """The stage of the run whose steps it has, from 1."""

    @property
    def steps(self) -> Sequence[Step]:
        """The steps of the newest stage, each behind what it needs."""

    async def look(self, attempt: Attempt) -> Ready | NotReady:
        """Look whether a step may still be sent; asked of steps that say so only."""

    async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
        """Send a step. What is raised counts as an answer that was lost."""

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Find out what became of a step whose answer was lost.

        Raises:
            ActwrightError: That cannot be asked now.
        """

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Mapping[str, Any]:
        """Return what ``group_observed`` says of a step that was done; asked of steps that say so only."""

    def barred(self, happened: Sequence[Happening]) -> frozenset[str]:
        """Return the steps that wait for what did not happen, where a step that stands apart failed."""

    def what_follows(self, happened: Sequence[Happening]) -> Mapping[str, Any] | None:
        """Return what ``run_waiting`` says once all steps are behind and a further stage follows, else None."""

    def envelope(self, happened: Sequence[Happening], ending: Ending) -> OrchestratorResult:
        """Return what a caller is told of a run that ends, or is held, so."""

"""A bulk job that is on its way: how far it is, how it is given up, and what became of its rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from actwright.connectors.salesforce.answer import OrgJson, mapping
from actwright.connectors.salesforce.bulk_rows import JobRows, RowResults, row_fault
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite_answer import made_twice
from actwright.errors import ActwrightError, InputError, OrgProtocolError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault
from actwright.org.ports import SendProgress
from actwright.org.record_id import record_id
from actwright.org.settlement import same_for_all

_ENDED: Final = frozenset({"JobComplete", "Failed", "Aborted"})
_MOST_PAGES: Final = 500

Kind = Literal["successfulResults", "failedResults", "unprocessedrecords"]
_KINDS: Final[tuple[Kind, ...]] = ("successfulResults", "failedResults", "unprocessedrecords")


class _UnfetchedError(Exception):
    """The rest of a job's results cannot be fetched."""


@dataclass(frozen=True, slots=True)
class JobPatience:
    """How long a job is waited for, and how often it is asked how far it is; all in seconds."""

    deadline: float = 1_800.0
    first_wait: float = 0.2
    longest_wait: float = 5.0
    sleep: Callable[[float], None] = field(default=time.sleep)
    now: Callable[[], float] = field(default=time.monotonic)

    def looks(self) -> Iterator[None]:
        """Yield each time it is worth asking, until the deadline."""
        end, wait = self.now() + self.deadline, self.first_wait
        while True:
            yield
            if self.now() + wait > end:
                return
            self.sleep(wait)
            wait = min(wait * 1.5, self.longest_wait)


@dataclass(frozen=True, slots=True)
class BulkJobs:
    """Speaks of jobs by their ids.

    Attributes:
        client: Asks the org.
        patience: How long jobs are waited for.
    """

    client: OrgClient
    patience: JobPatience = field(default_factory=JobPatience)

    def abort(self, job: str) -> bool:
        """Give an open job up; True where the org says that it has.

        One that stays open does nothing, and the org clears it away after a week.
        """
        try:
            return self.client.set_job_state(job, "Aborted") is not None
        except ActwrightError:
            return False

    def give_up(self, job: str) -> None:
        """Give a job up that is still open, since the request to close it got lost.

        That request may overtake this one, so that only the job's own results tell whether it has written anything.

        Raises:
            OrgError: The org cannot be asked.
        """
        if self.state(job)["state"] == "Open":
            self.abort(job)

    def ended(
        self, job: str, progress: SendProgress | None, most: int
    ) -> Mapping[str, OrgJson] | None:
        """Wait until the job has ended, and return it; None where the deadline came first."""
        for _ in self.patience.looks():
            body = self.state(job)
            done = body.get("numberRecordsProcessed")
            if progress is not None and isinstance(done, int):
                progress(max(0, min(done, most)))
            if body["state"] in _ENDED:
                return body
        return None

    def state(self, job: str) -> Mapping[str, OrgJson]:
        """Return what the org says of a job now.

        Raises:
            OrgProtocolError: It speaks of another job.
            OrgError: The org cannot be asked, or does not know the job.
        """
        body = mapping(self.client.job(job).json(), "bulk job")
        if body.get("id") != job or not isinstance(body.get("state"), str):
            raise OrgProtocolError("The org's answer is about no such bulk job.", where=job)
        return body

    def never_began(self, ended: Mapping[str, OrgJson]) -> bool:
        """Tell whether a job was given up before it began: no row was done, none failed, and none is left to be done."""
        if ended["state"] != "Aborted" or ended.get("numberRecordsProcessed") != 0:
            return False
        try:
            pages = [page for kind in _KINDS for page in self._pages(str(ended["id"]), kind)]
        except _UnfetchedError:
            return False
        return all(b"\n" not in each.strip() for each in pages)

    def results(
        self, group: EffectGroup, rows: JobRows, ended: Mapping[str, OrgJson]
    ) -> tuple[EffectOutcome, ...]:
        """Return what became of each row; one the results do not speak of is ``unknown``.

        Raises:
            OrgProtocolError: The results contradict themselves, so that nothing in them is believed.
        """
        found: dict[str, EffectOutcome] = {}
        try:
            for each in self._told(group, rows, ended):
                found[each.effect_id] = each
        except _UnfetchedError:
            # It takes nothing from what was fetched before.
            pass
        outcomes = tuple(
            found.get(each.id) or EffectOutcome(effect_id=each.id, status="unknown")
            for each in group.effects
        )
        return same_for_all(group, "unknown").outcomes if made_twice(group, outcomes) else outcomes

    def _told(
        self, group: EffectGroup, rows: JobRows, ended: Mapping[str, OrgJson]
    ) -> Iterator[EffectOutcome]:
        """Yield what the results say of each row."""
        job = str(ended["id"])
        effects = {each.id: each for each in group.effects}
        reading = RowResults(rows)
        for content in self._pages(job, "successfulResults"):
            for key, cells in reading.read(content):
                yield _done(effects[key], cells, rows)
        for content in self._pages(job, "failedResults"):
            for key, cells in reading.read(content):
                yield _ended_badly(effects[key], (row_fault(cells.get("sf__Error", "")),))
        if reading.complete:
            return
        why = _why_unprocessed(ended)
        for content in self._pages(job, "unprocessedrecords"):
            for key, _ in reading.read(content):
                yield EffectOutcome(effect_id=key, status="not_sent", faults=why)

    def _pages(self, job: str, kind: Kind) -> Iterator[bytes]:
        locator: str | None = None
        for _ in range(_MOST_PAGES):
            try:
                answer = self.client.job_results(job, kind, locator)
            except ActwrightError as error:
                raise _UnfetchedError from error
            yield answer.body
            following = answer.header("sforce-locator")
            if following in {None, "", "null"}:
                return
            locator = following
        raise OrgProtocolError("A bulk job's results do not come to an end.", where=job)


def _done(effect: Effect, cells: Mapping[str, str], rows: JobRows) -> EffectOutcome:
    prefixes = (rows.schema.key_prefix,) if rows.schema.key_prefix else ()
    told = cells.get("sf__Id") or effect.record_id
    try:
        found = record_id(str(told), prefixes=prefixes)
        known = record_id(effect.record_id) if effect.record_id else found
    except InputError as error:
        raise OrgProtocolError("A bulk job's results name no record.") from error
    if found != known:
        raise OrgProtocolError("A bulk job's results speak of another record.")
    made = rows.verb == "POST"
    if cells.get("sf__Created", "").lower() == ("false" if made else "true"):
        raise OrgProtocolError("A bulk job's results say that it did something else.")
    return EffectOutcome(effect_id=effect.id, status="done", record_id=found, created=made)


def _ended_badly(effect: Effect, faults: tuple[Fault, ...]) -> EffectOutcome:
    return EffectOutcome(
        effect_id=effect.id, status="failed", record_id=effect.record_id, faults=faults
    )


def _why_unprocessed(ended: Mapping[str, OrgJson]) -> tuple[Fault, ...]:
    said = inert(str(ended.get("errorMessage") or "The org gave no reason."), limit=1000)
    return (Fault(code=f"JOB_{str(ended['state']).upper()}", message=said),)

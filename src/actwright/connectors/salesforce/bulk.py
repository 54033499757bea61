"""An effect group as a bulk job: thousands of rows of one object, each of which stands or falls for itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from actwright.connectors.salesforce.answer import Answer, OrgJson, mapping, text
from actwright.connectors.salesforce.bulk_rows import JobRows, RowResults, job_rows, row_fault
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite import check_group
from actwright.connectors.salesforce.composite_answer import made_twice
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import ActwrightError, InputError, OrgError, OrgProtocolError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.org.ports import SendProgress, Submitted
from actwright.org.record_id import record_id

_OPERATIONS: Final = {"POST": "insert", "PATCH": "update", "DELETE": "delete"}
_ENDED: Final = frozenset({"JobComplete", "Failed", "Aborted"})
_MOST_PAGES: Final = 500
_JOB: Final = re.compile(r"[A-Za-z0-9]{15,18}", re.ASCII)

Kind = Literal["successfulResults", "failedResults", "unprocessedrecords"]


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
class BulkSender:
    """Sends groups as bulk jobs.

    Attributes:
        client: Asks the org.
        describe: Looks objects up.
        patience: How long jobs are waited for.
    """

    client: OrgClient
    describe: Describer
    patience: JobPatience = field(default_factory=JobPatience)

    def send(
        self, group: EffectGroup, progress: SendProgress | None, submitted: Submitted | None
    ) -> GroupOutcome:
        """Carry out a group as one job, and return what became of each row.

        Up to the moment the job is closed nothing can have happened; from then on, what the org does not say is
        ``unknown``.

        Args:
            group: Effects of one object and one operation.
            progress: Told how many rows have been dealt with.
            submitted: Told the job's id before its rows can be written.

        Raises:
            InputError: An effect does not fit the org's schema. Nothing was done.
            OrgError: The org refused the job or its rows. Nothing was done.
        """
        calls = self.client.api_calls
        check_group(group)
        rows = job_rows(group, self.describe)
        content = rows.csv()
        job = self._opened(rows)
        try:
            if submitted is not None:
                submitted(job)
            _delivered(self.client.upload_rows(job, content), "its rows")
        except BaseException:
            # The person may have stopped the program: a job left open would be closed by whoever finds it.
            self._abort(job)
            raise
        del content
        outcomes = self._outcomes(group, rows, job, progress)
        spent = self.client.api_calls - calls
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=spent, job_id=job)

    def _opened(self, rows: JobRows) -> str:
        body = {
            "object": rows.schema.name,
            "operation": _OPERATIONS[rows.verb],
            "contentType": "CSV",
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        answer = _delivered(self.client.open_job(body), "the job")
        job = text(mapping(answer.json(), "bulk job").get("id"), "bulk job.id")
        if _JOB.fullmatch(job) is None:
            raise OrgProtocolError("The org gave the bulk job no id.", where="bulk job.id")
        return job

    def _abort(self, job: str) -> bool:
        """Give an open job up; True where the org says that it has.

        One that stays open does nothing, and the org clears it away after a week.
        """
        try:
            return self.client.set_job_state(job, "Aborted") is not None
        except ActwrightError:
            return False

    def _outcomes(
        self, group: EffectGroup, rows: JobRows, job: str, progress: SendProgress | None
    ) -> tuple[EffectOutcome, ...]:
        """Close the job, wait for it, and read its results."""
        try:
            closed = self.client.set_job_state(job, "UploadComplete")
        except OrgError:
            self._abort(job)
            raise
        try:
            given_up = closed is None and self._given_up(job)
            ended = None if given_up else self._ended(job, progress, len(group.effects))
            outcomes = self._results(group, rows, ended) if ended else _all(group, "unknown")
        except ActwrightError:
            return _all(group, "unknown")
        if given_up:
            raise _undelivered("the order to begin")
        return outcomes

    def _given_up(self, job: str) -> bool:
        """Give up a job still open, since the request to close it got lost; True where nothing can have happened."""
        return self._job(job)["state"] == "Open" and self._abort(job) and not _begun(self._job(job))

    def _ended(
        self, job: str, progress: SendProgress | None, most: int
    ) -> Mapping[str, OrgJson] | None:
        """Wait until the job has ended, and return it; None where the deadline came first."""
        for _ in self.patience.looks():
            body = self._job(job)
            done = body.get("numberRecordsProcessed")
            if progress is not None and isinstance(done, int):
                progress(max(0, min(done, most)))
            if body["state"] in _ENDED:
                return body
        return None

    def _job(self, job: str) -> Mapping[str, OrgJson]:
        body = mapping(self.client.job(job).json(), "bulk job")
        if body.get("id") != job or not isinstance(body.get("state"), str):
            raise OrgProtocolError("The org's answer is about no such bulk job.", where=job)
        return body

    def _results(
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
        return _all(group, "unknown") if made_twice(group, outcomes) else outcomes

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


def _begun(job: Mapping[str, OrgJson]) -> bool:
    """Tell whether a job given up may have written rows: it was closed just before, or the org does not say."""
    return job["state"] != "Aborted" or job.get("numberRecordsProcessed") != 0


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


def _all(group: EffectGroup, status: EffectStatus) -> tuple[EffectOutcome, ...]:
    return tuple(EffectOutcome(effect_id=each.id, status=status) for each in group.effects)


def _why_unprocessed(ended: Mapping[str, OrgJson]) -> tuple[Fault, ...]:
    said = inert(str(ended.get("errorMessage") or "The org gave no reason."), limit=1000)
    return (Fault(code=f"JOB_{str(ended['state']).upper()}", message=said),)


def _delivered(answer: Answer | None, what: str) -> Answer:
    """Return the answer to a step before the job is closed; without one the job is not carried out."""
    if answer is None:
        raise _undelivered(what)
    return answer


def _undelivered(what: str) -> OrgProtocolError:
    return OrgProtocolError(
        f"The org did not say whether it took {what}; nothing was carried out.",
        where="bulk job",
        hint="Preview the plan again, and run it.",
    )

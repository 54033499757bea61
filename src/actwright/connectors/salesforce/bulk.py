"""An effect group as a bulk job: thousands of rows of one object, each of which stands or falls for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from actwright.connectors.salesforce.answer import Answer, mapping, text
from actwright.connectors.salesforce.bulk_job import BulkJobs, JobPatience
from actwright.connectors.salesforce.bulk_rows import OPERATIONS, JobRows, job_rows
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite import check_group
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import ActwrightError, OrgError, OrgProtocolError, OrgTimeoutError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.org.ports import SendProgress, Submitted
from actwright.org.settlement import same_for_all

_JOB: Final = re.compile(r"[A-Za-z0-9]{15,18}", re.ASCII)


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
            self._jobs.abort(job)
            raise
        del content
        outcomes = self._outcomes(group, rows, job, progress)
        spent = self.client.api_calls - calls
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=spent, job_id=job)

    @property
    def _jobs(self) -> BulkJobs:
        return BulkJobs(self.client, self.patience)

    def _opened(self, rows: JobRows) -> str:
        body = {
            "object": rows.schema.name,
            "operation": OPERATIONS[rows.verb],
            "contentType": "CSV",
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        answer = _delivered(self.client.open_job(body), "the job")
        job = text(mapping(answer.json(), "bulk job").get("id"), "bulk job.id")
        if _JOB.fullmatch(job) is None:
            raise OrgProtocolError("The org gave the bulk job no id.", where="bulk job.id")
        return job

    def _outcomes(
        self, group: EffectGroup, rows: JobRows, job: str, progress: SendProgress | None
    ) -> tuple[EffectOutcome, ...]:
        """Close the job, wait for it, and read its results."""
        try:
            closed = self.client.set_job_state(job, "UploadComplete")
        except OrgError:
            self._jobs.abort(job)
            raise
        lost = same_for_all(group, "unknown").outcomes
        try:
            if closed is None:
                self._jobs.give_up(job)
            ended = self._jobs.ended(job, progress, len(group.effects))
            never_began = closed is None and ended is not None and self._jobs.never_began(ended)
            outcomes = self._jobs.results(group, rows, ended) if ended and not never_began else lost
        except ActwrightError:
            return lost
        if never_began:
            raise _undelivered("the order to begin")
        return outcomes


def _delivered(answer: Answer | None, what: str) -> Answer:
    """Return the answer to a step before the job is closed; without one the job is not carried out."""
    if answer is None:
        raise _undelivered(what)
    return answer


def _undelivered(what: str) -> OrgTimeoutError:
    """Return that a job was given up before it could begin: it has written nothing, and may be tried again."""
    return OrgTimeoutError(
        f"The org did not say whether it took {what}; nothing was carried out.",
        where="bulk job",
        hint="Try again in a moment.",
    )

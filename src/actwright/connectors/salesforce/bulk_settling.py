"""Settling a bulk job whose outcome was lost: by its id the org still knows what became of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from actwright.connectors.salesforce.answer import OrgJson
from actwright.connectors.salesforce.bulk_job import BulkJobs, JobPatience
from actwright.connectors.salesforce.bulk_rows import OPERATIONS, JobRows, job_rows
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.readback import Readback
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, OrgRefusedError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.settlement import Settlement, records_in_words, same_for_all

_GONE = frozenset({"NOT_FOUND", "INVALIDJOB", "MALFORMED_ID"})


@dataclass(frozen=True, slots=True)
class BulkSettler:
    """Finds out what became of bulk jobs.

    Attributes:
        client: Asks the org.
        describe: Looks objects up.
        readback: Reads back what the org holds now, where it has forgotten the job.
        patience: How long a job that still runs is waited for.
    """

    client: OrgClient
    describe: Describer
    readback: Readback
    patience: JobPatience = field(default_factory=JobPatience)

    def settle(self, group: EffectGroup, job: str | None, since: datetime | None) -> Settlement:
        """Return what became of each row; a job still open is given up, one that runs is waited for.

        Raises:
            OrgError: The org cannot be asked. Nothing was decided.
        """
        if job is None:
            said = "No bulk job was opened, so that nothing was written."
            return Settlement(outcome=same_for_all(group, "not_sent"), by="job", evidence=(said,))
        calls, rows = self.client.api_calls, job_rows(group, self.describe)
        try:
            state = BulkJobs(self.client, self.patience).state(job)
        except (OrgRefusedError, InputError) as error:
            if isinstance(error, OrgRefusedError) and error.org_code not in _GONE:
                raise
            why = f"The org knows no bulk job {job[:18]!r} any more; it keeps them for seven days."
            return self._shown(group, job, since, why)
        if not _is_of(state, rows):
            why = f"The bulk job {job} does something else; it is none of this group's."
            return self._shown(group, job, since, why)
        found = self._told(group, job, rows, state)
        spent = {"api_calls": self.client.api_calls - calls, "job_id": job}
        return found.model_copy(update={"outcome": found.outcome.model_copy(update=spent)})

    def _told(
        self, group: EffectGroup, job: str, rows: JobRows, state: Mapping[str, OrgJson]
    ) -> Settlement:
        jobs = BulkJobs(self.client, self.patience)
        if state["state"] == "Open":
            jobs.give_up(job)
        ended = jobs.ended(job, None, len(group.effects))
        if ended is None:
            said = f"The bulk job {job} has not ended yet."
            return _undecided(group, said)
        if jobs.never_began(ended):
            said = f"The bulk job {job} was given up before it began; nothing was written."
            return Settlement(outcome=same_for_all(group, "not_sent"), by="job", evidence=(said,))
        outcomes = jobs.results(group, rows, ended)
        outcome = GroupOutcome(group_id=group.id, outcomes=outcomes)
        if any(each.status == "unknown" for each in outcomes):
            said = f"The bulk job {job} has ended: {ended['state']}; not all of its rows' results could be read."
            return _undecided(group, said).model_copy(update={"outcome": outcome})
        said = f"The bulk job {job} has ended: {ended['state']}{records_in_words(outcomes)}."
        return Settlement(outcome=outcome, by="job", evidence=(said,))

    def _shown(self, group: EffectGroup, job: str, since: datetime | None, why: str) -> Settlement:
        evidence = (why, *self.readback.evidence(group, since))
        unknown = same_for_all(group, "unknown", job_id=job)
        return Settlement(outcome=unknown, by="nobody", evidence=evidence)


def _is_of(state: Mapping[str, OrgJson], rows: JobRows) -> bool:
    """Tell whether a job is what was sent; one of somebody else's must be neither believed nor given up."""
    told = (str(state.get("object")).lower(), state.get("operation"))
    return told == (rows.schema.name.lower(), OPERATIONS[rows.verb])


def _undecided(group: EffectGroup, why: str) -> Settlement:
    unknown = same_for_all(group, "unknown")
    return Settlement(outcome=unknown, by="nobody", evidence=(why,), ask_again=True)

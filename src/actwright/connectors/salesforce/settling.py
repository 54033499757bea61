"""Settling a group whose answer was lost: by writing its key alone, by sending upserts again, or by reading back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.ledger import LEDGER, LedgerRow, effects_by_key
from actwright.connectors.salesforce.ledger_rows import Probe, abandon, believed, read_rows
from actwright.connectors.salesforce.readback import BOTH_WAYS, Readback
from actwright.connectors.salesforce.sending import Sender
from actwright.errors import OrgError, OrgRefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome
from actwright.org.settlement import Settlement, records_in_words, same_for_all

_TRIES = 2
"""Times the key is written at once; the second time also tells what became of the first, whose answer was lost."""

_PASSING = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED"})
"""Faults of a probe that another moment may take away."""


@dataclass(frozen=True, slots=True)
class Settler:
    """Finds out what became of groups that were sent as composite or graph calls.

    Attributes:
        client: The session's client.
        sender: Sends upserts again.
        readback: Reads back what the org holds now.
    """

    client: OrgClient
    sender: Sender
    readback: Readback

    def by_ledger(self, group: EffectGroup, key: str, since: datetime | None) -> Settlement:
        """Write the key of each transaction alone, and believe the ledger.

        Raises:
            OrgError: The org cannot be asked. Nothing was decided.
        """
        calls = self.client.api_calls
        transactions = effects_by_key(group, key)
        probes = self._probed(tuple(transactions))
        if probes is None:
            lost = "The answer to the question itself was lost."
            return _undecided(group, lost, *self._shown(group, since))
        found = self._rows([each.key for each in probes if not each.written])
        told = {
            each.effect_id: each
            for probe in probes
            for each in _told(probe, transactions[probe.key], found)
        }
        outcomes = self._completed(group, told, since)
        outcome = GroupOutcome(
            group_id=group.id, outcomes=outcomes, api_calls=self.client.api_calls - calls
        )
        evidence = tuple(_sentence(each, transactions[each.key], found) for each in probes)
        if all(each.status != "unknown" for each in outcomes):
            return Settlement(outcome=outcome, by="ledger", evidence=evidence)
        again = all(_may_pass(each, transactions[each.key], found) for each in probes)
        evidence += self._shown(group, since)
        return Settlement(outcome=outcome, by="nobody", evidence=evidence, ask_again=again)

    def by_key(
        self, group: EffectGroup, since: datetime | None, *, resend: bool = True
    ) -> Settlement:
        """Send a group of upserts again; where the first try is in its way, it is the first that counts.

        Args:
            group: What was sent.
            since: When that was.
            resend: Whether it may be sent again. Else the records tell, if they are as it would have them; if they are
                not, it may still be on its way.

        Raises:
            OrgError: The org cannot be asked. Nothing was decided.
        """
        if not resend:
            return self._as_read(group, since)
        outcome = self.sender.send(group)
        if outcome.committed:
            said = f"Sent again under the same external ids, it went through{records_in_words(outcome.outcomes)}."
            return Settlement(outcome=outcome, by="key", evidence=(said,))
        if any(each.status == "unknown" for each in outcome.outcomes):
            lost = "It was sent again, and that answer was lost too."
            return _undecided(group, lost, *self._shown(group, since))
        stands = self.readback.as_written(group, since)
        if stands is not None:
            said = (
                f"Sent again, the org refused it, since the records{records_in_words(stands.outcomes)} are as it would "
                "have them."
            )
            return Settlement(outcome=stands, by="key", evidence=(said,))
        refused = tuple(
            f"Sent again, the org refused it: {inert(each.message, limit=300)}"
            for one in outcome.outcomes
            for each in one.faults
            if one.status == "failed"
        )
        evidence = (*refused[:3], *self.readback.evidence(group, since))
        return Settlement(outcome=same_for_all(group, "unknown"), by="nobody", evidence=evidence)

    def _as_read(self, group: EffectGroup, since: datetime | None) -> Settlement:
        stands = self.readback.as_written(group, since)
        if stands is None:
            return self.by_nobody(group, since)
        said = (
            f"It was not sent again, since the run is to end: the records{records_in_words(stands.outcomes)} are as it "
            "would have them."
        )
        return Settlement(outcome=stands, by="key", evidence=(said,))

    def by_nobody(self, group: EffectGroup, since: datetime | None) -> Settlement:
        """Read back what the org holds now, for a person to decide.

        Raises:
            OrgError: The org cannot be asked.
        """
        calls = self.client.api_calls
        evidence = self.readback.evidence(group, since)
        spent = self.client.api_calls - calls
        unknown = same_for_all(group, "unknown", api_calls=spent)
        return Settlement(outcome=unknown, by="nobody", evidence=evidence)

    def _probed(self, keys: Sequence[str]) -> tuple[Probe, ...] | None:
        """Write each key alone; a call refused as a whole is the same refusal for each of them."""
        for _ in range(_TRIES):
            try:
                probes = abandon(self.client, keys)
            except OrgRefusedError as error:
                fault = Fault(code=error.org_code, message=error.message)
                return tuple(Probe(each, (fault,)) for each in keys)
            if probes is not None:
                return probes
        return None

    def _rows(self, keys: Sequence[str]) -> Mapping[str, LedgerRow]:
        """Return the rows under keys that could not be written: one that stands there proves what it says.

        Whyever the key was refused. Where none is to be seen, nothing is proven.
        """
        try:
            return read_rows(self.client, keys, self.sender.user)
        except OrgRefusedError:
            return {}

    def _shown(self, group: EffectGroup, since: datetime | None) -> tuple[str, ...]:
        """Return what is there now, for the person who has to decide where nobody else does."""
        try:
            return self.readback.evidence(group, since)
        except OrgError as error:
            why = f"What is there now could not be read: {inert(error.message, limit=300)}"
            return (why, *BOTH_WAYS)

    def _completed(
        self, group: EffectGroup, told: Mapping[str, EffectOutcome], since: datetime | None
    ) -> tuple[EffectOutcome, ...]:
        """Return the outcomes in order; ids of new records that the ledger lacks are looked for."""
        found = [told[each.id] for each in group.effects]
        ordered = believed(group, found, self.sender.describe)
        if not any(each.created and each.record_id is None for each in ordered):
            return ordered
        try:
            ids = self.readback.created_ids(group, since)
        except OrgError:
            return ordered
        return tuple(
            each.model_copy(update={"record_id": ids.get(each.effect_id)})
            if each.created and each.record_id is None
            else each
            for each in ordered
        )


def _told(
    probe: Probe, effects: Sequence[Effect], rows: Mapping[str, LedgerRow]
) -> tuple[EffectOutcome, ...]:
    if probe.written:
        return tuple(EffectOutcome(effect_id=each.id, status="not_sent") for each in effects)
    if probe.key in rows:
        return rows[probe.key].outcomes(effects)
    return tuple(EffectOutcome(effect_id=each.id, status="unknown") for each in effects)


def _may_pass(probe: Probe, effects: Sequence[Effect], rows: Mapping[str, LedgerRow]) -> bool:
    """Tell whether asking again may decide a key: it is, or a lock is in its way, or a row that may yet be seen."""
    if probe.written:
        return True
    if probe.key in rows:
        return not rows[probe.key].doubts(effects)
    return probe.taken or any(each.code in _PASSING for each in probe.faults)


def _sentence(probe: Probe, effects: Sequence[Effect], rows: Mapping[str, LedgerRow]) -> str:
    if probe.written:
        return f"The key {probe.key} was not in {LEDGER}: it never happened, and now never can."
    row = rows.get(probe.key)
    if row is not None:
        doubts = row.doubts(effects)
        marked = inert(row.status, limit=40) + (f", {doubts}" if doubts else "")
        found = "" if doubts else records_in_words(row.outcomes(effects))
        return f"The key {probe.key} is in {LEDGER}, marked {marked}{found}."
    if probe.taken:
        return f"The key {probe.key} is in {LEDGER}, in a row that you may not see."
    why = inert(probe.faults[0].message, limit=300)
    return f"The key {probe.key} could not be written into {LEDGER}: {why}"


def _undecided(group: EffectGroup, *evidence: str) -> Settlement:
    outcome = same_for_all(group, "unknown")
    return Settlement(outcome=outcome, by="nobody", evidence=evidence, ask_again=True)

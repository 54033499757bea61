"""Sending a group that is one transaction, or several in one call, with its key where it carries one."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite import body_of, prepare
from actwright.connectors.salesforce.composite_answer import outcome_of, unknown
from actwright.connectors.salesforce.duplicates import HEADER, duplicate_header
from actwright.connectors.salesforce.graph import graph_body, graph_outcome, graphs_of
from actwright.connectors.salesforce.ledger import KEY_TAKEN, effects_by_key, entry_of, ledger_key
from actwright.connectors.salesforce.ledger_rows import believed, read_rows
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import ActwrightError, OrgError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends groups as composite or graph calls.

    Attributes:
        client: The session's client.
        describe: Looks objects up.
        user: The id of the person whose session it is; rows of the ledger by anybody else are not believed.
    """

    client: OrgClient
    describe: Describer
    user: str

    def send(self, group: EffectGroup, key: str | None = None) -> GroupOutcome:
        """Send a group once; where its key turns out to be taken, return what became of it the first time.

        Raises:
            InputError: An effect does not fit the org's schema. Nothing was sent.
            RefusedError: The group cannot be carried that way. Nothing was sent.
            OrgError: Nothing was sent, or the org refused the call as a whole.
        """
        outcome = self._graphs(group, key) if group.carrier == "graph" else self._writes(group, key)
        taken = {each.effect_id for each in outcome.outcomes if _key_taken(each)}
        if key is None or not taken:
            return outcome
        return self._first_time(group, key, outcome, taken)

    def _writes(self, group: EffectGroup, key: str | None) -> GroupOutcome:
        writes = prepare(group, self.describe, self.client.object_path)
        whole = None if key is None else ledger_key(key)
        entry = entry_of(whole, group.effects, writes, self.client.object_path)
        body = body_of(writes, atomic=group.atomic, entry=entry)
        answer = self.client.composite_write(body)
        return unknown(group) if answer is None else outcome_of(group, writes, answer, entry)

    def _graphs(self, group: EffectGroup, key: str | None) -> GroupOutcome:
        graphs = graphs_of(group, self.describe, self.client.object_path, key)
        headers = {HEADER: duplicate_header(allow_save=group.allow_duplicates)}
        answer = self.client.graph_write(graph_body(graphs), headers=headers)
        return unknown(group) if answer is None else graph_outcome(group, graphs, answer)

    def _first_time(
        self, group: EffectGroup, key: str, outcome: GroupOutcome, taken: set[str]
    ) -> GroupOutcome:
        """Put what the ledger says of the transactions whose key was taken in the place of this try's answer.

        Never raises: the first try may well have happened, and whoever heard an error would take it for not sent.
        """
        try:
            rows = read_rows(self.client, tuple(effects_by_key(group, key)), self.user)
        except OrgError:
            rows = {}
        told = {
            each.effect_id: each
            for name, effects in effects_by_key(group, key).items()
            for each in (rows[name].outcomes(effects) if name in rows else ())
        }
        ordered = tuple(
            (told.get(each.effect_id) or EffectOutcome(effect_id=each.effect_id, status="unknown"))
            if each.effect_id in taken
            else each
            for each in outcome.outcomes
        )
        try:
            outcomes = believed(group, ordered, self.describe)
        except ActwrightError:
            return unknown(group, api_calls=outcome.api_calls + 1)
        update = {"outcomes": outcomes, "api_calls": outcome.api_calls + 1}
        return outcome.model_copy(update=update)


def _key_taken(outcome: EffectOutcome) -> bool:
    return any(each.code == KEY_TAKEN for each in outcome.faults)

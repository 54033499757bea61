"""A Salesforce org behind the house's port: reads for everybody, writes for the orchestrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from actwright.clock import Clock, SystemClock
from actwright.connectors.salesforce.answer import OrgJson
from actwright.connectors.salesforce.bulk import BulkSender
from actwright.connectors.salesforce.bulk_settling import BulkSettler
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe_cache import DescribeCache
from actwright.connectors.salesforce.identity import who_am_i
from actwright.connectors.salesforce.ledger import LEDGER
from actwright.connectors.salesforce.picklist_values import PicklistCache
from actwright.connectors.salesforce.questions import all_rows, ask, row_id, row_value, total_size
from actwright.connectors.salesforce.raw_query import raw_rows
from actwright.connectors.salesforce.readback import Readback
from actwright.connectors.salesforce.recovering import LedgerAccess, recovery_of
from actwright.connectors.salesforce.rehearsal import Rehearser
from actwright.connectors.salesforce.sending import Sender
from actwright.connectors.salesforce.settling import Settler
from actwright.connectors.salesforce.snapshots import SnapshotReader
from actwright.connectors.salesforce.soql import Column, render, render_count
from actwright.errors import InputError, RefusedError
from actwright.org.effect import EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import Record, RecordRead, RecordSnapshot, Row, SendProgress, Submitted
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue
from actwright.org.settlement import Recovery, Settlement


class SalesforceOrg:
    """Implements `actwright.org.ports.Org` over one session.

    Args:
        client: The session's client.
        cache_dir: Where schemas are kept between processes; None keeps them in memory only.
        clock: The time.
        local: Whether it is a local org this program started, whose address is another one each time.

    Raises:
        OrgError: The org cannot be asked who is logged in.
    """

    def __init__(
        self,
        client: OrgClient,
        *,
        cache_dir: Path | None = None,
        clock: Clock | None = None,
        local: bool = False,
    ) -> None:
        clock = clock or SystemClock()
        self._client = client
        self._who, folder = who_am_i(client, cache_dir, clock, local=local)
        self._schema = DescribeCache(client, folder, clock)
        self._picklists = PicklistCache(client, folder, clock)
        self._snapshots = SnapshotReader(client, self._schema.describe)
        self._ledger = LedgerAccess(partial(self._schema.describe, LEDGER, counted=False), clock)

    @property
    def identity(self) -> OrgIdentity:
        """Which org this is."""
        return self._who.org

    @property
    def user(self) -> RunningUser:
        """Whose rights count."""
        return self._who.user

    @property
    def api_calls(self) -> int:
        """API calls made so far, without logins and describe revalidation."""
        return self._client.api_calls

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects the user may see.

        Raises:
            OrgError: The org cannot be asked.
        """
        return self._schema.objects()

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self._schema.describe(name)

    def refresh(self) -> None:
        """Revalidate the cached schema, so that a permission changed a second ago counts.

        Raises:
            OrgError: The org cannot be asked.
        """
        self._schema.refresh()
        self._picklists.refresh()
        self._ledger.refresh()

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object offers for one record type, by field name.

        Raises:
            NotFoundError: The object or the record type is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self._picklists.values(object_name, record_type)

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries in as few calls as the org allows, in the given order.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        if not queries:
            return []
        rendered = [render(each, self._schema.describe) for each in queries]
        bodies = ask(self._client, [soql for soql, _ in rendered])
        return [
            self._records(query, columns, body)
            for query, (_, columns), body in zip(queries, rendered, bodies, strict=True)
        ]

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has, without reading them; its limit does not count.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        body = ask(self._client, [render_count(query, self._schema.describe)])[0]
        return total_size(body)

    def soql(self, text: str) -> list[Row]:
        """Return the rows of a query in SOQL, with parents and children nested.

        Raises:
            InputError: The query is empty or too long.
            OrgError: The org cannot be asked, or refuses the query.
        """
        return raw_rows(self._client, text)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return versions, values and access of records by id; a record that is gone or hidden is absent.

        Raises:
            InputError: An object, a field or an id does not fit.
            OrgError: The org cannot be asked.
        """
        return self._snapshots.read(reads)

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Carry out one effect group by its carrier; a lost answer gives outcomes ``unknown``, never a retry.

        Args:
            group: What to send.
            progress: Told how many effects have been dealt with.
            submitted: Told the id of a bulk job, before any of its rows can be written.
            key: Written into the ledger in the same transaction; where it is there already, the outcome is that of
                the time it was written.

        Raises:
            InputError: An effect does not fit the org's schema. Nothing was sent.
            RefusedError: The group cannot be carried that way, or cannot carry the key. Nothing was sent.
            OrgError: Nothing was sent, or the org refused the call as a whole.
        """
        self._check_org(group)
        if key is not None:
            self._check_key(group)
        if group.carrier == "bulk":
            return BulkSender(self._client, self._schema.describe).send(group, progress, submitted)
        outcome = self._sender.send(group, key)
        if progress is not None:
            progress(len(group.effects))
        return outcome

    def recovery(self, group: EffectGroup | None = None) -> Recovery:
        """Return how the group could be settled if its answer were lost; without a group, how most could.

        Raises:
            OrgError: The org cannot be asked.
        """
        return recovery_of(group, self._ledger.lacking())

    def settle(
        self,
        group: EffectGroup,
        key: str | None = None,
        job_id: str | None = None,
        *,
        since: datetime | None = None,
        resend: bool = True,
    ) -> Settlement:
        """Find out what became of a group whose answer was lost; what is decided stays so.

        Args:
            group: What was sent.
            key: What it was sent under; None where it carried none, whatever the org could do today.
            job_id: The bulk job, where one had been opened.
            since: When the group's intent was written down; narrows the search for records it may have made.
            resend: Whether a group of upserts may be sent again; else the records are read, for the run is to end.

        Raises:
            InputError: The group is meant for another org.
            OrgError: The org cannot be asked. Nothing was decided.
        """
        self._check_org(group)
        describe, readback = self._schema.describe, Readback(self)
        if group.carrier == "bulk":
            return BulkSettler(self._client, describe, readback).settle(group, job_id, since)
        settler = Settler(self._client, self._sender, readback)
        if key is not None:
            return settler.by_ledger(group, key, since)
        if recovery_of(group, ("It carried no key.",)).by == "key":
            return settler.by_key(group, since, resend=resend)
        return settler.by_nobody(group, since)

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Let the org try a group inside transactions that cannot commit.

        Raises:
            InputError: An effect does not fit the org's schema, or the group is meant for another org.
            RefusedError: Not all of the group could be taken back. Nothing was sent.
            OrgError: The org cannot be asked, or refused the call as a whole. Nothing was written.
            OrgProtocolError: The org's answer does not prove that nothing was written.
        """
        self._check_org(group)
        return Rehearser(self._client, self._schema.describe).rehearse(group)

    @property
    def _sender(self) -> Sender:
        return Sender(self._client, self._schema.describe, self.user.id)

    def _check_org(self, group: EffectGroup) -> None:
        if group.org != self.identity.id:
            raise InputError(
                f"The group is meant for the org {group.org[:40]!r}, and this is {self.identity.id}.",
                where=f"group {group.id}",
                hint="Log in to the org the preview was made for.",
            )

    def _check_key(self, group: EffectGroup) -> None:
        how = self.recovery(group)
        if how.by != "ledger":
            raise RefusedError(
                f"The group cannot carry a key: {how.reason}",
                where=f"group {group.id}",
                hint="`actwright doctor` says what the ledger lacks; or send the group without a key.",
                code="ledger_unusable",
            )

    def _records(
        self, query: RecordQuery, columns: Sequence[Column], body: OrgJson
    ) -> Sequence[Record]:
        schema = self._schema.describe(query.object)
        wanted = list(zip(query.fields, columns, strict=True))
        return [
            Record(
                object=schema.name,
                id=row_id(row, schema),
                values={path: row_value(row, each) for path, each in wanted},
            )
            for row in all_rows(self._client, body, query.limit)
        ]

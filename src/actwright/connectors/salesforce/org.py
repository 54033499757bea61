"""A Salesforce org behind the house's port: reads for everybody, writes for the orchestrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from actwright.clock import Clock, SystemClock
from actwright.connectors.salesforce.answer import OrgJson
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite import body_of, prepare
from actwright.connectors.salesforce.composite_answer import outcome_of, unknown
from actwright.connectors.salesforce.describe_cache import DescribeCache
from actwright.connectors.salesforce.identity import who_am_i
from actwright.connectors.salesforce.questions import all_rows, ask, row_id, row_value
from actwright.connectors.salesforce.raw_query import raw_rows
from actwright.connectors.salesforce.snapshots import SnapshotReader
from actwright.connectors.salesforce.soql import Column, render
from actwright.errors import InputError
from actwright.org.effect import EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import Record, RecordRead, RecordSnapshot, Row
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary


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
        self._snapshots = SnapshotReader(client, self._schema.describe)

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

    def send(self, group: EffectGroup) -> GroupOutcome:
        """Carry out one effect group in one call; a lost answer gives outcomes ``unknown``, never a retry.

        Raises:
            InputError: An effect does not fit the org's schema. Nothing was sent.
            RefusedError: The group cannot be one transaction. Nothing was sent.
            OrgError: Nothing was sent, or the org refused the call as a whole.
        """
        if group.org != self.identity.id:
            raise InputError(
                f"The group is meant for the org {group.org[:40]!r}, and this is {self.identity.id}.",
                where=f"group {group.id}",
                hint="Log in to the org the preview was made for.",
            )
        writes = prepare(group, self._schema.describe, self._client.object_path)
        answer = self._client.composite_write(body_of(writes, atomic=group.atomic))
        return unknown(group) if answer is None else outcome_of(group, writes, answer)

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

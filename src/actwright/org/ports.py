"""The ports to an org: what the house needs from a connector, and nothing of how it gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from actwright.canonical import Json
from actwright.org.effect import EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.outcome import GroupOutcome
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue
from actwright.org.settlement import Recovery, Settlement
from actwright.org.value import FieldValue

SendProgress: TypeAlias = Callable[[int], None]
"""Told how many effects of a group have been dealt with so far."""

Submitted: TypeAlias = Callable[[str], None]
"""Told the id the org gave a bulk job, before any of its rows can be written."""

Row: TypeAlias = dict[str, Json]
"""One row of a person's own query, as the org tells it; parents are objects, children are lists of rows."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of an answer: values by field path as asked for, in their families' forms."""

    object: str
    id: str
    values: Mapping[str, FieldValue]

    @property
    def name(self) -> str | None:
        """The value of the asked-for name field, if ``Name`` was among the fields."""
        value = self.values.get("Name")
        return str(value) if value is not None else None


@dataclass(frozen=True, slots=True)
class RecordRead:
    """Which records of one object to read, and which of their fields."""

    object: str
    ids: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordSnapshot:
    """One record as it stands: version, values, and what the running user may do with it.

    ``editable`` and ``deletable`` are None where the org has no record-level answer for the object.
    """

    object: str
    id: str
    version: str
    name: str | None
    values: Mapping[str, FieldValue]
    editable: bool | None
    deletable: bool | None


class OrgReader(Protocol):
    """Read-only access to one org, with one person's rights. Everything before the confirmation gets only this."""

    @property
    def identity(self) -> OrgIdentity:
        """Which org this is."""
        ...

    @property
    def user(self) -> RunningUser:
        """Whose rights count."""
        ...

    @property
    def api_calls(self) -> int:
        """API calls made so far, without logins and describe revalidation."""
        ...

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects the user may see.

        Raises:
            OrgError: The org cannot be asked.
        """
        ...

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        ...

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries in as few calls as the org allows, in the given order.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        ...

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has, without reading them; its limit does not count.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        ...

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object offers for one record type, by field name.

        Args:
            object_name: The object, in any case.
            record_type: The record type's id.

        Raises:
            NotFoundError: The object or the record type is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        ...

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return versions, values and access of records by id; a record that is gone or hidden is absent.

        Raises:
            OrgError: The org cannot be asked.
        """
        ...


class SoqlReader(Protocol):
    """Answers a query a person wrote. Planners and implementations never get it: theirs are typed."""

    def soql(self, text: str) -> list[Row]:
        """Return the rows of a query in SOQL, with parents and children nested.

        Raises:
            InputError: The query is empty or too long.
            OrgError: The org cannot be asked, or refuses the query.
        """
        ...


class Recoverable(Protocol):
    """Tells beforehand how a lost answer could be settled. It reads nothing but the schema."""

    def recovery(self, group: EffectGroup | None = None) -> Recovery:
        """Return how the group could be settled if its answer were lost; without a group, how most could.

        Ask before the group's intent is written down, and write the answer down with it.

        Raises:
            OrgError: The org cannot be asked.
        """
        ...


class Org(OrgReader, Recoverable, Protocol):
    """An org that can also be written to. Only the orchestrator holds one."""

    def refresh(self) -> None:
        """Revalidate the cached schema, so that a permission changed a second ago counts."""
        ...

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
            key: Written into the org's ledger in the same transaction, once; only for a group whose `recovery` is
                ``ledger``. Where it was written before, the outcome is that of the first time.

        Raises:
            RefusedError: The group cannot carry the key. Nothing was sent.
            OrgError: Nothing was sent, or the org refused the call as a whole.
        """
        ...

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

        With a key it decides by writing: the key goes into the ledger, marked abandoned. Where that succeeds, the group
        has not happened and never can; where the key is taken, the group did happen. A bulk job that was never closed
        is given up. Without either, a group of upserts is sent again. All else is read back, for a person to decide.

        Args:
            group: What was sent.
            key: What it was sent under; None where it carried none, whatever the org could do today.
            job_id: The bulk job, where one had been opened.
            since: When the group's intent was written down; narrows the search for records it may have made.
            resend: Whether a group of upserts may be sent again; else the records are read, for the run is to end.

        Raises:
            OrgError: The org cannot be asked. Nothing was decided.
        """
        ...


class Rehearsal(Protocol):
    """Lets the org try a group inside a transaction that cannot commit. Handed out where a person asked for it only.

    What the org does outside its transaction is not taken back: mails and callouts its automation sends at once, and
    numbers its auto-number fields have given out.
    """

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return what would become of a group: ``rolled_back`` for what would work, ``failed`` with faults for the rest.

        Raises:
            RefusedError: The group's carrier has no transaction to take back.
            OrgError: The org cannot be asked, or refused the call as a whole. Nothing was written.
            OrgProtocolError: The org's answer does not prove that nothing was written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Grantor:
    """A permission set or profile that grants what the person lacks."""

    kind: Literal["permission set", "profile"]
    name: str


@dataclass(frozen=True, slots=True)
class PermissionAsk:
    """A right the person lacks: on an object, or on one field of it."""

    object: str
    right: Literal["read", "create", "edit", "delete"]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who could grant a right; empty where nobody can tell."""

    ask: PermissionAsk
    grantors: tuple[Grantor, ...] = field(default=())


class AccessExplainer(Protocol):
    """Says who could grant a right; a separate read-only connection, since most people may not read that."""

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:
        """Return an explanation for each ask, in order; never raises for a right nobody grants.

        Raises:
            OrgError: The org cannot be asked.
        """
        ...

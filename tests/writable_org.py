"""The org in memory, written to: keys, tombstones, settlement, and calls that fail the way an org's do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from tests.memory_org import MemoryOrg, demo_org

from actwright.errors import OrgBusyError, OrgUnreachableError, RefusedError
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome
from actwright.org.ports import RecordRead, RecordSnapshot, SendProgress, Submitted
from actwright.org.record_id import record_id
from actwright.org.settlement import Recovery, Settlement, same_for_all
from actwright.org.setup_objects import is_setup_object
from actwright.org.value import FieldValue

Trouble = Literal["lost after commit", "lost before commit", "late", "locked", "busy", "refused"]
"""How a call fails. ``late``: the answer is lost, and the org carries the call out when `deliver_late` is called."""

_LOCKED = Fault(code="UNABLE_TO_LOCK_ROW", message="unable to obtain exclusive access")


class _RolledBackError(Exception):
    """A transaction was taken back; ``culprit`` is the effect that failed."""

    def __init__(self, culprit: str, fault: Fault) -> None:
        super().__init__(fault.message)
        self.culprit = culprit
        self.fault = fault


@dataclass
class WritableOrg(MemoryOrg):
    """An org in memory that carries groups out.

    Attributes:
        ledger: Whether it has a ledger the user may write to.
        troubles: What happens to the next sends, first come first served.
        settle_troubles: What happens to the next settlements: ``locked`` and ``busy`` are known.
        sent: Ids of the groups that reached the org, in order, each time.
        keys: The ledger: by key, the ids it created, or None where it was abandoned.
        jobs: By id, the groups of bulk jobs, and whether they were carried out.
        on_send: Called just before a group reaches the org; a test may raise or wait in it.
    """

    ledger: bool = True
    troubles: list[Trouble] = field(default_factory=list)
    settle_troubles: list[Trouble] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    keys: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    jobs: dict[str, tuple[EffectGroup, GroupOutcome]] = field(default_factory=dict)
    on_send: Callable[[EffectGroup], None] | None = None
    _late: list[tuple[EffectGroup, str | None]] = field(default_factory=list)
    _versions: dict[str, datetime] = field(default_factory=dict)
    _writes: int = 0

    def refresh(self) -> None:
        """Nothing is cached."""

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return the records as they stand, all of them the user's to change."""
        self.api_calls += 1
        found = ((each, self._row(each.object, one)) for each in reads for one in each.ids)
        return {str(row["Id"]): self._snapshot(each, row) for each, row in found if row is not None}

    def recovery(self, group: EffectGroup | None = None) -> Recovery:
        """Say how a group could be settled."""
        if group is not None and group.carrier == "bulk":
            return Recovery(by="job", reason="A bulk job has an id.")
        setup = group is not None and any(is_setup_object(each.object) for each in group.effects)
        if self.ledger and not setup:
            return Recovery(by="ledger", reason="The org keeps a ledger.")
        if group is not None and all(each.operation == "UPSERT" for each in group.effects):
            return Recovery(by="key", reason="Upserts may be sent again.")
        return Recovery(by="nobody", reason="The org has no ledger.")

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Carry a group out, or let the next trouble happen to it."""
        if key is not None and self.recovery(group).by != "ledger":
            raise RefusedError("This group cannot carry a key.", where=f"group {group.id}")
        if self.on_send is not None:
            self.on_send(group)
        self.api_calls += 1
        trouble = self.troubles.pop(0) if self.troubles else None
        if group.carrier == "bulk":
            return self._job(group, submitted, trouble)
        outcome = self._troubled(group, key, trouble)
        if progress is not None:
            progress(len(group.effects))
        return outcome

    def settle(
        self,
        group: EffectGroup,
        key: str | None = None,
        job_id: str | None = None,
        *,
        since: datetime | None = None,
        resend: bool = True,
    ) -> Settlement:
        """Write the key, ask for the job, send upserts again, or leave it to a person."""
        del since
        self.api_calls += 1
        trouble = self.settle_troubles.pop(0) if self.settle_troubles else None
        if trouble == "busy":
            raise OrgBusyError("The org is busy.", hint="Wait a little.")
        if trouble is not None:
            lost = same_for_all(group, "unknown")
            return Settlement(
                outcome=lost, by="nobody", evidence=("The row is locked.",), ask_again=True
            )
        if group.carrier == "bulk":
            outcome = self.jobs[job_id][1] if job_id else same_for_all(group, "not_sent")
            return Settlement(outcome=outcome, by="job")
        if key is not None:
            return Settlement(outcome=self._probed(group, key), by="ledger")
        if self.recovery(group).by == "key" and resend:
            return Settlement(outcome=self._carried_out(group, None), by="key")
        evidence = tuple(f"{each.object} {each.record_id}: read back." for each in group.effects)
        return Settlement(outcome=same_for_all(group, "unknown"), by="nobody", evidence=evidence)

    def deliver_late(self) -> list[GroupOutcome]:
        """Carry out what was on its way all the time, and return what became of it."""
        late, self._late = self._late, []
        return [self._carried_out(group, key) for group, key in late]

    def _troubled(
        self, group: EffectGroup, key: str | None, trouble: Trouble | None
    ) -> GroupOutcome:
        if trouble == "busy":
            raise OrgBusyError("The org is busy.", hint="Wait a little.")
        if trouble == "refused":
            raise OrgUnreachableError("The org cannot be reached.", hint="Try again.")
        if trouble == "locked":
            outcomes = (
                EffectOutcome(effect_id=each.id, status="failed", faults=(_LOCKED,))
                for each in group.effects
            )
            return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes), api_calls=1)
        if trouble == "late":
            self._late.append((group, key))
        if trouble is None or trouble == "lost after commit":
            outcome = self._carried_out(group, key)
        return outcome if trouble is None else same_for_all(group, "unknown", api_calls=1)

    def _job(
        self, group: EffectGroup, submitted: Submitted | None, trouble: Trouble | None
    ) -> GroupOutcome:
        job = record_id(f"750{len(self.jobs) + 1:012}")
        self.jobs[job] = (group, same_for_all(group, "not_sent", job_id=job))
        if submitted is not None:
            submitted(job)
        if trouble != "lost before commit":
            done = self._carried_out(group, None).model_copy(update={"job_id": job})
            self.jobs[job] = (group, done)
        return self.jobs[job][1] if trouble is None else same_for_all(group, "unknown", job_id=job)

    def _probed(self, group: EffectGroup, key: str) -> GroupOutcome:
        outcomes: dict[str, EffectOutcome] = {}
        for name, part in _parts(group, key):
            made = self.keys.setdefault(str(name), None)
            for each, one in zip(part, made or [None] * len(part), strict=True):
                status: Literal["done", "not_sent"] = "not_sent" if made is None else "done"
                outcomes[each.id] = EffectOutcome(
                    effect_id=each.id,
                    status=status,
                    record_id=one or each.record_id,
                    created=made is not None and verb_of(each) == "POST",
                )
        ordered = tuple(outcomes[each.id] for each in group.effects)
        return GroupOutcome(group_id=group.id, outcomes=ordered, api_calls=1)

    def _carried_out(self, group: EffectGroup, key: str | None) -> GroupOutcome:
        self.sent.append(group.id)
        outcomes: dict[str, EffectOutcome] = {}
        for name, part in _parts(group, key):
            outcomes |= {each.effect_id: each for each in self._transaction(name, part)}
        ordered = tuple(outcomes[each.id] for each in group.effects)
        return GroupOutcome(group_id=group.id, outcomes=ordered, api_calls=1)

    def _transaction(self, key: str | None, part: Sequence[Effect]) -> list[EffectOutcome]:
        if key is not None and key in self.keys:
            return self._probed_again(key, part)
        before = deepcopy(self.rows)
        try:
            refs: dict[str, str] = {}
            done = [self._written(each, refs) for each in part]
        except _RolledBackError as error:
            self.rows = before
            return [_undone(each, error) for each in part]
        if key is not None:
            self.keys[key] = tuple(str(each.record_id) for each in done)
        return done

    def _probed_again(self, key: str, part: Sequence[Effect]) -> list[EffectOutcome]:
        alone = EffectGroup(id="again", org=self.identity.id, effects=tuple(part))
        return list(self._probed(alone, key).outcomes)

    def _written(self, effect: Effect, refs: dict[str, str]) -> EffectOutcome:
        rows = self.rows.setdefault(effect.object, [])
        self._writes += 1
        if verb_of(effect) == "POST":
            prefix = self.schemas[effect.object].key_prefix or "0ZZ"
            row: dict[str, object] = {"Id": record_id(f"{prefix}9{self._writes:011}")}
            rows.append(row)
        else:
            row = self._existing(effect)
        if effect.operation == "DELETE":
            rows.remove(row)
        row |= {each.field: refs.get(each.linked_to or "", each.after) for each in effect.changes}
        found = str(row["Id"])
        refs |= {effect.ref: found} if effect.ref else {}
        self._versions[found] = self._version(found) + timedelta(seconds=1)
        made = verb_of(effect) == "POST"
        return EffectOutcome(effect_id=effect.id, status="done", record_id=found, created=made)

    def _existing(self, effect: Effect) -> dict[str, object]:
        row = self._row(effect.object, str(effect.record_id))
        if row is None:
            raise _RolledBackError(
                effect.id, Fault(code="ENTITY_IS_DELETED", message="entity is deleted")
            )
        if effect.version and effect.version != self._version(str(row["Id"])).isoformat():
            stale = Fault(code="PRECONDITION_FAILED", message="The record changed.")
            raise _RolledBackError(effect.id, stale)
        return row

    def _row(self, name: str, key: str) -> dict[str, object] | None:
        rows = self.rows.get(name, [])
        return next((each for each in rows if each["Id"] == record_id(key)), None)

    def _version(self, key: str) -> datetime:
        return self._versions.get(key, datetime(2026, 11, 1, tzinfo=UTC))

    def _snapshot(self, read: RecordRead, row: dict[str, object]) -> RecordSnapshot:
        values = {
            each: cast("FieldValue", self._value(read.object, row, each)) for each in read.fields
        }
        name = row.get("Name") or row.get("Subject")
        return RecordSnapshot(
            object=read.object,
            id=str(row["Id"]),
            version=self._version(str(row["Id"])).isoformat(),
            name=None if name is None else str(name),
            values=values,
            editable=True,
            deletable=True,
        )


def _parts(group: EffectGroup, key: str | None) -> Iterator[tuple[str | None, list[Effect]]]:
    """Yield each transaction of a group under a key of its own."""
    effects = {each.id: each for each in group.effects}
    if group.carrier == "bulk":
        yield from ((None, [each]) for each in group.effects)
        return
    for place, part in enumerate(group.parts or (tuple(effects),)):
        suffix = f":{place}" if group.parts else ""
        yield (None if key is None else key + suffix), [effects[each] for each in part]


def _undone(effect: Effect, error: _RolledBackError) -> EffectOutcome:
    if effect.id == error.culprit:
        return EffectOutcome(effect_id=effect.id, status="failed", faults=(error.fault,))
    return EffectOutcome(effect_id=effect.id, status="rolled_back")


def writable_org(alias: str = "alice") -> WritableOrg:
    """Return the demo org in memory, to be written to by one of its people."""
    demo = demo_org(alias)
    return WritableOrg(demo.rows, demo.schemas, demo.user)

"""What a ``/composite`` call answered, read into outcomes; what cannot be told for sure is ``unknown``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import Answer, OrgJson, mapping, rows
from actwright.connectors.salesforce.draft import Write
from actwright.connectors.salesforce.errors import faults_of
from actwright.errors import OrgProtocolError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.org.record_id import record_id

_PRECONDITION = 412
_SEVERAL = 300
_HALTED = frozenset({"PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK"})


@dataclass(frozen=True, slots=True)
class Part:
    """The answer to one subrequest."""

    status: int
    body: OrgJson

    @property
    def ok(self) -> bool:
        """Whether the subrequest succeeded."""
        return 200 <= self.status < _SEVERAL  # noqa: PLR2004 - HTTP's own border

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Why it failed; never empty for one that did."""
        if self.status == _PRECONDITION:
            return (
                Fault(code="PRECONDITION_FAILED", message="The record changed since it was read."),
            )
        if self.status == _SEVERAL:
            return (
                Fault(code="MULTIPLE_CHOICES", message="Several records carry that external id."),
            )
        return faults_of(self.body) or (
            Fault(code=f"HTTP_{self.status}", message="The org gave no reason."),
        )

    @property
    def halted(self) -> bool:
        """Whether it failed only because another subrequest did."""
        return any(each.code in _HALTED for each in self.faults)


def parts_of(answer: Answer, references: Sequence[str]) -> Mapping[str, Part]:
    """Return the parts of a composite's answer by reference.

    Raises:
        OrgProtocolError: It is no composite answer, or not one part a reference.
    """
    body = mapping(answer.json(), "composite")
    entries = rows(body.get("compositeResponse"), "compositeResponse")
    parts = {str(each.get("referenceId")): _part(each) for each in entries}
    if len(entries) != len(references) or set(parts) != set(references):
        raise OrgProtocolError(
            "The org's answer does not cover each request once.", where="compositeResponse"
        )
    return parts


def unknown(group: EffectGroup, *, api_calls: int = 1) -> GroupOutcome:
    """Return the outcome of a group whose answer was lost."""
    outcomes = tuple(EffectOutcome(effect_id=each.id, status="unknown") for each in group.effects)
    return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=api_calls)


def outcome_of(group: EffectGroup, writes: Sequence[Write], answer: Answer) -> GroupOutcome:
    """Return what became of a group; every effect ``unknown`` where the answer cannot be read or contradicts itself.

    Never raises: whatever is wrong with the answer, the group was sent.
    """
    references = [str(part["referenceId"]) for each in writes for part in each.subrequests]
    try:
        parts = parts_of(answer, references)
        outcomes = {each.effect.id: _outcome(each, parts) for each in writes}
    except Exception:  # noqa: BLE001 - a failure to read proves nothing about what the org did
        return unknown(group)
    ordered = tuple(outcomes[each.id] for each in group.effects)
    if group.atomic and _contradictory(ordered):
        return unknown(group)
    return GroupOutcome(group_id=group.id, outcomes=ordered, api_calls=1)


def _contradictory(outcomes: Sequence[EffectOutcome]) -> bool:
    """Tell whether an all-or-none answer claims that some of it happened, or that nothing failed on its own."""
    statuses = {each.status for each in outcomes}
    return (len(statuses) > 1 and "done" in statuses) or statuses == {"rolled_back"}


def _outcome(write: Write, parts: Mapping[str, Part]) -> EffectOutcome:
    own = [parts[str(each["referenceId"])] for each in write.subrequests]
    failed = [each for each in own if not each.ok]
    if not failed:
        return _done(write, own[-1])
    culprit = next((each for each in failed if not each.halted), None)
    status: EffectStatus = "rolled_back" if culprit is None else "failed"
    return EffectOutcome(
        effect_id=write.effect.id,
        status=status,
        record_id=write.effect.record_id,
        faults=(culprit or failed[0]).faults,
    )


def _done(write: Write, part: Part) -> EffectOutcome:
    return EffectOutcome(
        effect_id=write.effect.id,
        status="done",
        record_id=_new_id(write, part)
        if write.creates
        else record_id(write.effect.record_id or ""),
        created=write.creates,
    )


def _new_id(write: Write, part: Part) -> str:
    body = mapping(part.body, write.reference)
    prefixes = (write.schema.key_prefix,) if write.schema.key_prefix else ()
    return record_id(str(body.get("id")), prefixes=prefixes)


def _part(entry: Mapping[str, OrgJson]) -> Part:
    status = entry.get("httpStatusCode")
    if not isinstance(status, int) or isinstance(status, bool):
        raise OrgProtocolError("A part of the org's answer has no status.", where="httpStatusCode")
    return Part(status, entry.get("body"))

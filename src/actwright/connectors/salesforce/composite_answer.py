"""What a ``/composite`` call answered, read into outcomes; what cannot be told for sure is ``unknown``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import Answer, OrgJson, mapping, rows
from actwright.connectors.salesforce.collections import (
    RowAnswer,
    RowsWrite,
    proven_id,
    row_answers,
)
from actwright.connectors.salesforce.draft import Write
from actwright.connectors.salesforce.errors import faults_of
from actwright.connectors.salesforce.ledger import NO_ENTRY, Entry, key_refused
from actwright.errors import OrgProtocolError
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.org.record_id import record_id

_PRECONDITION = 412
_SEVERAL = 300
_WRITTEN = frozenset({200, 201, 204})
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
    return parts_within(answer.json(), references)


def parts_within(document: OrgJson, references: Sequence[str]) -> Mapping[str, Part]:
    """Return the parts of a composite's answer, or of one graph's, by reference.

    Raises:
        OrgProtocolError: It is no composite answer, or not one part a reference.
    """
    body = mapping(document, "composite")
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


def outcome_of(
    group: EffectGroup,
    writes: Sequence[Write | RowsWrite],
    answer: Answer,
    entry: Entry = NO_ENTRY,
) -> GroupOutcome:
    """Return what became of a group; every effect ``unknown`` where the answer cannot be read or contradicts itself.

    Never raises: whatever is wrong with the answer, the group was sent.
    """
    references = [str(part["referenceId"]) for each in writes for part in each.subrequests]
    try:
        parts = parts_of(answer, [*references, *entry.references])
        found = transaction_outcomes(writes, parts, entry)
    except Exception:  # noqa: BLE001 - a failure to read proves nothing about what the org did
        return unknown(group)
    outcomes = {each.effect_id: each for each in found}
    ordered = tuple(outcomes[each.id] for each in group.effects)
    if made_twice(group, ordered) or (group.atomic and contradictory(ordered)):
        return unknown(group)
    return GroupOutcome(group_id=group.id, outcomes=ordered, api_calls=1)


def transaction_outcomes(
    writes: Sequence[Write | RowsWrite], parts: Mapping[str, Part], entry: Entry
) -> tuple[EffectOutcome, ...]:
    """Return what became of one transaction's effects, its row in the ledger included.

    Raises:
        OrgProtocolError: The answer cannot be read, or says that the row and the effects fared differently.
    """
    found = tuple(each for write in writes for each in outcomes_of(write, parts))
    kept = [parts[each] for each in entry.references]
    failed = [each for each in kept if not each.ok]
    if bool(kept) and bool(failed) == all(each.status == "done" for each in found):
        raise OrgProtocolError("The ledger and the effects fared differently.", where="ledger")
    culprit = next((each for each in failed if not each.halted), None)
    if culprit is None:
        return found
    if any(each.status != "rolled_back" for each in found):
        raise OrgProtocolError("Two requests of one transaction failed.", where="ledger")
    faults = key_refused(culprit.faults)
    return tuple(each.model_copy(update={"status": "failed", "faults": faults}) for each in found)


def contradictory(outcomes: Sequence[EffectOutcome]) -> bool:
    """Tell whether an all-or-none answer claims that some of it happened, or that nothing failed on its own."""
    statuses = {each.status for each in outcomes}
    return (len(statuses) > 1 and "done" in statuses) or statuses == {"rolled_back"}


def made_twice(group: EffectGroup, outcomes: Sequence[EffectOutcome]) -> bool:
    """Tell whether an answer gives one id to two new records, or to a new one and one that was there.

    Whoever believed it would delete, when taking the create back, a record that the run did not make.
    """
    created = [each.record_id for each in outcomes if each.created]
    known = {record_id(each.record_id) for each in group.effects if each.record_id}
    return len(set(created)) < len(created) or not known.isdisjoint(created)


def outcomes_of(write: Write | RowsWrite, parts: Mapping[str, Part]) -> Iterator[EffectOutcome]:
    """Yield what became of each effect of a write.

    Raises:
        OrgProtocolError: The answer cannot be read.
    """
    if isinstance(write, Write):
        yield _outcome(write, parts)
        return
    part = parts[write.reference]
    if not part.ok and not _has_rows(part.body):
        yield from (_failed(each, part.faults) for each in write.effects)
        return
    for effect, answer in zip(write.effects, row_answers(write, part.body), strict=True):
        if answer.id is not None and not part.ok:
            raise OrgProtocolError("A refused request names rows it wrote.", where=write.reference)
        yield _row_outcome(effect, answer)


def _has_rows(body: OrgJson) -> bool:
    return isinstance(body, list) and any(isinstance(e, dict) and "success" in e for e in body)


def _row_outcome(effect: Effect, answer: RowAnswer) -> EffectOutcome:
    if answer.id is None:
        return _failed(effect, answer.faults)
    made = verb_of(effect) == "POST"
    return EffectOutcome(effect_id=effect.id, status="done", record_id=answer.id, created=made)


def _failed(effect: Effect, faults: tuple[Fault, ...]) -> EffectOutcome:
    """Return the outcome of an effect that failed, or was only taken back because another one did."""
    status: EffectStatus = (
        "rolled_back" if any(each.code in _HALTED for each in faults) else "failed"
    )
    return EffectOutcome(
        effect_id=effect.id, status=status, record_id=effect.record_id, faults=faults
    )


def _outcome(write: Write, parts: Mapping[str, Part]) -> EffectOutcome:
    own = [parts[str(each["referenceId"])] for each in write.subrequests]
    failed = [each for each in own if not each.ok]
    if not failed:
        return _done(write, own)
    culprit = next((each for each in failed if not each.halted), failed[0])
    return _failed(write.effect, culprit.faults)


def _done(write: Write, answered: Sequence[Part]) -> EffectOutcome:
    for look in answered[:-1]:
        _check_own(write, look)
    return EffectOutcome(
        effect_id=write.effect.id,
        status="done",
        record_id=_written(write, answered[-1]),
        created=verb_of(write.effect) == "POST",
    )


def _check_own(write: Write, look: Part) -> None:
    """Make sure that the read before a delete speaks of the record deleted.

    Raises:
        OrgProtocolError: It speaks of another one.
    """
    body = mapping(look.body, write.reference)
    if record_id(str(body.get("Id"))) != record_id(write.effect.record_id or ""):
        raise OrgProtocolError("The org's answer speaks of another record.", where=write.reference)


def _written(write: Write, part: Part) -> str:
    """Return the id of the record written; a change and a delete are answered without a word.

    Raises:
        OrgProtocolError: The answer proves no such thing.
    """
    if part.status not in _WRITTEN:
        raise OrgProtocolError("The org's answer is no answer to a write.", where=write.reference)
    if part.body in (None, "") and verb_of(write.effect) != "POST":
        return record_id(write.effect.record_id or "")
    body = mapping(part.body, write.reference)
    return proven_id(write.effect, write.schema, body, write.reference)


def _part(entry: Mapping[str, OrgJson]) -> Part:
    status = entry.get("httpStatusCode")
    if not isinstance(status, int) or isinstance(status, bool):
        raise OrgProtocolError("A part of the org's answer has no status.", where="httpStatusCode")
    return Part(status, entry.get("body"))

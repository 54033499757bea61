"""What an org would refuse, as issues of the actions that caused it."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.checkpoints.wording.effect_words import new_name
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import printable
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.outcome import EffectOutcome, Fault

ORG = "ORG"
"""The ``guardrail`` of an issue the org itself raised when it was let try."""

_DUPLICATES = "DUPLICATES_DETECTED"
_LONGEST = 600
_HINTS = {
    "UNABLE_TO_LOCK_ROW": "Somebody else is changing the same records; preview again in a moment.",
    "PRECONDITION_FAILED": "The record changed while it was previewed; preview again.",
    "DUPLICATE_VALUE": "Another record holds this unique value; choose another, or change that record.",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "The org's lookup filter refused the record; choose another.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "Ask the record's owner or an administrator for access.",
}
_HINT = "Change what the org's message names, or take the action out."


def refusal_issues(effect: Effect, outcome: EffectOutcome) -> Iterator[Issue]:
    """Yield an issue for each fault of one effect and each action it belongs to.

    Args:
        effect: What the org would refuse.
        outcome: Why.
    """
    faults = outcome.faults or (Fault(code="UNKNOWN", message="The org gave no reason."),)
    for action_id in (effect.action_id, *effect.also_for):
        for fault in faults:
            yield (
                _duplicate(effect, action_id, fault)
                if _is_duplicate(fault)
                else _refusal(effect, action_id, fault)
            )


def _refusal(effect: Effect, action_id: str, fault: Fault) -> Issue:
    return Issue(
        code="org_would_refuse",
        action_id=action_id,
        object=effect.object,
        field=_field(effect, fault),
        guardrail=ORG,
        message=f"{_title(effect)}: the org would refuse it: {_words(fault)}",
        hint=_HINTS.get(fault.code, _HINT),
        record_id=effect.record_id,
    )


def _duplicate(effect: Effect, action_id: str, fault: Fault) -> Issue:
    hint = (
        "Look at the records found; if it is none of them, say --allow-duplicates."
        if fault.overridable
        else "Use one of the records found, or change what makes them alike; this rule lets nobody override it."
    )
    return Issue(
        code="duplicate_found",
        action_id=action_id,
        object=effect.object,
        field=_field(effect, fault),
        guardrail=ORG,
        message=f"{_title(effect)}: {_found(fault)}. The org says: {_words(fault)}",
        hint=hint,
        record_id=effect.record_id,
        duplicates=fault.duplicates,
    )


def _is_duplicate(fault: Fault) -> bool:
    return fault.code == _DUPLICATES


def _found(fault: Fault) -> str:
    does = "warns" if fault.overridable else "blocks it"
    if not fault.duplicates:
        return f"a duplicate rule {does}: there are records like it"
    count = len(fault.duplicates)
    rule = printable(fault.duplicates[0].rule)
    others = "is 1 record" if count == 1 else f"are {count} records"
    return f"the duplicate rule {rule} {does}: there {others} like it"


def _words(fault: Fault) -> str:
    """Return the org's own message, on one line, and its code."""
    return f"{inert(fault.message, limit=_LONGEST)} ({printable(fault.code)})"


def _field(effect: Effect, fault: Fault) -> str | None:
    """Return the first field the org names, in the effect's own spelling; no record's text passes for a field."""
    known = (effect.change(each) for each in fault.fields)
    written = next((each.field for each in known if each is not None), None)
    named = (each for each in fault.fields if each.isascii() and each.isidentifier())
    return written or next(named, None)


def _title(effect: Effect) -> str:
    """Return what people call the record: object, name, and the id where there is one."""
    label = inert(effect.object_label or effect.object, limit=80)
    name = str(effect.record_name or new_name(effect) or "")
    called = f'{label} "{inert(name, limit=80)}"' if name else f"The new {label}"
    return f"{called} ({effect.record_id})" if effect.record_id else called

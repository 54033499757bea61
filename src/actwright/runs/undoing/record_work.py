"""The work of a run on each record: all its effects there taken together, whatever stages they belong to.

A record that was changed twice goes back to what it was before the first of them, and one that was created and changed
afterwards goes altogether.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actwright.org.effect import Effect, FieldChange
from actwright.org.value import FieldValue
from actwright.runs.undoing.accomplished import Accomplished


def record_work(done: Sequence[Accomplished]) -> tuple[Accomplished, ...]:
    """Return what was done with all effects on one record as one.

    A new record stands where it was created, any other where it was last written to. What overrides did by themselves,
    and what nobody knows to have happened, stays apart; a record the run itself created and deleted is no work left.

    Args:
        done: What happened, or may have, in the order it did.
    """
    work: dict[str, Accomplished] = {}
    for each in done:
        name = each.record_id if _certain(each) else f"apart:{each.keys[0]}"
        before = work.get(name)
        if before is None:
            work[name] = each
            continue
        together = _together(before, each)
        if together.created:
            work[name] = together
        else:
            del work[name]
            work[name] = together
    return tuple(each for each in work.values() if not _passing(each))


def _certain(done: Accomplished) -> bool:
    return done.effect.kind == "record" and done.status == "done" and bool(done.record_id)


def _passing(work: Accomplished) -> bool:
    return work.created and work.effect.operation == "DELETE"


def _together(first: Accomplished, then: Accomplished) -> Accomplished:
    base = first.effect if first.created and then.effect.operation != "DELETE" else then.effect
    changes = _changes(first, then)
    named = first.effect.record_name or then.effect.record_name
    planned = {each.label for each in changes}
    return replace(
        then,
        keys=(*first.keys, *then.keys),
        effect=base.model_copy(update={"changes": changes, "record_name": named}),
        created=first.created,
        observed={**_kept(first, then.effect), **then.observed},
        automated=tuple(
            each
            for each in dict.fromkeys((*first.automated, *then.automated))
            if each not in planned
        ),
    )


def _changes(first: Accomplished, then: Accomplished) -> tuple[FieldChange, ...]:
    """Return each field with its value before the first effect and after the last."""
    found = {each.field: each for each in first.effect.changes}
    for each in then.effect.changes:
        before = found.get(each.field)
        if before is not None:
            old = {"before": before.before, "before_text": before.before_text}
            found[each.field] = each.model_copy(update=old)
        else:
            found[each.field] = each
    return tuple(found.values())


def _kept(first: Accomplished, then: Effect) -> dict[str, FieldValue]:
    again = {each.field for each in then.changes}
    return {name: value for name, value in first.observed.items() if name not in again}

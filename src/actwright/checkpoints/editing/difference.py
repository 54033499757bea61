"""The difference between two previews: what an edit added, took away and changed, before anybody says yes to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from actwright.checkpoints.preview import Preview
from actwright.contract import Contract
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, FieldChange


class ChangedField(Contract):
    """One field that would be written otherwise than before the edit, or no longer, or only now."""

    action_id: str
    object: str
    record_id: str | None = None
    record_name: str | None = None
    field: str
    label: str
    old: FieldChange | None = None
    """What was to be written; None where the field was not to be touched."""
    new: FieldChange | None = None
    """What is to be written; None where the field is not to be touched any more."""


class Difference(Contract):
    """What lies between a preview and the one a person edited it into."""

    old_preview: str
    new_preview: str
    old_digest: str
    new_digest: str
    added: tuple[Effect, ...] = ()
    removed: tuple[Effect, ...] = ()
    changed: tuple[ChangedField, ...] = ()
    issues_come: tuple[Issue, ...] = ()
    issues_gone: tuple[Issue, ...] = ()
    old_question: str
    new_question: str

    @property
    def empty(self) -> bool:
        """Whether the two would do the same, for the same reasons."""
        found = (self.added, self.removed, self.changed, self.issues_come, self.issues_gone)
        return not any(found) and self.old_question == self.new_question


Key = tuple[str, str, str]


def difference(old: Preview, new: Preview) -> Difference:
    """Return what changed from one preview to another: effects are told apart by action and record, issues by what they say.

    Args:
        old: The preview before.
        new: The preview after.
    """
    before, after = _keyed(old.effects), _keyed(new.effects)
    come, gone = _apart(old.issues, new.issues)
    return Difference(
        old_preview=old.id,
        new_preview=new.id,
        old_digest=old.digest,
        new_digest=new.digest,
        added=tuple(each for key, each in after.items() if key not in before),
        removed=tuple(each for key, each in before.items() if key not in after),
        changed=tuple(_changed(before, after)),
        issues_come=come,
        issues_gone=gone,
        old_question=old.question,
        new_question=new.question,
    )


def _keyed(effects: Iterable[Effect]) -> dict[Key, Effect]:
    """Return effects by what they are about: a row keeps its record, whatever number it has got since."""
    return {_key(each): each for each in effects}


def _key(effect: Effect) -> Key:
    own: tuple[Literal["record", "effect"], str] = (
        ("record", effect.record_id) if effect.record_id else ("effect", effect.id)
    )
    return (f"{effect.action_id} {effect.operation} {effect.object}", *own)


def _changed(before: Mapping[Key, Effect], after: Mapping[Key, Effect]) -> Iterator[ChangedField]:
    for key, new in after.items():
        if key in before:
            yield from _fields(before[key], new)


def _fields(old: Effect, new: Effect) -> Iterator[ChangedField]:
    names = dict.fromkeys(each.field for each in (*old.changes, *new.changes))
    for name in names:
        was, is_ = old.change(name), new.change(name)
        told = is_ or was
        if told is not None and _written(was) != _written(is_):
            yield ChangedField(
                action_id=new.action_id,
                object=new.object,
                record_id=new.record_id,
                record_name=new.record_name,
                field=told.field,
                label=told.label,
                old=was,
                new=is_,
            )


def _written(change: FieldChange | None) -> FieldChange | None:
    """Return what is written and where it came from, without the words for it."""
    return change.model_copy(update={"source": None}) if change is not None else None


def _apart(
    old: tuple[Issue, ...], new: tuple[Issue, ...]
) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """Return the issues that came and those that went."""
    before, after = ({each.model_dump_json() for each in issues} for issues in (old, new))
    come = tuple(each for each in new if each.model_dump_json() not in before)
    return come, tuple(each for each in old if each.model_dump_json() not in after)

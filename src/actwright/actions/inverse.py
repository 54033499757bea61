"""The inverse of an effect: how it is taken back, or that it cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.org.effect import Effect, FieldChange
from actwright.org.value import same_value


@dataclass(frozen=True, slots=True)
class Inverse:
    """What would take an effect back.

    Attributes:
        effect: The inverse effect; None where there is none that could be known by now. A create's has no record id
            until it has run.
        text: One sentence for people.
        declared: Whether an override that acts by itself says that it can take it back.
    """

    effect: Effect | None
    text: str
    declared: bool = False

    @property
    def possible(self) -> bool:
        """Whether there is a way back."""
        return self.effect is not None or self.declared


def inverse(effect: Effect, *, created_id: str | None = None) -> Inverse:
    """Return how ``effect`` is taken back.

    Args:
        effect: The effect with its before-values.
        created_id: The id of the record it created, once it has run.
    """
    if effect.kind != "record":
        return _acted(effect)
    name = effect.record_name or effect.record_id or "the new record"
    label = effect.object_label or effect.object
    matched = effect.operation == "UPSERT" and effect.record_id is not None
    if effect.operation == "UPDATE" or matched:
        moved = [each for each in effect.changes if not same_value(each.before, each.after)]
        fields = ", ".join(each.label for each in moved or effect.changes)
        back = effect.model_copy(
            update={
                "operation": "UPDATE",
                "key_field": None,
                "version": None,
                "changes": _swapped(effect.changes),
            }
        )
        return Inverse(back, f"Set {fields} of {label} {name} back to the values before.")
    if effect.operation in {"CREATE", "UPSERT"}:
        gone = effect.model_copy(
            update={
                "operation": "DELETE",
                "record_id": created_id,
                "ref": None,
                "key_field": None,
                "changes": (),
            }
        )
        return Inverse(gone, f"Delete the {label} it created.")
    return Inverse(
        None,
        f"Cannot be undone here: a deleted {label} comes back only from the org's recycle bin.",
    )


def _acted(effect: Effect) -> Inverse:
    label = effect.object_label or effect.object
    if effect.compensation:
        return Inverse(None, f"{label} acts by itself, and {effect.compensation}.", declared=True)
    return Inverse(
        None, f"Cannot be undone: {label} acts by itself, and nobody knows how to take that back."
    )


def _swapped(changes: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    return tuple(
        each.model_copy(
            update={
                "before": each.after,
                "after": each.before,
                "before_text": each.after_text,
                "after_text": each.before_text,
                "linked_to": None,
                "provenance": "record",
                "source": "the value before the run",
            }
        )
        for each in changes
    )

"""What a schema snapshot leaves out of a goal: told beside a refusal, which may have no other reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.planning.planner import PlanningOutcome
from actwright.planning.snapshots import SchemaSnapshot
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import LONGEST_GOAL, Token, tokenize

_SHOWN = 5


def with_left_out(
    outcome: PlanningOutcome, goal: str, snapshot: SchemaSnapshot, org: OrgReader
) -> PlanningOutcome:
    """Return an outcome which says, where it is a refusal, that a snapshot narrowed what was seen.

    Args:
        outcome: The planner's answer.
        goal: What was asked for.
        snapshot: What planning was narrowed to.
        org: The whole org, with the person's rights.

    Raises:
        OrgError: The org cannot be asked.
    """
    if outcome.refusal is None:
        return outcome
    named = tuple(dict.fromkeys(_left_out(tokenize(goal[:LONGEST_GOAL]), snapshot, org)))
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    what = f" It leaves out what the goal names: {', '.join(named[:_SHOWN])}{more}."
    count = len(snapshot.fields)
    note = (
        f"Planning saw only what the schema snapshot {inert(snapshot.source)} has, "
        f"{count} {'object' if count == 1 else 'objects'}.{what if named else ''}"
    )
    return outcome.model_copy(update={"notes": (*outcome.notes, note)})


def _left_out(tokens: Sequence[Token], snapshot: SchemaSnapshot, org: OrgReader) -> Iterator[str]:
    """Yield the objects and fields that some tokens name and a snapshot lacks."""
    for each in ObjectIndex(org.objects()).mentioned(tokens):
        kept = snapshot.field_names(each.name)
        if kept is None:
            yield each.name
            continue
        lowered = {name.lower() for name in kept}
        for name in _fields(tokens, FieldIndex(org.describe(each.name))):
            if name.lower() not in lowered:
                yield f"{each.name}.{name}"


def _fields(tokens: Sequence[Token], fields: FieldIndex) -> Iterator[str]:
    """Yield the fields that some tokens name, or name a value of."""
    for start in range(len(tokens)):
        field = fields.field_at(tokens, start, len(tokens))
        if field is not None and not field.field.name_field:
            yield field.field.name
        for value in fields.values_at(tokens, start, len(tokens)):
            yield value.field.name

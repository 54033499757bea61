"""Vetting what an implementation answered: effects of its own action, named by the org's schema and not by itself.

An override decides what is written. It decides neither what the fields are called, nor which record a name stands
for, nor what was there before, nor where a value came from: people are shown the org's own words, and a provenance
only where an argument of the action has it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from actwright.actions.implementation import ActionRequest, ResolvedArgument, label_of
from actwright.errors import ImplementationError, NotFoundError
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.provenance import DOUBTED, Provenance, least_trusted
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema
from actwright.org.value import in_family


def vetted(
    answer: object,
    request: ActionRequest,
    name: str,
    *,
    first: int = 1,
    linkable: bool = True,
    read: Sequence[str] = (),
) -> tuple[Effect, ...]:
    """Return an implementation's answer as effects of the action, with ids, names and labels of ours.

    Args:
        answer: What the implementation returned.
        request: What it was handed: the action, its arguments, and the org for its schema.
        name: What the implementation is called.
        first: The number of the first effect; a repeated action's are numbered through.
        linkable: Whether other actions may link to what it creates; of many new records nobody could tell which.
        read: The objects whose records it has read.

    Raises:
        ImplementationError: The answer holds something that is no effect, or an effect that cannot be carried out.
        RecordIdError: An effect names a record of another object, or none.
        OrgError: The org cannot be asked.
    """
    action_id = request.action_id
    given = tuple(answer) if isinstance(answer, (list, tuple)) else (answer,)
    own = [each for each in given if isinstance(each, Effect)]
    if not own or len(own) != len(given):
        raise ImplementationError(
            f"{name} answered with something that is no effect.",
            where=action_id,
            hint="effects(request) returns a sequence of Effect, made by request.create(...) and the like.",
        )
    _check_kinds(own, action_id, name)
    _check_refs(own, action_id, name)
    effects = (
        _named(
            sourced(_owned(each, f"{action_id}.{place}", request, name), request, read),
            request.reader,
        )
        for place, each in enumerate(own, start=first)
    )
    if linkable:
        return tuple(effects)
    return tuple(each.model_copy(update={"ref": None}) if each.ref else each for each in effects)


def worked_out(
    answer: object,
    request: ActionRequest,
    name: str,
    *,
    first: int = 1,
    linkable: bool = True,
) -> tuple[Effect, ...]:
    """Return the effects a generated action handed out, with ids, refs, names and labels of ours.

    Its records may link to each other: the first it creates goes by the action's id, the others by ``ACTION#2`` and so
    on, after the numbers of their effects. Where each value came from was worked out while the code ran, by this house
    and not by the code, and stays.

    Args:
        answer: What our own adapter collected.
        request: What the code was handed.
        name: What the implementation is called.
        first: The number of the first effect; a repeated action's are numbered through.
        linkable: Whether other actions may link to the first record it creates.

    Raises:
        ImplementationError: It handed out nothing, or an effect that cannot be carried out.
        RecordIdError: An effect names a record of another object, or none.
        OrgError: The org cannot be asked.
    """
    action_id = request.action_id
    own = [each for each in answer if isinstance(each, Effect)] if isinstance(answer, tuple) else []
    if not own:
        raise ImplementationError(
            f"{name} found nothing to write.",
            where=action_id,
            hint="Look whether the records it reads are there, and what its conditions are.",
            code="nothing_to_write",
        )
    _check_kinds(own, action_id, name)
    refs = _refs(own, action_id, first=first, linkable=linkable)
    given = {each.linked_to for each in request.arguments.values()}
    return tuple(
        _named(
            _linked(_owned(each, f"{action_id}.{place}", request, name), refs, given, name),
            request.reader,
        )
        for place, each in enumerate(own, start=first)
    )


def promised(answer: object, request: ActionRequest, name: str) -> tuple[Effect, ...]:
    """Return the one effect of an override that acts by itself, as the factory's adapter makes it.

    Raises:
        ImplementationError: The answer is anything else.
    """
    if isinstance(answer, tuple) and len(answer) == 1:
        effect = answer[0]
        if isinstance(effect, Effect) and effect.kind == "opaque":
            return (effect,)
    raise ImplementationError(
        f"{name} promises something nobody can read.", where=request.action_id
    )


def _check_kinds(effects: list[Effect], action_id: str, name: str) -> None:
    """Refuse an effect that is no record write: an override that hands out effects does not act by itself."""
    if any(each.kind != "record" or each.operation == "CALL" or each.promises for each in effects):
        raise ImplementationError(
            f"{name} hands out an effect that is no write to a record; what it does could not be checked.",
            where=action_id,
            hint="Hand out record effects; or, to act by itself, let the override have promises(request) and "
            "act(request) in place of effects(request).",
            code="effect_unchecked",
        )


def _check_refs(effects: list[Effect], action_id: str, name: str) -> None:
    refs = [each.ref for each in effects if each.ref is not None]
    if any(each != action_id for each in refs):
        raise ImplementationError(
            f"{name} names new records that are not its own.", where=action_id
        )
    if len(refs) > 1:
        raise ImplementationError(
            f"{name} creates {len(refs)} records under one name; other actions could not tell them apart.",
            where=action_id,
            hint='Keep the ref of one, and take it from the others: effect.model_copy(update={"ref": None}).',
        )


def _refs(effects: list[Effect], action_id: str, *, first: int, linkable: bool) -> dict[str, str]:
    """Return the refs by the ones they were collected under; of many rows nobody could tell which is meant."""
    created = {
        each.ref: f"{action_id}#{place}"
        for place, each in enumerate(effects, start=first)
        if each.ref is not None
    }
    if created and linkable:
        created[next(iter(created))] = action_id
    return created


def _linked(
    effect: Effect, refs: dict[str, str], given: Collection[str | None], name: str
) -> Effect:
    """Return the effect with the refs that count; a link leads to a record of its own, or to one it was handed."""
    changes = []
    for each in effect.changes:
        link = each.linked_to
        if link is not None and link not in refs and link not in given:
            raise ImplementationError(
                f"{name} links to a record that is not its own.", where=effect.action_id
            )
        ours = link if link in given or link is None else refs[link]
        changes.append(each.model_copy(update={"linked_to": ours}))
    ref = refs[effect.ref] if effect.ref is not None else None
    return effect.model_copy(update={"changes": tuple(changes), "ref": ref})


def _owned(effect: Effect, effect_id: str, request: ActionRequest, name: str) -> Effect:
    """Return the effect as one of this action, without anything that is ours to fill in."""
    action_id = request.action_id
    exists = effect.operation in {"UPDATE", "DELETE"}
    if exists != (effect.record_id is not None) and effect.operation != "UPSERT":
        raise ImplementationError(
            f"{name}: {effect.operation} {'needs' if exists else 'takes no'} record id.",
            where=f"{action_id}.Id",
        )
    if effect.operation != "DELETE" and not effect.changes:
        raise ImplementationError(
            f"{effect.operation} of {effect.object} gives no field a value.",
            where=action_id,
            hint="Say what is to be written, in the goal or as data.",
            code="nothing_to_write",
        )
    ours: dict[str, object] = {"id": effect_id, "action_id": action_id}
    ours |= {"also_for": (), "version": None, "record_name": _called(effect, request)}
    ours |= {"compensation": "", "price": None, "in_use": None}
    return effect.model_copy(update=ours)


def _called(effect: Effect, request: ActionRequest) -> str | None:
    """Return the name a lookup of ours found for the record; what an override calls it does not count."""
    named = (each.text for each in request.arguments.values() if each.value == effect.record_id)
    return None if effect.record_id is None else next((each for each in named if each), None)


def sourced(effect: Effect, request: ActionRequest, read: Sequence[str]) -> Effect:
    """Return an override's effect with where each value came from, worked out by this house.

    Args:
        effect: The effect.
        request: What the override was handed.
        read: The objects whose records it has read.
    """
    changes = tuple(_sourced(each, request, read) for each in effect.changes)
    return effect.model_copy(update={"changes": changes})


def _sourced(change: FieldChange, request: ActionRequest, read: Sequence[str]) -> FieldChange:
    """Return the change with a provenance that is true: an argument's own, or the override's.

    Names behind ids are read from the org afterwards; only a record that does not exist yet has its name from us.
    """
    own = next((each for each in request.arguments.values() if _comes_from(change, each)), None)
    if own is None:
        return change.model_copy(update={**_made_up(change, request, read), "after_text": None})
    named = own.text if own.linked_to else None
    return change.model_copy(update={"after_text": named, "mixed": own.mixed})


def _made_up(change: FieldChange, request: ActionRequest, read: Sequence[str]) -> dict[str, object]:
    """Return where a value comes from that an override made up: from its own code, and from all doubted it has seen.

    An override may say worse of a value than this house knows, such as that a model made it; never better.
    """
    given = request.arguments.values()
    seen = {one for each in given for one in (each.provenance, *each.mixed)}
    said = {change.provenance, *change.mixed}
    records: set[Provenance] = {"record"} if read else set()
    doubted = (seen | said | records) & DOUBTED
    provenance, mixed = least_trusted({"default", *doubted})
    told = [*read, *(["its inputs"] if seen & DOUBTED else [])]
    words = f"the override, from {', '.join(told)}" if told else "the override"
    return {"provenance": provenance, "source": inert(words, limit=300), "mixed": mixed}


def _comes_from(change: FieldChange, argument: ResolvedArgument) -> bool:
    claimed = (change.provenance, change.source, change.linked_to)
    if claimed != (argument.provenance, argument.source, argument.linked_to):
        return False
    try:
        return bool(in_family(argument.value, change.family) == change.after)
    except (ValueError, ArithmeticError):
        return False


def _named(effect: Effect, reader: OrgReader) -> Effect:
    """Return the effect with the schema's names; as it is where the object is hidden, which guardrails refuse."""
    try:
        schema = reader.describe(effect.object)
    except NotFoundError:
        return effect
    changes = tuple(_labelled(each, schema) for each in effect.changes)
    fields = [each.field for each in changes]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice:
        raise ImplementationError(
            f"{schema.name}.{twice} is given two values by one effect.",
            where=f"{effect.action_id}.{twice}",
            hint="Keep one of them.",
            code="field_written_twice",
        )
    names = {"object": schema.name, "object_label": schema.label, "changes": changes}
    return effect.model_copy(update=names | {"record_id": _checked_id(effect, schema)})


def _labelled(change: FieldChange, schema: ObjectSchema) -> FieldChange:
    known = schema.field(change.field) if change.field.isascii() else None
    ours: dict[str, object] = {"before": None, "before_text": None}
    if known is not None:
        ours |= {"field": known.name, "label": label_of(known)}
    return change.model_copy(update=ours)


def _checked_id(effect: Effect, schema: ObjectSchema) -> str | None:
    if effect.record_id is None:
        return None
    prefixes = (schema.key_prefix,) if schema.key_prefix else ()
    return record_id(effect.record_id, prefixes=prefixes, where=f"{effect.action_id}.Id")

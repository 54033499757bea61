"""An effect group as one ``/composite`` call: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from actwright.connectors.salesforce.draft import Draft, PathOf, Write
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, RefusedError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.record_id import record_id
from actwright.org.setup_objects import is_setup_object

MOST_WRITES = 23
"""Writes in one group; two of the 25 subrequests stay free for the caller's own bookkeeping."""

MOST_SUBREQUESTS = 25


def prepare(group: EffectGroup, describe: Describer, path_of: PathOf) -> tuple[Write, ...]:
    """Return a group's writes in the order they are sent in: what others link to comes first.

    Args:
        group: What to commit together.
        describe: Looks objects up.
        path_of: Builds a row's path.

    Raises:
        InputError: A name, an id, a value or a link does not fit.
        RefusedError: The group is too large, mixes setup objects with others, or changes one record twice; or an
            upsert would create a record under a key that is not unique.
    """
    _check_group(group)
    references = {each.id: f"e{place}" for place, each in enumerate(group.effects)}
    creators = {each.ref: each for each in group.effects if each.ref is not None}
    links = {ref: _link(each, references[each.id]) for ref, each in creators.items()}
    writes = []
    for effect in _ordered(group, creators):
        schema = describe(effect.object)
        writes.append(Draft(effect, schema, references[effect.id], links, path_of).write())
    count = sum(len(each.subrequests) for each in writes)
    if count > MOST_SUBREQUESTS:
        raise _too_many(count, MOST_SUBREQUESTS, "requests, version checks of deletes included")
    _check_twice(writes)
    return tuple(writes)


def body_of(writes: tuple[Write, ...], *, atomic: bool) -> dict[str, object]:
    """Return the body of the composite call.

    Collation is off: with it Salesforce may run subrequests in another order than they stand.
    """
    return {
        "allOrNone": atomic,
        "collateSubrequests": False,
        "compositeRequest": [part for each in writes for part in each.subrequests],
    }


def _check_group(group: EffectGroup) -> None:
    if len(group.effects) > MOST_WRITES:
        raise _too_many(len(group.effects), MOST_WRITES, "records")
    for effect in group.effects:
        if effect.kind != "record":
            raise InputError(f"A {effect.kind} effect is none of the org's.", where=effect.id)
    _check_unique([each.id for each in group.effects], "id")
    _check_unique([each.ref for each in group.effects if each.ref is not None], "ref")
    setup = {is_setup_object(each.object) for each in group.effects}
    if len(setup) > 1:
        raise RefusedError(
            "Users, groups and permissions cannot change in one transaction with other records.",
            where=f"group {group.id}",
            hint="Put them into a plan of their own.",
        )


def _check_unique(names: list[str], what: str) -> None:
    if len(set(names)) != len(names):
        raise InputError(f"Two effects of one group carry the same {what}.")


def _check_twice(writes: list[Write]) -> None:
    seen: dict[str, str] = {}
    for each in writes:
        for target in _targets(each):
            if target in seen:
                raise RefusedError(
                    "One record is changed twice in one group.",
                    where=f"{seen[target]}, {each.effect.id}",
                    hint="Merge the two changes, or plan the second for later.",
                )
            seen[target] = each.effect.id


def _targets(write: Write) -> set[str]:
    """Return what a write is known to hit: a record's id, or a key, whose case an org may ignore."""
    known = {_record_of(write), _key_of(write)}
    return {each for each in known if each is not None}


def _key_of(write: Write) -> str | None:
    key = write.effect.change(write.effect.key_field or "")
    if write.effect.operation != "UPSERT" or key is None:
        return None
    return f"{write.schema.name}.{key.field}={key.after}".casefold()


def _link(creator: Effect, reference: str) -> str:
    """Return what a linked field holds: the id of a record that is there, or the place of the new one's."""
    found = creator.record_id
    return f"@{{{reference}.id}}" if found is None else record_id(found, where=creator.id)


def _record_of(write: Write) -> str | None:
    found = write.effect.record_id
    return None if found is None else record_id(found, where=write.effect.id)


def _ordered(group: EffectGroup, creators: Mapping[str, Effect]) -> list[Effect]:
    """Return the effects so that creators stand before what links to them, and otherwise as they stood."""
    waiting, ordered, made = list(group.effects), list[Effect](), set[str]()
    while waiting:
        ready = next((each for each in waiting if _needs(each, creators) <= made), None)
        if ready is None:
            raise InputError(
                "The group's effects link to each other in a circle.",
                where=f"group {group.id}",
                hint="Set one of the links in a later plan.",
            )
        waiting.remove(ready)
        ordered.append(ready)
        made.add(ready.id)
    return ordered


def _needs(effect: Effect, creators: Mapping[str, Effect]) -> set[str]:
    links = (each.linked_to for each in effect.changes if each.linked_to is not None)
    return {creators[each].id for each in links if each in creators}


def _too_many(count: int, most: int, what: str) -> RefusedError:
    return RefusedError(
        f"One atomic call holds at most {most} {what}; this group has {count}.",
        hint="Split the plan where its parts need not happen together.",
    )

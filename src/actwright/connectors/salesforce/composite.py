"""An effect group as one ``/composite`` call: all of it, or nothing. Many rows share its few requests as collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.connectors.salesforce.collections import RowsWrite, rows_write
from actwright.connectors.salesforce.draft import Draft, PathOf, Write
from actwright.connectors.salesforce.duplicates import duplicate_header
from actwright.connectors.salesforce.ledger import LEDGER, NO_ENTRY, Entry
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, RefusedError
from actwright.org.batch import MOST_COLLECTIONS, MOST_ROWS, batches, links
from actwright.org.effect import Effect, EffectGroup
from actwright.org.record_id import record_id
from actwright.org.setup_objects import is_setup_object

MOST_SUBREQUESTS = 23
"""Requests of one group, checks of a delete's version included; of the 25 an org takes, two are the ledger's."""


def prepare(
    group: EffectGroup, describe: Describer, path_of: PathOf
) -> tuple[Write | RowsWrite, ...]:
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
    check_group(group)
    make = _collected if group.carrier == "collections" else _single
    return make(group, describe, path_of)


def _single(group: EffectGroup, describe: Describer, path_of: PathOf) -> tuple[Write, ...]:
    """Return a request for each effect, and for a delete one more."""
    if len(group.effects) > MOST_SUBREQUESTS:
        raise too_many(len(group.effects), MOST_SUBREQUESTS, "records")
    references = {each.id: f"e{place}" for place, each in enumerate(group.effects)}
    creators = {each.ref: each for each in group.effects if each.ref is not None}
    here = {ref: link_to(each, f"{references[each.id]}.id") for ref, each in creators.items()}
    rules = duplicate_header(allow_save=group.allow_duplicates)
    writes = tuple(
        Draft(each, describe(each.object), references[each.id], here, path_of, rules).write()
        for each in in_order(group.effects, where=f"group {group.id}")
    )
    count = sum(len(each.subrequests) for each in writes)
    if count > MOST_SUBREQUESTS:
        raise too_many(count, MOST_SUBREQUESTS, "requests, version checks of deletes included")
    return writes


def _collected(
    group: EffectGroup, describe: Describer, path_of: PathOf
) -> tuple[Write | RowsWrite, ...]:
    """Return a request for each batch of rows, and for the few writes beside them one each, in the group's own order.

    Raises:
        InputError: An effect links to one that does not stand before it.
        RefusedError: One call cannot hold the group.
    """
    parts = batches(group.effects)
    if parts is None:
        raise too_many(len(group.effects), MOST_COLLECTIONS * MOST_ROWS, "rows in five collections")
    here: dict[str, str] = {}
    rules = duplicate_header(allow_save=group.allow_duplicates)
    writes: list[Write | RowsWrite] = []
    for place, batch in enumerate(parts):
        name = f"c{place}"
        if batch.collected:
            drafts = [
                Draft(each, describe(each.object), name, here, path_of) for each in batch.effects
            ]
            writes.append(rows_write(batch.verb, name, drafts, path_of, rules))
            created = {f"{name}[{row}].id": each for row, each in enumerate(batch.effects)}
        else:
            names = {f"{name}x{row}": each for row, each in enumerate(batch.effects)}
            writes += [
                Draft(each, describe(each.object), own, here, path_of, rules).write()
                for own, each in names.items()
            ]
            created = {f"{own}.id": each for own, each in names.items()}
        here |= {each.ref: link_to(each, own) for own, each in created.items() if each.ref}
    return tuple(writes)


def body_of(
    writes: Sequence[Write | RowsWrite], *, atomic: bool, entry: Entry = NO_ENTRY
) -> dict[str, object]:
    """Return the body of the composite call, the ledger's own requests around the writes.

    Collation is off: with it Salesforce may run subrequests in another order than they stand.
    """
    parts = [part for each in writes for part in each.subrequests]
    return {
        "allOrNone": atomic,
        "collateSubrequests": False,
        "compositeRequest": [*entry.opening, *parts, *entry.closing],
    }


def check_group(group: EffectGroup) -> None:
    """Refuse a group no transaction can hold, whatever carries it.

    Raises:
        InputError: An effect is none of the org's, two carry one id or ref, or an id is malformed.
        RefusedError: Setup objects are mixed with others, one record is changed twice, or the ledger itself would be.
    """
    for effect in group.effects:
        if effect.kind != "record":
            raise InputError(f"A {effect.kind} effect is none of the org's.", where=effect.id)
        if effect.object.lower() == LEDGER.lower():
            raise RefusedError(
                "The ledger is written by runs themselves, and by no plan.",
                where=effect.id,
                hint="Leave the action out.",
            )
    _check_unique([each.id for each in group.effects], "id")
    _check_unique([each.ref for each in group.effects if each.ref is not None], "ref")
    setup = {is_setup_object(each.object) for each in group.effects}
    if len(setup) > 1:
        raise RefusedError(
            "Users, groups and permissions cannot change in one transaction with other records.",
            where=f"group {group.id}",
            hint="Put them into a plan of their own.",
        )
    _check_twice(group.effects)


def _check_unique(names: list[str], what: str) -> None:
    if len(set(names)) != len(names):
        raise InputError(f"Two effects of one group carry the same {what}.")


def _check_twice(effects: Sequence[Effect]) -> None:
    seen: dict[str, str] = {}
    for each in effects:
        for target in _targets(each):
            if target in seen:
                raise RefusedError(
                    "One record is changed twice in one group.",
                    where=f"{seen[target]}, {each.id}",
                    hint="Merge the two changes, or plan the second for later.",
                )
            seen[target] = each.id


def _targets(effect: Effect) -> set[str]:
    """Return what an effect is known to hit: a record's id, or a key, whose case an org may ignore."""
    known = {_key_of(effect)}
    if effect.record_id is not None:
        known.add(record_id(effect.record_id, where=effect.id))
    return {each for each in known if each is not None}


def _key_of(effect: Effect) -> str | None:
    key = effect.change(effect.key_field or "")
    if effect.operation != "UPSERT" or key is None:
        return None
    return f"{effect.object}.{key.field}={key.after}".casefold()


def link_to(creator: Effect, result: str) -> str:
    """Return what a linked field holds: the id of a record that is there, or the place of the new one's in the answer."""
    found = creator.record_id
    return f"@{{{result}}}" if found is None else record_id(found, where=creator.id)


def in_order(effects: Sequence[Effect], *, where: str) -> list[Effect]:
    """Return the effects so that creators stand before what links to them, and otherwise as they stood.

    Raises:
        InputError: They link to each other in a circle.
    """
    creators = {each.ref: each.id for each in effects if each.ref is not None}
    waiting, ordered, made = list(effects), list[Effect](), set[str]()
    while waiting:
        ready = next((each for each in waiting if _needs(each, creators) <= made), None)
        if ready is None:
            raise InputError(
                "The group's effects link to each other in a circle.",
                where=where,
                hint="Set one of the links in a later plan.",
            )
        waiting.remove(ready)
        ordered.append(ready)
        made.add(ready.id)
    return ordered


def _needs(effect: Effect, creators: Mapping[str, str]) -> set[str]:
    return {creators[each] for each in links(effect) if each in creators}


def too_many(count: int, most: int, what: str) -> RefusedError:
    """Return the refusal of a group that one call cannot hold."""
    return RefusedError(
        f"One atomic call holds at most {most} {what}; this group has {count}.",
        hint="Split the plan where its parts need not happen together.",
    )

"""Conditions in words, with the names of the records whose ids they hold, as the question says them.

The names are asked for together with the rows, so that they cost no call of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from actwright.checkpoints.wording.effect_words import in_quotes
from actwright.errors import NotFoundError
from actwright.inert import inert, visible
from actwright.org.condition_words import conditions_in_words
from actwright.org.identity import RunningUser
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, RecordQuery
from actwright.org.record_id import is_record_id, record_id
from actwright.org.schema import ObjectSchema

QUERIES_PER_CALL = 5
"""As many queries go out in one call."""

_MOST_LEFT_OUT = 3
"""As many records that were left out one by one are named; of more, only how many they are is said."""

_MOST_NAMED = 5
_MOST_IDS = 200
_YOU = "(you)"
_SAME = frozenset({"=", "!=", "IN", "NOT IN"})

Names = Mapping[str, str]
"""What records are called, by their 18-character ids."""


def rows_in_words(
    schema: ObjectSchema | None,
    where: Sequence[Condition],
    user: RunningUser,
    names: Names | None = None,
) -> str:
    """Return which rows are meant, on one line: ``of Contoso, open, without "Deal 3"``.

    Args:
        schema: The rows' object; None where it is hidden, and API names must do.
        where: The conditions, all of which hold.
        user: Whose records are theirs, and in whose zone moments are said.
        names: What the records are called whose ids the conditions hold; others are told by their ids.
    """
    known = {**_others(names or {}), **_themselves(user)}
    people = {each: name for one in where for each in _texts(one) if (name := _named(each, known))}
    told = [_by_name(schema, each, people) for each in where]
    spared = _called(
        [text for each in where if _is_exception(each) for text in _texts(each)], people
    )
    left = [each for each in told if not (spared and _is_exception(each))]
    words = conditions_in_words(schema, left, zone=user.zone, people=people) if left else ""
    without = f"without {' and '.join(in_quotes(visible(each, limit=80)) for each in spared)}"
    return ", ".join(each for each in (words, without if spared else "") if each)


def naming_queries(
    reader: OrgReader, wheres: Sequence[tuple[str, Sequence[Condition]]], *, beside: int
) -> list[RecordQuery]:
    """Return the queries for the names behind the ids in conditions, as far as they fit into calls made anyway.

    Args:
        reader: The org, for its schema.
        wheres: The rows' objects with their conditions.
        beside: How many queries go out with them.

    Raises:
        OrgError: The org cannot be asked.
    """
    ids = [each for name, where in wheres for each in _ids(reader, name, where)]
    own = record_id(reader.user.id) if is_record_id(reader.user.id) else ""
    wanted: dict[str, dict[str, None]] = defaultdict(dict)
    if any(each != own for each in ids):
        objects = {each.key_prefix: each.name for each in reader.objects() if each.key_prefix}
        for each in ids:
            if each != own and each[:3] in objects:
                wanted[objects[each[:3]]][each] = None
    queries = (_query(reader, name, tuple(of)) for name, of in wanted.items())
    return [each for each in queries if each is not None][: -beside % QUERIES_PER_CALL]


def names_found(queries: Sequence[RecordQuery], answers: Sequence[Sequence[Record]]) -> Names:
    """Return what the answers to `naming_queries` call the records."""
    return {
        record_id(record.id): str(name)
        for query, answer in zip(queries, answers, strict=True)
        for record in answer
        if (name := record.values.get(query.fields[-1])) is not None and is_record_id(record.id)
    }


def _query(reader: OrgReader, name: str, ids: tuple[str, ...]) -> RecordQuery | None:
    try:
        title = reader.describe(name).name_field
    except NotFoundError:
        return None
    if title is None:
        return None
    where = (Condition(field="Id", operator="IN", value=ids[:_MOST_IDS]),)
    return RecordQuery(object=name, fields=("Id", title.name), where=where, limit=_MOST_IDS)


def _ids(reader: OrgReader, name: str, where: Sequence[Condition]) -> Iterator[str]:
    """Yield the ids in conditions whose names are said: of references, and of the few records left out."""
    try:
        schema = reader.describe(name)
    except NotFoundError:
        return
    for each in where:
        found = schema.field(each.field)
        texts = _texts(each)
        most = _MOST_LEFT_OUT if _is_exception(each) else _MOST_NAMED
        if found is not None and found.family == "id" and len(texts) <= most:
            yield from (record_id(text) for text in texts if is_record_id(text))


def _others(names: Names) -> Names:
    """Return names none of which says that the person themselves is meant."""
    return {each: name.replace(_YOU, "you") for each, name in names.items()}


def _themselves(user: RunningUser) -> Names:
    if not is_record_id(user.id):
        return {}
    return {record_id(user.id): f"{user.name or user.username} {_YOU}"}


def _texts(condition: Condition) -> tuple[str, ...]:
    """Return the texts a condition compares a field with for being the same; no patterns, no bounds."""
    if condition.operator not in _SAME:
        return ()
    value = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return tuple(each for each in value if isinstance(each, str))


def _named(text: str, names: Names) -> str | None:
    return names.get(record_id(text)) if is_record_id(text) else None


def _is_exception(condition: Condition) -> bool:
    return condition.field.lower() == "id" and condition.operator == "NOT IN"


def _called(ids: Sequence[str], people: Names) -> Sequence[str]:
    """Return the names of the records left out; none where they are many, or one of them is not known."""
    found = [people[each] for each in ids if each in people]
    return found if len(found) == len(ids) <= _MOST_LEFT_OUT else ()


def _by_name(schema: ObjectSchema | None, condition: Condition, people: Names) -> Condition:
    """Return a condition on a reference as one on the name of what it refers to; else the condition as it is."""
    found = schema.field(condition.field) if schema is not None else None
    texts = _texts(condition)
    if found is None or not found.relationship_name or condition.field.lower() == "ownerid":
        return condition
    if not texts or any(each not in people for each in texts):
        return condition
    names = tuple(inert(people[each], limit=80) for each in texts)
    value = names if isinstance(condition.value, tuple) else names[0]
    if isinstance(condition.value, tuple) and len(texts) != len(condition.value):
        return condition
    return Condition(
        field=f"{found.relationship_name}.Name", operator=condition.operator, value=value
    )

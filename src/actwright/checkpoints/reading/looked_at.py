"""What a policy wants to know beside the effects: who the person is, and what fields hold that nobody writes.

Nothing is read where no rule asks for it. What cannot be read stays unknown, and unknown counts as the stricter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from actwright.errors import InputError, NotFoundError, OrgRefusedError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.policy.facts import Person
from actwright.org.ports import OrgReader, Record, RecordRead
from actwright.org.query import Condition, RecordQuery
from actwright.org.value import FieldValue

Held = Mapping[str, Mapping[str, FieldValue]]
"""By record id: what further fields hold, by name in lower case."""

_MOST_SETS = 1_000


def person_of(reader: OrgReader, *, wanted: bool) -> Person:
    """Return the running user, with role, profile and permission sets as the org tells them.

    Args:
        reader: The org.
        wanted: Whether any rule asks for more than the name.

    Raises:
        OrgError: The org cannot be asked.
    """
    user = reader.user
    known = Person.of(user)
    if not wanted:
        return known
    about = RecordQuery(
        object="User",
        fields=("Id", "Profile.Name", "UserRole.Name"),
        where=(Condition(field="Id", value=user.id),),
        limit=1,
    )
    sets = RecordQuery(
        object="PermissionSetAssignment",
        fields=("Id", "PermissionSet.Name"),
        where=(Condition(field="AssigneeId", value=user.id),),
        limit=_MOST_SETS,
    )
    found, assigned = _asked_both(reader, about, sets)
    first = found[0] if found else None
    return Person(
        user.username,
        user.id,
        user.name,
        user.zone,
        role=_text(first, "UserRole.Name") if first else None,
        profile=_text(first, "Profile.Name") if first else None,
        permission_sets=None
        if assigned is None or len(assigned) >= _MOST_SETS
        else tuple(_text(each, "PermissionSet.Name") for each in assigned),
    )


def looked_at(
    reader: OrgReader, contexts: Sequence[EffectContext], fields: Mapping[str, frozenset[str]]
) -> Held:
    """Return what fields hold that a policy looks at and nobody has read, in one call or none.

    Args:
        reader: The org.
        contexts: The effects, with the records as they stand.
        fields: The fields by object in lower case; ``*`` for any object.

    Raises:
        OrgError: The org cannot be asked.
    """
    wanted: dict[str, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for context in contexts if fields else ():
        missing = _missing(context, fields)
        if missing and context.snapshot is not None:
            ids, names = wanted[context.snapshot.object]
            ids[context.snapshot.id] = None
            names.update(dict.fromkeys(missing))
    reads = [RecordRead(name, tuple(ids), tuple(more)) for name, (ids, more) in wanted.items()]
    found = reader.read(reads) if reads else {}
    return {
        key: {name.lower(): value for name, value in record.values.items()}
        for key, record in found.items()
    }


def _missing(context: EffectContext, fields: Mapping[str, frozenset[str]]) -> list[str]:
    if context.schema is None or context.snapshot is None:
        return []
    name = context.schema.name.lower()
    known = {each.lower() for each in context.snapshot.values}
    asked = fields.get(name, frozenset()) | fields.get("*", frozenset())
    schemas = (context.schema.field(each) for each in sorted(asked))
    return [each.name for each in schemas if each is not None and each.name.lower() not in known]


def _asked_both(
    reader: OrgReader, first: RecordQuery, second: RecordQuery
) -> tuple[Sequence[Record] | None, Sequence[Record] | None]:
    """Return both answers in one call, or each for itself where one of them may not be known."""
    try:
        one, other = reader.query([first, second])
    except (InputError, NotFoundError, OrgRefusedError):
        return _asked(reader, first), _asked(reader, second)
    return one, other


def _asked(reader: OrgReader, query: RecordQuery) -> Sequence[Record] | None:
    """Return an answer, or None where the person may not know it."""
    try:
        return reader.query([query])[0]
    except (InputError, NotFoundError, OrgRefusedError):
        return None


def _text(record: Record, path: str) -> str:
    value = record.values.get(path)
    return value if isinstance(value, str) else ""

"""Ways to look a name up: which field of which object to compare, and which names may share one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from actwright.org.query import Condition
from actwright.org.schema import ObjectSchema
from actwright.planning.words.reading import RecordPhrase

_NUMBER_LENGTH = 8
_WILDCARDS = frozenset("%_\\")
QUEUE = Condition(field="Type", value="Queue")
"""What makes a group a queue, which may own records."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to look names up.

    Attributes:
        object: The object's API name.
        field: The field compared.
        names: What the record may be called, likeliest first.
        extra: What else must hold.
        prefix: Whether a record may be called by how its name begins.
    """

    object: str
    field: str
    names: tuple[str, ...]
    extra: tuple[Condition, ...] = ()
    prefix: bool = False

    def where(self) -> tuple[Condition, ...]:
        """Return the conditions that find the records."""
        if self.prefix:
            begins = Condition(field=self.field, operator="LIKE", value=f"{self.names[0]}%")
            return (begins, *self.extra)
        if len(self.names) == 1:
            return (Condition(field=self.field, value=self.names[0]), *self.extra)
        return (Condition(field=self.field, operator="IN", value=self.names), *self.extra)


def ways(schema: ObjectSchema, phrase: RecordPhrase) -> Iterator[Way]:
    """Yield the ways to find a record of ``schema`` by what ``phrase`` calls it, surest first."""
    names = phrase.names
    if schema.name in {"User", "Group"}:
        extra = (QUEUE,) if schema.name == "Group" else ()
        prefix = not _WILDCARDS & set(names[0])
        yield Way(schema.name, "Name", names[:1] if prefix else names, extra, prefix)
        return
    field = schema.name_field
    digits = any(char.isdigit() for char in names[0])
    if field is not None and (not field.auto_number or digits):
        numbered = field.auto_number or not (field.createable or field.updateable)
        padded = [each.zfill(_NUMBER_LENGTH) for each in names if numbered and each.isdigit()]
        yield Way(schema.name, field.name, tuple(dict.fromkeys((*names, *padded))))
    subject = schema.field("Subject")
    if subject is not None and subject is not field and not names[0].isdigit():
        yield Way(schema.name, subject.name, names)


def together(wanted: Iterable[Way]) -> dict[Way, Way]:
    """Return for each way the one to ask instead: ways over one field of one object share a query."""
    wanted = tuple(wanted)
    names: dict[Way, dict[str, None]] = {}
    for way in wanted:
        if not way.prefix:
            names.setdefault(_place(way), {}).update(dict.fromkeys(way.names))
    return {
        way: way if way.prefix else replace(way, names=tuple(names[_place(way)])) for way in wanted
    }


def _place(way: Way) -> Way:
    return replace(way, names=())

"""Names: which fields of an object take one, and how a person's name falls into title, first and last."""

from __future__ import annotations

from datetime import date

from actwright.blueprints.writable import grantable
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.values import Converted, convert

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof"})
"""What people are addressed with before their name, less its point."""

_PARTICLES = frozenset(
    {"van", "der", "den", "de", "la", "le", "du", "von", "zu", "del", "della", "di", "da", "dos"}
    | {"das", "do", "ter", "ten", "bin", "ibn", "al", "el", "st"}
)
"""Words a last name of several words begins with."""


_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
"""What stands behind a last name and is none."""
_SEVERAL = frozenset({"and", "or", "&", "and/or"})


def is_person(schema: ObjectSchema) -> bool:
    """Tell whether records of ``schema`` are called by a first and a last name."""
    last = schema.field("LastName")
    return last is not None and _writable(schema, last)


def is_title(word: str) -> bool:
    """Tell whether a word is a form of address: ``Dr.``, ``Mrs``."""
    return word.casefold().rstrip(".") in TITLES


def untitled(name: str) -> str:
    """Return a person's name less the titles before it; the name itself where it is nothing else."""
    words = name.split()
    while len(words) > 1 and is_title(words[0]):
        words = words[1:]
    return " ".join(words)


def name_assignments(schema: ObjectSchema, name: str, today: date) -> tuple[Assignment, ...]:
    """Return what a record called ``name`` holds; empty where the org gives the names, or where several people are named."""
    if is_person(schema):
        return _person(schema, name, today)
    field = schema.name_field
    if field is None or field.auto_number or not _writable(schema, field):
        return ()
    return (_named(schema, field.name, name, today),)


def _writable(schema: ObjectSchema, field: FieldSchema) -> bool:
    return grantable(schema, field, "CREATE") or grantable(schema, field, "UPDATE")


def _person(schema: ObjectSchema, name: str, today: date) -> tuple[Assignment, ...]:
    title = _titled(schema, name, today)
    words = (untitled(name) if title else name).split() or [name]
    if _SEVERAL & {each.casefold() for each in words}:
        return ()
    at = _last_name(words)
    first, last = " ".join(words[:at]), " ".join(words[at:])
    given = (_named(schema, "FirstName", first, today),) if first else ()
    return (*title, *given, _named(schema, "LastName", last, today))


def _last_name(words: list[str]) -> int:
    """Return where the last name begins: at its last word, or at the small words before it: ``van der Berg``."""
    at = len(words) - 1
    while at > 1 and words[at].casefold().strip(".,") in _SUFFIXES:
        at -= 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    if at == 1 and words[0].islower() and words[0] in _PARTICLES:
        return 0
    return at


def _titled(schema: ObjectSchema, name: str, today: date) -> tuple[Assignment, ...]:
    """Return the form of address, where the object has a field for it and the field knows it."""
    field = schema.field("Salutation")
    word, *rest = name.split() or [""]
    if field is None or not rest or not is_title(word) or not _writable(schema, field):
        return ()
    found = convert(field, word, today)
    return (Assignment(field, word, value=found.value),) if isinstance(found, Converted) else ()


def _named(schema: ObjectSchema, field_name: str, text: str, today: date) -> Assignment:
    field = schema.by_name[field_name.lower()]
    found = convert(field, text, today)
    if isinstance(found, Problem):
        return Assignment(field, text, problem=found)
    return Assignment(field, text, value=found.value)

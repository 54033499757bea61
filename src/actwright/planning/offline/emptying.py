"""Emptying a field: ``clear the next step``, and ``to nothing``."""

from __future__ import annotations

from datetime import date

from actwright.org.schema import FieldSchema
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.values import Converted, assigned, convert

NOTHING = frozenset({"nothing", "empty", "blank", "null", "none"})
"""What a field is set to that is to be emptied."""

_LISTED = frozenset({"picklist", "multipicklist"})


def emptied(field: FieldSchema, words: str) -> Assignment:
    """Return the assignment that empties a field; a problem where the field always holds something."""
    if field.nillable and field.family != "boolean":
        return Assignment(field, words, cleared=True)
    return Assignment(field, words, problem=Problem("unclear", f"{field.label} cannot be empty."))


def set_to_nothing(field: FieldSchema, word: str, today: date) -> Assignment:
    """Return what one of ``NOTHING`` says: the value of that name where a picklist has one, else an empty field."""
    found = convert(field, word, today) if field.type in _LISTED else None
    return assigned(field, word, found) if isinstance(found, Converted) else emptied(field, word)

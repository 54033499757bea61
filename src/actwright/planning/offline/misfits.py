"""Misfits: words that stand where a picklist's value is due and are none, in a list of what a new record holds."""

from __future__ import annotations

from actwright.org.schema import FieldSchema
from actwright.planning.words.scope import Scope

_LONGEST = 2
"""Words that may stand for a value nobody knows; more of them are a text."""

_ENDS = frozenset({",", ".", "!", ";"})


def misfit_end(scope: Scope, field: FieldSchema, start: int) -> int:
    """Return where the words end that are to be the value of a picklist: ``Hardware`` behind ``component``.

    Args:
        scope: The clause.
        field: The field that was named.
        start: Behind its name. Also what is returned where no such words stand there.
    """
    stop = scope.find(start, _ENDS)
    proper = all(each.capital for each in scope.tokens[start:stop])
    return stop if field.type == "picklist" and stop - start <= _LONGEST and proper else start

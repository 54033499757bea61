"""Adding something to a record that is there: lines of a deal, a quote or an order, entries of a price book, roles."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.planning.offline.lines import KINDS, LineReader
from actwright.planning.offline.roles import ROLE, RoleReader
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope

_NEW = frozenset({"a", "an", "new"})


def additions(scope: Scope, verb: str | None) -> Iterator[Reading]:
    """Yield every way to read what a clause adds to a record, or makes of a person there.

    Args:
        scope: The clause, less its verb.
        verb: The verb.
    """
    if _is_new(scope):
        return
    if verb == "add":
        for kind in KINDS:
            if all(scope.objects.get(each) for each in (kind.object, kind.parent, kind.product)):
                yield from LineReader(scope, scope.fields(kind.object), kind).readings()
    if verb in {"add", "make"} and scope.objects.get(ROLE) and scope.objects.get("Opportunity"):
        reader = RoleReader(scope, scope.fields(ROLE))
        yield from reader.added() if verb == "add" else reader.made()


def _is_new(scope: Scope) -> bool:
    """Tell whether the clause opens with a new record of an object it names: ``a contact Richard Hendricks to it``."""
    start = scope.skip(0, _NEW)
    return start > 0 and scope.objects.at(scope.tokens, start, scope.end) is not None

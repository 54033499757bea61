"""Words for blueprints in domain specs: the key each stands for, and those that stand for none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from actwright.blueprints.library import Library, words
from actwright.errors import DomainError
from actwright.planning.domains.domain import DomainSpec

DERIVED = "derived"
"""The first word of a derived blueprint's key."""

_OPERATIONS = frozenset({"create", "update", "delete"})


def blueprint_key(word: str, library: Library) -> str | None:
    """Return the key of the blueprint a spec calls ``word``, or None where there is none."""
    entry = library.find(word)
    if entry is not None:
        return entry.key
    parts = word.lower().split(".")
    derived = len(parts) == 3 and parts[0] == DERIVED and parts[2] in _OPERATIONS  # noqa: PLR2004 - derived.OBJECT.OPERATION
    return word.lower() if derived else None


def check_blueprints(domains: Iterable[DomainSpec], library: Library) -> None:
    """Refuse specs that name a blueprint the library does not hold: nothing can be held to them.

    Raises:
        DomainError: A use case or a constraint names one.
    """
    for spec in domains:
        for where, word in _named(spec):
            if blueprint_key(word, library) is None:
                raise DomainError(
                    f"The domain spec {spec.name!r} names a blueprint that is not there: {word[:80]!r}.",
                    where=where,
                    hint=f"{_nearest(word, library)}Correct the spec, or add the blueprint: "
                    "`actwright blueprints list` shows all.",
                    code="blueprint_unknown",
                )


def _named(spec: DomainSpec) -> Iterator[tuple[str, str]]:
    """Yield every word for a blueprint in a spec, with its place."""
    for at, use_case in enumerate(spec.use_cases):
        for word in use_case.blueprints:
            yield f"{spec.name}: useCases[{at}].blueprints", word
    for constraint in spec.constraints:
        for word in constraint.blueprints:
            yield f"{spec.name}: constraint {constraint.name}", word


def _nearest(word: str, library: Library) -> str:
    known = [each for entry in library.entries for each in words(entry)]
    near = get_close_matches(word.casefold(), known, n=1)
    return f"Did you mean {near[0]!r}? " if near else ""

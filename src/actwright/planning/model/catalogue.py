"""The catalogue: blueprints as a model is told of them, one line of JSON each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import DateRangeParams, EnumParams, MaxRowsParams, RangeParams
from actwright.blueprints.library import Library, LibraryEntry
from actwright.canonical import Json
from actwright.inert import inert
from actwright.model.quoting import quoted
from actwright.model.tokens import estimate
from actwright.planning.planner import Recommendation

CATALOGUE_TOKENS = 24_000
"""A library whose whole catalogue has more tokens than this is told of in part: what comes near the goal."""

_MOST_NEAR = 30
_MOST_VALUES = 25
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A library as a model is told of it.

    Attributes:
        whole: Every blueprint, the same for every goal, so that a service can keep it; empty for a large library.
        near: For a large library, the blueprints that come near the goal.
    """

    whole: str
    near: str


class Catalogues:
    """Makes catalogues; remembers the one of a library, which does not change with the goal."""

    def __init__(self, budget: int = CATALOGUE_TOKENS) -> None:
        self._budget = budget
        self._kept: tuple[Library, str] | None = None

    def of(self, library: Library, nearest: Sequence[Recommendation]) -> Catalogue:
        """Return the catalogue of ``library`` for a goal that ``nearest`` come near, nearest first."""
        whole = self._whole(library)
        if estimate(whole) <= self._budget:
            return Catalogue(whole, "")
        return Catalogue("", self._near(library, nearest))

    def _whole(self, library: Library) -> str:
        if self._kept is None or self._kept[0] is not library:
            self._kept = (library, catalogue_text(library.entries))
        return self._kept[1]

    def _near(self, library: Library, nearest: Iterable[Recommendation]) -> str:
        found = (library.find(each.key) for each in nearest)
        kept: dict[str, LibraryEntry] = {}
        left = self._budget
        for entry in found:
            cost = estimate(blueprint_line(entry.key, entry.blueprint)) + 1 if entry else left + 1
            if entry is not None and cost <= left and len(kept) < _MOST_NEAR:
                kept[entry.key] = entry
                left -= cost
        return catalogue_text(kept[key] for key in sorted(kept))


def catalogue_text(entries: Iterable[LibraryEntry]) -> str:
    """Return blueprints as lines of JSON."""
    return "\n".join(blueprint_line(each.key, each.blueprint) for each in entries)


def blueprint_line(key: str, blueprint: ActionBlueprint) -> str:
    """Return one blueprint as a line of JSON: what a planner needs, and no guardrail but what it allows."""
    document: dict[str, Json] = {
        "key": key,
        "label": inert(blueprint.label, limit=120),
        "object": blueprint.target_s_object,
        "operation": blueprint.operation,
        "inputs": [_input(blueprint, each) for each in blueprint.inputs if each.usage != "CONTEXT"],
    }
    rows = [each.max for each in _params(blueprint) if isinstance(each, MaxRowsParams)]
    if rows:
        document["mostRows"] = min(rows)
    return quoted(document)


def _input(blueprint: ActionBlueprint, wanted: ActionInput) -> dict[str, Json]:
    document: dict[str, Json] = {"name": wanted.api_name, "type": wanted.data_type}
    if wanted.label not in {wanted.api_name, wanted.field_api_name}:
        document["label"] = inert(wanted.label, limit=80)
    if wanted.required and wanted.default is None:
        document["required"] = True
    if wanted.default is not None:
        document["default"] = wanted.default
    if wanted.description and wanted is not blueprint.id_input:
        document["about"] = inert(wanted.description, limit=_LONGEST)
    return document | dict(_allowed(blueprint, wanted.field_api_name))


def _params(blueprint: ActionBlueprint) -> Iterator[object]:
    return (each.parsed() for each in blueprint.guardrails)


def _allowed(blueprint: ActionBlueprint, field: str) -> Iterator[tuple[str, Json]]:
    """Yield what the blueprint's guardrails allow a field to hold."""
    for params in _params(blueprint):
        if isinstance(params, EnumParams) and params.field.lower() == field.lower():
            yield "values", list(params.values[:_MOST_VALUES])
        elif isinstance(params, RangeParams) and params.field.lower() == field.lower():
            yield from (
                (name, str(bound))
                for name, bound in (("least", params.min), ("most", params.max))
                if bound is not None
            )
        elif isinstance(params, DateRangeParams) and params.field.lower() == field.lower():
            yield from (
                (name, bound)
                for name, bound in (("from", params.from_), ("to", params.to))
                if bound is not None
            )

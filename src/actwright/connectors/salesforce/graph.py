"""An effect group as one ``/composite/graph`` call: up to 75 transactions of up to 500 writes together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import Answer, OrgJson, mapping, rows
from actwright.connectors.salesforce.composite import check_group, in_order, link_to, too_many
from actwright.connectors.salesforce.composite_answer import (
    contradictory,
    made_twice,
    parts_within,
    transaction_outcomes,
    unknown,
)
from actwright.connectors.salesforce.draft import Draft, PathOf, Write
from actwright.connectors.salesforce.ledger import NO_ENTRY, Entry, entry_of, keys_of
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, OrgProtocolError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome

MOST_NODES = 500
MOST_GRAPHS = 75
_UNTRIED = Fault(
    code="NOT_TRIED", message="Too many others of the same call had failed; the org did not try it."
)


@dataclass(frozen=True, slots=True)
class Graph:
    """Writes that stand or fall together, what others link to first."""

    name: str
    writes: tuple[Write, ...]
    entry: Entry = NO_ENTRY
    """What keeps the ledger in its transaction."""

    @property
    def requests(self) -> tuple[Mapping[str, object], ...]:
        """The requests of the graph, in order."""
        writes = tuple(part for each in self.writes for part in each.subrequests)
        return (*self.entry.opening, *writes, *self.entry.closing)


def graphs_of(
    group: EffectGroup, describe: Describer, path_of: PathOf, key: str | None = None
) -> tuple[Graph, ...]:
    """Return a group's parts as graphs; a group without parts is one.

    A graph takes no header with a request, so that no version is pinned and duplicate rules are for the whole call.

    Args:
        group: What to send together.
        describe: Looks objects up.
        path_of: Builds a row's path.
        key: What each part is entered into the ledger under, with its place behind it; None leaves the ledger alone.

    Raises:
        InputError: A name, an id, a value or a link does not fit, or the parts are not those of the group.
        RefusedError: The group is too large, mixes setup objects with others, or changes one record twice; or an
            upsert would create a record under a key that is not unique.
    """
    check_group(group)
    parts = _parts(group)
    if len(group.effects) > MOST_NODES:
        raise too_many(len(group.effects), MOST_NODES, "writes")
    if len(parts) > MOST_GRAPHS:
        raise too_many(len(parts), MOST_GRAPHS, "parts")
    keys = keys_of(group, key) if key is not None else (None,) * len(parts)
    return tuple(
        _graph(f"p{place}", part, _writes(part, describe, path_of), keys[place], path_of)
        for place, part in enumerate(parts)
    )


def _graph(
    name: str,
    part: Sequence[Effect],
    writes: tuple[Write, ...],
    key: str | None,
    path_of: PathOf,
) -> Graph:
    return Graph(name, writes, entry_of(key, part, writes, path_of))


def graph_body(graphs: Sequence[Graph]) -> dict[str, object]:
    """Return the body of the graph call."""
    return {
        "graphs": [
            {"graphId": each.name, "compositeRequest": list(each.requests)} for each in graphs
        ]
    }


def graph_outcome(group: EffectGroup, graphs: Sequence[Graph], answer: Answer) -> GroupOutcome:
    """Return what became of each graph; its effects are ``unknown`` where its answer cannot be read.

    Never raises: whatever is wrong with the answer, the group was sent.
    """
    try:
        answers = _by_graph(answer, graphs)
    except Exception:  # noqa: BLE001 - a failure to read proves nothing about what the org did
        return unknown(group)
    outcomes = {
        found.effect_id: found
        for each in graphs
        for found in _outcomes(each, answers[each.name], alone=not group.parts)
    }
    ordered = tuple(outcomes[each.id] for each in group.effects)
    if made_twice(group, ordered):
        return unknown(group)
    return GroupOutcome(group_id=group.id, outcomes=ordered, api_calls=1)


def _parts(group: EffectGroup) -> list[list[Effect]]:
    if not group.parts:
        return [list(group.effects)]
    effects = {each.id: each for each in group.effects}
    named = [name for part in group.parts for name in part]
    if sorted(named) != sorted(effects):
        raise InputError(
            "The parts of the group do not hold each of its effects once.",
            where=f"group {group.id}",
        )
    return [[effects[name] for name in part] for part in group.parts]


def _writes(part: Sequence[Effect], describe: Describer, path_of: PathOf) -> tuple[Write, ...]:
    ordered = in_order(part, where=part[0].id)
    names = {each.id: f"e{place}" for place, each in enumerate(ordered)}
    here = {each.ref: link_to(each, f"{names[each.id]}.id") for each in part if each.ref}
    return tuple(
        Draft(each, describe(each.object), names[each.id], here, path_of, versioned=False).write()
        for each in ordered
    )


def _by_graph(answer: Answer, graphs: Sequence[Graph]) -> Mapping[str, Mapping[str, OrgJson]]:
    entries = rows(mapping(answer.json(), "graph").get("graphs"), "graphs")
    found = {str(each.get("graphId")): each for each in entries}
    if len(entries) != len(graphs) or set(found) != {each.name for each in graphs}:
        raise OrgProtocolError("The org's answer does not cover each graph once.", where="graphs")
    return found


def _outcomes(
    graph: Graph, answer: Mapping[str, OrgJson], *, alone: bool
) -> tuple[EffectOutcome, ...]:
    """Return what became of one graph's effects: all done, or none; anything else is no answer."""
    references = [str(each["referenceId"]) for each in graph.requests]
    try:
        parts = parts_within(answer.get("graphResponse"), references)
        found = transaction_outcomes(graph.writes, parts, graph.entry)
    except Exception:  # noqa: BLE001 - as above
        return _unknown(graph)
    statuses = {each.status for each in found}
    if answer.get("isSuccessful") is not (statuses == {"done"}):
        return _unknown(graph)
    if statuses == {"rolled_back"} and not alone:
        # An org stops looking at the graphs behind the first fourteen that fail.
        update = {"status": "not_sent", "faults": (_UNTRIED,)}
        return tuple(each.model_copy(update=update) for each in found)
    return _unknown(graph) if contradictory(found) else found


def _unknown(graph: Graph) -> tuple[EffectOutcome, ...]:
    return tuple(EffectOutcome(effect_id=each.effect.id, status="unknown") for each in graph.writes)

"""Rehearsals: the org tries a group's own requests in transactions that cannot commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from actwright.connectors.salesforce.answer import Answer
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.collections import RowsWrite
from actwright.connectors.salesforce.composite import prepare
from actwright.connectors.salesforce.doomed import (
    MOST_GRAPHS,
    MOST_NODES,
    DoomedComposite,
    DoomedGraphs,
    Request,
    impossible,
)
from actwright.connectors.salesforce.draft import Write
from actwright.connectors.salesforce.duplicates import HEADER, duplicate_header
from actwright.connectors.salesforce.graph import Graph, graphs_of
from actwright.connectors.salesforce.rehearsal_answer import (
    Tried,
    graph_answers,
    outcomes_of,
)
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import OrgProtocolError, RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome

_NAMED = 10

_OUTSIDE = {
    "__e": "platform events, which are published at once",
    "__b": "big objects, which are written outside every transaction",
    "__x": "external objects, which another system writes",
    "__xo": "external objects, which another system writes",
}
"""What an org does not take back with a transaction, by the end of the object's name."""

_EVENT_FIELD = "ReplayId"
"""Only platform events have it, those of Salesforce too."""


@dataclass(frozen=True, slots=True)
class Rehearser:
    """Lets an org try groups without committing them.

    Attributes:
        client: The session's client.
        describe: Looks objects up.
    """

    client: OrgClient
    describe: Describer

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return what would become of a group: ``rolled_back`` for what would work, ``failed`` with faults for the rest.

        Raises:
            InputError: An effect does not fit the org's schema. Nothing was sent.
            RefusedError: Not all of the group could be taken back. Nothing was sent.
            OrgError: The org cannot be asked, or refused the call as a whole. Nothing was written.
            OrgProtocolError: The org's answer does not prove that nothing was written.
        """
        self._check(group)
        if group.carrier == "graph":
            answered = list(self._graphs(group))
        else:
            answered = [self._composite(group)]
        outcomes = {each.effect_id: each for found in answered for each in found}
        return GroupOutcome(
            group_id=group.id,
            outcomes=tuple(outcomes[each.id] for each in group.effects),
            api_calls=len(answered),
        )

    def _check(self, group: EffectGroup) -> None:
        """Refuse what a failing request would not take back."""
        if any(each.kind != "record" for each in group.effects):
            raise _refused("what acts outside the org cannot be taken back.")
        if group.carrier == "bulk":
            raise _refused("a bulk job has no transaction that could be taken back.")
        if not group.atomic and group.carrier != "graph":
            raise _refused(
                "its rows stand or fall each for itself, so that a failing one takes none back."
            )
        for name in dict.fromkeys(each.object for each in group.effects):
            schema = self.describe(name)
            ending = next((each for each in _OUTSIDE if schema.name.lower().endswith(each)), None)
            if ending is None and schema.field(_EVENT_FIELD) is not None:
                ending = "__e"
            if ending is not None:
                raise _refused(f"{schema.name} is one of the {_OUTSIDE[ending]}.")

    def _composite(self, group: EffectGroup) -> tuple[EffectOutcome, ...]:
        writes = prepare(group, self.describe, self.client.object_path)
        tried = _tried(writes)
        call = DoomedComposite(_requests(writes), self._some_object(group))
        answer = call.send(self.client)
        with _Proof(group.effects) as proof:
            return outcomes_of(tried, proof.answered(answer).json())

    def _graphs(self, group: EffectGroup) -> Iterator[tuple[EffectOutcome, ...]]:
        """Yield what became of the group's parts, as many of them in each call as fit beside what fails them."""
        graphs = graphs_of(group, self.describe, self.client.object_path)
        header = {HEADER: duplicate_header(allow_save=group.allow_duplicates)}
        for together in _fitting(graphs):
            tried = {each.name: _tried(each.writes) for each in together}
            requests = {each.name: _requests(each.writes) for each in together}
            call = DoomedGraphs(requests, self._some_object(group))
            answer = call.send(self.client, header)
            effects = [effect for each in tried.values() for effect in each.effects]
            with _Proof(effects) as proof:
                answers = graph_answers(proof.answered(answer).json(), list(tried))
                yield tuple(
                    found
                    for name, each in tried.items()
                    for found in outcomes_of(each, answers[name])
                )

    def _some_object(self, group: EffectGroup) -> str:
        return self.client.object_path(self.describe(group.effects[0].object).name)


def _requests(writes: Sequence[Write | RowsWrite]) -> list[Request]:
    """Return the requests that write, in order.

    The reads that pin a delete's version write nothing; their places are for the requests that must fail.
    """
    return [part for each in writes for part in each.subrequests if part["method"] != "GET"]


def _tried(writes: Sequence[Write | RowsWrite]) -> Tried:
    return Tried(
        carried={each.reference: tuple(each.effects) for each in writes},
        collections=frozenset(each.reference for each in writes if isinstance(each, RowsWrite)),
    )


def _fitting(graphs: Sequence[Graph]) -> Iterator[tuple[Graph, ...]]:
    """Yield as many graphs as one call holds, each with the requests that must fail; they are independent anyway."""
    together: list[Graph] = []
    room = MOST_NODES
    for graph in graphs:
        size = len(_requests(graph.writes)) + len(impossible(""))
        if together and (size > room or len(together) == MOST_GRAPHS):
            yield tuple(together)
            together, room = [], MOST_NODES
        together.append(graph)
        room -= size
    if together:
        yield tuple(together)


class _Proof:
    """Turns every failure to read an answer into one error that says what may have been written.

    Args:
        effects: What was tried.
    """

    def __init__(self, effects: Sequence[Effect]) -> None:
        self._effects = effects

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            raise self._unproven(error) from error

    def answered(self, answer: Answer | None) -> Answer:
        """Return the answer there is.

        Raises:
            OrgProtocolError: There is none.
        """
        if answer is None:
            raise OrgProtocolError("it was lost")
        return answer

    def _unproven(self, error: Exception) -> OrgProtocolError:
        why = inert(str(error) or type(error).__name__, limit=300)
        named = ", ".join(_called(each) for each in self._effects[:_NAMED])
        more = len(self._effects) - _NAMED
        return OrgProtocolError(
            "The org's answer to the rehearsal does not prove that nothing was written "
            f"({why.rstrip('.')}); what may have been written: {named}"
            f"{f' and {more:,} more' if more > 0 else ''}.",
            where="rehearsal",
            hint="Every call ends in requests that must fail, so most likely nothing was written. Look at those records "
            "before anything else is done.",
        )


def _called(effect: Effect) -> str:
    label = effect.object_label or effect.object
    name = effect.record_name or effect.record_id or "a new one"
    return f"{effect.operation.lower()} of {inert(label, limit=80)} {inert(name, limit=80)}"


def _refused(why: str) -> RefusedError:
    return RefusedError(
        why,
        where="rehearsal",
        hint="Make the preview without --deep.",
        code="rehearsal_impossible",
    )

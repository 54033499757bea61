"""What an org answered to a call that cannot commit: the proof that nothing was written, then what would become of it.

The proof comes first and is strict. No request that writes may have succeeded, no row of a collection may have, and
something must have failed of its own accord; an answer that leaves any of this open is no proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import OrgJson, mapping, rows
from actwright.connectors.salesforce.composite_answer import Part, parts_within
from actwright.connectors.salesforce.doomed import FIRST, SECOND
from actwright.connectors.salesforce.errors import faults_of
from actwright.errors import OrgProtocolError
from actwright.org.effect import Effect
from actwright.org.outcome import EffectOutcome, Fault

_TAKEN_BACK = frozenset({"PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK"})
_FIRST_REFUSAL = 300
"""The first HTTP status that is not a success; an upsert's 300 is not one either."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One transaction that was tried: the effects each of its requests carries, by reference, rows in order."""

    carried: Mapping[str, tuple[Effect, ...]]
    collections: frozenset[str] = frozenset()
    """The references of those that carry rows, each of which answers for itself."""

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Every effect of the transaction."""
        return tuple(each for carried in self.carried.values() for each in carried)


def outcomes_of(tried: Tried, document: OrgJson) -> tuple[EffectOutcome, ...]:
    """Return what would become of each effect of a transaction, once its answer proves that nothing was written.

    Args:
        tried: The transaction.
        document: A composite's answer, or one graph's.

    Raises:
        OrgProtocolError: The answer does not prove that nothing was written.
    """
    parts = parts_within(document, [*tried.carried, FIRST, SECOND])
    results = {each: _results(tried, each, parts[each]) for each in tried.carried}
    own = [parts[FIRST], parts[SECOND]]
    if any(each.status < _FIRST_REFUSAL for each in own):
        raise _unproven("a request that no org can carry out was carried out")
    if not any(_failed_itself(each.faults) for each in own) and not any(
        each.status == "failed" for found in results.values() for each in found
    ):
        raise _unproven("nothing failed of its own accord")
    return tuple(each for found in results.values() for each in found)


def _results(tried: Tried, reference: str, part: Part) -> tuple[EffectOutcome, ...]:
    effects = tried.carried[reference]
    if reference in tried.collections and _has_rows(part.body):
        return tuple(_row_results(effects, part.body))
    if part.status < _FIRST_REFUSAL:
        raise _unproven(f"the org says that {_called(effects)} was written")
    return tuple(_outcome(each, part.faults) for each in effects)


def _has_rows(body: OrgJson) -> bool:
    return isinstance(body, list) and any(isinstance(e, dict) and "success" in e for e in body)


def _row_results(effects: Sequence[Effect], body: OrgJson) -> Iterator[EffectOutcome]:
    answers = rows(body, "compositeResponse.body")
    if any(each.get("success") is not False for each in answers):
        raise _unproven("the org says that a row of a collection was written")
    if len(answers) != len(effects):
        raise _unproven("a collection's answer does not cover each row once")
    for effect, answer in zip(effects, answers, strict=True):
        yield _outcome(effect, faults_of(answer.get("errors")) or (_SILENT,))


_SILENT = Fault(code="UNKNOWN_EXCEPTION", message="The org gave no reason.")


def _outcome(effect: Effect, faults: tuple[Fault, ...]) -> EffectOutcome:
    own = _failed_itself(faults)
    return EffectOutcome(
        effect_id=effect.id,
        status="failed" if own else "rolled_back",
        record_id=effect.record_id,
        faults=faults if own else (),
    )


def _failed_itself(faults: Sequence[Fault]) -> bool:
    """Tell whether a failure is one of its own, not the echo of another in the same transaction."""
    return not any(each.code in _TAKEN_BACK for each in faults)


def graph_answers(document: OrgJson, graphs: Sequence[str]) -> Mapping[str, OrgJson]:
    """Return each graph's answer by the graph's id.

    Raises:
        OrgProtocolError: It is no graphs' answer, does not cover each graph once, or says that one was carried out.
    """
    answers = rows(mapping(document, "graphs").get("graphs"), "graphs")
    found = {str(each.get("graphId")): each for each in answers}
    if len(answers) != len(graphs) or set(found) != set(graphs):
        raise _unproven("it does not cover each graph once")
    if any(each.get("isSuccessful") is not False for each in answers):
        raise _unproven("the org says that a graph was carried out")
    return {name: each.get("graphResponse") for name, each in found.items()}


def _called(effects: Sequence[Effect]) -> str:
    return ", ".join(each.id for each in effects[:3])


def _unproven(why: str) -> OrgProtocolError:
    return OrgProtocolError(why)

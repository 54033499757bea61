"""``actwright schema``: the published JSON Schema of every contract."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, cast

import typer

from actwright.cli.options import JsonOption
from actwright.cli.terminal import Terminal
from actwright.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from actwright.contract import Contract

CONTRACTS = {
    "ActionBlueprint": "actwright.blueprints.blueprint",
    "DomainSpec": "actwright.planning.domains.domain",
    "Confirmation": "actwright.checkpoints.confirmation",
    "Effect": "actwright.org.effect",
    "EffectGroup": "actwright.org.effect",
    "GeneratedAction": "actwright.actions.generated.action",
    "GoalFile": "actwright.testing.goals",
    "Grant": "actwright.checkpoints.grants.grant",
    "Intervention": "actwright.runs.interventions.intervention",
    "Issue": "actwright.guardrails.issue",
    "JournalEvent": "actwright.runs.record.event",
    "ListSnapshot": "actwright.planning.snapshot_shapes",
    "MapSnapshot": "actwright.planning.snapshot_shapes",
    "OrchestratorResult": "actwright.runs.record.envelope",
    "PolicyCases": "actwright.guardrails.policy.case",
    "PolicyDocument": "actwright.guardrails.policy.document",
    "Plan": "actwright.blueprints.plan",
    "Preview": "actwright.checkpoints.preview",
    "Prices": "actwright.model.prices",
    "PromptHeader": "actwright.model.prompts",
    "Scorecard": "actwright.regression.scores.scorecard",
    "SuiteFile": "actwright.regression.suite.suite_file",
    "UndoDecision": "actwright.runs.undoing.decision",
    "Undoing": "actwright.runs.undoing.undoing",
}
"""Where each published contract lives."""

_ALIASES = {
    "blueprint": "ActionBlueprint",
    "envelope": "OrchestratorResult",
    "policy": "PolicyDocument",
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A contract's name, in any case.")
    ] = None,
    *,
    names: Annotated[bool, typer.Option("--list", help="List the names instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON Schema of a contract. "Blueprint", "Envelope" and "Policy" are understood too."""
    terminal = Terminal(as_json=as_json)
    if names:
        _list(terminal)
        return
    if name is None:
        raise InputError(
            "Which contract?", where="NAME", hint=f"One of {', '.join(sorted(CONTRACTS))}."
        )
    terminal.document(schema_of(name))


def schema_of(name: str) -> dict[str, object]:
    """Return the JSON Schema of a contract as it stands on the wire.

    Raises:
        NotFoundError: No contract has that name.
    """
    known = _ALIASES | {each.casefold(): each for each in CONTRACTS}
    chosen = known.get(name.casefold())
    if chosen is None:
        raise NotFoundError(
            f"There is no contract {name[:60]!r}.", hint=f"One of {', '.join(sorted(CONTRACTS))}."
        )
    model = cast("type[Contract]", getattr(import_module(CONTRACTS[chosen]), chosen))
    plain = model.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT, **plain, "properties": {**_computed(model), **plain["properties"]}}


def _computed(model: type[Contract]) -> dict[str, object]:
    """Return the schemas of what a document carries and nobody hands in, such as a plan's id."""
    if not model.model_computed_fields:
        return {}
    written = model.model_json_schema(by_alias=True, mode="serialization")["properties"]
    return {name: written[name] for name in model.model_computed_fields}


def _list(terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.document(sorted(CONTRACTS))
        return
    for each in sorted(CONTRACTS):
        terminal.line(each)

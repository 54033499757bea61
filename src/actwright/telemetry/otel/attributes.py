"""Attributes: what a span tells of a document. Ids, digests, codes and counts; no text, and no name of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeAlias

from actwright.actions.generating.making import is_generated
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.preview import Preview, PreviewedAction
from actwright.errors import ActwrightError
from actwright.planning.planner import PlanningOutcome
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.record.envelope import OrchestratorResult
from actwright.telemetry.log.generated_names import told_name
from actwright.telemetry.otel import conventions as name

Value: TypeAlias = str | bool | int | float | Sequence[str]
Attributes: TypeAlias = dict[str, Value]

_BY_PREFIX: Final = {
    "plan_": name.PLAN_ID,
    "prv_": name.PREVIEW_ID,
    "run_": name.RUN_ID,
    "cnf_": name.CONFIRMATION_ID,
}
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
_MOST_CODES: Final = 20
_MOST_NAMED: Final = 3
_DIGITS: Final = 16


def of_subject(subject: object) -> Attributes:
    """Return what is told of what a call is about: a document, or the id of one; nothing of anything else."""
    match subject:
        case str():
            known = (each for prefix, each in _BY_PREFIX.items() if subject.startswith(prefix))
            return {attribute: subject for attribute in known if _is_id(subject)}
        case Plan():
            return of_plan(subject)
        case Preview():
            return of_preview(subject)
        case Confirmation():
            return {
                name.CONFIRMATION_ID: subject.id,
                name.PREVIEW_ID: subject.preview_id,
                name.DIGEST: subject.digest,
            }
        case Intervention():
            return {name.INTERVENTION: subject.action}
    return {}


def ids_of(document: object) -> list[str]:
    """Return the ids a document goes by in traces: its own first, then those of what it was made of."""
    ids: list[str | None] = []
    match document:
        case str() if _is_id(document):
            ids = [document]
        case Plan():
            ids = [document.id, document.planner.undoes]
        case PlanningOutcome(plan=Plan() as plan):
            ids = [plan.id]
        case Preview():
            ids = [document.id, document.plan_id]
        case Confirmation():
            ids = [document.preview_id]
        case OrchestratorResult():
            ids = [document.run_id]
    return [each for each in ids if each]


def of_goal(words: str) -> Attributes:
    """Return what is told of a goal: its digest."""
    return {name.GOAL_DIGEST: sha256(words.encode("utf-8", "replace")).hexdigest()}


def of_plan(plan: Plan) -> Attributes:
    """Return what is told of a plan."""
    told: Attributes = {
        name.PLAN_ID: plan.id,
        name.PLAN_ACTIONS: [_planned(each) for each in plan.actions[:_MOST_CODES]],
        name.PLANNER: plan.planner.kind,
    }
    return _with(
        told,
        {
            name.PLAN_UNDOES: plan.planner.undoes,
            name.PROMPT_NAME: plan.planner.prompt_name,
            name.PROMPT_VERSION: plan.planner.prompt_version,
            name.PROMPT_HASH: plan.planner.prompt_hash,
        },
    )


def of_outcome(outcome: PlanningOutcome) -> Attributes:
    """Return what is told of a planner's answer: a plan, how many questions, or the code of a refusal."""
    told = of_plan(outcome.plan) if outcome.plan else {}
    if outcome.questions:
        told[name.QUESTIONS] = len(outcome.questions)
    if outcome.refusal:
        told[name.REFUSED] = outcome.refusal.code
    if outcome.usage and outcome.usage.calls:
        told[name.INPUT_TOKENS] = outcome.usage.input_tokens
        told[name.OUTPUT_TOKENS] = outcome.usage.output_tokens
        told |= _with({}, {name.COST: outcome.usage.cost})
    return told


def of_preview(preview: Preview) -> Attributes:
    """Return what is told of a preview."""
    told: Attributes = {
        name.PREVIEW_ID: preview.id,
        name.PLAN_ID: preview.plan_id,
        name.DIGEST: preview.digest,
        name.ORG_ID: preview.org.id,
        name.USER: pseudonym(preview.running_user.username),
        name.PREVIEW_EFFECTS: sum(len(each.effects) for each in preview.groups),
        name.GUARDRAIL_POLICY_VERSION: preview.policy_version,
    }
    return _with(told, {name.EDITED_FROM: preview.edited_from, name.RUN_ID: preview.run_id})


def of_envelope(envelope: OrchestratorResult) -> Attributes:
    """Return what is told of an envelope: how the run stands, how much was done, and the codes of what was found."""
    told: Attributes = {
        name.RUN_STATUS: envelope.status or "not_started",
        name.EFFECTS_DONE: envelope.effects_done,
        name.EFFECTS_TOTAL: envelope.effects_total,
    }
    codes = codes_of([issue.code for each in envelope.results for issue in each.issues])
    return _with(told, {name.RUN_ID: envelope.run_id, name.ISSUE_CODES: codes or None})


def of_error(error: BaseException) -> str:
    """Return the ``error.type`` of an error: its code, else the name of its class."""
    return error.error_code if isinstance(error, ActwrightError) else type(error).__name__


def workflow_name(preview: Preview) -> str:
    """Return what runs of such previews are called: the blueprints of their actions, each once, the first three."""
    names = list(dict.fromkeys(map(tool_name, preview.actions)))
    more = "+more" if len(names) > _MOST_NAMED else ""
    return "+".join(names[:_MOST_NAMED]) + more


def tool_name(action: PreviewedAction) -> str:
    """Return what an action is called: by its blueprint, whose name is told on only where no model made it."""
    generated = action.implementation_kind == "generated"
    return told_name(action.blueprint) if generated else action.blueprint


def pseudonym(person: str) -> str:
    """Return what stands for a person: the same each time, and not their name."""
    digits = sha256(person.strip().casefold().encode("utf-8", "replace")).hexdigest()
    return f"user_{digits[:_DIGITS]}"


def codes_of(codes: Sequence[str]) -> list[str]:
    """Return codes, each once, no more than a span should hold."""
    return [each for each in dict.fromkeys(codes) if _WORD.fullmatch(each)][:_MOST_CODES]


def _planned(action: PlannedAction) -> str:
    called = action.blueprint.name
    return told_name(called) if is_generated(action.blueprint) else called


def _with(told: Attributes, more: Mapping[str, Value | None]) -> Attributes:
    return told | {key: value for key, value in more.items() if value is not None}


def _is_id(text: str) -> bool:
    return _WORD.fullmatch(text) is not None


def word(data: Mapping[str, Any], key: str) -> str:
    """Return an id, a code or a status out of an event's data; nothing where what stands there is more than a word.

    Codes of orgs and overrides are hostile input: a sentence in their place is not told on.
    """
    value = data.get(key)
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""

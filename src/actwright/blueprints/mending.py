"""Mending what an imported blueprint says about field-level security that no org could ever grant.

Upstream's own files list ``Id`` among the fields to edit, name the edit right on a create, and write fields the
platform keeps to itself. Each is put right, and each is told as a warning under the rule the lint has for it; no
guardrail on a value is ever taken away from a field that is still written.
"""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.finding import LintFinding
from actwright.blueprints.guardrail import FieldParams, FieldsParams, GuardrailSpec
from actwright.blueprints.writable import WriteOperation, never_written
from actwright.errors import BlueprintError

_RIGHTS = {"CREATE": "FLS_CREATE", "UPDATE": "FLS_EDIT"}
_RULES: dict[WriteOperation, str] = {
    "CREATE": "field_not_createable",
    "UPDATE": "field_not_updateable",
}


def mended(blueprint: ActionBlueprint) -> tuple[ActionBlueprint, tuple[LintFinding, ...]]:
    """Return the blueprint with what nobody can be granted left out, and a warning for each change.

    Raises:
        BlueprintError: An input nobody can write is required, so that the action could never run.
    """
    lost = _lost(blueprint)
    findings: list[LintFinding] = [_unwritable(blueprint, each) for each in lost]
    names = {each.field_api_name.lower() for each in lost}
    guardrails = []
    for index, each in enumerate(blueprint.guardrails):
        kept, found = _guardrail(blueprint, each, names, f"guardrails[{index}]")
        findings += found
        guardrails += [kept] if kept is not None else []
    inputs = tuple(each for each in blueprint.inputs if each not in lost)
    changed = {"inputs": inputs, "guardrails": tuple(guardrails)}
    return blueprint.model_copy(update=changed), tuple(findings)


def _lost(blueprint: ActionBlueprint) -> list[ActionInput]:
    """Return the inputs that are written to a field nobody can write."""
    lost = [
        each
        for each in blueprint.inputs
        if each.is_field and _is_closed(blueprint, each.field_api_name)
    ]
    needed = next((each for each in lost if each.required), None)
    if needed is not None:
        raise BlueprintError(
            f"{blueprint.target_s_object}.{needed.field_api_name} cannot be written by anybody, and the input is required.",
            where=f"inputs.{needed.api_name}",
            hint="Take the input out.",
            code="field_not_writable",
        )
    return lost


def _is_closed(blueprint: ActionBlueprint, field: str) -> bool:
    if blueprint.operation not in _RIGHTS or field.lower() == "id":
        return False
    operation: WriteOperation = "CREATE" if blueprint.operation == "CREATE" else "UPDATE"
    return never_written(blueprint.target_s_object or "", field, operation)


def _unwritable(blueprint: ActionBlueprint, given: ActionInput) -> LintFinding:
    operation: WriteOperation = "CREATE" if blueprint.operation == "CREATE" else "UPDATE"
    return LintFinding(
        _RULES[operation],
        "warning",
        f"inputs.{given.api_name}",
        f"Nobody can write {blueprint.target_s_object}.{given.field_api_name}: the input was left out.",
        "Use an action of the platform's own for it.",
    )


def _guardrail(
    blueprint: ActionBlueprint, given: GuardrailSpec, lost: set[str], path: str
) -> tuple[GuardrailSpec | None, list[LintFinding]]:
    """Return the guardrail as it can be granted, None where nothing of it is left, and what was changed."""
    params = given.parsed()
    if isinstance(params, FieldParams):
        return (None if params.field.lower() in lost else given), []
    if not isinstance(params, FieldsParams):
        return given, []
    rights = given.type in _RIGHTS.values()
    right = _RIGHTS.get(blueprint.operation, given.type) if rights else given.type
    kept = [each for each in params.fields if not _left_out(blueprint, each, lost, rights=rights)]
    findings = list(_changes(given, right, params.fields, path)) if rights else []
    if right == given.type and len(kept) == len(params.fields):
        return given, findings
    if not kept:
        return None, findings
    params_kept = given.params | {"fields": kept}
    return GuardrailSpec(type=right, params=params_kept, message=given.message), findings


def _left_out(blueprint: ActionBlueprint, field: str, lost: set[str], *, rights: bool) -> bool:
    if field.lower() in lost:
        return True
    return rights and (field.lower() == "id" or _is_closed(blueprint, field))


def _changes(
    given: GuardrailSpec, right: str, fields: tuple[str, ...], path: str
) -> Iterator[LintFinding]:
    if right != given.type:
        yield LintFinding(
            "guardrail_of_other_operation",
            "warning",
            f"{path}.type",
            f"{given.type} does not fit the operation: it became {right}.",
            "Nothing; the right that counts is checked.",
        )
    if any(each.lower() == "id" for each in fields):
        yield LintFinding(
            "guardrail_on_id",
            "warning",
            f"{path}.params.fields",
            f"{given.type} listed Id, which nobody may write: Id was left out.",
            "Nothing; that the record may be changed is checked all the same.",
        )

"""Lint: what the contract alone cannot tell about a blueprint, because it takes an org's schema to know.

A blueprint that breaks its contract is never read. One that keeps it may still name a field the org does not have, or
lack the words a person needs to choose it. Each finding has a stable rule, a path inside the file, and a way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.finding import LintFinding
from actwright.blueprints.guardrail import FieldParams, FieldsParams, GuardrailSpec
from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.schema_lint import against_schema
from actwright.org.schema import ObjectSchema

__all__ = ["Describe", "LintFinding", "lint"]

Describe = Callable[[str], ObjectSchema | None]
"""Returns an object's schema by name, or None where the object is hidden or does not exist."""

_NUMBERS = re.compile(r"\d+")
_WORDS = ("label", "summary", "checkpoint", "tags")


def lint(subject: LibraryEntry | ActionBlueprint, describe: Describe) -> tuple[LintFinding, ...]:
    """Return all findings about a blueprint, in the order of the file.

    Args:
        subject: The blueprint, or its entry in the library.
        describe: The org's schema, best as an administrator sees it.

    Raises:
        OrgError: The org cannot be asked.
    """
    blueprint = subject.blueprint if isinstance(subject, LibraryEntry) else subject
    findings = [*_words(blueprint), *_guardrails(blueprint)]
    if blueprint.target_s_object is not None:
        schema = describe(blueprint.target_s_object)
        findings += (
            [_unknown_object(blueprint)] if schema is None else against_schema(blueprint, schema)
        )
    return tuple(sorted(findings, key=_place(blueprint)))


def _words(blueprint: ActionBlueprint) -> Iterator[LintFinding]:
    """Find the texts people choose a blueprint by, and confirm it with, that nobody wrote."""
    for name in _WORDS:
        written = getattr(blueprint, name)
        if not written or (name == "label" and written == blueprint.name):
            yield LintFinding(
                f"{name}_missing",
                "warning",
                name,
                f"{blueprint.name} has no {name}.",
                f"Write {name} for the people who choose and confirm this action.",
            )


def _guardrails(blueprint: ActionBlueprint) -> Iterator[LintFinding]:
    bound = {each.field_api_name.lower() for each in blueprint.inputs if each.is_field}
    for index, guardrail in enumerate(blueprint.guardrails):
        path = f"guardrails[{index}]"
        yield from _field_rights(blueprint, guardrail, path)
        for name in _guarded(guardrail):
            if name.lower() not in bound:
                yield LintFinding(
                    "guardrail_without_input",
                    "error",
                    f"{path}.params",
                    f"{guardrail.type} looks at {name}, which no input is bound to.",
                    "Correct the field's name, or add the input.",
                )


def _field_rights(
    blueprint: ActionBlueprint, guardrail: GuardrailSpec, path: str
) -> Iterator[LintFinding]:
    if guardrail.type not in {"FLS_EDIT", "FLS_CREATE"}:
        return
    if any(each.lower() == "id" for each in _guarded(guardrail)):
        yield LintFinding(
            "guardrail_on_id",
            "error",
            f"{path}.params.fields",
            f"{guardrail.type} lists Id, which nobody may write.",
            "Take Id out of the list.",
        )
    right = "FLS_CREATE" if blueprint.operation == "CREATE" else "FLS_EDIT"
    if blueprint.operation in {"CREATE", "UPDATE"} and guardrail.type != right:
        yield LintFinding(
            "guardrail_of_other_operation",
            "error",
            f"{path}.type",
            f"{guardrail.type} does not fit {blueprint.operation}.",
            f"Use {right}.",
        )


def _guarded(guardrail: GuardrailSpec) -> tuple[str, ...]:
    params = guardrail.parsed()
    if isinstance(params, FieldsParams):
        return params.fields
    return (params.field,) if isinstance(params, FieldParams) else ()


def _unknown_object(blueprint: ActionBlueprint) -> LintFinding:
    return LintFinding(
        "object_unknown",
        "error",
        "targetSObject",
        f"The org has no object {blueprint.target_s_object}, or hides it.",
        "Correct the name, or lint as a user who may see the object.",
    )


def _place(blueprint: ActionBlueprint) -> Callable[[LintFinding], tuple[int, tuple[int, ...], str]]:
    """Order findings by the fields of the contract, then by path."""
    wire = [
        blueprint.__class__.model_fields[each].alias or each
        for each in blueprint.__class__.model_fields
    ]
    position = {name: index for index, name in enumerate(wire)}

    def key(finding: LintFinding) -> tuple[int, tuple[int, ...], str]:
        top = finding.path.partition(".")[0].partition("[")[0]
        places = tuple(int(each) for each in _NUMBERS.findall(finding.path))
        return position.get(top, len(position)), places, finding.path

    return key

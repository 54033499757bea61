"""Strange names: objects and fields a policy names and an org does not show, so that its rules say nothing there."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.errors import NotFoundError
from actwright.guardrails.policy.compiling import CompiledRule
from actwright.guardrails.policy.lint import PolicyFinding
from actwright.guardrails.policy.policy import Policy
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema


def strange_names(policy: Policy, reader: OrgReader) -> Iterator[PolicyFinding]:
    """Yield what a policy's own rules name and the org does not show to whoever asks.

    Args:
        policy: The policy.
        reader: The org.

    Raises:
        OrgError: The org cannot be asked.
    """
    known: dict[str, ObjectSchema | None] = {}
    for rule in policy.rules:
        if not rule.own:
            continue
        for name in _strange(rule, known, reader):
            yield PolicyFinding(
                code="name_strange",
                source=rule.ref.source,
                message=f"{rule.ref.id} names {name}, which {reader.identity.id} does not show to {reader.user.username}.",
                hint="Write the API name as the org has it; ask as somebody who may see it, with --as.",
            )


def _strange(
    rule: CompiledRule, known: dict[str, ObjectSchema | None], reader: OrgReader
) -> Iterator[str]:
    match = rule.rule.match
    objects = match.objects or ()
    for name in objects:
        if _schema(name, known, reader) is None:
            yield name
    named = (
        *(match.fields or ()),
        *(each.field for each in match.transitions or ()),
        *(each.field for each in match.amounts or ()),
    )
    for field in dict.fromkeys(named):
        owner, _, name = field.rpartition(".")
        schemas = [_schema(each, known, reader) for each in ((owner,) if owner else objects)]
        shown = [each for each in schemas if each is not None]
        if owner and not shown:
            yield owner
        elif shown and all(each.field(name) is None for each in shown):
            yield f"{shown[0].name}.{name}"


def _schema(
    name: str, known: dict[str, ObjectSchema | None], reader: OrgReader
) -> ObjectSchema | None:
    if name.lower() not in known:
        try:
            known[name.lower()] = reader.describe(name)
        except NotFoundError:
            known[name.lower()] = None
    return known[name.lower()]
